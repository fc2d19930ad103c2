"""Refunds at the till: shown before they are booked, by new entries that leave the sale as it was written."""

from dataclasses import dataclass
from datetime import date
from functools import partial

import msgspec

from printers.document import Document, document_to_json
from terminal.desk import slip
from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger import queues
from terminal.ledger import sales as ledger_sales
from terminal.ledger.sales import Sale
from terminal.ledger.shop import Operator
from terminal.rules.entry import Entry
from terminal.rules.lots import Move
from terminal.rules.phrase import Refused, phrase
from terminal.rules.refunding import EarnedLot, Refund, RefundedBefore, Sold, SoldLine, refund_sale


@dataclass(frozen=True, slots=True)
class RefundShown:
    """A refund that waits to be confirmed: the sale, its lines, what was refunded before, and what would be."""

    sale: Sale
    on: date
    sold: Sold
    before: RefundedBefore
    refund: Refund


@dataclass(frozen=True, slots=True)
class RefundDone:
    """A refund that is durable, the balance after it (units), and its slip with the job that prints it."""

    shown: RefundShown
    balance: int
    slip: Document
    print_job_id: int


def show_refund(till: Till, sale_id: str, line_minor: tuple[int, ...] | None = None) -> RefundShown | Refused:
    """Work out a refund of so many minor units of each line; None is all that is left of the sale."""
    sale = ledger_sales.sale(till.ledger, sale_id)
    if sale is None:
        return Refused(phrase("This sale is not in the ledger of this till."))
    if sale.voided:
        return Refused(phrase("Sale {number} is voided already.", number=sale.number))
    today = till.today()
    programme = till.programme(today)
    if isinstance(programme, Refused):
        return programme
    later = ledger_sales.entries_after_sale(till.ledger, sale)
    sold = _sold(till, sale, later)
    before = _before(sold, [entry for entry in later if entry.sale_id == sale.id])
    wanted = line_minor or tuple(
        line.total_minor - minor for line, minor in zip(sold.lines, before.line_minor, strict=True)
    )
    lots = ledger_customers.open_lots(till.ledger, sale.customer_id)
    refund = refund_sale(programme, sold, before, wanted, lots, today)
    return refund if isinstance(refund, Refused) else RefundShown(sale, today, sold, before, refund)


def refund(till: Till, shown: RefundShown, by: Operator) -> RefundDone | Refused:
    """Book a refund as it was shown; when anything has changed meanwhile, nothing is booked."""
    with till.ledger.atomic():
        now = show_refund(till, shown.sale.id, shown.refund.line_minor)
        if isinstance(now, Refused):
            return now
        if now != shown:
            return Refused(phrase("The balance has changed. Look at the new figures and confirm again."))
        at_ms = till.now_ms()
        _append(till, shown, by, at_ms)
        totals = ledger_customers.totals(till.ledger, shown.sale.customer_id)
        assert totals is not None
        document = slip.refund_slip(till, shown.sale, shown.refund, by)
        job_id = queues.queue_print(till.ledger, document_to_json(document), at_ms, shown.sale.id)
    return RefundDone(shown, totals.points, document, job_id)


def _append(till: Till, shown: RefundShown, by: Operator, at_ms: int) -> None:
    given = shown.refund
    draft = partial(till.draft, customer_id=shown.sale.customer_id, sale_id=shown.sale.id)
    facts = {
        "number": shown.sale.number,
        "line_minor": list(given.line_minor),
        "back_minor": given.back_minor,
        "cut_minor": given.cut_minor,
        "clawed_points": given.clawed_points,
        "returned_points": given.returned_points,
    }
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
    if given.clawed:
        moves = [[move.lot_id, move.points] for move in given.clawed]
        points = sum(move.points for move in given.clawed)
        till.ledger.append(draft("clawback", by.id, at_ms, {"moves": moves}, points=points))


def _sold(till: Till, sale: Sale, later: list[Entry]) -> Sold:
    entries = ledger_sales.entries_of_sale(till.ledger, sale)
    lines = msgspec.json.decode(entries[0].payload)["lines"]
    expired: dict[str, int] = {}
    for entry in later:
        if entry.kind == "expire":
            for lot_id, points in ledger_sales.moves_of(entry):
                expired[lot_id] = expired.get(lot_id, 0) - points
    return Sold(
        tuple(SoldLine(line["name"], line["total_minor"], line["off_minor"]) for line in lines),
        tuple(
            Move(lot_id, points)
            for entry in entries
            if entry.kind == "redeem"
            for lot_id, points in ledger_sales.moves_of(entry)
        ),
        tuple(
            EarnedLot(entry.id, entry.points, expired.get(entry.id, 0)) for entry in entries if entry.kind == "earn"
        ),
    )


def _before(sold: Sold, entries: list[Entry]) -> RefundedBefore:
    line_minor = [0] * len(sold.lines)
    clawed = returned = 0
    for entry in entries:
        if entry.kind == "refund":
            facts = msgspec.json.decode(entry.payload)
            line_minor = [old + new for old, new in zip(line_minor, facts["line_minor"], strict=True)]
            clawed += facts["clawed_points"]
            returned += facts["returned_points"]
    return RefundedBefore(tuple(line_minor), clawed, returned)
