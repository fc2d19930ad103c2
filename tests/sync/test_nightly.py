"""The nightly job: what differs is found, mended and reported; killed after any step, the next start goes on."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.night_steps import STEPS
from sync.nightly import COULD_NOT, DIFFERENT, DONE, run_nightly
from terminal.config import BackupConfig, Config, KeyConfig, ShopConfig, SiteConfig, TillConfig
from terminal.ledger.backup import backups_in
from terminal.ledger.key import store_key
from terminal.ledger.verify import verify_ledger
from tests.shop import KEY, Clock, balance, journal_kinds, register, sell
from tests.site.stand import Served
from tests.sync.stand import Joined

NAMES = [name for name, _ in STEPS]


class Killed(BaseException):
    """The power went."""


@pytest.fixture
def customer(one: Joined, two: Joined) -> str:
    customer = register(one.till)
    sell(one.till, customer, 300_00)
    one.sync()
    two.sync()
    return customer


@pytest.fixture
def config(one: Joined, served: Served, tmp_path: Path) -> Config:
    key = KeyConfig(path=tmp_path / "till.key")
    store_key(key, KEY)
    return Config(
        shop=ShopConfig(name="Крамниця"),
        till=TillConfig(name="till-1", ledger=one.till.ledger.path),
        key=key,
        site=SiteConfig(url=served.url),
        backup=BackupConfig(folder=tmp_path / "backups", keep=2),
    )


def night(
    config: Config, clock: Clock, after_step: Callable[[str], None] = lambda name: None
) -> tuple[int, dict[str, dict[str, object]]]:
    """Run a night; return its exit code and what each step told."""
    out = io.StringIO()
    try:
        code = run_nightly(config, as_json=True, clock=clock, out=out, after_step=after_step)
    except Killed:
        code = -1
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    return code, {line.pop("step"): line for line in told}


def test_a_quiet_night_finds_nothing(one: Joined, customer: str, config: Config, clock: Clock) -> None:
    code, told = night(config, clock)
    assert code == DONE, told
    assert list(told) == [*NAMES, "night"]
    assert told["compare"] == {"different": 0, "customers": []}
    assert told["close_day"]["closed"] is True
    assert one.link.contact().applied_seq == one.till.ledger.last_seq() - 1  # the day's closing, just sent
    assert len(backups_in(config.backup.folder, one.till.ledger.path)) == 1
    clock.advance(days=1)
    assert night(config, clock)[0] == DONE
    one.assert_whole()


def test_what_differs_is_mended_noted_and_reported(
    one: Joined, two: Joined, customer: str, config: Config, clock: Clock
) -> None:
    ledger = one.till.ledger
    other = register(two.till, "Марія", "050 222 33 44")
    sell(two.till, other, 100_00)
    two.sync()
    one.sync()
    with ledger.atomic():
        ledger.write("UPDATE customer SET points = 77, site_points = 77 WHERE id = ?", (customer,))
        ledger.write("DELETE FROM customer WHERE id = ?", (other,))
        ledger.write("DELETE FROM lot WHERE customer_id = ?", (other,))
    code, told = night(config, clock)
    assert code == DIFFERENT
    assert told["compare"] == {"different": 2, "customers": sorted([customer, other])}
    wrong = told["night"]["wrong"]
    assert isinstance(wrong, list)
    assert sorted(wrong) == sorted(
        [
            f"customer {customer} had 77 here and 30 on the site; the site's word was taken",
            f"customer {other} was missing here; brought from the site",
        ]
    )
    assert balance(one.till, customer) == 30
    assert balance(one.till, other) == 10
    assert journal_kinds(ledger).count("replica_mended") == 1
    clock.advance(days=1)
    assert night(config, clock)[0] == DONE
    assert verify_ledger(ledger).ok


@pytest.mark.parametrize("last", NAMES)
def test_killed_after_a_step_it_goes_on_with_the_next(
    one: Joined, customer: str, config: Config, clock: Clock, last: str
) -> None:
    clock.advance(days=101)  # what the customer has is over

    def kill(name: str) -> None:
        if name == last:
            raise Killed

    assert night(config, clock, kill)[0] == -1
    code, told = night(config, clock)
    assert code == DONE, told
    assert list(told) == [*NAMES[NAMES.index(last) + 1 :], "night"]
    kinds = journal_kinds(one.till.ledger)
    assert (kinds.count("expire"), kinds.count("day_close")) == (1, 1)
    assert night(config, clock)[0] == DONE
    kinds = journal_kinds(one.till.ledger)
    assert (kinds.count("expire"), kinds.count("day_close")) == (1, 1)
    one.sync()
    assert balance(one.till, customer) == 0
    one.assert_whole()


def test_without_the_site_the_local_steps_are_done(
    one: Joined, customer: str, config: Config, clock: Clock, served: Served
) -> None:
    served.__exit__(None, None, None)
    code, told = night(config, clock)
    assert code == COULD_NOT
    assert [name for name, line in told.items() if "error" in line] == [
        "push",
        "pull",
        "compare",
        "expire",
        "leases",
        "close_day",
    ]
    assert told["verify"]["faults"] == []
    assert len(backups_in(config.backup.folder, one.till.ledger.path)) == 1


def test_two_nights_at_once_are_one(config: Config, clock: Clock, customer: str) -> None:
    codes: list[int] = []

    def second(name: str) -> None:
        if not codes:
            codes.append(night(config, clock)[0])

    assert night(config, clock, second)[0] == DONE
    assert codes == [COULD_NOT]


def test_the_oldest_backups_go(config: Config, clock: Clock, customer: str, one: Joined) -> None:
    for _ in range(4):
        clock.advance(days=1)
        assert night(config, clock)[0] == DONE
    assert len(backups_in(config.backup.folder, one.till.ledger.path)) == 2
