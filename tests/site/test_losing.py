"""Lost tills: customers have their points back at once; a journal that turns up later costs the loss account."""

import pytest

from sync.protocol import Enrol, Enrolled, Fault, Pushed, WhyHeld
from sync.site.losing import declare_lost, reopen, revoke
from sync.site.setting_up import enrol
from sync.site.standing import standing
from sync.site.verify import verify
from tests.site.stand import Journal, Site

DAY_MS = 24 * 60 * 60 * 1000


@pytest.fixture
def lost(site: Site) -> tuple[Journal, str, str]:
    """A till that held 100 points, spent 30 and earned 20 offline, and was declared lost."""
    till = site.till("till-1")
    customer = till.register()
    lot = till.earn(customer, 100)
    site.push(till)
    till.redeem(customer, {lot: 30})
    till.earn(customer, 20)
    assert declare_lost(site.store, "till-1", "manager") == 100
    return till, customer, lot


def find(site: Site, till: Journal) -> None:
    code = reopen(site.store, till.terminal_id)
    assert isinstance(code, str)
    enrolled = enrol(site.store, Enrol(code=code, terminal_id=till.terminal_id))
    assert isinstance(enrolled, Enrolled)
    site.tokens[till.terminal_id] = enrolled.token


def test_what_a_lost_till_held_is_free_at_once(site: Site, lost: tuple[Journal, str, str]) -> None:
    _, customer, lot = lost
    account = site.account(site.till("till-2"), customer)
    assert [(one.id, one.left, one.held) for one in account.lots] == [(lot, 100, 0)]
    assert [(one.holder, one.points) for one in account.elsewhere] == [("", 100)]
    assert verify(site.store).ok


def test_what_it_spent_is_the_loss_accounts_when_it_turns_up(site: Site, lost: tuple[Journal, str, str]) -> None:
    till, customer, _ = lost
    find(site, till)
    assert site.push(till).applied_seq == 4
    account = site.account(site.till("till-2"), customer)
    assert account.points == 120
    assert [one.held for one in account.lots] == [0, 0]
    found = verify(site.store)
    assert found.ok, found
    assert (found.loss, found.spent, found.balances, found.issued) == (30, 30, 120, 150)
    assert [one.state for one in standing(site.store)[0] if one.id == "till-1"] == ["revoked"]


def test_it_is_never_paid_for_more_than_it_held(site: Site, lost: tuple[Journal, str, str]) -> None:
    till, customer, lot = lost
    till.redeem(customer, {lot: 71})
    find(site, till)
    told = site.send(till, till.push_after(2))
    assert isinstance(told, Pushed)
    assert told.held is not None
    assert (told.held.why, told.applied_seq) == (WhyHeld.OVER_LEASE, 4)
    found = verify(site.store)
    assert (found.faults, found.overspent, found.loss) == ((), 0, 30)


def test_a_journal_that_comes_in_parts_costs_the_same(site: Site, lost: tuple[Journal, str, str]) -> None:
    till, customer, lot = lost
    till.redeem(customer, {lot: 70})
    find(site, till)
    for after in (2, 3, 4):
        assert isinstance(site.send(till, till.push_after(after, 1)), Pushed)
    found = verify(site.store)
    assert found.ok, found
    assert (found.loss, site.account(site.till("till-2"), customer).points) == (100, 120)


def test_the_customers_spend_meanwhile_and_nothing_is_spent_twice(
    site: Site, lost: tuple[Journal, str, str]
) -> None:
    from sync.site.leases import grant_up_to
    from sync.site.store import day_of

    till, customer, lot = lost
    other = site.till("till-2")
    grants, short = grant_up_to(site.store, "till-2", customer, 100, day_of(site.clock(), "Europe/Kyiv"))
    assert ([part.points for grant in grants for part in grant.lots], short) == ([100], 0)
    other.redeem(customer, {lot: 100})
    site.push(other)
    find(site, till)
    site.push(till)
    found = verify(site.store)
    assert found.faults == ()
    assert (found.overspent, found.loss, found.balances) == (0, 30, 20)


def test_only_a_lost_till_is_found(site: Site) -> None:
    site.till("till-1")
    assert isinstance(reopen(site.store, "till-1"), Fault)
    assert isinstance(reopen(site.store, "nobody"), Fault)
    assert declare_lost(site.store, "nobody", "manager") is None
    assert not revoke(site.store, "site", "manager")


def test_a_revoked_till_leaves_its_leases_in_quarantine(site: Site) -> None:
    till = site.till("till-1")
    till.earn(till.register(), 100)
    site.push(till)
    assert revoke(site.store, "till-1", "manager")
    tills, _ = standing(site.store)
    assert [(one.state, one.held_points, one.quarantined) for one in tills] == [("revoked", 100, True)]


def test_a_silent_till_is_in_quarantine_with_its_age(site: Site) -> None:
    till = site.till("till-1")
    till.earn(till.register(), 100)
    site.push(till)
    assert [one.quarantined for one in standing(site.store)[0]] == [False]
    site.clock.now_ms += 15 * DAY_MS
    assert [(one.quarantined, one.silent_ms) for one in standing(site.store)[0]] == [(True, 15 * DAY_MS)]
