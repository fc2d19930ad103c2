"""A site in a process of its own, and tills that were joined to it as they are installed."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Self

from benchmarks.ledgers import KEY, SHOP
from benchmarks.site_people import site_with
from sync.joining import link_of
from sync.link import Link
from sync.load import load
from sync.rejoining import join_site
from sync.site.setting_up import new_code
from terminal.config import Config, KeyConfig, ShopConfig, SiteConfig, TillConfig, load_config, write_config
from terminal.desk.till import Till
from terminal.ledger.key import store_key
from terminal.ledger.opening import create_ledger, open_ledger

_END_WITHIN_S = 60.0


@dataclass(frozen=True)
class Joined:
    """A till's folder, by its config file."""

    config_path: Path

    @property
    def config(self) -> Config:
        """The config as it is now."""
        return load_config(self.config_path)

    @contextmanager
    def link(self) -> Iterator[Link]:
        """Open the ledger and join it to the site, for a block."""
        with open_ledger(self.config.till.ledger, KEY) as ledger:
            link = link_of(self.config, ledger)
            try:
                yield link
            finally:
                link.client.close()

    def till(self) -> Till:
        """Open its ledger as the till does; the caller closes it."""
        return Till(open_ledger(self.config.till.ledger, KEY), lambda: datetime.now(UTC), Random(1), SHOP)


class Site:
    """A site of many customers, served on a socket of this machine by a process of its own."""

    def __init__(self, folder: Path, customers: int) -> None:
        """Make the database in an empty folder and serve it."""
        self._folder = folder
        self._store = site_with(folder / "site.db", customers)
        self._server = subprocess.Popen(
            [sys.executable, "-m", "sync.demo_server", f"sqlite:///{folder / 'site.db'}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._server.stdout is not None
        self.port = int(self._server.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(_END_WITHIN_S)
        self._server.stdout.close()
        self._store.close()

    def join(self, name: str, *, loaded: bool = True) -> Joined:
        """Install a till and enrol it; bring everything there is, if asked for."""
        path = self._folder / name / "config.toml"
        write_config(
            path,
            Config(
                shop=ShopConfig(name="Крамниця"), till=TillConfig(name=name), key=KeyConfig(), site=SiteConfig()
            ),
        )
        config = load_config(path)
        store_key(config.key, KEY)
        create_ledger(config.till.ledger, KEY, name).close()
        join_site(path, self.url, new_code(self._store, name), machine="benchmark", software="benchmark")
        joined = Joined(path)
        if loaded:
            with joined.link() as link:
                load(link)
        return joined
