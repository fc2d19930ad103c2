"""A bill that may come back: found by its slip, its number or its customer, here or in what the site told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec

from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger import sales as ledger_sales
from terminal.ledger.audit import merged_into, refunds_since
from terminal.ledger.sales import Sale
from terminal.ledger.site_sales import site_sale, site_sales_numbered, site_sales_of
from terminal.rules.entry import Entry
from terminal.rules.lots import Move
from terminal.rules.phrase import Phrase, Refused, phrase
from terminal.rules.refunding import EarnedLot, Mark, RefundedBefore, Sold, Stamps, sold_lines
from terminal.rules.slip_code import SlipCode, read_slip_code

_SALES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class SoldBill:
    """A sale, the till that made it, and whose it is now (a merge may have changed that)."""

    sale: Sale
    terminal_id: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class SoldFacts:
    """What a refund is worked out from: the bill, what it sold, and what was refunded of it so far."""

    bill: SoldBill
    sold: Sold
    before: RefundedBefore

    @property
    def left_minor(self) -> tuple[int, ...]:
        """What can still be refunded of each line, in minor units."""
        pairs = zip(self.sold.lines, self.before.line_minor, strict=True)
        return tuple(line.total_minor - minor for line, minor in pairs)


def find_bills(till: Till, text: str) -> tuple[SoldBill, ...] | Refused:
    """Find bills by a slip's code or by their number; another till may have the same number."""
    code = read_slip_code(text)
    if code is not None:
        return _by_code(till, code)
    digits = text.strip().lstrip("№#").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        return Refused(phrase("Scan the slip's QR, or type the number of the sale."), "number")
    own = ledger_sales.sale_by_number(till.ledger, int(digits))
    found = [_bill(till, own, till.ledger.terminal_id)] if own else []
    others = site_sales_numbered(till.ledger, int(digits), _SALES_SHOWN)
    found += [_bill(till, other.sale, other.terminal_id) for other in others]
    if not found:
        return Refused(phrase("No sale No. {number} is known here. Scan its slip.", number=digits), "number")
    return tuple(found)


def _by_code(till: Till, code: SlipCode) -> tuple[SoldBill, ...] | Refused:
    if code.kind == "refund":
        return Refused(phrase("This is the slip of a refund, which can't be refunded. Scan the slip of the sale."))
    facts = sold_facts(till, code.sale_id)  # an order's slip is its sale's too, once it is paid
    if code.kind == "order" and isinstance(facts, Refused):
        return Refused(phrase("This order is not paid. Cancel it instead."))
    if isinstance(facts, SoldFacts):
        return (facts.bill,)
    if code.terminal_id == till.ledger.terminal_id.lower():
        return Refused(phrase("Sale No. {number} of this till is not in its ledger.", number=code.number))
    reason = phrase(
        "Sale No. {number} of {till} has not come here yet: its lines and bonuses are missing. "
        "Let this till sync, or refund it there.",
        number=code.number,
        till=code.terminal_id,
    )
    return Refused(reason)


def bills_of_customer(till: Till, customer_id: str | None) -> list[SoldBill]:
    """Return the newest bills of a customer, at any till that is known of, or of this till."""
    own = ledger_sales.sales(till.ledger, customer_id, _SALES_SHOWN)
    bills = [_bill(till, sale, till.ledger.terminal_id) for sale in own]
    if customer_id:
        others = site_sales_of(till.ledger, customer_id, _SALES_SHOWN)
        bills += [_bill(till, other.sale, other.terminal_id) for other in others]
        bills.sort(key=lambda bill: bill.sale.at_ms, reverse=True)
    return bills[:_SALES_SHOWN]


def refunded_minor(till: Till, sales: Iterable[Sale]) -> dict[str, int]:
    """Return what this till refunded of each of some sales, in minor units; those without a refund are left out."""
    ids = {sale.id: sale.at_ms for sale in sales}
    refunded: dict[str, int] = {}
    if ids:
        for sale_id, payload in refunds_since(till.ledger, min(ids.values())):
            if sale_id in ids:
                refunded[sale_id] = refunded.get(sale_id, 0) + sum(msgspec.json.decode(payload)["line_minor"])
    return refunded


