"""Trying write-offs: a store sale and a manager's order, on a copy of the ledger, each undone after."""

from collections.abc import Callable
from dataclasses import dataclass

from terminal.desk import write_off_words as said
from terminal.desk.orders import hold_order, pay_order, place_order
from terminal.desk.quotes import quote
from terminal.desk.sales import complete
from terminal.desk.sections import Cell, Section, Table
from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger.shop import Operator
from terminal.rules.bill import bill_of_total
from terminal.rules.conditions import Channel
from terminal.rules.phrase import Money, Phrase, Points, Refused, phrase
from terminal.rules.wish import ALL

_BY = Operator("probe", "Probe", "manager")
_HOLD_HOURS = 1


@dataclass(frozen=True, slots=True)
class Probed:
    """One try: `balance` before and `taken` are points (units); `works` is None when there was nothing to take."""

    customer: str
    channel: Channel
    total_minor: int
    balance: int
    taken: int
    works: bool | None
    why: Phrase


class _Undone(Exception):
    """Raised to roll a try back, so that the next one finds the same balance."""


def probe_customer(till: Till, customer_id: str, who: str, total_minor: int) -> tuple[Probed, ...]:
    """Try both channels of a till; it must stand on a copy of the ledger, which is left as it was."""
    tries: dict[Channel, Callable[[Till, str, int], int | Refused]] = {
        "store": _in_the_store,
        "manager": _by_manager,
    }
    return tuple(_probe(till, customer_id, who, total_minor, channel, tries[channel]) for channel in tries)


def _probe(
    till: Till, customer_id: str, who: str, total_minor: int, channel: Channel,
    attempt: Callable[[Till, str, int], int | Refused],
) -> Probed:  # fmt: skip
    before = _balance(till, customer_id)
    taken: int | Refused = 0
    moved = 0
    try:
        with till.ledger.atomic():
            seq = till.ledger.last_seq()
            taken = attempt(till, customer_id, total_minor)
            made = till.ledger.entries(after=seq)
            moved = -sum(entry.points for entry in made if entry.kind == "redeem")
            others = sum(
                entry.points for entry in made if entry.kind != "redeem" and entry.customer_id == customer_id
            )
            agrees = _balance(till, customer_id) == before - moved + others
            raise _Undone
    except _Undone:
        pass
    works, why = _judge(taken, moved, agrees)
    return Probed(who, channel, total_minor, before, 0 if isinstance(taken, Refused) else taken, works, why)


def _judge(taken: int | Refused, moved: int, agrees: bool) -> tuple[bool | None, Phrase]:
    if isinstance(taken, Refused):
        return False, taken.reason
    if not agrees or moved != taken:
        return False, phrase("The quote takes {points}, the journal {moved}.",
                             points=Points(taken), moved=Points(moved))  # fmt: skip
    if not taken:
        return None, phrase("Nothing can be taken on this bill now.")
    return True, phrase("{points} were taken, and the balance went down by them.", points=Points(taken))


def _in_the_store(till: Till, customer_id: str, total_minor: int) -> int | Refused:
    bill = bill_of_total(total_minor)
    shown = quote(till, customer_id, bill, ALL)
    if isinstance(shown, Refused):
        return shown
    done = complete(till, shown, bill, _BY)
    return done if isinstance(done, Refused) else shown.spent_points


def _by_manager(till: Till, customer_id: str, total_minor: int) -> int | Refused:
    bill = bill_of_total(total_minor)
    shown = quote(till, customer_id, bill, ALL, channel="manager")
    if isinstance(shown, Refused):
        return shown
    held = hold_order(till, shown, bill, _BY, _HOLD_HOURS)
    if isinstance(held, Refused):
        return held
    placed = place_order(till, held.number, _BY, _HOLD_HOURS)
    if isinstance(placed, Refused):
        return placed
    paid = pay_order(till, held.number, _BY)
    return paid if isinstance(paid, Refused) else held.record.redeemed


def _balance(till: Till, customer_id: str) -> int:
    totals = ledger_customers.totals(till.ledger, customer_id)
    return totals.points if totals else 0


def probe_section(probed: list[Probed], notes: tuple[Phrase, ...]) -> Section:
    """Show every try, and what was not tried."""
    head = (
        phrase("Customer"),
        phrase("Channel"),
        phrase("Total"),
        phrase("Had"),
        phrase("Taken"),
        phrase("Result"),
        phrase("Why"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.customer,
            said.CHANNELS[one.channel],
            Money(one.total_minor),
            Points(one.balance),
            Points(one.taken),
            said.TRIED[one.works],
            one.why,
        )
        for one in probed
    )
    facts = tuple(
        (said.CHANNELS[channel], said.TRIED[_together([one.works for one in probed if one.channel == channel])])
        for channel in said.CHANNELS
        if any(one.channel == channel for one in probed)
    )
    return Section(said.PROBED, facts, (Table("probe", head, rows),) if rows else (), notes=notes)


def _together(results: list[bool | None]) -> bool | None:
    if False in results:
        return False
    return True if True in results else None
