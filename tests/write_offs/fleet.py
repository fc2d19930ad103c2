"""A site and a second till beside the till that the week is played on; the second one is offline for days."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from sync.client import SiteClient
from sync.enrolling import enrol
from sync.link import Link
from sync.pull import pull_all
from sync.push import push_all
from sync.site.migrating import migrate
from sync.site.setting_up import new_code, set_up
from sync.site.shop import publish
from sync.site.store import open_store
from sync.site.verify import verify
from terminal.desk import Till
from terminal.desk.till import milliseconds
from terminal.ledger import create_ledger
from tests.shop import KEY
from tests.site.stand import SHOP, Clock, Served
from tests.sync.stand import link_to


class FleetClock(Clock):
    """The site's clock, which is the tills' clock too."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    @property
    def now_ms(self) -> int:  # type: ignore[override]
        return milliseconds(self._clock())


class Fleet:
    """The shop's own till joined to a site, and a till of another store."""

    def __init__(self, folder: Path, first: Till, clock: Callable[[], datetime]) -> None:
        site_clock = FleetClock(clock)
        self.store = open_store(f"sqlite:///{folder / 'site.db'}", site_clock, Random(7))
        migrate(self.store)
        set_up(self.store, SHOP, "home")
        row = first.ledger.row("SELECT document FROM programme ORDER BY number DESC LIMIT 1")
        assert row is not None
        assert not isinstance(publish(self.store, str(row[0])), str)
        self._served = Served(self.store, site_clock)
        self.first = first
        ledger = create_ledger(folder / "other.ledger", KEY, "till-2", durable=False)
        self.other = Till(ledger, clock, Random(9), first.shop, pepper=b"pepper")

    def __enter__(self) -> Self:
        self._served.__enter__()
        self._links = [self._join(till) for till in (self.first, self.other)]
        self.sync()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for link in self._links:
            link.client.close()
        self._served.__exit__(kind, fault, trace)
        self.other.ledger.close()
        self.store.close()

    def _join(self, till: Till) -> Link:
        client = SiteClient(self._served.url)
        enrol(till.ledger, client, new_code(self.store, till.ledger.terminal_id))
        client.close()
        return link_to(self._served.url, till, till.clock)

    def sync(self) -> None:
        """Let both tills tell and hear all that is new; in the second round the first hears of the second."""
        for link in self._links * 2:
            push_all(link)
            pull_all(link)
        assert verify(self.store).ok
