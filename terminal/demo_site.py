"""The demo's network: a central site beside it, where that is installed, and tills on cables that can be pulled."""

from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

import msgspec

from terminal.background import Background
from terminal.config import Config, KeyConfig, ShopConfig, TillConfig, write_config
from terminal.desk.demo_shop import demo_goods, demo_key, demo_programme
from terminal.desk.till import Till
from terminal.ledger.key import store_key

_GROUP = "tillmate.demo_site"

Goods = tuple[str, str, int, str, str]
"""A product as the site is told of it: SKU, name, price in minor units, category, barcode."""


class Cable(Protocol):
    """The wire between a till and the site."""

    @property
    def plugged(self) -> bool:
        """Tell whether bytes pass."""

    def pull(self) -> None:
        """Break what is open, and let nothing through."""

    def plug(self) -> None:
        """Let bytes through again."""

    def close(self) -> None:
        """Pull it for good."""


class Site(Protocol):
    """A site that runs until it is closed."""

    def join(self, config_path: Path) -> Cable:
        """Enrol the till of a config file, by a cable of its own."""

    def balances(self) -> dict[str, int]:
        """Return every customer's balance in points (units)."""

    def is_whole(self) -> bool:
        """Tell whether the site's books agree."""

    def close(self) -> None:
        """End the site."""


StartSite = Callable[[Path, ShopConfig, str, Sequence[Goods]], Site]
"""Given an empty folder, the shop, its programme's TOML and its goods, a site at work."""


def site_starter() -> StartSite | None:
    """Return what starts a site; None where no site is installed."""
    found = list(entry_points(group=_GROUP))
    try:
        starter: StartSite | None = found[0].load() if found else None
    except ImportError:
        return None
    return starter


def start_site(start: StartSite, folder: Path, till: Till) -> Site:
    """Start a site for the demo shop of a till, in a new folder."""
    folder.mkdir()
    goods = [
        (product.sku, product.name, product.price_minor, product.category, barcode)
        for product, barcode in demo_goods()
    ]
    return start(folder, _shop_config(till), demo_programme(), goods)


class WiredTill:
    """A demo till joined to a site: its sync runs as a process beside it, over a cable."""

    def __init__(self, site: Site, till: Till, seed: int | str) -> None:
        """Enrol the till, which was opened with `seed`, and start its sync."""
        config_path = _write_config(till, seed)
        self._cable = site.join(config_path)
        self._config_path = config_path
        self._sync = Background(config_path)
        self._sync.start()

    @property
    def plugged(self) -> bool:
        """Tell whether the cable is in."""
        return self._cable.plugged

    def pull(self) -> None:
        """Pull the cable: the sync finds out by itself."""
        self._cable.pull()

    def plug(self) -> None:
        """Put the cable in. A new sync tries at once, where the old one may wait up to a minute; takes a second."""
        self._cable.plug()
        self._sync.stop()
        self._sync = Background(self._config_path)
        self._sync.start()

    def close(self) -> None:
        """End the sync and take the cable away."""
        self._sync.stop()
        self._cable.close()


def _write_config(till: Till, seed: int | str) -> Path:
    folder = till.ledger.path.parent
    name = till.ledger.terminal_id
    config = Config(
        shop=_shop_config(till),
        till=TillConfig(name=name, ledger=till.ledger.path),
        key=KeyConfig(path=folder / f"{name}.key"),
    )
    store_key(config.key, demo_key(seed))
    path = folder / f"{name}.toml"
    write_config(path, config)
    return path


def _shop_config(till: Till) -> ShopConfig:
    shop = till.shop
    told = {
        "name": shop.name,
        "address": shop.address,
        "language": shop.language,
        "currency": shop.currency,
        "country": shop.country,
        "timezone": str(shop.timezone),
    }
    return msgspec.convert(told, ShopConfig)
