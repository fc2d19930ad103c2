"""The watch at the desk: facts from the ledger to the rules, the right person's PIN, and a note in the journal."""

from dataclasses import dataclass
from datetime import datetime, time

from terminal.desk.staff import operators, unlock
from terminal.desk.till import Till, milliseconds
from terminal.ledger import customers as ledger_customers
from terminal.ledger import watching
from terminal.ledger.orders import Order
from terminal.ledger.sales import Sale
from terminal.ledger.shop import Operator
from terminal.rules import watch
from terminal.rules.phrase import Refused, phrase
from terminal.rules.quote import Quote
from terminal.rules.watch import Flagged, Hit

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_UNJOURNALED = ("refund", "four-eyes")
"""Rules of every day: who agreed stands in the entry itself, and no flag beside it."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's PIN was right for these hits."""

    by: Operator
    hits: tuple[Hit, ...]


def approvers(till: Till, by: Operator, hits: tuple[Hit, ...]) -> list[Operator]:
    """Return whose PIN can let the hits pass while `by` works at the till."""
    return [
        person
        for person in operators(till)
        if (person.role == "manager" or not any(hit.manager for hit in hits))
        and (person.id != by.id or not any(hit.second_person for hit in hits))
    ]


def approve(till: Till, by: Operator, hits: tuple[Hit, ...], operator_id: str, pin: str) -> Approval | Refused:
    """Let hits pass with somebody's PIN; a wrong one is counted as at the lock."""
    if operator_id not in [person.id for person in approvers(till, by, hits)]:
        return Refused(phrase("This person can't let it pass."), "pin")
    person = unlock(till, operator_id, pin)
    return person if isinstance(person, Refused) else Approval(person, hits)


def unless_approved(by: Operator, hits: tuple[Hit, ...], approval: Approval | None) -> Flagged | None:
    """Return what still stands in the way: hits that nobody has seen and let pass."""
    seen = {hit.rule for hit in approval.hits} if approval else set()
    left = tuple(
        hit
        for hit in hits
        if hit.rule not in seen or (hit.second_person and approval is not None and approval.by.id == by.id)
    )
    return Flagged(left[0].words, hits=left) if left else None


def append_flags(
    till: Till,
    hits: tuple[Hit, ...],
    approval: Approval | None,
    by: Operator,
    customer_id: str,
    sale_id: str | None = None,
) -> None:
    """Write what was let pass, by whom, beside the entry it belongs to, in the caller's transaction."""
    for hit in hits:
        if hit.rule in _UNJOURNALED:
            continue
        assert approval is not None, "nothing passes unseen"
        payload = {"rule": hit.rule, "figure": hit.figure, "approved_by": approval.by.id}
        draft = till.draft("flag", by.id, till.now_ms(), payload, customer_id=customer_id, sale_id=sale_id)
        till.ledger.append(draft)
        if hit.rule == "clock" and till.clock_watch is not None:
            till.clock_watch.accept()


def watch_sale(till: Till, shown: Quote) -> tuple[Hit, ...]:
    """Look at a quote that is about to be booked."""
    return _watch_sale(till, shown.customer_id, shown.bill.total_minor, shown.redeem_points)


def watch_payment(till: Till, order: Order) -> tuple[Hit, ...]:
    """Look at an order whose payment is about to be booked: as at any sale."""
    return _watch_sale(till, order.customer_id, order.record.total_minor, order.record.redeemed)


def _watch_sale(till: Till, customer_id: str, total_minor: int, redeem_points: int) -> tuple[Hit, ...]:
    if till.watch is None:
        return ()
    now_ms, limits = till.now_ms(), till.watch
    day_start_ms = _day_start_ms(till, now_ms)
    switched = watching.switched_at_ms(till.ledger, customer_id, total_minor, now_ms - _DAY_MS)
    corrected = watching.corrected_at_ms(till.ledger, customer_id) if redeem_points else None
    return watch.watch_sale(
        limits,
        watch.SaleFacts(
            staff_card=_is_staff(till, customer_id),
            sales_today=watching.sales_since(till.ledger, customer_id, day_start_ms),
            switched_ms=None if switched is None else now_ms - switched,
            redeem_points=redeem_points,
            corrected_ms=None if corrected is None else now_ms - corrected,
            clock=_clock(till),
        ),
    )


def watch_refund(till: Till, sale: Sale, customer_id: str, by: Operator) -> tuple[Hit, ...]:
    """Look at a refund that is about to be booked."""
    if till.watch is None:
        return ()
    from_ms = till.now_ms() - till.watch.refunds_days * _DAY_MS
    return watch.watch_refund(
        till.watch,
        watch.RefundFacts(
            staff_card=_is_staff(till, customer_id),
            refunded_bills=watching.bills_refunded_since(till.ledger, customer_id, from_ms, sale.id),
            by_cashier=by.role != "manager",
            clock=_clock(till),
        ),
    )


def watch_correction(till: Till, customer_id: str, points: int, units_per_point: int) -> tuple[Hit, ...]:
    """Look at points (units, signed) that are about to be given, taken or moved by hand."""
    if till.watch is None:
        return ()
    facts = watch.CorrectionFacts(points, units_per_point, _is_staff(till, customer_id))
    return watch.watch_correction(till.watch, facts)


def watch_reprint(till: Till, sale_id: str) -> tuple[Hit, ...]:
    """Look at a copy that is about to be printed."""
    if till.watch is None:
        return ()
    of_slip, last_hour = watching.copies(till.ledger, sale_id, till.now_ms() - _HOUR_MS)
    return watch.watch_reprint(till.watch, watch.ReprintFacts(of_slip, last_hour))


def _is_staff(till: Till, customer_id: str) -> bool:
    assert till.watch is not None
    staff = till.watch.staff_cards
    return bool(staff) and any(card.number in staff for card in ledger_customers.cards_of(till.ledger, customer_id))


def _clock(till: Till) -> watch.ClockFacts:
    """How far the clock is off: behind the journal's end, or moved forward under a running till."""
    last_ms = till.ledger.last_at_ms()
    behind_ms = milliseconds(till.clock()) - last_ms
    if behind_ms < 0:
        # The till's time stands still until the clock has caught up, so a flag of this step is of this moment.
        return watch.ClockFacts(behind_ms, watching.flagged_at_ms(till.ledger, "clock") == last_ms)
    moved_ms = till.clock_watch.moved_ms() if till.clock_watch is not None else 0
    return watch.ClockFacts(max(0, moved_ms))


def _day_start_ms(till: Till, now_ms: int) -> int:
    return milliseconds(datetime.combine(till.day_of(now_ms), time.min, till.shop.timezone))