def sold_facts(till: Till, sale_id: str) -> SoldFacts | Refused:
    """Gather what is known of a sale: from this till's journal, or as the site told of it."""
    own, told = ledger_sales.sale(till.ledger, sale_id), site_sale(till.ledger, sale_id)
    sale = own or (told.sale if told else None)
    if sale is None:
        return Refused(phrase("This sale is not known here. Let this till sync, or refund it where it was made."))
    bill = _bill(till, sale, till.ledger.terminal_id if own or not told else told.terminal_id)
    whose = {sale.customer_id, bill.customer_id}
    later = [
        entry
        for customer_id in sorted(whose)
        for entry in ledger_sales.entries_after_sale(till.ledger, replace(sale, customer_id=customer_id))
    ]
    # What the site told covers this till's entries up to `as_of_seq`; of a sale it did not tell of, none.
    untold = [entry for entry in later if told is None or entry.seq > told.as_of_seq]
    if own:
        sold = _sold(till, sale)
    else:
        assert told is not None
        sold = told.sold
    base = told.before if told else RefundedBefore((0,) * len(sold.lines))
    ours = [entry for entry in untold if entry.sale_id == sale.id and entry.kind == "refund"]
    return SoldFacts(bill, _with_expired(sold, told.sold if told else sold, untold), _before(base, ours))


def still_refundable(facts: SoldFacts) -> Phrase | None:
    """Say why nothing of a bill can be refunded; None when something can."""
    sale = facts.bill.sale
    if sale.voided:
        return phrase("Sale {number} is voided already.", number=sale.number)
    if not any(facts.left_minor):
        return phrase("Sale No. {number} was refunded as a whole already.", number=sale.number)
    return None


def _bill(till: Till, sale: Sale, terminal_id: str) -> SoldBill:
    customer_id = sale.customer_id
    if ledger_customers.person(till.ledger, customer_id) is None:
        customer_id = merged_into(till.ledger, customer_id)
    return SoldBill(sale, terminal_id, customer_id)


def _with_expired(sold: Sold, told: Sold, untold: list[Entry]) -> Sold:
    """Put in how many of the earned points have expired: what the site told, and this till's entries after that."""
    expired = {lot.lot_id: lot.expired for lot in told.earned}
    for entry in untold:
        if entry.kind == "expire":
            for lot_id, points in ledger_sales.moves_of(entry):
                expired[lot_id] = expired.get(lot_id, 0) - points
    return replace(sold, earned=tuple(replace(lot, expired=expired.get(lot.lot_id, 0)) for lot in sold.earned))


def _sold(till: Till, sale: Sale) -> Sold:
    entries = ledger_sales.entries_of_sale(till.ledger, sale)
    facts = msgspec.json.decode(entries[0].payload)
    lines = facts["lines"]
    spent = [move for entry in entries if entry.kind == "redeem" for move in ledger_sales.moves_of(entry)]
    return Sold(
        sold_lines(
            (line["name"], line["total_minor"], line["off_minor"], line.get("discount_minor", 0)) for line in lines
        ),
        # What pays for an order was redeemed when it was made, so its sale names it.
        tuple(Move(lot_id, points) for lot_id, points in spent or facts.get("spent", ())),
        tuple(EarnedLot(entry.id, entry.points, 0) for entry in entries if entry.kind == "earn"),
        msgspec.convert(facts.get("marks", ()), tuple[Mark, ...]),
        msgspec.convert(facts.get("stamped", ()), Stamps),
    )


def _before(base: RefundedBefore, refunds: list[Entry]) -> RefundedBefore:
    line_minor = list(base.line_minor)
    clawed, returned = base.clawed_points, base.returned_points
    for entry in refunds:
        facts = msgspec.json.decode(entry.payload)
        line_minor = [old + new for old, new in zip(line_minor, facts["line_minor"], strict=True)]
        clawed += facts["clawed_points"]
        returned += facts["returned_points"]
    return RefundedBefore(tuple(line_minor), clawed, returned)
