"""The slip of a closed day: totals by cashier and of all, and the head of the journal's chain."""

from printers.document import Columns, Cut, Document, Element, Feed, Rule, Text
from terminal.desk.business_day import DayTotals, Turn
from terminal.desk.till import Till
from terminal.ledger.days import Booked
from terminal.ledger.shop import Operator
from terminal.locale.words import Words
from terminal.rules.phrase import phrase
from terminal.rules.text import safe_text

_GROUP = 16
"""Digits of the hash in a line: they fit on the narrowest paper and are read out in fours."""


def day_slip(till: Till, totals: DayTotals, by: Operator) -> Document:
    """Compose the closing slip, in the shop's language."""
    words = till.words()
    _ = words.gettext
    elements: list[Element] = [Text(safe_text(till.shop.name), align="center", bold=True, size="tall")]
    elements += [Text(safe_text(line), align="center") for line in till.shop.address]
    if till.training:
        elements.append(Text(_("TRAINING - NOTHING COUNTS"), align="center", bold=True, size="tall"))
    title = phrase("DAY {day} CLOSED", day=totals.day.day)
    elements += [Rule(), Text(words.say(title), align="center", bold=True)]
    elements.append(Columns(_("Till"), safe_text(till.ledger.terminal_id)))
    for label, turn in ((_("Opened"), totals.day.opened), (_("Closed"), totals.day.closed)):
        elements += _turn(words, label, turn)
    for one in totals.people:
        elements += [Rule(), Text(safe_text(one.name), bold=True), *_booked(words, one.booked)]
    if len(totals.people) != 1:
        elements += [Rule("="), Text(_("In all"), bold=True), *_booked(words, totals.whole)]
    return Document((*elements, Rule(), *_chain(words, totals), Feed(1), Cut()))


def _turn(words: Words, label: str, turn: Turn | None) -> list[Element]:
    if turn is None:
        return [Columns(label, "—")]
    return [Columns(label, words.moment(turn.at_ms)), Columns("", safe_text(turn.name))]


def _booked(words: Words, booked: Booked) -> list[Element]:
    _ = words.gettext
    counted = (
        (_("Voided"), booked.voided, booked.voided_minor),
        (_("Refunded"), booked.refunded, booked.refunded_minor),
    )
    return [
        Columns(f"{_('Sales')}: {booked.sales}", words.paper_money(booked.total_minor)),
        Columns(_("Taken off"), words.paper_money(booked.taken_off_minor)),
        Columns(_("Bonuses earned"), words.points_number(booked.earned)),
        Columns(_("Bonuses spent"), words.points_number(booked.redeemed)),
        *(Columns(f"{label}: {count}", words.paper_money(minor)) for label, count, minor in counted),
        Columns(f"{_('Corrections')}: {booked.adjusted}", words.points_number(booked.adjusted_points)),
    ]


def _chain(words: Words, totals: DayTotals) -> list[Element]:
    _ = words.gettext
    entries = phrase("Entries {first} to {last}", first=totals.day.first_seq, last=totals.day.last_seq)
    digits = totals.head.hex().upper()
    lines = [digits[place : place + _GROUP] for place in range(0, len(digits), _GROUP)]
    fours = [" ".join(line[place : place + 4] for place in range(0, _GROUP, 4)) for line in lines]
    unsent = _("nothing to send to") if totals.unsent is None else str(totals.unsent)
    return [
        Text(words.say(entries)),
        Columns(_("Entries not sent"), unsent),
        Columns(_("Slips waiting"), str(totals.slips_waiting)),
        Text(words.say(phrase("Seal of the journal, entry {seq}:", seq=totals.head_seq))),
        *(Text(line, align="center") for line in fours),
    ]
