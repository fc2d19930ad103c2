"""Certificates over real sockets: what is not trusted is refused by its reason, and the till sells on."""

from pathlib import Path
from random import Random

import pytest

from sync.client import SiteClient
from sync.enrolling import enrol
from sync.faults import Unreachable
from sync.link import Link
from sync.site.setting_up import new_code
from sync.site.store import Store
from terminal import desk
from terminal.desk import Till
from terminal.desk.till import milliseconds
from terminal.ledger import create_ledger
from terminal.ledger.contact import TOKEN
from tests.shop import KEY, SHOP, Clock, balance, register, sell
from tests.sync.conftest import ShopClock
from tests.sync.secured import Authority, Secured, new_authority
from tests.sync.stand import ON_THE_SPOT, Joined


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return new_authority(tmp_path, "shop")


def through(joined: Joined, url: str, ca: Path | None) -> Joined:
    """The same till with another way to the site."""
    client = SiteClient(url, joined.till.ledger.fact(TOKEN) or "", ca=ca)
    till = joined.till
    return Joined(till, Link(till.ledger, client, Random(5), lambda: milliseconds(till.clock()), ON_THE_SPOT))


def test_a_till_joins_and_syncs_by_the_authority_that_is_named(
    authority: Authority, store: Store, clock: Clock, tmp_path: Path
) -> None:
    with (
        Secured(store, ShopClock(clock), authority.issue()) as site,
        create_ledger(tmp_path / "till-1.db", KEY, "till-1", durable=False) as ledger,
    ):
        client = SiteClient(site.url, ca=authority.path)
        enrol(ledger, client, new_code(store, "till-1"))
        client.close()
        till = Till(ledger, clock, Random(1), SHOP, pepper=b"pepper")
        joined = through(Joined(till, Link(ledger, client, Random(5))), site.url, authority.path)
        joined.sync()
        customer = register(till)
        sell(till, customer, 300_00)
        joined.sync()
        assert site.site.account(site.site.till("till-2"), customer).points == 30
        joined.assert_whole()
        joined.link.client.close()


@pytest.mark.parametrize(
    ("name", "first", "last", "named", "reason"),
    [
        ("localhost", -30, -1, True, "certificate has expired"),
        ("localhost", 3 * 365, 4 * 365, True, "certificate is not yet valid"),
        ("other.example", -1, 30, True, "not valid for 'localhost'"),
        ("localhost", -1, 30, False, "unable to get local issuer certificate"),
    ],
)
def test_a_certificate_that_is_not_trusted_is_named_and_the_till_sells_on(
    authority: Authority,
    one: Joined,
    store: Store,
    clock: Clock,
    name: str,
    first: int,
    last: int,
    named: bool,
    reason: str,
) -> None:
    customer = register(one.till)
    with Secured(store, ShopClock(clock), authority.issue(name, first, last)) as site:
        refused = through(one, site.url, authority.path if named else None)
        with pytest.raises(Unreachable) as caught:
            refused.push()
        refused.link.note_fault(caught.value)
        refused.link.client.close()
    assert str(caught.value).startswith(f"the certificate of {site.url} is not trusted: ")
    assert reason in str(caught.value)
    state = desk.site_state(one.till)
    assert state is not None
    assert state.trouble
    sell(one.till, customer, 300_00)
    sell(one.till, customer, 100_00, redeem=30)
    assert balance(one.till, customer) == 7
    with Secured(store, ShopClock(clock), authority.issue()) as site:
        renewed = through(one, site.url, authority.path)
        renewed.sync()
        renewed.link.client.close()
    assert one.link.contact().lost_ms == 0
    one.assert_whole()
