"""The night's local work: points whose last day is over expire, and those of customers who stay away."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import SystemRandom

from terminal.config import Config
from terminal.desk.day import DayClosed, close_day
from terminal.desk.leases import why_stopped
from terminal.desk.orders import free_unpaid_orders
from terminal.desk.till import Till, shop_of
from terminal.ledger.customers import lots_expired_before, lots_idle_since
from terminal.ledger.ledger import Ledger
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused

OPERATOR = "night"
_PAGE = 200


def expire(till: Till) -> int:
    """Write an entry for every lot whose last day is over; return the points (units). Safe to run again.

    Orders that nobody paid in time are freed first: what returns to a lot may have ended meanwhile. Works in pages,
    each a transaction of its own: stopped half-way, the rest follows on the next run. With a site only what is
    leased to this till is its to end, and nothing while it may not take bonuses off.
    """
    free_orders(till)
    if why_stopped(till) is not None:
        return 0
    return _expire_ended(till) + _expire_idle(till)


def _expire_ended(till: Till) -> int:
    """End the lots whose own last day is over."""
    expired = 0
    while True:
        with till.ledger.atomic():
            at_ms = till.now_ms()
            page = lots_expired_before(till.ledger, till.day_of(at_ms), _PAGE)
            expired += _append(till, page, at_ms)
        if len(page) < _PAGE:
            return expired


def _expire_idle(till: Till) -> int:
    """End the lots of customers who stay away for longer than the programme lets them."""
    programme = till.programme(till.today())
    if isinstance(programme, Refused) or programme.expiry.inactive_days is None:
        return 0
    expired, after = 0, ("", "")
    while True:
        with till.ledger.atomic():
            at_ms = till.now_ms()
            day = till.day_of(at_ms) - timedelta(days=programme.expiry.inactive_days)
            page = lots_idle_since(till.ledger, day, till.start_ms(day), after, _PAGE)
            expired += _append(till, page, at_ms)
        if len(page) < _PAGE:
            return expired
        after = page[-1][:2]


def _append(till: Till, lots: list[tuple[str, str, int]], at_ms: int) -> int:
    for customer_id, lot_id, points in lots:
        payload = {"moves": [[lot_id, -points]]}
        till.ledger.append(till.draft("expire", OPERATOR, at_ms, payload, points=-points, customer_id=customer_id))
    return sum(points for _, _, points in lots)


def night_till(config: Config, ledger: Ledger, clock: Callable[[], datetime]) -> Till:
    """Return a till for the night's work: nobody unlocks it, and it prints in the shop's language."""
    return Till(ledger, clock, SystemRandom(), shop_of(config.shop), offline_days=config.site.offline_days)


def free_orders(till: Till) -> int:
    """Cancel own orders that nobody paid in time, so that their bonuses can be spent; return how many."""
    return free_unpaid_orders(till, Operator(OPERATOR, OPERATOR, "manager"))


def close_business_day(till: Till) -> bool:
    """Close the day that goes on, with its slip, if anything was booked in it; tell whether it was closed."""
    return isinstance(close_day(till, Operator(OPERATOR, OPERATOR, "manager")), DayClosed)
