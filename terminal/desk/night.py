"""The night's local work: points whose last day is over expire."""

from terminal.desk.till import Till
from terminal.ledger.customers import lots_expired_before

OPERATOR = "night"
_PAGE = 200


def expire(till: Till) -> int:
    """Write an entry for every lot whose last day is over; return the points (units). Safe to run again.

    Works in pages, each a transaction of its own: stopped half-way, the rest follows on the next run.
    """
    expired = 0
    while True:
        with till.ledger.atomic():
            at_ms = till.now_ms()
            page = lots_expired_before(till.ledger, till.day_of(at_ms), _PAGE)
            for customer_id, lot_id, points in page:
                payload = {"moves": [[lot_id, -points]]}
                till.ledger.append(
                    till.draft("expire", OPERATOR, at_ms, payload, points=-points, customer_id=customer_id)
                )
                expired += points
        if len(page) < _PAGE:
            return expired
