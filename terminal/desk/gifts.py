"""Gifts: points that were not earned here, such as what a customer brings along from an older system."""

from terminal.desk.till import Till
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused
from terminal.rules.quote import lot_to_be


def open_account(
    till: Till, customer_id: str, *, points: int, spend_minor: int, by: Operator, reason: str = "opening"
) -> Refused | None:
    """Write a customer's opening points (units) and spending (minor units) as a `gift`, in one transaction.

    The points expire as if they were earned today. Nothing is written where both are 0.
    """
    with till.ledger.atomic():
        at_ms = till.now_ms()
        today = till.day_of(at_ms)
        programme = till.programme(today)
        if isinstance(programme, Refused):
            return programme
        payload: dict[str, object] = {"reason": reason}
        if spend_minor:
            payload["spend_minor"] = spend_minor
        if points:
            payload["lot"] = lot_to_be(programme, points, today).lot_facts()
        if len(payload) > 1:
            till.ledger.append(till.draft("gift", by.id, at_ms, payload, points=points, customer_id=customer_id))
    return None
