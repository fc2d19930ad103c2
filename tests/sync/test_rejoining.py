"""A till that joins again under a new name: nothing that it booked is lost, and nothing is booked twice."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from sync.faults import SiteRefused
from sync.leaving import NotBroughtIn
from sync.rejoining import join_site
from sync.site.losing import reopen, revoke
from sync.site.night import nightly
from sync.site.setting_up import new_code
from sync.site.store import Store
from sync.site.verify import verify
from terminal import desk
from terminal.config import Config, KeyConfig, ShopConfig, TillConfig, load_config, write_config
from terminal.ledger import open_ledger
from terminal.ledger.backup import copy_ledger
from terminal.ledger.key import store_key
from terminal.rules.phrase import Refused
from tests.shop import KEY, MANAGER, SHOP, Clock, balance, new_till, register, sell
from tests.site.stand import Served
from tests.sync.stand import Joined, link_to, site_accounts

Install = Callable[[Joined], Path]


@pytest.fixture
def restored(one: Joined, customer: str, clock: Clock, served: Served, tmp_path: Path) -> Iterator[Joined]:
    """A till on a ledger without its last entries, which the site has."""
    backup = tmp_path / "backup.db"
    copy_ledger(one.till.ledger.path, backup, KEY)
    for _ in range(5):
        sell(one.till, customer, 100_00)
    one.sync()
    with open_ledger(backup, KEY, durable=False) as ledger:
        till = new_till(ledger, clock)
        link = link_to(served.url, till, clock)
        yield Joined(till, link)
        link.client.close()


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Put a till's ledger where a config names it; return the config's path."""

    def put(joined: Joined) -> Path:
        path = tmp_path / "installed" / "config.toml"
        shop, till = ShopConfig(name="Крамниця"), TillConfig(name=joined.name)
        write_config(path, Config(shop=shop, till=till, key=KeyConfig()))
        config = load_config(path)
        store_key(config.key, KEY)
        joined.till.ledger.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(joined.till.ledger.path, config.till.ledger)
        return path

    return put


def refused(joined: Joined) -> str:
    """Let a till hear what the site says of it."""
    with pytest.raises(SiteRefused) as caught:
        joined.push()
    joined.link.note_fault(caught.value)
    return caught.value.trouble


@contextmanager
def opened(path: Path, served: Served, clock: Clock) -> Iterator[Joined]:
    """The till as it is installed now."""
    with open_ledger(load_config(path).till.ledger, KEY, durable=False) as ledger:
        till = desk.Till(ledger, clock, Random(path.as_posix()), SHOP, pepper=b"pepper")
        joined = Joined(till, link_to(served.url, till, clock))
        yield joined
        joined.link.client.close()


def join(path: Path, served: Served, code: str) -> tuple[str, list[str]]:
    told: list[str] = []
    name = join_site(path, served.url, code, machine="test", software="test", say=told.append)
    return name, told


@pytest.mark.parametrize("sold_before", [0, 2])
def test_what_a_restored_ledger_booked_afterwards_goes_along(
    restored: Joined, one: Joined, two: Joined, customer: str, served: Served, store: Store, clock: Clock,
    install: Install, sold_before: int,
) -> None:  # fmt: skip
    ledger = restored.till.ledger
    first = ledger.entries(limit=100)[1]
    for _ in range(sold_before):
        sell(restored.till, customer, 10_00)
    assert refused(restored) == "ledger_behind"
    late = register(restored.till, "Пізній Гість", "050 000 11 22")
    sell(restored.till, late, 200_00)
    sell(restored.till, customer, 50_00)
    voided = sell(restored.till, customer, 70_00).sale
    assert not isinstance(desk.void(restored.till, voided.id, MANAGER), Refused)
    assert first.sale_id is not None
    shown = desk.show_refund(restored.till, first.sale_id, (100_00,))
    assert isinstance(shown, desk.RefundShown)
    assert isinstance(desk.refund(restored.till, shown, MANAGER), desk.RefundDone)

    path = install(restored)
    name, told = join(path, served, new_code(store, "till-1"))
    assert name == "till-1-r2"
    assert "entries that the site had not got" in told[0]
    expected = {customer: 100 + 50 + sold_before + 5 - 10, late: 20}
    with opened(path, served, clock) as fresh:
        fresh.pull()
        fresh.assert_whole()
        assert {who: balance(fresh.till, who) for who in expected} == expected
        fresh.sync()
        fresh.assert_whole()
        assert {who: balance(fresh.till, who) for who in expected} == expected
        sell(fresh.till, late, 30_00, redeem=20)
        fresh.sync()
        fresh.assert_whole()
    two.sync()
    assert balance(two.till, late) == 1
    found = desk.find(two.till, "0500001122")
    assert not isinstance(found, Refused)
    account = site_accounts(served, two)[customer]
    assert (account.points, account.visits) == (expected[customer], 6 + sold_before + 1)
    assert verify(store).ok


def test_a_sale_of_before_the_backup_that_was_voided_after_it_is_voided(
    restored: Joined, customer: str, served: Served, store: Store, clock: Clock, install: Install
) -> None:
    assert refused(restored) == "ledger_behind"
    sale_id = restored.till.ledger.entries(limit=100)[1].sale_id
    assert sale_id is not None
    assert not isinstance(desk.void(restored.till, sale_id, MANAGER), Refused)
    path = install(restored)
    join(path, served, new_code(store, "till-1"))
    with opened(path, served, clock) as fresh:
        fresh.pull()
        fresh.assert_whole()
        fresh.sync()
        fresh.assert_whole()
        account = site_accounts(served, fresh)[customer]
        assert balance(fresh.till, customer) == account.points == 50
        assert (account.visits, account.spend_minor) == (5, 500_00)
    assert verify(store).ok


