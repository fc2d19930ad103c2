"""Where the parts of a till are put together, all but its screen and its printer."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

from terminal.config import Config
from terminal.desk.till import Shop, Till
from terminal.ledger.key import pepper, read_key
from terminal.ledger.opening import open_ledger
from terminal.locale.words import Words


def system_clock() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return datetime.now(UTC)


def shop_of(config: Config) -> Shop:
    """Return the shop that a config describes."""
    shop = config.shop
    return Shop(
        name=shop.name,
        address=shop.address,
        language=shop.language,
        currency=shop.currency,
        country=shop.country,
        timezone=ZoneInfo(shop.timezone),
        thank_you=shop.thank_you,
    )


def words_of(config: Config) -> Words:
    """Return words in the shop's language, with its currency and time zone."""
    return Words(config.shop.language, config.shop.currency, ZoneInfo(config.shop.timezone))


def open_till(config: Config, *, clock: Callable[[], datetime], chance: Random) -> Till:
    """Read the key, open the ledger, and return a till on it; the caller closes `till.ledger`.

    Raises KeyUnavailable and LedgerError. The key's pepper makes PIN hashes worthless without the key.
    """
    shop = shop_of(config)
    key = read_key(config.key)
    return Till(open_ledger(config.till.ledger, key), clock, chance, shop, pepper(key))
