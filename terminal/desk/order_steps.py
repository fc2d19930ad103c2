"""An order's next state, as an entry of the journal: the one way in which an order moves on at a till."""

from typing import Any

from terminal.desk.till import Till
from terminal.ledger import orders as ledger_orders
from terminal.ledger.orders import Order
from terminal.ledger.shop import Operator
from terminal.rules.order import NEXT, OrderState


def append_state(till: Till, found: Order, state: OrderState, by: Operator, at_ms: int, **more: Any) -> None:
    """Write that an order is in a state now, in the caller's transaction; `more` are facts, empty ones left out."""
    facts = {"number": found.number, "state": state} | {name: value for name, value in more.items() if value}
    till.ledger.append(
        till.draft("order", by.id, at_ms, facts, customer_id=found.customer_id, sale_id=found.sale_id)
    )


def order_refunded(till: Till, sale_id: str) -> Order | None:
    """Return the order that a sale has paid, if goods of it may come back."""
    found = ledger_orders.order_of_sale(till.ledger, sale_id)
    return found if found is not None and "returned" in NEXT[found.state] else None
