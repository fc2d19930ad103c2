"""The change feed: pages are bounded, nothing is missed however transactions overlap, loads can be taken up."""

import threading

from sync.protocol import Group, Product
from sync.site.migrating import differences, is_current, migrate
from sync.site.shop import remove_products, set_group, set_products
from sync.site.store import Store
from tests.site.stand import Journal, Site


def test_a_reader_beside_many_writers_misses_nothing(site: Site) -> None:
    tills = [site.till(f"till-{place}") for place in range(4)]
    reader = site.till("reader")
    wanted: set[str] = set()
    for till in tills:
        for _ in range(30):
            customer = till.register()
            till.earn(customer, 1)
            wanted.add(customer)

    def send(till: Journal) -> None:
        for after in range(0, len(till.entries), 3):
            site.send(till, till.push_after(after, 3))

    _, cursor = site.pull_all(reader)
    sending = [threading.Thread(target=send, args=(till,)) for till in tills]
    for thread in sending:
        thread.start()
    seen: dict[str, int] = {}
    while True:
        going = any(thread.is_alive() for thread in sending)
        page = site.page(reader, cursor, 7)
        assert len(page.accounts) <= 7
        for account in page.accounts:
            assert account.version > seen.get(account.customer_id, 0)
            seen[account.customer_id] = account.version
        cursor = page.cursor
        if not going and not page.more and not page.accounts:
            break
    assert seen.keys() == wanted
    assert len(set(seen.values())) == len(wanted)


def test_a_first_load_is_taken_up_where_it_was_cut(site: Site) -> None:
    till = site.till("till-1")
    customers = [till.register() for _ in range(12)]
    site.push(till)
    cursor, seen, pages = "", [], 0
    while True:
        page = site.page(till, cursor, 5)
        assert site.page(till, cursor, 5).cursor == page.cursor
        seen += [account.customer_id for account in page.accounts]
        if pages == 1:
            till.earn(customers[0], 3)
            site.push(till)
        cursor, pages = page.cursor, pages + 1
        if page.phase == "bulk":
            assert page.total == 12
        if not page.more:
            break
    assert sorted(set(seen)) == sorted(customers)
    assert site.pull_all(till)[0][customers[0]].points == 3


def test_an_identity_is_told_only_when_it_has_changed(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register("Олена", "380671234567")
    site.push(till)
    _, cursor = site.pull_all(till)
    till.earn(customer, 3)
    site.push(till)
    page = site.page(till, cursor)
    assert [bool(account.identity) for account in page.accounts] == [False]
    till.append("card_bound", {"card": "2000000000015"}, customer=customer)
    site.push(till)
    page = site.page(till, page.cursor)
    assert [card.number for card in page.accounts[0].identity.cards] == ["2000000000015"]  # type: ignore[union-attr]


def test_goods_and_groups_come_go_and_come_again(site: Site) -> None:
    till = site.till("till-1")
    bread = Product(sku="1", name="Bread", price_minor=20_00, barcodes=("4820000000017",))
    set_products(site.store, [bread])
    set_group(site.store, Group("staff", "Staff"))
    first = site.page(till)
    assert (first.products, first.groups) == ((bread,), (Group("staff", "Staff"),))
    _, cursor = site.pull_all(till)
    assert remove_products(site.store, ["1", "none"]) == 1
    assert remove_products(site.store, ["1"]) == 0
    page = site.page(till, cursor)
    assert [(one.kind, one.key) for one in page.removed] == [("product", "1")]
    set_products(site.store, [bread])
    page = site.page(till, page.cursor)
    assert (page.products, page.removed) == ((bread,), ())


def test_marks_of_all_tills_come_together(site: Site) -> None:
    first, second = site.till("till-1"), site.till("till-2")
    customer, friend = first.register(), first.register()
    site.push(first)
    for till, count in ((first, 2), (second, 3)):
        sale = till.new_id()
        marks = [["stamp", "coffee", count], ["use", "spring", 1]]
        facts = {"number": 1, "channel": "store", "total_minor": 100, "taken_off_minor": 0, "marks": marks}
        till.append("sale", facts, customer=customer, sale=sale)
        site.push(till)
    first.append("membership", {"code": "gold", "until": "2027-01-01"}, customer=customer)
    second.append("membership", {"code": "gold", "until": "2026-12-01"}, customer=customer)
    second.append("referral", {"referrer": customer, "rewarded": False}, customer=friend)
    second.append("group", {"group": "staff"}, customer=friend)
    site.push(first)
    site.push(second)
    accounts, _ = site.pull_all(first)
    assert [tuple(_mark(one)) for one in accounts[customer].marks] == [("stamp", "coffee", 5), ("use", "spring", 2)]
    assert [(one.code, one.until) for one in accounts[customer].memberships] == [("gold", "2027-01-01")]
    told = accounts[friend].referral
    assert told is not None
    assert (told.referrer_id, told.rewarded, accounts[friend].group) == (customer, False, "staff")
    assert [(one.code, one.count) for one in site.page(first).uses] == [("spring", 2)]


def _mark(one: object) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in ("kind", "code", "count"))


def test_the_schema_is_what_the_code_knows(store: Store) -> None:
    assert is_current(store)
    assert differences(store) == []
    migrate(store)
