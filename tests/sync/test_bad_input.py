"""What a till may meet between itself and its site: wrong clocks, a full disk, another version, a ledger twice."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from sync.faults import Nonsense, NotTheSite, SiteRefused, Unreachable
from sync.protocol import VERSION_HEADER
from sync.rejoining import join_site
from sync.site import applying
from sync.site.losing import declare_lost, reopen
from sync.site.setting_up import new_code
from sync.site.store import Store
from sync.site.verify import verify
from terminal import desk
from terminal.config import Config, KeyConfig, ShopConfig, TillConfig, load_config, write_config
from terminal.ledger import open_ledger
from terminal.ledger.errors import LedgerFull
from terminal.ledger.key import store_key
from terminal.ledger.ledger import Ledger
from terminal.ledger.verify import verify_ledger
from terminal.rules.phrase import Refused
from tests.shop import KEY, Clock, balance, new_till, register, sell
from tests.site.stand import Served
from tests.sync.conftest import NewTill
from tests.sync.stand import Joined, link_to, site_accounts
from tests.sync.wire import Liar

THREE_YEARS = 3 * 365


@pytest.fixture
def customer(one: Joined) -> str:
    customer = register(one.till)
    sell(one.till, customer, 300_00)
    one.sync()
    return customer


def words(joined: Joined) -> str:
    state = desk.site_state(joined.till)
    assert state is not None
    return state.words.text.format(**dict(state.words.values))


@pytest.fixture
def own_clock(new_till: NewTill, one: Joined) -> Iterator[Joined]:
    """The till `one` with a clock of its own, the site's beside it stays right."""
    clock = Clock()
    till = desk.Till(one.till.ledger, clock, Random(9), one.till.shop, pepper=b"pepper")
    joined = Joined(till, link_to(one.link.client.url, till, clock))
    yield joined
    joined.link.client.close()


def set_clock(joined: Joined, days: float) -> None:
    clock = joined.till.clock
    assert isinstance(clock, Clock)
    clock.advance(days=days)


def test_a_till_whose_clock_is_three_years_behind_sells_in_the_sites_time(
    own_clock: Joined, customer: str, served: Served
) -> None:
    set_clock(own_clock, -THREE_YEARS)
    assert own_clock.till.clock_is_back()
    sell(own_clock.till, customer, 100_00, redeem=30)
    own_clock.sync()
    assert site_accounts(served, own_clock)[customer].points == balance(own_clock.till, customer) == 7
    entry = own_clock.till.ledger.entries(limit=1000)[-1]
    assert abs(entry.at_ms - served.site.clock()) < 60_000
    own_clock.assert_whole()


def test_a_till_whose_clock_is_three_years_ahead_is_held_until_then_and_sells_on(
    own_clock: Joined, two: Joined, customer: str, served: Served, clock: Clock
) -> None:
    set_clock(own_clock, THREE_YEARS)
    sell(own_clock.till, customer, 100_00)
    own_clock.push()
    own_clock.pull()
    assert own_clock.link.contact().trouble == "future"
    set_clock(own_clock, -THREE_YEARS)
    sell(own_clock.till, customer, 50_00)
    assert words(own_clock) == "Site: this till's clock was ahead. Set it, then join again: tillmate sync enrol"
    assert site_accounts(served, two)[customer].points == 30
    clock.advance(days=THREE_YEARS)
    own_clock.sync()
    assert site_accounts(served, two)[customer].points == balance(own_clock.till, customer) == 30 + 10 + 5
    own_clock.assert_whole()


def limit_pages(ledger: Ledger, more: int | None) -> None:
    """Let the file grow by so many pages and no further, as a disk does that is nearly full; None is no limit."""
    pages = ledger.row("PRAGMA page_count")
    assert pages is not None
    ledger.row(f"PRAGMA max_page_count = {pages[0] + more if more is not None else 1073741823}")


@pytest.mark.parametrize("room", [0, 4, 10])
def test_a_disk_that_fills_in_a_page_leaves_the_ledger_as_it_was_and_the_next_round_goes_on(
    one: Joined, two: Joined, customer: str, room: int
) -> None:
    people = [register(two.till, f"Клієнт {number:03}", f"06711{number:05}") for number in range(150)]
    two.sync()
    before = one.link.contact()
    limit_pages(one.till.ledger, room)
    with pytest.raises(LedgerFull, match="Free some room"):
        one.pull()
    assert not one.till.ledger.connection.in_transaction
    assert one.link.contact().cursor == before.cursor
    limit_pages(one.till.ledger, None)
    one.assert_whole()
    sell(one.till, customer, 100_00, redeem=30)
    one.sync()
    assert all(not isinstance(desk.profile(one.till, someone), Refused) for someone in people)
    one.assert_whole()


