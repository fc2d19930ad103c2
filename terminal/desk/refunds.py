"""Refunds at the till: shown before they are booked, by new entries that leave the sale as it was written."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from printers.document import Document, document_to_json
from terminal.desk import slip
from terminal.desk.order_steps import append_state, order_refunded
from terminal.desk.referrals import take_back_referral
from terminal.desk.sold import SoldFacts, sold_facts, still_refundable
from terminal.desk.till import Till
from terminal.desk.watching import Approval, append_flags, unless_approved, watch_refund
from terminal.ledger import customers as ledger_customers
from terminal.ledger import queues
from terminal.ledger import sales as ledger_sales
from terminal.ledger.orders import Order
from terminal.ledger.sales import Sale
from terminal.ledger.shop import Operator
from terminal.rules.entry import Entry
from terminal.rules.phrase import Refused, phrase
from terminal.rules.refunding import Refund, RefundedBefore, Sold, refund_sale


@dataclass(frozen=True, slots=True)
class RefundShown:
    """A refund that waits to be confirmed: the sale, the till that made it, whose it is now, what it sold, what was
    refunded of it before, what would be, and the customer's balance (units) before it.

    `referral_points` go too, with the whole of a first purchase that rewarded the customer for being sent.
    """

    sale: Sale
    terminal_id: str
    customer_id: str
    on: date
    sold: Sold
    before: RefundedBefore
    refund: Refund
    balance: int
    referral_points: int = 0

    @property
    def closes_bill(self) -> bool:
        """Tell whether nothing of the bill is left after it."""
        return sum(self.before.line_minor) + sum(self.refund.line_minor) == self.sold.total_minor

    @property
    def balance_after(self) -> int:
        """The balance that the refund leaves, in units."""
        return self.balance + self.refund.returned_points - self.refund.taken_points - self.referral_points


@dataclass(frozen=True, slots=True)
class RefundDone:
    """A refund that is durable, the balance after it (units), and its slip with the job that prints it."""

    shown: RefundShown
    balance: int
    slip: Document
    print_job_id: int


def show_refund(till: Till, sale_id: str, line_minor: tuple[int, ...] | None = None) -> RefundShown | Refused:
    """Work out a refund of so many minor units of each line; None is all that is left of the sale.

    The sale may be another till's: then what the site told of it is all that is known here.
    """
    with till.ledger.snapshot():
        facts = sold_facts(till, sale_id)
        if isinstance(facts, Refused):
            return facts
        closed = still_refundable(facts)
        if closed is not None:
            return Refused(closed)
        return _show(till, facts, facts.left_minor if line_minor is None else line_minor)


def _show(till: Till, facts: SoldFacts, line_minor: tuple[int, ...]) -> RefundShown | Refused:
    today = till.today()
    programme = till.programme(today)
    if isinstance(programme, Refused):
        return programme
    bill = facts.bill
    totals = ledger_customers.totals(till.ledger, bill.customer_id)
    if totals is None:
        return Refused(
            phrase(
                "The customer of sale No. {number} has not come here yet. Let this till sync.",
                number=bill.sale.number,
            )
        )
    named = {move.lot_id for move in facts.sold.spent} | {lot.lot_id for lot in facts.sold.earned}
    lots = ledger_customers.open_lots(till.ledger, bill.customer_id)
    lots += ledger_customers.lots_named(till.ledger, bill.customer_id, named - {lot.id for lot in lots})
    refund = refund_sale(programme, facts.sold, facts.before, line_minor, lots, today)
    if isinstance(refund, Refused):
        return refund
    shown = RefundShown(
        bill.sale,
        bill.terminal_id,
        bill.customer_id,
        today,
        facts.sold,
        facts.before,
        refund,
        totals.points,
    )
    return replace(shown, referral_points=_referral_points(till, shown)) if shown.closes_bill else shown


def _referral_points(till: Till, shown: RefundShown) -> int:
    """What is left of the customer's own reward for a first purchase, beside what the refund takes of it anyway."""
    taken = {move.lot_id: move.points for move in shown.refund.clawed}
    return sum(
        max(0, ledger_customers.lot_left(till.ledger, shown.customer_id, entry.id) + taken.get(entry.id, 0))
        for entry in _entries_of_bill(till, shown)
        if entry.kind in ("referral", "gift") and entry.customer_id == shown.customer_id
    )


