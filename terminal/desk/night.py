"""The night's local work: points whose last day is over expire."""

from collections.abc import Callable
from datetime import datetime
from random import SystemRandom
from zoneinfo import ZoneInfo

from terminal.config import Config
from terminal.desk.leases import why_stopped
from terminal.desk.till import Shop, Till
from terminal.ledger.customers import lots_expired_before
from terminal.ledger.ledger import Ledger

OPERATOR = "night"
_PAGE = 200


def expire(till: Till) -> int:
    """Write an entry for every lot whose last day is over; return the points (units). Safe to run again.

    Works in pages, each a transaction of its own: stopped half-way, the rest follows on the next run. With a site
    only what is leased to this till is its to end, and nothing while it may not take bonuses off.
    """
    if why_stopped(till) is not None:
        return 0
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


def night_till(config: Config, ledger: Ledger, clock: Callable[[], datetime]) -> Till:
    """Return a till for the night's work: nobody unlocks it, and it prints in the shop's language."""
    shop = config.shop
    return Till(
        ledger,
        clock,
        SystemRandom(),
        Shop(
            name=shop.name,
            address=shop.address,
            language=shop.language,
            currency=shop.currency,
            country=shop.country,
            timezone=ZoneInfo(shop.timezone),
            thank_you=shop.thank_you,
        ),
        offline_days=config.site.offline_days,
    )