@pytest.mark.parametrize(
    ("status", "version", "body", "told"),
    [
        (400, "2", b'{"code":"unknown_version","text":"this site speaks version 2"}', "this site speaks version 2"),
        (200, "2", b"{}", "speaks version 2 of the protocol, this till 1"),
        (400, "2", b'{"code":"a_new_code","text":"what is this?"}', "makes no sense"),
    ],
)  # fmt: skip
def test_a_site_of_a_newer_protocol_is_named_and_the_till_sells_on(
    one: Joined, customer: str, clock: Clock, status: int, version: str, body: bytes, told: str
) -> None:
    with Liar() as liar:
        liar.answer = lambda path, sent: (status, {VERSION_HEADER: version}, body)
        newer = Joined(one.till, link_to(liar.url, one.till, clock))
        sell(one.till, customer, 100_00)
        for step in (newer.push, newer.pull):
            with pytest.raises((Nonsense, SiteRefused), match=told) as caught:
                step()
            newer.link.note_fault(caught.value)
        newer.link.client.close()
    state = desk.site_state(one.till)
    assert state is not None
    assert state.trouble
    sell(one.till, customer, 100_00, redeem=40)
    one.sync()
    assert balance(one.till, customer) == 30 + 10 - 40 + 6


def test_a_till_that_is_newer_than_the_site_is_held_until_the_site_is_updated(
    one: Joined, two: Joined, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = one.till
    with till.ledger.atomic():
        till.ledger.append(till.draft("hologram_shown", "c-1", till.now_ms(), {}, customer_id=customer))
    sell(till, customer, 100_00)
    one.push()
    one.pull()
    assert one.link.contact().trouble == "unknown_kind"
    assert words(one) == "Site: this till's journal is held (unknown_kind). Tell the site's staff."
    two.sync()
    assert (balance(till, customer), balance(two.till, customer)) == (40, 30)
    sell(till, customer, 100_00, redeem=40)
    monkeypatch.setattr(applying, "KINDS", applying.KINDS | {"hologram_shown"})
    one.sync()
    two.sync()
    assert balance(till, customer) == balance(two.till, customer) == 6
    one.assert_whole()


def test_a_ledger_that_runs_on_two_machines_is_held_and_nothing_is_spent_twice(
    one: Joined, two: Joined, customer: str, served: Served, store: Store, clock: Clock, tmp_path: Path
) -> None:
    one.till.ledger.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    copied = tmp_path / "copied.db"
    shutil.copyfile(one.till.ledger.path, copied)
    with open_ledger(copied, KEY, durable=False) as ledger:
        till = new_till(ledger, clock)
        copy = Joined(till, link_to(served.url, till, clock))
        sell(one.till, customer, 100_00, redeem=30)
        sell(copy.till, customer, 100_00, redeem=30)
        one.sync()
        with pytest.raises(SiteRefused) as refused:
            copy.push()
        assert refused.value.trouble == "ledger_forked"
        copy.link.note_fault(refused.value)
        assert words(copy) == "Site: this ledger is held there. Join again: tillmate sync enrol"
        sell(copy.till, customer, 100_00)
        assert verify_ledger(ledger).ok
        copy.link.client.close()
    two.sync()
    assert balance(two.till, customer) == 7
    found = verify(store)
    assert (found.overspent, found.spent, found.faults) == (0, 30, ())


def test_a_lost_till_that_turns_up_brings_its_journal_in(
    one: Joined, two: Joined, customer: str, served: Served, store: Store, clock: Clock, tmp_path: Path
) -> None:
    sell(one.till, customer, 100_00, redeem=30)
    sell(one.till, customer, 200_00)
    declare_lost(store, "till-1", "manager")
    two.sync()
    assert balance(two.till, customer) == 30
    with pytest.raises(SiteRefused) as refused:
        one.push()
    one.link.note_fault(refused.value)
    assert words(one) == "Site: this till was revoked. Join again: tillmate sync enrol"

    path = tmp_path / "installed" / "config.toml"
    write_config(path, Config(shop=ShopConfig(name="Крамниця"), till=TillConfig(name="till-1"), key=KeyConfig()))
    config = load_config(path)
    store_key(config.key, KEY)
    one.till.ledger.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(one.till.ledger.path, config.till.ledger)
    code = reopen(store, "till-1")
    assert isinstance(code, str)
    assert join_site(path, served.url, code, machine="test", software="test") == "till-1"
    two.sync()
    assert balance(two.till, customer) == 30 + 7 + 20
    told = verify(store)
    assert told.ok, told
    assert (told.loss, told.overspent) == (30, 0)
    assert join_site(path, served.url, new_code(store, "till-1"), machine="test", software="test") == "till-1-r2"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://localhost:1/shop"])
def test_an_address_where_nobody_answers_is_named_and_the_till_sells_on(
    one: Joined, customer: str, clock: Clock, url: str
) -> None:
    wrong = Joined(one.till, link_to(url, one.till, clock))
    sell(one.till, customer, 100_00)
    with pytest.raises(Unreachable, match=f"{url} can't be reached") as caught:
        wrong.push()
    wrong.link.note_fault(caught.value)
    wrong.link.client.close()
    assert words(one).startswith("Offline, balances of")
    sell(one.till, customer, 100_00, redeem=40)
    one.sync()
    assert balance(one.till, customer) == 6


def test_another_program_at_the_address_is_no_site(one: Joined, customer: str, clock: Clock) -> None:
    with Liar() as liar:
        liar.answer = lambda path, sent: (404, {"Content-Type": "text/plain"}, b"no such page")
        wrong = Joined(one.till, link_to(liar.url, one.till, clock))
        with pytest.raises(NotTheSite, match="is no Tillmate site: it answers HTTP 404 with text/plain"):
            wrong.pull()
        wrong.link.client.close()
    sell(one.till, customer, 100_00)
