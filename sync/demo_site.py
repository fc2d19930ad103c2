"""The demo's central site: a database in a folder, the real server beside the demo, and a cable to each till."""

import platform
import secrets
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from random import SystemRandom
from typing import Self

from sqlalchemy import select

from sync.demo_cable import Cable
from sync.protocol import Product, ShopFacts
from sync.rejoining import join_site
from sync.site.migrating import migrate
from sync.site.opening import now_ms
from sync.site.setting_up import new_code, set_up
from sync.site.shop import publish, set_products
from sync.site.store import Store, open_store
from sync.site.tables import customer
from sync.site.verify import verify
from terminal.config import ShopConfig, load_config

_END_WITHIN_S = 5.0

Goods = tuple[str, str, int, str, str]
"""A product: SKU, name, price in minor units, category, barcode."""


class DemoSite:
    """A site that runs until it is closed; nothing of it outlives the process that started it."""

    def __init__(self, folder: Path, shop: ShopConfig, programme: str, goods: Sequence[Goods]) -> None:
        """Set a site up in an empty folder, and serve it. Raises OSError when it can't be served."""
        database = f"sqlite:///{folder / 'site.db'}"
        self._store = open_store(database, now_ms, SystemRandom())
        try:
            _fill(self._store, shop, programme, goods)
            with (folder / "site.log").open("wb") as log:
                self._server = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-m", "sync.demo_server", database],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                )
            assert self._server.stdout is not None
            port = self._server.stdout.readline().strip()
            if not port:
                self.close()
                raise OSError((folder / "site.log").read_text("utf-8", "replace")[-500:])
        except BaseException:
            self._store.close()
            raise
        self._port = int(port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    def join(self, config_path: Path) -> Cable:
        """Enrol the till of a config file, by a cable of its own, which the caller closes. Raises a SyncFault."""
        cable = Cable(self._port)
        try:
            name = load_config(config_path).till.name
            software = f"tillmate {version('tillmate')}"
            code = new_code(self._store, name)
            join_site(config_path, cable.url, code, machine=platform.node(), software=software)
        except BaseException:
            cable.close()
            raise
        return cable

    def balances(self) -> dict[str, int]:
        """Return every customer's balance in points (units)."""
        with self._store.reading() as connection:
            return {row.id: row.points for row in connection.execute(select(customer.c.id, customer.c.points))}

    def is_whole(self) -> bool:
        """Tell whether the site's books agree and nothing was spent twice."""
        return verify(self._store).ok

    def close(self) -> None:
        """End the server. What it answered is on its disk."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        try:
            self._server.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._server.stdout.close()
        self._store.close()


def _fill(store: Store, shop: ShopConfig, programme: str, goods: Sequence[Goods]) -> None:
    migrate(store)
    facts = ShopFacts(
        name=shop.name,
        address=shop.address,
        language=shop.language,
        currency=shop.currency,
        country=shop.country,
        timezone=shop.timezone,
        thank_you=shop.thank_you,
        offline_days=14,
        staff_pepper=secrets.token_bytes(32),
    )
    set_up(store, facts, "home")
    published = publish(store, programme)
    assert not isinstance(published, str), published
    set_products(
        store,
        [
            Product(sku=sku, name=name, price_minor=price_minor, category=category, barcodes=(barcode,))
            for sku, name, price_minor, category, barcode in goods
        ],
    )
