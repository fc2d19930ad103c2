"""Trying write-offs on a scratch site: a site order for each balance, placed and paid, and what it took."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

from sqlalchemy import select

from sync.protocol import Fault, ShopFacts
from sync.site.importing import NewAccount, import_accounts
from sync.site.migrating import migrate
from sync.site.orders import pay, place
from sync.site.setting_up import set_up
from sync.site.shop import publish
from sync.site.shop_messages import Ordered, OrderLine, OrderNumber, PlaceOrder
from sync.site.store import Store, open_store
from sync.site.tables import person
from terminal.rules.wish import ALL

_WHO = "probe"


def probe_site(programme: str, shop: tuple[str, str, str], tries: Sequence[tuple[int, int]]) -> list[int | str]:
    """Place and pay an order for each (points, total in minor units) on a site of its own that is thrown away;
    return the points that each took, or why it could not be made. `shop` is (currency, country, time zone).
    """
    with TemporaryDirectory(prefix="tillmate-site-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'site.db'}", _now_ms, SystemRandom())
        try:
            migrate(store)
            set_up(store, _facts(shop), "home")
            published = publish(store, programme)
            if isinstance(published, str):
                return [published] * len(tries)
            return _try_all(store, tries)
        finally:
            store.close()


def _try_all(store: Store, tries: Sequence[tuple[int, int]]) -> list[int | str]:
    accounts = [
        NewAccount(place, f"{_WHO} {place}", None, None, points, 0, None, None, None)
        for place, (points, _) in enumerate(tries)
    ]
    import_accounts(store, accounts, None)
    with store.reading() as connection:
        ids = {row.name: row.customer_id for row in connection.execute(select(person.c.name, person.c.customer_id))}
    return [_try(store, ids[f"{_WHO} {place}"], place, total) for place, (_, total) in enumerate(tries)]


def _try(store: Store, customer_id: str, number: int, total_minor: int) -> int | str:
    lines = (OrderLine(name=_WHO, total_minor=total_minor),)
    asked = PlaceOrder(number=f"{_WHO}-{number}", customer_id=customer_id, lines=lines, redeem=ALL)
    placed = place(store, asked, _WHO)
    if isinstance(placed, Fault):
        return placed.text
    paid = pay(store, OrderNumber(number=placed.number), _WHO)
    if isinstance(paid, Fault):
        return paid.text
    return _agreed(placed, paid)


def _agreed(placed: Ordered, paid: Ordered) -> int | str:
    return placed.redeemed if paid.redeemed == placed.redeemed else "the paid order took another number of bonuses"


def _facts(shop: tuple[str, str, str]) -> ShopFacts:
    currency, country, timezone = shop
    return ShopFacts(
        name=_WHO,
        address=(),
        language="en",
        currency=currency,
        country=country,
        timezone=timezone,
        thank_you="",
        offline_days=14,
        staff_pepper=bytes(32),
    )


def _now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)
