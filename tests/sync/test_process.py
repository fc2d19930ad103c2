"""The sync as a process: a sale is on the site and a change on the till by itself; it ends with its parent."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from sync.joining import joined
from sync.load import load as load_replica
from sync.site.migrating import migrate
from sync.site.setting_up import set_up
from sync.site.shop import publish
from sync.site.store import Store, open_store
from terminal import desk
from terminal.desk import Till
from terminal.ledger.contact import contact
from terminal.ledger.verify import verify_ledger
from tests.shop import PROGRAMME, balance, register, sell
from tests.site.stand import SHOP, Served
from tests.site.stand import Clock as SiteClock
from tests.sync.installed import Installed, SyncProcess, install, until
from tests.sync.totals import recomputed


class RealClock(SiteClock):
    """The machine's clock: the processes have it too."""

    @property
    def now_ms(self) -> int:  # type: ignore[override]
        return time.time_ns() // 1_000_000

    def __init__(self) -> None:
        pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'site.db'}", RealClock(), Random(7))
    migrate(store)
    set_up(store, SHOP, "home")
    assert not isinstance(publish(store, PROGRAMME), str)
    yield store
    store.close()


@pytest.fixture
def served(store: Store) -> Iterator[Served]:
    with Served(store, RealClock()) as served:
        yield served


@pytest.fixture
def one(tmp_path: Path, served: Served) -> Installed:
    installed = install(tmp_path, "till-1")
    installed.join(served)
    load(installed)
    return installed


@pytest.fixture
def two(tmp_path: Path, served: Served) -> Installed:
    installed = install(tmp_path, "till-2")
    installed.join(served)
    load(installed)
    return installed


def load(installed: Installed) -> None:
    with joined(installed.config) as link:
        load_replica(link)


def sync(installed: Installed, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sync", *words, "--config", str(installed.path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def profile(till: Till, customer: str) -> desk.Profile:
    found = desk.profile(till, customer)
    assert isinstance(found, desk.Profile), found
    return found


def known(till: Till, customer: str) -> int | None:
    found = desk.profile(till, customer)
    return found.known if isinstance(found, desk.Profile) else None


def is_known(till: Till, customer: str) -> bool:
    return known(till, customer) is not None


def unsent(till: Till) -> int:
    state = desk.site_state(till)
    assert state is not None
    return state.unsent


def whole(till: Till) -> bool:
    return verify_ledger(till.ledger).ok


def test_a_sale_here_is_a_balance_there(one: Installed, two: Installed, tmp_path: Path) -> None:
    first, second = one.till(), two.till()
    with first.ledger, second.ledger, SyncProcess(one), SyncProcess(two):
        customer = register(first)
        sell(first, customer, 300_00)
        until(lambda: known(second, customer) == 30)
        sell(second, customer, 500_00)
        until(lambda: balance(first, customer) == 80)
        request = desk.ask_points(second, profile(second, customer))
        assert request is not None
        assert desk.wait_for_answer(second, request).heard
        assert profile(second, customer).spendable == 80
        sell(second, customer, 100_00, redeem=80)
        until(lambda: balance(first, customer) == 2 and unsent(first) == unsent(second) == 0)
        assert whole(first)
        assert whole(second)
        assert recomputed([first.ledger.path, second.ledger.path]) == {customer: 2}


def test_it_ends_with_its_parent_and_runs_once(one: Installed) -> None:
    with SyncProcess(one) as first:
        till = one.till()
        with till.ledger:
            customer = register(till)
            sell(till, customer, 10_00)
            until(lambda: unsent(till) == 0)
        second = sync(one, "run")
        assert second.returncode == 1
        assert first.process.stdin is not None
        first.process.stdin.close()
        assert first.process.wait(60) == 0


def test_a_signal_ends_it(one: Installed) -> None:
    till = one.till()
    with till.ledger, SyncProcess(one) as running:
        register(till)
        until(lambda: unsent(till) == 0)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(60) == 0


def test_a_second_child_ends_at_once(one: Installed) -> None:
    till = one.till()
    with till.ledger, SyncProcess(one):
        register(till)
        until(lambda: unsent(till) == 0)
        with SyncProcess(one) as second:
            assert second.process.wait(60) == 1


def test_killed_at_any_time_it_loses_nothing(one: Installed, two: Installed) -> None:
    chance = Random(4)
    first, second = one.till(), two.till()
    with first.ledger, second.ledger:
        customers = [register(first, f"Клієнт {number}", f"06711122{number:02}") for number in range(5)]
        for round_number in range(6):
            with SyncProcess(one) as here, SyncProcess(two) as there:
                for _ in range(4):
                    sell(first, chance.choice(customers), chance.randrange(1, 50) * 10_00)
                    known_there = [one for one in customers if known(second, one) is not None]
                    if known_there:
                        sell(second, chance.choice(known_there), chance.randrange(1, 50) * 10_00)
                until(partial(is_known, second, customers[round_number % 5]))
                here.process.kill()
                there.process.kill()
        for installed in (one, two, one, two):
            assert sync(installed, "once").returncode == 0
        totals = recomputed([first.ledger.path, second.ledger.path])
        for customer in customers:
            assert balance(first, customer) == balance(second, customer) == totals[customer]
        assert whole(first)
        assert whole(second)


def test_status_says_how_it_stands(one: Installed, served: Served) -> None:
    told = sync(one, "status", "--json")
    assert told.returncode == 0, told.stderr
    facts = json.loads(told.stdout)
    assert (facts["till"], facts["unsent"], facts["loaded"]) == ("till-1", 0, True)
    served.__exit__(None, None, None)
    assert sync(one, "once").returncode == 8
    told = sync(one, "status")
    assert told.returncode == 1
    assert "Offline since" in told.stdout
    till = one.till()
    with till.ledger:
        now = contact(till.ledger)
    assert now is not None
    assert now.lost_ms > 0
