"""Bills: lines from the catalogue, and bills put aside while the customer fetches something."""

from dataclasses import dataclass, replace

import msgspec

from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger import queues
from terminal.ledger.shop import Operator, product_by_barcode
from terminal.rules.bill import Bill, Line
from terminal.rules.card import is_payment_card, payment_card_refused
from terminal.rules.phrase import Refused, phrase

_PIECE = 1000
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Held:
    """A bill put aside: when (UTC ms), whose, and what."""

    id: str
    at_ms: int
    operator: str
    customer_id: str | None
    customer_name: str
    bill: Bill


def add_product(till: Till, bill: Bill, barcode: str) -> Bill | Refused:
    """Add one piece of a product to a bill; the same product again raises its quantity."""
    if is_payment_card(barcode):
        return payment_card_refused("amount")
    product = product_by_barcode(till.ledger, barcode)
    if product is None:
        return Refused(phrase("No product has the barcode {barcode}.", barcode=barcode[:_SHOWN]), "amount")
    lines = list(bill.lines)
    for place, line in enumerate(lines):
        if line.sku == product.sku:
            more = line.quantity_milli + _PIECE
            lines[place] = replace(line, total_minor=line.total_minor + product.price_minor, quantity_milli=more)
            return Bill(tuple(lines))
    lines.append(Line(product.name, product.price_minor, _PIECE, product.sku, product.category, product.brand))
    return Bill(tuple(lines))


def remove_line(bill: Bill, place: int) -> Bill:
    """Take one line off a bill."""
    return Bill(bill.lines[:place] + bill.lines[place + 1 :])


def change_pieces(bill: Bill, place: int, more: int) -> Bill:
    """Add `more` pieces to a line at its own price (fewer below 0); a line without a piece is taken off."""
    line = bill.lines[place]
    if line.quantity_milli + more * _PIECE <= 0:
        return remove_line(bill, place)
    quantity_milli = line.quantity_milli + more * _PIECE
    total_minor = line.total_minor * quantity_milli // line.quantity_milli
    changed = replace(line, quantity_milli=quantity_milli, total_minor=total_minor)
    return Bill((*bill.lines[:place], changed, *bill.lines[place + 1 :]))


def hold(till: Till, bill: Bill, customer_id: str | None, by: Operator) -> str | Refused:
    """Put a bill aside, durably; return its id."""
    if not bill.lines:
        return Refused(phrase("There is no bill to put aside."))
    with till.ledger.atomic():
        at_ms = till.now_ms()
        held_id = till.new_id(at_ms)
        document = msgspec.json.encode(bill).decode()
        queues.hold_bill(till.ledger, queues.HeldBill(held_id, at_ms, by.id, customer_id, document))
    return held_id


def held(till: Till) -> list[Held]:
    """Return the bills put aside, oldest first."""
    return [_held(till, bill) for bill in queues.held_bills(till.ledger)]


def resume(till: Till, held_id: str) -> Held | Refused:
    """Take a bill back from those put aside; it can be taken once."""
    with till.ledger.atomic():
        for bill in queues.held_bills(till.ledger):
            if bill.id == held_id and queues.drop_held_bill(till.ledger, held_id):
                return _held(till, bill)
    return Refused(phrase("This bill was taken already."))


def _held(till: Till, bill: queues.HeldBill) -> Held:
    person = ledger_customers.person(till.ledger, bill.customer_id) if bill.customer_id else None
    return Held(
        bill.id,
        bill.at_ms,
        bill.operator,
        bill.customer_id,
        person.name if person else "",
        msgspec.json.decode(bill.document, type=Bill),
    )
