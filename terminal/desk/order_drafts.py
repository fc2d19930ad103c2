"""Orders that a manager is in the middle of: kept at every step, so that a power cut loses none of it."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from terminal.desk.till import Till
from terminal.ledger import orders as ledger_orders
from terminal.ledger.shop import Operator
from terminal.rules.bill import Bill
from terminal.rules.wish import Claim

OrderStep = Literal["customer", "goods", "offers", "bonuses", "payment"]

STEPS: tuple[OrderStep, ...] = ("customer", "goods", "offers", "bonuses", "payment")
"""The order of the flow; the last one has a number, and its bonuses are held."""


class OrderDraft(msgspec.Struct, frozen=True):
    """What was entered so far, and the step that it waits at. `number` is the order's once bonuses are held."""

    id: str
    step: OrderStep = "customer"
    customer_id: str = ""
    bill: Bill = Bill(())
    codes: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    redeem: int = 0
    number: str = ""


@dataclass(frozen=True, slots=True)
class UnfinishedOrder:
    """A draft with when it was last touched (UTC ms) and by whom."""

    draft: OrderDraft
    at_ms: int
    operator: str


def begin_draft(till: Till) -> OrderDraft:
    """Begin an order; nothing is kept until its first step is done."""
    return OrderDraft(till.new_id(till.now_ms()))


def keep_draft(till: Till, draft: OrderDraft, by: Operator) -> None:
    """Keep an unfinished order durably, as it stands."""
    with till.ledger.atomic():
        document = msgspec.json.encode(draft).decode()
        ledger_orders.save_draft(till.ledger, draft.id, till.now_ms(), by.id, document)


def unfinished_orders(till: Till) -> list[UnfinishedOrder]:
    """Return the orders that somebody is in the middle of, newest first."""
    return [
        UnfinishedOrder(msgspec.json.decode(document, type=OrderDraft), at_ms, operator)
        for _, at_ms, operator, document in ledger_orders.drafts(till.ledger)
    ]


def drop_draft(till: Till, draft_id: str) -> None:
    """Forget an unfinished order; bonuses that it holds are freed by cancelling the order."""
    with till.ledger.atomic():
        ledger_orders.drop_draft(till.ledger, draft_id)
