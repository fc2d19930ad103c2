"""The first sync of an empty ledger: rows, then indexes; stopped anywhere, the next to open it finds it whole."""

from pathlib import Path

import pytest

from sync.load import load, needs_load
from terminal import desk
from terminal.background import waits_for_load
from terminal.desk import NewCustomer
from terminal.ledger import Ledger, LedgerBusy, open_ledger
from terminal.ledger.loading import LOADING
from terminal.ledger.lock import hold_till
from terminal.ledger.opening import check_schema
from tests import shop
from tests.shop import CASHIER, KEY, again, balance, sell
from tests.sync.conftest import NewTill
from tests.sync.stand import Joined, link_to

PEOPLE = 25


class Stopped(BaseException):
    """The power went."""


@pytest.fixture
def customers(one: Joined) -> list[str]:
    """Customers whom the site knows from till-1, each with a card and points."""
    made = []
    for number in range(PEOPLE):
        new = NewCustomer(f"Клієнт Номер{number}", f"06711155{number:02}", f"SHOP{number:06}", agreed=True)
        customer = desk.register(one.till, new, CASHIER)
        assert isinstance(customer, str)
        sell(one.till, customer, 100_00 + number * 10_00)
        made.append(customer)
    one.sync()
    return made


def test_a_load_brings_everything_and_its_indexes(new_till: NewTill, customers: list[str]) -> None:
    fresh = new_till("till-3")
    assert needs_load(fresh.link)
    assert waits_for_load(fresh.till.ledger)
    told: list[tuple[int, int]] = []
    load(fresh.link, lambda done, whole: told.append((done, whole)))
    assert told[-1] == (PEOPLE, PEOPLE)
    assert not needs_load(fresh.link)
    check_schema(fresh.till.ledger.connection)
    assert balance(fresh.till, customers[3]) == 13
    for text in ("Номер17", "067 111 55 17", "SHOP000017", "5517"):
        found = desk.find(fresh.till, text)
        assert isinstance(found, tuple), text
        assert [match.customer_id for match in found] == [customers[17]]
    fresh.assert_whole()


def test_a_load_that_was_stopped_goes_on(
    new_till: NewTill, customers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = new_till("till-3")
    monkeypatch.setattr("sync.pull.MAX_PAGE", 7)
    monkeypatch.setattr("sync.gathering._MOST_ROWS", 7)
    monkeypatch.setattr("sync.load.end_loading", lambda ledger: None)  # the power went: nothing is put in order

    def stop(done: int, whole: int) -> None:
        if done >= 14:
            raise Stopped

    with pytest.raises(Stopped):
        load(fresh.link, stop)
    monkeypatch.undo()
    assert fresh.till.ledger.fact(LOADING) is not None
    ledger = again(fresh.till.ledger)
    check_schema(ledger.connection)
    assert ledger.fact(LOADING) is None
    till = standing_on(ledger, fresh)
    assert len(ledger.rows("SELECT id FROM customer")) == 14
    found = desk.find(till.till, "Номер")
    assert isinstance(found, tuple)
    load(till.link)
    assert len(ledger.rows("SELECT id FROM customer")) == PEOPLE
    till.assert_whole()
    till.link.client.close()
    ledger.close()


def standing_on(ledger: Ledger, before: Joined) -> Joined:
    till = shop.new_till(ledger, before.till.clock)
    return Joined(till, link_to(before.link.client.url, till, before.till.clock))


def test_a_load_waits_for_the_till_to_be_closed(new_till: NewTill, customers: list[str]) -> None:
    fresh = new_till("till-3")
    with hold_till(fresh.till.ledger.path), pytest.raises(LedgerBusy):
        load(fresh.link)
    fresh.sync()
    assert not needs_load(fresh.link)
    assert balance(fresh.till, customers[0]) == 10


def test_the_token_opens_nothing_without_the_key(one: Joined, tmp_path: Path) -> None:
    token = one.till.ledger.fact("site_token")
    assert token is not None
    path = one.till.ledger.path
    for part in (path, path.with_name(path.name + "-wal")):
        assert token.encode() not in part.read_bytes()
    with open_ledger(path, KEY, durable=False) as ledger:
        assert ledger.fact("site_token") == token