def test_spending_that_a_copied_ledger_had_no_right_to_is_told_and_stops_nobody(
    one: Joined, two: Joined, customer: str, served: Served, store: Store, clock: Clock, install: Install,
    tmp_path: Path,
) -> None:  # fmt: skip
    copied = tmp_path / "copied.db"
    copy_ledger(one.till.ledger.path, copied, KEY)
    sell(one.till, customer, 100_00, redeem=100)
    one.sync()
    with open_ledger(copied, KEY, durable=False) as ledger:
        ledger.connection.execute("DELETE FROM ledger_fact WHERE name = 'restored_ms'")
        till = new_till(ledger, clock)
        copy = Joined(till, link_to(served.url, till, clock))
        sell(copy.till, customer, 100_00, redeem=30)
        voided = sell(copy.till, customer, 100_00, redeem=40).sale
        assert not isinstance(desk.void(copy.till, voided.id, MANAGER), Refused)
        assert refused(copy) == "ledger_forked"
        path = install(copy)
        copy.link.client.close()
    name, told = join(path, served, new_code(store, "till-1"))
    assert name == "till-1-r2"
    assert told[1].startswith("! 30 points of 1 customers were taken off here")
    with opened(path, served, clock) as fresh:
        fresh.sync()
        fresh.assert_whole()
        assert balance(fresh.till, customer) == site_accounts(served, fresh)[customer].points == 7
    found = verify(store)
    assert (found.ok, found.overspent) == (True, 0)


def test_both_machines_of_a_copied_ledger_go_on_with_what_was_their_own(
    one: Joined, two: Joined, customer: str, served: Served, store: Store, clock: Clock, install: Install,
    tmp_path: Path,
) -> None:  # fmt: skip
    copied = tmp_path / "copied.db"
    copy_ledger(one.till.ledger.path, copied, KEY)
    sell(one.till, customer, 100_00, redeem=100)
    one.sync()
    with open_ledger(copied, KEY, durable=False) as ledger:
        till = desk.Till(ledger, clock, Random("copy"), SHOP, pepper=b"pepper")
        copy = Joined(till, link_to(served.url, till, clock))
        sell(copy.till, customer, 200_00)
        assert refused(copy) == "ledger_forked"
        copied_path = install(copy)
        copy.link.client.close()
    sell(one.till, customer, 400_00)
    assert refused(one) == "ledger_forked"
    name, told = join(copied_path, served, new_code(store, "till-1"))
    assert (name, len(told)) == ("till-1-r2", 1)
    with opened(copied_path, served, clock) as fresh:
        fresh.sync()
        assert balance(fresh.till, customer) == 20
        fresh.assert_whole()
    shutil.rmtree(copied_path.parent)
    clock.advance(minutes=2)
    path = install(one)
    name, told = join(path, served, new_code(store, "till-1"))
    assert (name, len(told)) == ("till-1-r3", 1)
    with opened(path, served, clock) as fresh:
        fresh.sync()
        assert balance(fresh.till, customer) == site_accounts(served, two)[customer].points == 20 + 40
        fresh.assert_whole()
    assert verify(store).ok


def test_what_the_site_keeps_under_the_old_name_is_booked_there_once(
    one: Joined, customer: str, served: Served, store: Store, clock: Clock, install: Install
) -> None:
    """A till whose clock was ahead: its entries wait on the site, and the till goes on under a new name."""
    ahead = Clock()
    ahead.advance(days=3)
    early = desk.Till(one.till.ledger, ahead, one.till.chance, one.till.shop, pepper=b"pepper")
    sell(early, customer, 100_00)
    one.push()
    one.pull()
    assert one.link.contact().trouble == "future"
    sell(early, customer, 10_00)  # the site has not got this one yet
    path = install(one)
    assert join(path, served, new_code(store, "till-1")) == ("till-1-r2", [])
    with opened(path, served, clock) as fresh:
        fresh.sync()
        assert balance(fresh.till, customer) == 100
        clock.advance(days=3)
        for _ in range(2):
            nightly(store)
        fresh.sync()
        assert balance(fresh.till, customer) == site_accounts(served, fresh)[customer].points == 100 + 10 + 1
        fresh.assert_whole()
    assert verify(store).ok


def test_a_revoked_till_brings_its_journal_in_before_it_joins_again(
    one: Joined, two: Joined, customer: str, served: Served, store: Store, clock: Clock, install: Install
) -> None:
    revoke(store, "till-1", "manager")
    sell(one.till, customer, 100_00, redeem=40)
    late = register(one.till, "Пізній Гість", "050 000 11 22")
    sell(one.till, late, 200_00)
    assert refused(one) == "revoked"
    path = install(one)
    with pytest.raises(NotBroughtIn, match="tillmate site till found till-1"):
        join(path, served, new_code(store, "till-1"))
    clock.advance(minutes=2)  # so many tries to enrol are let pass in a minute
    code = reopen(store, "till-1")
    assert isinstance(code, str)
    name, told = join(path, served, code)
    assert name == "till-1"
    assert told[0].startswith("The site has all ")
    two.sync()
    assert {who: balance(two.till, who) for who in (customer, late)} == {customer: 66, late: 20}
    assert join(path, served, new_code(store, "till-1")) == ("till-1-r2", [])
    with opened(path, served, clock) as fresh:
        fresh.sync()
        assert {who: balance(fresh.till, who) for who in (customer, late)} == {customer: 66, late: 20}
        fresh.assert_whole()
    account = site_accounts(served, two)[customer]
    assert [lot.held for lot in account.lots] == [0] * len(account.lots), "what it had leased is free again"
    found = verify(store)
    assert (found.ok, found.loss) == (True, 0)
