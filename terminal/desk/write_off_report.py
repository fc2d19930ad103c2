"""The report of a check of write-offs: by channel, problems, the steps taken, what to change, all orders."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from terminal.desk import write_off_words as said
from terminal.desk.sections import Cell, Chart, Report, Section, Series, Table
from terminal.desk.state import name_of
from terminal.desk.till import Till
from terminal.ledger.shop import staff_names
from terminal.rules.phrase import Money, Phrase, Points, phrase
from terminal.rules.reporting import Period
from terminal.rules.verdict import Checked, Verdict
from terminal.rules.write_off_tally import Tally

_STEPS_SHOWN = 100
_TOLD = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a check is made, and what people are called there: a till, or the site (whose `terminal_id` is "").

    `now_ms` is UTC; `staff` are names by id, `customer` tells a customer's name by id.
    """

    shop: str
    terminal_id: str
    today: date
    now_ms: int
    staff: Mapping[str, str]
    customer: Callable[[str], str]


def place_of(till: Till) -> Place:
    """Return a till as the place of a check."""
    return Place(
        till.shop.name,
        till.ledger.terminal_id,
        till.today(),
        till.now_ms(),
        staff_names(till.ledger),
        lambda customer_id: name_of(till, customer_id),
    )


def write_off_report(place: Place, tally: Tally, more: Iterable[Section] = ()) -> Report:
    """Put together what was found; `more` sections stand behind what to change."""
    made = datetime.fromtimestamp(place.now_ms // 1000, UTC)
    period = Period(tally.first or place.today, tally.last or place.today)
    sections = [
        _summary(tally),
        _problems(place, tally),
        _steps(tally, place.staff),
        _advice(tally, place.staff),
        *more,
        _orders(place, tally),
        _bad_lines(tally),
    ]
    return Report(place.shop, place.terminal_id, period, made, tuple(one for one in sections if one))


def _summary(tally: Tally) -> Section:
    verdicts = [verdict for verdict in Verdict if tally.count(verdict)]
    channels = [channel for channel in said.CHANNELS if any(key[0] == channel for key in tally.by_channel)]
    head = (phrase("Channel"), phrase("Orders"), *(said.VERDICTS[verdict] for verdict in verdicts))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            said.CHANNELS[channel],
            sum(tally.by_channel[channel, verdict] for verdict in verdicts),
            *(tally.by_channel[channel, verdict] for verdict in verdicts),
        )
        for channel in channels
    )
    facts = (
        (phrase("Orders checked"), tally.orders),
        (phrase("Orders that failed"), tally.failures),
        (phrase("Works"), tally.count(Verdict.WORKS)),
        *([(phrase("Not asked for"), tally.count(Verdict.NOT_ASKED))] if tally.count(Verdict.NOT_ASKED) else []),
        (phrase("Outside the check"), tally.count(Verdict.OUTSIDE)),
        *([(phrase("Lines that can't be read"), tally.bad_lines)] if tally.bad_lines else []),
    )
    chart = Chart(
        "rows",
        phrase("Orders by verdict"),
        "count",
        tuple(said.VERDICTS[verdict] for verdict in verdicts),
        (Series(phrase("Orders"), tuple(tally.count(verdict) for verdict in verdicts)),),
    )
    if not verdicts:
        return Section(said.SUMMARY, facts, notes=(phrase("There is no order to check."),))
    return Section(said.SUMMARY, facts, (Table("channels", head, rows),), chart)


def _problems(place: Place, tally: Tally) -> Section:
    if not tally.failures:
        return Section(said.PROBLEMS, notes=(phrase("None: every write-off that could be checked works."),))
    each = tuple(
        phrase("{order}: {verdict}. {why}", order=_label(one), verdict=said.VERDICTS[one.verdict], why=one.why)
        for one in tally.failed[:_TOLD]
    )
    notes = (*each, *_cut(tally.failures, len(tally.failed)))
    return Section(said.PROBLEMS, (), (_table("problems", place, tally.failed, why=False),), notes=notes)


def _label(one: Checked) -> str:
    """Say which order it is: its number, or its line in the list."""
    return one.order.number or f"({one.order.line})"


def _orders(place: Place, tally: Tally) -> Section | None:
    if not tally.orders:
        return None
    found = sorted([*tally.failed, *tally.others], key=lambda one: (one.order.on, one.order.line))
    return Section(
        said.ALL_ORDERS,
        (),
        (_table("orders", place, found),),
        notes=_cut(tally.orders, len(found)),
    )


def _cut(whole: int, shown: int) -> tuple[Phrase, ...]:
    if whole == shown:
        return ()
    return (phrase("{shown} of {count} are shown here; --json tells all.", shown=shown, count=whole),)


def _table(name: str, place: Place, found: Sequence[Checked], *, why: bool = True) -> Table:
    head = (
        phrase("Order"),
        phrase("Verdict"),
        phrase("Day"),
        phrase("Channel"),
        phrase("Customer"),
        phrase("Total"),
        phrase("Had"),
        phrase("Possible"),
        phrase("Taken"),
        phrase("By"),
        phrase("Why"),
    )
    width = len(head) if why else len(head) - 1
    return Table(name, head[:width], tuple(_row(place, one)[:width] for one in found))


def _row(place: Place, one: Checked) -> tuple[Cell, ...]:
    order = one.order
    who = place.customer(one.customer_id) if order.sale_id and one.customer_id else order.who
    return (
        _label(one),
        said.VERDICTS[one.verdict],
        order.on,
        said.CHANNELS[order.channel],
        who,
        Money(order.total_minor),
        None if one.balance is None else Points(one.balance),
        None if one.possible is None else Points(one.possible),
        Points(one.done),
        place.staff.get(one.operator, one.operator),
        one.why,
    )


def _steps(tally: Tally, names: Mapping[str, str]) -> Section | None:
    rows: list[tuple[Cell, ...]] = []
    for one in tally.failed[:_STEPS_SHOWN]:
        if not one.steps:
            nothing = phrase("nothing: no entry of this order")
            rows.append((_label(one), nothing, None, "", ""))
        rows += [
            (
                _label(one),
                said.STEPS.get(step.what, step.what),
                datetime.fromtimestamp(step.at_ms // 1000, UTC),
                names.get(step.operator, step.operator),
                Points(step.points) if step.points else "",
            )
            for step in one.steps
        ]
    if not rows:
        return None
    head = (phrase("Order"), phrase("Step"), phrase("When"), phrase("By"), phrase("Bonuses"))
    return Section(said.STEPS_TAKEN, (), (Table("steps", head, tuple(rows)),))


def _advice(tally: Tally, names: Mapping[str, str]) -> Section | None:
    causes = sorted((cause for cause in said.ADVICE if tally.by_cause[cause]), key=lambda one: -tally.by_cause[one])
    if not causes:
        return None
    notes = tuple(Phrase(said.ADVICE[cause].text, (("count", tally.by_cause[cause]),)) for cause in causes)
    rows = tuple((names.get(who, who) or "—", count) for who, count in tally.unasked_by.most_common())
    table = Table("unasked", (phrase("Nobody asked at the till of"), phrase("Orders")), rows)
    return Section(said.ADVISED, (), (table,) if rows else (), notes=notes)


def _bad_lines(tally: Tally) -> Section | None:
    if not tally.bad:
        return None
    head = (phrase("Line"), phrase("What is wrong"))
    table = Table("lines", head, tuple((line, reason) for line, reason in tally.bad), shown=200)
    return Section(said.BAD_LINES, (), (table,))
