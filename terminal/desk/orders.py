"""Orders in the store: bonuses held at once, paid later at any till, freed when nobody pays."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import msgspec

from printers.document import Document, document_to_json
from terminal.desk import order_slip, slip
from terminal.desk.customers import find
from terminal.desk.order_steps import append_state
from terminal.desk.quotes import quote_again
from terminal.desk.referrals import reward_referral
from terminal.desk.refunds import RefundDone, RefundShown, refund, show_refund
from terminal.desk.sales import Completed
from terminal.desk.sold import sold_facts
from terminal.desk.till import Till
from terminal.desk.watching import Approval, append_flags, unless_approved, watch_payment
from terminal.ledger import customers as ledger_customers
from terminal.ledger import orders as ledger_orders
from terminal.ledger import queues
from terminal.ledger import sales as ledger_sales
from terminal.ledger.orders import Order
from terminal.ledger.shop import Operator
from terminal.rules.bill import Bill
from terminal.rules.expiry import lot_to_be
from terminal.rules.order import NEXT, UNPAID, OrderState, record_of
from terminal.rules.phrase import Phrase, Points, Refused, phrase
from terminal.rules.quote import Quote
from terminal.rules.slip_code import read_slip_code

SHOWN = 50
_HOUR_MS = 60 * 60 * 1000
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that waits for its payment, and its slip with the job that prints it."""

    order: Order
    slip: Document
    print_job_id: int


def hold_order(till: Till, shown: Quote, bill: Bill, by: Operator, hold_hours: int) -> Order | Refused:
    """Hold the bonuses of an order that was quoted, so that nobody else spends them.

    The bill is quoted again inside the transaction; when anything differs from what was shown, nothing is held. An
    order that is not paid within `hold_hours` frees them.
    """
    if not shown.customer_id:
        return Refused(phrase("An order needs a customer. Find or register one first."), "find")
    with till.ledger.atomic():
        now = quote_again(till, shown, bill)
        if isinstance(now, Refused):
            return now
        if now != shown:
            return Refused(phrase("The bill or the balance has changed. Check the figures, then confirm again."))
        if -sum(move.points for move in now.moves) != now.spent_points:
            return Refused(phrase("What an order earns can be spent once it is paid, not on the order itself."))
        at_ms = till.now_ms()
        own_number = ledger_orders.next_order_number(till.ledger)
        number = f"{till.ledger.terminal_id}-{own_number}"
        record = record_of(now, till.new_id(at_ms))
        draft = partial(till.draft, customer_id=now.customer_id, sale_id=record.sale_id)
        facts = {
            "number": number,
            "own_number": own_number,
            "state": "held",
            "channel": now.channel,
            "until_ms": at_ms + hold_hours * _HOUR_MS,
            "document": msgspec.to_builtins(record),
        }
        till.ledger.append(draft("order", by.id, at_ms, facts))
        if record.redeemed:
            payload = {"moves": [list(move) for move in record.spent], "order": number}
            till.ledger.append(draft("redeem", by.id, at_ms, payload, points=-record.redeemed))
        return _order(till, number)


def place_order(till: Till, number: str, by: Operator, hold_hours: int) -> Placed | Refused:
    """Agree on an order whose bonuses are held: from now on it waits to be paid, and its slip is printed."""
    with till.ledger.atomic():
        found = _may_become(till, number, "placed")
        if isinstance(found, Refused):
            return found
        at_ms = till.now_ms()
        append_state(till, found, "placed", by, at_ms, until_ms=at_ms + hold_hours * _HOUR_MS)
        placed = _order(till, number)
        document = order_slip.order_slip(till, placed, by)
        job_id = queues.queue_print(till.ledger, document_to_json(document), at_ms, placed.sale_id)
    return Placed(placed, document, job_id)


