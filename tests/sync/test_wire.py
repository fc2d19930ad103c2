"""A bad network: cut, silent, slow, repeating. What was confirmed is on the site once; nothing is waited for."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from sync.faults import SyncFault, Unreachable
from sync.pull import pull_all
from sync.push import push_all
from tests.shop import Clock, balance, register, sell
from tests.site.stand import Served
from tests.sync.conftest import NewTill
from tests.sync.stand import Joined, link_to, site_accounts
from tests.sync.test_leases import redeem_all
from tests.sync.totals import recomputed
from tests.sync.wire import Proxy


@pytest.fixture
def proxy(served: Served) -> Iterator[Proxy]:
    with Proxy(served.url) as proxy:
        yield proxy


@pytest.fixture
def through(one: Joined, proxy: Proxy, clock: Clock) -> Iterator[Joined]:
    """A till whose site is behind the proxy."""
    link = link_to(proxy.url, one.till, clock)
    yield Joined(one.till, link)
    link.client.close()


def test_a_lost_answer_is_no_second_sale(through: Joined, proxy: Proxy, served: Served) -> None:
    customer = register(through.till)
    sell(through.till, customer, 300_00)
    proxy.cut_after = 20
    with pytest.raises(SyncFault):
        through.push()
    proxy.cut_after = None
    through.sync()
    assert site_accounts(served, through)[customer].points == 30
    assert recomputed([through.till.ledger.path]) == {customer: 30}
    through.assert_whole()


def test_every_request_twice_changes_nothing(through: Joined, two: Joined, proxy: Proxy, served: Served) -> None:
    proxy.repeat = True
    customer = register(through.till)
    for total in (300_00, 200_00, 100_00):
        sell(through.till, customer, total)
        through.sync()
    sell(through.till, customer, 100_00, redeem=60)
    through.sync()
    two.sync()
    assert balance(two.till, customer) == balance(through.till, customer) == 4
    assert site_accounts(served, through)[customer].visits == 4


def test_without_a_network_the_till_sells_on(through: Joined, proxy: Proxy, served: Served) -> None:
    proxy.deaf = True
    customer = register(through.till)
    sell(through.till, customer, 300_00)
    with pytest.raises(Unreachable) as caught:
        through.push()
    through.link.note_fault(caught.value)
    now = through.link.contact()
    assert now.lost_ms > 0
    sell(through.till, customer, 100_00, redeem=30)
    proxy.deaf = False
    through.sync()
    assert through.link.contact().lost_ms == 0
    assert site_accounts(served, through)[customer].points == 7


def test_cut_anywhere_it_goes_on_where_it_was(
    through: Joined, proxy: Proxy, two: Joined, served: Served, tmp_path: Path
) -> None:
    chance = Random(8)
    customers = [register(two.till, f"Клієнт {number}", f"06711133{number:02}") for number in range(12)]
    for customer in customers:
        sell(two.till, customer, chance.randrange(1, 90) * 10_00)
    two.sync()
    own = register(through.till)
    for _ in range(30):
        sell(through.till, own, chance.randrange(1, 90) * 10_00)
    for size in (0, 1, 17, 100, 180, 250, 400, 700, 1100, 1700, 2600):
        proxy.cut_after = size
        for step in (push_all, pull_all):
            try:
                step(through.link)
            except SyncFault as fault:
                through.link.note_fault(fault)
        through.assert_whole()
    proxy.cut_after = None
    through.sync()
    two.sync()
    totals = recomputed([through.till.ledger.path, two.till.ledger.path])
    for customer in (*customers, own):
        assert balance(through.till, customer) == balance(two.till, customer) == totals[customer]


def test_three_tills_offline_for_hours_agree_to_the_point(new_till: NewTill, served: Served, clock: Clock) -> None:
    tills = [new_till(f"till-{number}") for number in (1, 2, 3)]
    chance = Random(6)
    customers = [register(tills[0].till, f"Клієнт {number}", f"06711144{number:02}") for number in range(8)]
    for joined in tills:
        joined.sync()
    for hour in range(10):
        clock.advance(minutes=50)
        for place, joined in enumerate(tills):
            trade(joined, chance.sample(customers, 3), chance)
            if place == hour % 3:
                joined.sync()
    for _ in range(2):
        for joined in tills:
            joined.sync()
    totals = recomputed([joined.till.ledger.path for joined in tills])
    told = site_accounts(served, tills[0])
    for customer in customers:
        assert told[customer].points == totals[customer] >= 0
        for joined in tills:
            assert balance(joined.till, customer) == totals[customer]
    for joined in tills:
        joined.assert_whole()


def trade(joined: Joined, customers: list[str], chance: Random) -> None:
    """A sale to each; every second one spends all that the till may take off."""
    for customer in customers:
        book = redeem_all if chance.random() < 0.5 else sell
        book(joined.till, customer, chance.randrange(1, 40) * 10_00)
