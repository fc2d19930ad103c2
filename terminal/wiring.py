"""Where the parts of a till are put together, all but its screen and its printer."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

from msgspec.structs import asdict

from terminal.config import Config
from terminal.desk.till import ClockWatch, Till, shop_of
from terminal.ledger.key import pepper, read_key
from terminal.ledger.opening import open_ledger
from terminal.locale.words import Words
from terminal.rules.watch import WatchLimits


def system_clock() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return datetime.now(UTC)


def words_of(config: Config) -> Words:
    """Return words in the shop's language, with its currency and time zone."""
    return Words(config.shop.language, config.shop.currency, ZoneInfo(config.shop.timezone))


def watch_of(config: Config) -> WatchLimits:
    """Return what the config lets pass without a manager."""
    told = asdict(config.watch)
    return WatchLimits(**told | {"staff_cards": frozenset(config.watch.staff_cards)})


def steady_ms() -> int:
    """Return milliseconds that nobody can set; where the system can, they count its sleep too."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return (time.clock_gettime_ns(clock) if clock is not None else time.monotonic_ns()) // 1_000_000


def open_till(config: Config, *, clock: Callable[[], datetime], chance: Random) -> Till:
    """Read the key, open the ledger, and return a till on it; the caller closes `till.ledger`.

    Raises KeyUnavailable and LedgerError. The key's pepper makes PIN hashes worthless without the key.
    """
    shop = shop_of(config.shop)
    key = read_key(config.key)
    return Till(
        open_ledger(config.till.ledger, key),
        clock,
        chance,
        shop,
        pepper(key),
        watch=watch_of(config),
        offline_days=config.site.offline_days,
        clock_watch=ClockWatch(clock, steady_ms),
    )