def pay_order(till: Till, number: str, by: Operator, *, approval: Approval | None = None) -> Completed | Refused:
    """Book that an order was paid at the register: it becomes a sale and earns. Any till may take the payment.

    It is watched as any sale is: `Flagged` asks for a manager's PIN first.
    """
    with till.ledger.atomic():
        found = _may_become(till, number, "paid")
        if isinstance(found, Refused):
            return found
        if ledger_sales.sale(till.ledger, found.sale_id) is not None:
            return Refused(phrase("Order {number} is paid already.", number=number))
        at_ms = till.now_ms()
        today = till.day_of(at_ms)
        programme = till.programme(today)
        if isinstance(programme, Refused):
            return programme
        hits = watch_payment(till, found)
        flagged = unless_approved(by, hits, approval)
        if flagged is not None:
            return flagged
        record = found.record
        draft = partial(till.draft, customer_id=found.customer_id, sale_id=found.sale_id)
        facts = record.sale_facts(number, ledger_sales.next_number(till.ledger), found.channel)
        till.ledger.append(draft("sale", by.id, at_ms, facts))
        for points, days in record.earns:
            earning = lot_to_be(programme, points, today + timedelta(days=days))
            till.ledger.append(draft("earn", by.id, at_ms, {"lot": earning.lot_facts()}, points=points))
        append_state(till, found, "paid", by, at_ms)
        append_flags(till, hits, approval, by, found.customer_id, found.sale_id)
        sale = ledger_sales.sale(till.ledger, found.sale_id)
        assert sale is not None
        reward_referral(till, sale, by, number)
        totals = ledger_customers.totals(till.ledger, found.customer_id)
        assert totals is not None
        document = slip.sale_slip(till, sale, by)
        job_id = queues.queue_print(till.ledger, document_to_json(document), at_ms, sale.id)
    return Completed(sale, totals.points, document, job_id)


def hand_over_order(till: Till, number: str, by: Operator) -> Order | Refused:
    """Book that the goods of a paid order were issued."""
    return _step(till, number, "issued", by)


def close_order(till: Till, number: str, by: Operator) -> Order | Refused:
    """Book that nothing is left to do for an order."""
    return _step(till, number, "closed", by)


def cancel_order(till: Till, number: str, by: Operator, reason: str = "") -> Order | Refused:
    """Cancel an order that is not paid: what was held for it returns to its lots."""
    with till.ledger.atomic():
        found = _may_become(till, number, "cancelled")
        if isinstance(found, Refused):
            return found
        if not found.own:
            return Refused(phrase("Order {number} was made elsewhere: it is cancelled there.", number=number))
        at_ms = till.now_ms()
        append_state(till, found, "cancelled", by, at_ms, reason=reason)
        if found.record.redeemed:
            payload = {"moves": [[lot_id, -points] for lot_id, points in found.record.spent], "order": number}
            till.ledger.append(
                till.draft(
                    "restore",
                    by.id,
                    at_ms,
                    payload,
                    points=found.record.redeemed,
                    customer_id=found.customer_id,
                    sale_id=found.sale_id,
                )
            )
        return _order(till, number)


def show_return(till: Till, number: str) -> RefundShown | Refused:
    """Work out what the return of a whole paid order pays back, takes and returns."""
    found = _may_become(till, number, "returned")
    return found if isinstance(found, Refused) else show_refund(till, found.sale_id)


def return_order(
    till: Till, number: str, shown: RefundShown, by: Operator, approval: Approval | None = None
) -> RefundDone | Refused:
    """Book the return of a paid order as it was shown: the refund of its sale, which is the order's last state.

    `Flagged` asks for a manager's PIN first.
    """
    with till.ledger.atomic():
        found = _may_become(till, number, "returned")
        if isinstance(found, Refused):
            return found
        return refund(till, shown, by, approval)


def refunded_minor(till: Till, order: Order) -> int:
    """Return how much of an order's bill came back, in minor units, as far as this till knows."""
    facts = sold_facts(till, order.sale_id)
    return 0 if isinstance(facts, Refused) else sum(facts.before.line_minor)


def owed_minor(till: Till, order: Order) -> int:
    """Return what is to be given back to a customer who paid an order twice; below 0, what was paid back twice.

    What this till's managers gave back since the site told of it counts already.
    """
    told = dict(order.given).get(till.ledger.terminal_id, 0)
    return order.over_minor - (ledger_orders.given_back_minor(till.ledger, order) - told if order.over_minor else 0)


