"""The site's night: only free points expire, homes follow the sales, free points are leased to them."""

from datetime import date

import pytest
from sqlalchemy import update

from sync.site.importing import BadLine, NewAccount, export_accounts, import_accounts, known_already, read_accounts
from sync.site.night import nightly
from sync.site.shop import programme_on
from sync.site.store import Store
from sync.site.tables import holder
from sync.site.verify import verify
from tests.site.stand import Site

DAY_MS = 24 * 60 * 60 * 1000


def test_what_is_leased_does_not_expire_until_it_is_returned(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register()
    lot = till.earn(customer, 100, "2026-05-05")
    till.give_back(customer, {lot: 30})
    site.push(till)
    site.clock.now_ms += DAY_MS
    assert nightly(site.store).leased == 30
    till.give_back(customer, {lot: 30})
    site.push(till)
    site.clock.now_ms += DAY_MS
    assert nightly(site.store).expired == 30
    assert site.account(till, customer).points == 70
    assert nightly(site.store).expired == 0
    till.give_back(customer, {lot: 70})
    site.push(till)
    assert nightly(site.store).expired == 70
    found = verify(site.store)
    assert (found.ok, found.expired, found.balances) == (True, 100, 0)


def test_the_home_is_where_most_of_the_sales_are(site: Site) -> None:
    first, second = site.till("till-1"), site.till("till-2")
    customer = first.register()
    first.sell(customer, 100)
    site.push(first)
    for _ in range(2):
        second.sell(customer, 100)
    site.push(second)
    assert site.account(first, customer).home == "till-1"
    assert nightly(site.store).moved == 1
    assert site.account(first, customer).home == "till-2"
    assert nightly(site.store).moved == 0


@pytest.mark.parametrize("why", ["silent", "revoked", "held"])
def test_a_till_that_can_not_be_reached_is_leased_nothing(site: Site, why: str) -> None:
    till = site.till("till-1")
    customer = till.register()
    lot = till.earn(customer, 100)
    till.give_back(customer, {lot: 100})
    site.push(till)
    match why:
        case "silent":
            site.clock.now_ms += 15 * DAY_MS
        case "revoked":
            with site.store.writing() as connection:
                connection.execute(update(holder).where(holder.c.id == "till-1").values(state="revoked"))
        case _:
            till.append("levitate", {}, customer=customer)
            site.push(till)
    assert nightly(site.store).leased == 0


def test_what_a_till_owes_is_set_off_against_what_is_free(site: Site) -> None:
    till, other = site.till("till-1"), site.till("till-2")
    customer = till.register()
    lot = till.earn(customer, 100)
    till.give_back(customer, {lot: 100})
    till.append("clawback", {"moves": [[lot, -40]]}, -40, customer=customer)
    site.push(till)
    assert [(one.left, one.held) for one in site.account(till, customer).lots] == [(60, -40)]
    nightly(site.store)
    assert [(one.left, one.held) for one in site.account(till, customer).lots] == [(60, 60)]
    assert verify(site.store).ok
    second = other.append(
        "clawback", {"lot": {"points": -30, "available_from": "2026-05-04"}}, -30, customer=customer
    )
    till.give_back(customer, {lot: 60})
    site.push(till)
    site.push(other)
    nightly(site.store)
    account = site.account(till, customer)
    assert (account.points, [(one.id, one.left, one.held) for one in account.lots]) == (30, [(lot, 30, 30)])
    assert second.id not in [one.id for one in site.account(other, customer).lots]
    assert verify(site.store).ok


CSV = """name,phone,card,points,spend,birthday
Олена Коваленко,067 123-45-67,2000000000015,120,"1500,50",1990-02-28
Іван,0671234568,,,,
,0671234569,,,,
Ганна,0671234568,,5,,
Петро,12,,5,,
Марко,0671234570,4111111111111111,5,,
Лука,0671234571,,5,,1990-02-30
"""


def read(store: Store) -> list[NewAccount | BadLine]:
    with store.reading() as connection:
        programme = programme_on(connection, date(2026, 5, 4))
    assert programme is not None
    return list(read_accounts(CSV.splitlines(), "UA", programme))


def test_customers_are_imported_with_their_opening_figures(site: Site, tmp_path: object) -> None:
    till = site.till("till-1")
    rows = read(site.store)
    good = [one for one in rows if isinstance(one, NewAccount)]
    assert [one.line for one in rows if isinstance(one, BadLine)] == [4, 5, 6, 7, 8]
    assert not any("4111" in one.reason for one in rows if isinstance(one, BadLine))
    assert import_accounts(site.store, good, "till-1") == 2
    assert [one.line for one in known_already(site.store, good)] == [2, 2, 3]
    accounts, _ = site.pull_all(till)
    olena = next(one for one in accounts.values() if one.points)
    assert (olena.points, olena.spend_minor, olena.home) == (120, 1500_50, "till-1")
    assert olena.identity
    assert olena.identity.person is not None
    assert olena.identity.person.birthday == "1990-02-28"
    assert [card.number for card in olena.identity.cards] == ["2000000000015"]
    assert nightly(site.store).leased == 120
    assert verify(site.store).ok


def test_what_is_exported_can_be_imported(site: Site) -> None:
    import io

    import_accounts(site.store, [one for one in read(site.store) if isinstance(one, NewAccount)], None)
    out = io.StringIO()
    assert export_accounts(site.store, out) == 2
    lines = out.getvalue().splitlines()
    assert lines[0] == "id,name,phone,card,points,spend,email,birthday,language"
    assert lines[1].endswith(",Олена Коваленко,380671234567,2000000000015,120,1500.50,,1990-02-28,")
