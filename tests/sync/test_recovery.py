"""Backups put back: a ledger of yesterday, a site of yesterday; and a till that was revoked."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite

from sync.faults import SiteRefused
from sync.rejoining import join_site, next_name
from sync.site.losing import revoke
from sync.site.setting_up import new_code
from sync.site.store import Store, open_store
from terminal import desk
from terminal.config import Config, KeyConfig, ShopConfig, TillConfig, load_config, write_config
from terminal.ledger import open_ledger
from terminal.ledger.backup import copy_ledger
from terminal.ledger.key import store_key
from terminal.rules.phrase import Refused
from tests.shop import KEY, Clock, balance, new_till, register, sell
from tests.site.stand import Served
from tests.sync.conftest import ShopClock
from tests.sync.stand import Joined, link_to, site_accounts


@pytest.fixture
def restored(one: Joined, customer: str, clock: Clock, served: Served, tmp_path: Path) -> Iterator[Joined]:
    """A till on the ledger of before its last sales, which the site has already."""
    backup = tmp_path / "backup.db"
    copy_ledger(one.till.ledger.path, backup, KEY)
    sell(one.till, customer, 100_00, redeem=100)
    one.sync()
    with open_ledger(backup, KEY, durable=False) as ledger:
        till = new_till(ledger, clock)
        link = link_to(served.url, till, clock)
        yield Joined(till, link)
        link.client.close()


def test_a_restored_ledger_is_told_so_and_takes_nothing_off(restored: Joined, customer: str) -> None:
    with pytest.raises(SiteRefused) as refused:
        restored.push()
    assert refused.value.trouble == "ledger_behind"
    restored.link.note_fault(refused.value)
    with pytest.raises(SiteRefused):
        restored.pull()
    assert restored.link.contact().for_good
    shown = desk.profile(restored.till, customer)
    assert not isinstance(shown, Refused)
    assert (shown.spendable, shown.known) == (0, 100)
    state = desk.site_state(restored.till)
    assert state is not None
    assert state.trouble
    sell(restored.till, customer, 50_00)


def test_a_ledger_that_ran_on_without_its_end_is_held(restored: Joined, customer: str) -> None:
    for _ in range(3):
        sell(restored.till, customer, 50_00)
    with pytest.raises(SiteRefused) as refused:
        restored.push()
    assert refused.value.trouble in ("ledger_forked", "ledger_behind")


def test_a_held_till_joins_again_under_a_new_name(
    restored: Joined, customer: str, served: Served, store: Store, tmp_path: Path, clock: Clock
) -> None:
    with pytest.raises(SiteRefused) as refused:
        restored.push()
    restored.link.note_fault(refused.value)
    restored.till.ledger.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = tmp_path / "installed"
    path = folder / "config.toml"
    shop, till = ShopConfig(name="Крамниця"), TillConfig(name="till-1")
    write_config(path, Config(shop=shop, till=till, key=KeyConfig()))
    store_key(load_config(path).key, KEY)
    shutil.copyfile(restored.till.ledger.path, folder / "ledger.db")
    name = join_site(path, served.url, new_code(store, "till-1"), machine="test", software="test")
    assert name == "till-1-r2"
    config = load_config(path)
    assert (config.till.name, config.site.url) == (name, served.url)
    assert [one.name for one in folder.glob("ledger.db.before-*")]
    with open_ledger(config.till.ledger, KEY, durable=False) as ledger:
        assert ledger.terminal_id == name
        fresh = Joined(new_till(ledger, clock), link_to(served.url, new_till(ledger, clock), clock))
        fresh.sync()
        assert balance(fresh.till, customer) == 0
        sell(fresh.till, customer, 200_00)
        fresh.sync()
        assert site_accounts(served, fresh)[customer].points == 20
        fresh.assert_whole()
        fresh.link.client.close()


def test_names_of_ledgers_follow_each_other() -> None:
    assert next_name("till-1") == "till-1-r2"
    assert next_name("till-1-r2") == "till-1-r3"
    assert len(next_name("a" * 32)) <= 32


def test_a_revoked_till_keeps_its_journal_and_is_told_so(one: Joined, customer: str, store: Store) -> None:
    revoke(store, "till-1", "test")
    sell(one.till, customer, 100_00)
    with pytest.raises(SiteRefused) as refused:
        one.push()
    one.link.note_fault(refused.value)
    assert one.link.contact().trouble == "revoked"
    shown = desk.profile(one.till, customer)
    assert not isinstance(shown, Refused)
    assert (shown.spendable, shown.known) == (0, 110)
    one.assert_whole()


def test_a_site_of_yesterday_is_told_everything_again(
    one: Joined, two: Joined, customer: str, served: Served, store: Store, clock: Clock, tmp_path: Path
) -> None:
    backup = tmp_path / "yesterday.db"
    with closing(sqlite.connect(str(tmp_path / "site.db"))) as connection:
        connection.execute("VACUUM INTO ?", (str(backup),))
    late = register(one.till, "Пізній Гість", "050 000 11 22")
    sell(one.till, late, 100_00)
    sell(one.till, customer, 100_00, redeem=100)
    sell(two.till, customer, 70_00)
    for joined in (one, two, one):
        joined.sync()
    older = open_store(f"sqlite:///{backup}", ShopClock(clock), served.site.chance)
    with Served(older, ShopClock(clock)) as again:
        for joined in (one, two):
            joined.link = link_to(again.url, joined.till, clock)
        for joined in (one, two, one, two):
            joined.sync()
        expected = {customer: 7, late: 10}
        told = site_accounts(again, one)
        assert {who: told[who].points for who in expected} == expected
        for joined in (one, two):
            assert {who: balance(joined.till, who) for who in expected} == expected
            assert joined.link.contact().epoch == 2
            joined.assert_whole()
        sell(one.till, customer, 50_00)
        one.sync()
        assert site_accounts(again, one)[customer].points == 12
    older.close()
