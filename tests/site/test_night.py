"""The site's night: only free points expire, homes follow the sales, free points are leased to them."""

from datetime import date

import pytest
from sqlalchemy import update

from sync.protocol import Enrol, Enrolled, WhyHeld
from sync.site import applying
from sync.site.csv_file import BadLine
from sync.site.importing import NewAccount, export_accounts, import_accounts, known_already, read_accounts
from sync.site.losing import declare_lost, reopen
from sync.site.night import apply_held, expire_idle, nightly
from sync.site.setting_up import enrol
from sync.site.shop import programme_on, publish
from sync.site.store import Store, day_of
from sync.site.tables import holder
from sync.site.verify import verify
from tests.site.stand import PLAIN, Site

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


@pytest.mark.parametrize("why", [WhyHeld.FUTURE, WhyHeld.UNKNOWN_KIND])
def test_a_held_journal_that_no_till_pushes_any_more_goes_on_once_it_fits(
    site: Site, why: WhyHeld, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = site.till("till-1")
    customer = till.register()
    site.push(till)
    if why is WhyHeld.FUTURE:
        site.clock.now_ms += 3 * DAY_MS
    else:
        till.append("levitate", {}, customer=customer)
    till.earn(customer, 5)
    later = till.register("Іван", "380671112244")
    till.sell(later, 100)
    if why is WhyHeld.FUTURE:
        site.clock.now_ms -= 3 * DAY_MS
    told = site.push(till)
    assert told.held is not None
    assert told.held.why is why
    assert apply_held(site.store) == 0
    heard_ms = site.holder("till-1").contact_ms
    if why is WhyHeld.FUTURE:
        site.clock.now_ms += 3 * DAY_MS
    else:
        monkeypatch.setattr(applying, "KINDS", applying.KINDS | {"levitate"})
    for _ in range(2):
        nightly(site.store)
        assert site.account(till, customer).points == 5
        assert site.account(till, later).visits == 1
    assert site.holder("till-1").contact_ms == heard_ms, "the till was not heard of"
    assert site.push(till).held is None
    assert verify(site.store).ok


def test_the_journal_of_a_lost_till_waits_until_it_is_found(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register()
    lot = till.earn(customer, 50)
    site.clock.now_ms += 3 * DAY_MS
    till.redeem(customer, {lot: 20})
    site.clock.now_ms -= 3 * DAY_MS
    site.push(till)
    assert declare_lost(site.store, "till-1", "manager") == 50
    site.clock.now_ms += 3 * DAY_MS
    assert apply_held(site.store) == 0
    code = reopen(site.store, "till-1")
    assert isinstance(code, str)
    found = enrol(site.store, Enrol(code=code, terminal_id="till-1"))
    assert isinstance(found, Enrolled)
    site.tokens["till-1"] = found.token
    site.push(till)
    told = verify(site.store)
    assert (told.ok, told.loss, told.balances) == (True, 20, 50)


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


TIERED = (
    PLAIN.replace("number = 1", "number = 2")
    + """
[expiry]
inactive_days = 30
[tier_rules]
by = "spend"
period = "rolling"
days = 60
[[tiers]]
code = "silver"
name = "Silver"
from_spend = 100
"""
)


def test_tiers_follow_what_was_bought_at_all_tills_and_what_came_back(site: Site) -> None:
    one, two = site.till("till-1"), site.till("till-2")
    assert not isinstance(publish(site.store, TIERED), str)
    customer = one.register()
    sale = one.sell(customer, 60_00)
    site.push(one)
    two.sell(customer, 50_00)
    site.push(two)
    nightly(site.store)
    assert site.account(one, customer).tier == "silver"
    one.append("refund", {"line_minor": [], "back_minor": 20_00, "cut_minor": 0}, customer=customer, sale=sale)
    site.push(one)
    nightly(site.store)
    assert site.account(one, customer).tier is None
    two.sell(customer, 20_00)
    site.push(two)
    nightly(site.store)
    assert site.account(one, customer).tier == "silver"
    site.clock.now_ms += 61 * DAY_MS
    nightly(site.store)
    assert site.account(one, customer).tier is None


def test_free_points_of_those_who_stay_away_end(site: Site) -> None:
    till = site.till("till-1")
    assert not isinstance(publish(site.store, TIERED), str)
    away, came = till.register(), till.register()
    for customer in (away, came):
        lot = till.earn(customer, 100)
        till.give_back(customer, {lot: 60})
        till.sell(customer, 100)
    site.push(till)
    site.clock.now_ms += 20 * DAY_MS
    till.sell(came, 100)
    site.push(till)
    assert expire_idle(site.store, day_of(site.clock(), "Europe/Kyiv")) == 0
    site.clock.now_ms += 11 * DAY_MS
    on = day_of(site.clock(), "Europe/Kyiv")
    assert (expire_idle(site.store, on), expire_idle(site.store, on)) == (60, 0)
    assert [site.account(till, one).points for one in (away, came)] == [40, 100]
    assert verify(site.store).ok
