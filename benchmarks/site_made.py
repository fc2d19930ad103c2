"""A site's database, made for a benchmark."""

from random import Random

from sync.protocol import ShopFacts
from sync.site.migrating import migrate
from sync.site.opening import now_ms
from sync.site.setting_up import set_up
from sync.site.shop import publish
from sync.site.store import Store, open_store

_SHOP = ShopFacts(
    name="Крамниця",
    address=("вул. Ярославів Вал, 14",),
    language="uk",
    currency="UAH",
    country="UA",
    timezone="Europe/Kyiv",
    thank_you="",
    offline_days=14,
    staff_pepper=bytes(32),
)


def migrated(url: str, chance: Random) -> Store:
    """Make the tables, all of them empty; the caller closes the store."""
    store = open_store(url, now_ms, chance)
    migrate(store)
    return store


def site_made(url: str, chance: Random, policy: str, programme: str) -> Store:
    """Make the database of a shop with a programme (TOML); the caller closes it."""
    store = migrated(url, chance)
    set_up(store, _SHOP, policy)
    published = publish(store, programme)
    assert not isinstance(published, str), published
    return store
