"""Two customers who are one: free points move at once, leased ones when they are returned."""

from sync.site.leases import asking_recalls, recalls_of
from sync.site.merging import merge
from sync.site.rounds import run
from sync.site.verify import verify
from tests.site.stand import Site


def test_free_points_cards_and_spending_move_at_once_and_leased_ones_follow(site: Site) -> None:
    home, other = site.till("till-1"), site.till("till-2")
    source, target = home.register("Олена", "380671112233"), other.register("Олена К.", "380671112244")
    home.append("card_bound", {"card": "2000000000015"}, customer=source)
    home.sell(source, 50_00)
    lot = home.earn(source, 100, "2026-12-31")
    home.give_back(source, {lot: 40})
    other.earn(target, 7)
    site.push(home)
    site.push(other)
    assert merge(site.store, source, target, "manager") is None
    accounts, _ = site.pull_all(home)
    assert (accounts[source].points, accounts[source].merged_into) == (60, target)
    assert (accounts[target].points, accounts[target].spend_minor) == (47, 50_00)
    assert [one.expires_on for one in accounts[target].lots if one.left == 40] == ["2026-12-31"]
    identities = [accounts[who].identity for who in (source, target)]
    assert [len(one.cards) for one in identities if one] == [0, 1]
    assert [one.person is None for one in identities if one] == [True, False]
    with site.store.reading() as connection:
        recalls = recalls_of(run(connection, asking_recalls("till-1", 0, 10))[0])
    assert [(one.customer_id, one.points) for one in recalls] == [(source, None)]
    home.give_back(source, {lot: 60})
    site.push(home)
    accounts, _ = site.pull_all(home)
    assert (accounts[source].points, accounts[target].points) == (0, 107)
    assert verify(site.store).ok


def test_points_follow_through_a_second_merge(site: Site) -> None:
    till = site.till("till-1")
    first, second, third = (till.register() for _ in range(3))
    lot = till.earn(first, 10)
    site.push(till)
    assert merge(site.store, first, second, "manager") is None
    assert merge(site.store, second, third, "manager") is None
    till.give_back(first, {lot: 10})
    site.push(till)
    accounts, _ = site.pull_all(till)
    assert [accounts[one].points for one in (first, second, third)] == [0, 0, 10]
    assert verify(site.store).ok


def test_what_can_not_be_merged_is_refused(site: Site) -> None:
    till = site.till("till-1")
    first, second = till.register(), till.register()
    site.push(till)
    assert merge(site.store, first, first, "manager") is not None
    assert merge(site.store, first, "nobody", "manager") is not None
    assert merge(site.store, first, second, "manager") is None
    assert merge(site.store, first, second, "manager") is not None


def test_counts_memberships_and_sales_move_too(site: Site) -> None:
    till, other = site.till("till-1"), site.till("till-2")
    source, target = till.register(), till.register()
    till.append("action", {"marks": [["stamp", "coffee", 3]]}, customer=source)
    till.append("action", {"marks": [["stamp", "coffee", 1]]}, customer=target)
    till.append("membership", {"code": "club", "until": "2026-12-31"}, customer=source)
    lines = [{"name": "Кава", "total_minor": 100, "off_minor": 0}]
    facts = {"number": 1, "total_minor": 100, "taken_off_minor": 0, "lines": lines}
    till.append("sale", facts, customer=source, sale="s-1")
    site.push(till)
    assert merge(site.store, source, target, "manager") is None
    account = site.account(till, target)
    assert [(one.code, one.count) for one in account.marks] == [("coffee", 4)]
    assert [(one.code, one.until) for one in account.memberships] == [("club", "2026-12-31")]
    assert site.account(till, source).marks == ()
    page = site.page(other)
    assert [(one.id, one.customer_id) for one in page.sales] == [("s-1", target)]
    assert verify(site.store).ok