def owed_by_number(till: Till) -> dict[str, int]:
    """Return what is owed for orders, in minor units, by the order's number and by the id of its sale."""
    owed = {one: owed_minor(till, one) for one in ledger_orders.owed_orders(till.ledger)}
    return {name: minor for one, minor in owed.items() if minor for name in (one.number, one.sale_id)}


def give_money_back(till: Till, number: str, by: Operator) -> Order | Refused:
    """Book that a manager has given the second payment of an order back; or got back what was paid back twice."""
    with till.ledger.atomic():
        found = ledger_orders.order(till.ledger, number)
        if found is None or not (minor := owed_minor(till, found)):
            return Refused(phrase("Nobody is owed money for order {number}.", number=number), "number")
        append_state(till, found, found.state, by, till.now_ms(), given_minor=minor)
        return _order(till, number)


def free_unpaid_orders(till: Till, by: Operator) -> int:
    """Cancel own orders that nobody paid in time; return how many. Safe to run again."""
    freed = 0
    while True:
        page = ledger_orders.unpaid_past(till.ledger, till.now_ms(), _PAGE)
        freed += sum(not isinstance(cancel_order(till, one.number, by, "unpaid"), Refused) for one in page)
        if len(page) < _PAGE:
            return freed


def find_order(till: Till, text: str) -> Order | Refused:
    """Find an order by its slip's QR or its number."""
    code = read_slip_code(text)
    found = (
        ledger_orders.order_of_sale(till.ledger, code.sale_id)
        if code is not None
        else ledger_orders.order(till.ledger, text.strip())
    )
    if found is None:
        return Refused(
            phrase("This order is not known here yet. Let this till sync, or ask where it was made."), "number"
        )
    return found


def find_orders(till: Till, text: str) -> list[Order] | Refused:
    """Find orders by a slip's QR, a number, or whose they are: card, phone, its last digits, a name."""
    found = find_order(till, text)
    if isinstance(found, Order):
        return [found]
    customers = find(till, text) if read_slip_code(text) is None else found
    if not isinstance(customers, tuple):
        return found
    theirs = [order for one in customers for order in open_orders(till, one.customer_id)]
    return theirs or Refused(phrase("This customer has no open order."), "number")


def last_slip(till: Till, order: Order) -> str:
    """Return the JSON of the slip that was printed last for an order at this till; "" when none was."""
    printed = queues.prints_of_sale(till.ledger, order.sale_id)
    return printed[-1].document if printed else ""


def open_orders(till: Till, customer_id: str | None = None) -> list[Order]:
    """Return orders that wait for something, newest first."""
    return ledger_orders.orders(till.ledger, customer_id, SHOWN)


def _step(till: Till, number: str, state: OrderState, by: Operator) -> Order | Refused:
    with till.ledger.atomic():
        found = _may_become(till, number, state)
        if isinstance(found, Refused):
            return found
        append_state(till, found, state, by, till.now_ms())
        return _order(till, number)


def _may_become(till: Till, number: str, state: OrderState) -> Order | Refused:
    found = ledger_orders.order(till.ledger, number)
    if found is None:
        return Refused(phrase("Order {number} is not known here.", number=number), "number")
    if state in NEXT[found.state]:
        return found
    return Refused(_why_not(found), "number")


def _why_not(found: Order) -> Phrase:
    number = found.number
    match found.state:
        case "held":
            return phrase("Order {number} is not finished: its bonuses are held.", number=number)
        case "placed":
            return phrase("Order {number} is not paid yet.", number=number)
        case "paid" | "issued":
            return phrase("Order {number} is paid already.", number=number)
        case "closed":
            return phrase("Order {number} is closed.", number=number)
        case "cancelled":
            return phrase("Order {number} was cancelled: {points} went back.", number=number,
                          points=Points(found.record.redeemed))  # fmt: skip
        case "returned":
            return phrase("Order {number} was returned.", number=number)


def _order(till: Till, number: str) -> Order:
    found = ledger_orders.order(till.ledger, number)
    assert found is not None
    return found


def is_unpaid(order: Order) -> bool:
    """Tell whether bonuses are held for an order that may still be cancelled."""
    return order.state in UNPAID
