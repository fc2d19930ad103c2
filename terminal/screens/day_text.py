"""The totals of a day in lines: what was booked down, who booked it across, and the journal behind it."""

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

from terminal.desk.business_day import DayTotals, Turn
from terminal.ledger.days import Booked
from terminal.locale.words import Words
from terminal.rules.phrase import phrase
from terminal.rules.text import safe_text
from terminal.screens.report_text import Line

_GAP = 2
_LONGEST_NAME = 16


def day_lines(words: Words, totals: DayTotals, width: int) -> list[Line]:
    """Lay a day out in so many columns; people who do not fit beside the others come below them."""
    _ = words.gettext
    labels = [_("Sales"), _("Bills"), _("Taken off"), _("Bonuses earned"), _("Bonuses spent")]
    labels += [_("Voided"), _("Refunded"), _("Corrections")]
    left = max(map(cell_len, labels))
    columns = [[_("In all"), *_booked(words, totals.whole)]]
    columns += [[_short(safe_text(one.name)), *_booked(words, one.booked)] for one in totals.people]
    lines = list(_turns(words, totals))
    for part in _fitting(columns, width - left):
        lines.append(Line("row", ""))
        for place, label in enumerate(["", *labels]):
            cells = [_right(column[place], max(map(cell_len, column))) for column in part]
            row = (" " * _GAP).join([label + " " * (left - cell_len(label)), *cells])
            lines.append(Line("row" if label else "head", row))
    return [*lines, Line("row", ""), *(Line("definition", told) for told in _chain(words, totals))]


def _turns(words: Words, totals: DayTotals) -> Iterator[Line]:
    _ = words.gettext
    day = totals.day
    yield Line("title", f"{words.day(day.day)}: {_('opened')} {_turn(words, day.opened)}")
    yield Line("title", f"{words.day(day.day)}: {_('closed')} {_turn(words, day.closed)}")


def _chain(words: Words, totals: DayTotals) -> Iterator[str]:
    _ = words.gettext
    day = totals.day
    if totals.from_ms is None or totals.to_ms is None:
        yield _("Nothing was booked.")
    else:
        yield words.say(
            phrase(
                "Entries {first} to {last}, {begun} to {ended}",
                first=day.first_seq,
                last=day.last_seq,
                begun=words.moment(totals.from_ms),
                ended=words.moment(totals.to_ms),
            )
        )
    unsent = _("nothing to send to") if totals.unsent is None else str(totals.unsent)
    yield f"{_('Entries not sent')}: {unsent}. {_('Slips waiting')}: {totals.slips_waiting}"
    yield (
        words.say(phrase("Seal of the journal, entry {seq}:", seq=totals.head_seq)) + f" {totals.head.hex()[:16]}…"
    )


def _turn(words: Words, turn: Turn | None) -> str:
    return f"{words.moment(turn.at_ms)}, {_short(safe_text(turn.name))}" if turn else "—"


def _booked(words: Words, booked: Booked) -> list[str]:
    return [
        words.number(booked.sales),
        words.money(booked.total_minor),
        words.money(booked.taken_off_minor),
        words.points_number(booked.earned),
        words.points_number(booked.redeemed),
        _counted(booked.voided, words.money(booked.voided_minor)),
        _counted(booked.refunded, words.money(booked.refunded_minor)),
        _counted(booked.adjusted, words.points_number(booked.adjusted_points)),
    ]


def _counted(count: int, what: str) -> str:
    return f"{count}: {what}" if count else "0"


def _fitting(columns: list[list[str]], width: int) -> Iterator[list[list[str]]]:
    """Cut the columns into parts that fit, at least one in each."""
    part: list[list[str]] = []
    used = 0
    for column in columns:
        room = max(map(cell_len, column)) + _GAP
        if part and used + room > width:
            yield part
            part, used = [], 0
        part.append(column)
        used += room
    yield part


def _short(name: str) -> str:
    return name if cell_len(name) <= _LONGEST_NAME else set_cell_size(name, _LONGEST_NAME - 1) + "…"


def _right(text: str, width: int) -> str:
    return " " * max(0, width - cell_len(text)) + text
