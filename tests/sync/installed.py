"""A till as it is installed: config, key, ledger, joined to a site; and its sync as a process of its own."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from sync.rejoining import join_site
from sync.site.setting_up import new_code
from terminal.config import Config, KeyConfig, ShopConfig, SiteConfig, TillConfig, load_config, write_config
from terminal.desk import Till
from terminal.ledger import create_ledger, open_ledger
from terminal.ledger.key import store_key
from tests.shop import KEY, SHOP
from tests.site.stand import Served


@dataclass
class Installed:
    """A till's folder."""

    path: Path

    @property
    def config(self) -> Config:
        return load_config(self.path)

    def till(self) -> Till:
        """Open its ledger; the caller closes it."""
        return Till(
            open_ledger(self.config.till.ledger, KEY), lambda: datetime.now(UTC), Random(3), SHOP, b"pepper"
        )

    def join(self, served: Served, url: str = "") -> str:
        name = self.config.till.name
        return join_site(
            self.path, url or served.url, new_code(served.site.store, name), machine="test", software="test"
        )


def install(folder: Path, name: str) -> Installed:
    """Set a till up that has no site yet."""
    path = folder / name / "config.toml"
    config = Config(
        shop=ShopConfig(name="Крамниця"), till=TillConfig(name=name), key=KeyConfig(), site=SiteConfig()
    )
    write_config(path, config)
    loaded = load_config(path)
    store_key(loaded.key, KEY)
    create_ledger(loaded.till.ledger, KEY, name).close()
    return Installed(path)


class SyncProcess:
    """`python -m sync run --child`, with its standard input in our hand."""

    def __init__(self, installed: Installed) -> None:
        command = [sys.executable, "-m", "sync", "run", "--child", "--config", str(installed.path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()


def until(true: Callable[[], bool], within_s: float = 60.0) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
