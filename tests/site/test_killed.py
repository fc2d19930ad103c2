"""The site as a process, killed with -9 at random and between commit and reply, and three tills around it."""

import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

import pytest

from sync.faults import SyncFault
from sync.joining import joined
from sync.load import load
from sync.pull import pull_all
from sync.push import push_all
from sync.rejoining import join_site
from sync.site.opening import now_ms
from sync.site.setting_up import new_code
from sync.site.store import Store
from sync.site.verify import verify
from terminal import desk
from terminal.desk import Till
from terminal.ledger.verify import verify_ledger
from tests.shop import balance, register, sell
from tests.sync.installed import Installed, SyncProcess, install, until
from tests.sync.totals import recomputed
from tests.sync.wire import Proxy


class SiteProcess:
    """`tillmate site serve` on one port of this machine, started as often as it is killed."""

    def __init__(self, database_url: str, log: Path) -> None:
        self._log = log
        self._command = [sys.executable, "-m", "terminal", "site", "--database", database_url, "serve", "--port"]
        self._port = "0"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        command = [*self._command, self._port]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
        until(lambda: self._found() is not None)
        found = self._found()
        assert found is not None
        self._port = found[1]

    def _found(self) -> re.Match[str] | None:
        said = self._log.read_text()
        assert self._process is not None
        assert self._process.poll() is None, said
        return re.search(r"running on http://127\.0\.0\.1:(\d+)", said)

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


def installed_at(store: Store, folder: Path, name: str, url: str) -> Installed:
    """Install a till and join it to the site; the codes are of the machine's time, as the site's process is."""
    installed = install(folder, name)
    code = new_code(Store(store.engine, now_ms, store.chance), name)
    join_site(installed.path, url, code, machine="test", software="test")
    with joined(installed.config) as link:
        load(link)
    return installed


def sync(installed: Installed) -> None:
    with joined(installed.config) as link:
        push_all(link)
        pull_all(link)


def trade(tills: list[Till], customers: list[str], chance: Random) -> None:
    """A sale at each till to somebody whom it knows; every third one spends what it may."""
    for till in tills:
        known = [one for one in customers if isinstance(desk.profile(till, one), desk.Profile)]
        if known:
            customer = chance.choice(known)
            shown = desk.profile(till, customer)
            assert isinstance(shown, desk.Profile)
            total_minor = chance.randrange(1, 50) * 10_00
            redeem = min(shown.spendable, total_minor // 100) if chance.random() < 0.3 else 0
            sell(till, customer, total_minor, redeem=redeem)


def test_a_site_that_is_killed_loses_nothing_and_counts_nothing_twice(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    chance = Random(9)
    with ExitStack() as stack:
        site = stack.enter_context(SiteProcess(database_url, tmp_path / "site.log"))
        proxy = stack.enter_context(Proxy(site.url))
        installs = [installed_at(store, tmp_path, f"till-{number}", proxy.url) for number in (1, 2, 3)]
        tills = [installed.till() for installed in installs]
        for till in tills:
            stack.enter_context(till.ledger)
        first = tills[0]
        customers = [register(first, f"Клієнт {number}", f"06711155{number:02}") for number in range(4)]
        with ExitStack() as running:
            processes = [running.enter_context(SyncProcess(installed)) for installed in installs]
            trade(tills, customers, chance)
            until(lambda: all(isinstance(desk.profile(till, customers[-1]), desk.Profile) for till in tills))
            trade(tills, customers, chance)
            time.sleep(chance.random() / 10)
            site.kill()
            trade(tills, customers, chance)
            processes[chance.randrange(3)].process.kill()
            site.start()
            trade(tills, customers, chance)

        def die_with_the_answer() -> None:
            """The site has committed, and nobody hears of it."""
            proxy.before_answer, proxy.cut_after = None, 0
            site.kill()

        trade(tills, customers, chance)
        proxy.before_answer = die_with_the_answer
        with pytest.raises(SyncFault):
            sync(installs[0])
        proxy.cut_after = None
        site.start()
        for installed in (*installs, *installs):
            sync(installed)
        totals = recomputed([till.ledger.path for till in tills])
        for till in tills:
            assert {one: balance(till, one) for one in customers} == totals
            assert verify_ledger(till.ledger).ok
    found = verify(store)
    assert found.ok, found
    assert found.balances == sum(totals.values())