def _entries_of_bill(till: Till, shown: RefundShown) -> list[Entry]:
    """The entries that made the sale, where this till made it."""
    made_here = shown.terminal_id == till.ledger.terminal_id and shown.sale.seq
    return ledger_sales.entries_of_sale(till.ledger, shown.sale) if made_here else []


def refund(till: Till, shown: RefundShown, by: Operator, approval: Approval | None = None) -> RefundDone | Refused:
    """Book a refund as it was shown; when anything has changed meanwhile, nothing is booked.

    `Flagged` asks for a manager's PIN first.
    """
    with till.ledger.atomic():
        now = show_refund(till, shown.sale.id, shown.refund.line_minor)
        if isinstance(now, Refused):
            return now
        if now != shown:
            return Refused(phrase("The balance has changed. Look at the new figures and confirm again."))
        hits = watch_refund(till, shown.sale, shown.customer_id, by)
        flagged = unless_approved(by, hits, approval)
        if flagged is not None:
            return flagged
        at_ms = till.now_ms()
        order = order_refunded(till, shown.sale.id)
        _append(till, shown, by, at_ms, approval, order)
        append_flags(till, hits, approval, by, shown.customer_id, shown.sale.id)
        totals = ledger_customers.totals(till.ledger, shown.customer_id)
        assert totals is not None
        whose = replace(shown.sale, customer_id=shown.customer_id)
        document = slip.refund_slip(till, whose, shown.refund, by)
        job_id = queues.queue_print(till.ledger, document_to_json(document), at_ms, shown.sale.id)
    return RefundDone(shown, totals.points, document, job_id)


def _append(
    till: Till, shown: RefundShown, by: Operator, at_ms: int, approval: Approval | None, order: Order | None
) -> None:
    """Write a refund; `order` is what the sale has paid, which is returned once nothing of the bill is left."""
    given = shown.refund
    draft = partial(till.draft, customer_id=shown.customer_id, sale_id=shown.sale.id)
    facts: dict[str, object] = {
        "terminal": shown.terminal_id,
        "number": shown.sale.number,
        "total_minor": shown.sold.total_minor,
        "line_minor": list(given.line_minor),
        "back_minor": given.back_minor,
        "cut_minor": given.cut_minor,
        "clawed_points": given.clawed_points,
        "returned_points": given.returned_points,
    }
    if given.marks:
        facts["marks"] = [list(mark) for mark in given.marks]
    if order is not None:
        facts["order"] = order.number
    if approval is not None:
        facts["approved_by"] = approval.by.id
    till.ledger.append(draft("refund", by.id, at_ms, facts))
    if given.returned_points:
        payload: dict[str, object] = {"moves": [[move.lot_id, move.points] for move in given.returned]}
        if given.revived_points:
            payload["lot"] = {
                "points": given.revived_points,
                "available_from": shown.on.isoformat(),
                "expires_on": given.revived_until.isoformat(),
            }
        till.ledger.append(draft("restore", by.id, at_ms, payload, points=given.returned_points))
    if given.taken_points:
        payload = {"moves": [[move.lot_id, move.points] for move in given.clawed]}
        if given.debt_points:
            payload["lot"] = {"points": -given.debt_points, "available_from": shown.on.isoformat()}
        till.ledger.append(draft("clawback", by.id, at_ms, payload, points=-given.taken_points))
    if shown.closes_bill:
        if order is not None:
            append_state(till, order, "returned", by, at_ms)
        take_back_referral(till, _entries_of_bill(till, shown), by, at_ms)
