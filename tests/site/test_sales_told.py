"""Sales of all tills: told with what was sold and what came back, to everybody who may be asked to refund them."""

from typing import Any

from sync.protocol import LotMove, SoldLine
from sync.protocol.sales import Sale
from sync.site.night import nightly
from tests.site.stand import Journal, Site

DAY_MS = 24 * 60 * 60 * 1000


def sell(till: Journal, customer: str, *prices: int, redeem: dict[str, int] | None = None, earn: int = 0) -> str:
    sale = till.new_id()
    lines = [{"name": f"Кава {price}", "total_minor": price, "off_minor": 0} for price in prices]
    facts = {"number": 7, "channel": "store", "total_minor": sum(prices), "taken_off_minor": 0, "lines": lines}
    till.append("sale", facts, customer=customer, sale=sale)
    if redeem:
        moves = [[lot, -points] for lot, points in redeem.items()]
        till.append("redeem", {"moves": moves}, -sum(redeem.values()), customer=customer, sale=sale)
    if earn:
        lot = {"points": earn, "available_from": "2026-01-01"}
        till.append("earn", {"lot": lot}, earn, customer=customer, sale=sale)
    return sale


def refund(till: Journal, customer: str, sale: str, *line_minor: int, **more: Any) -> None:
    facts = {"line_minor": list(line_minor), "back_minor": sum(line_minor), "cut_minor": 0} | more
    till.append("refund", facts, customer=customer, sale=sale)


def told(site: Site, reader: Journal, cursor: str = "", limit: int = 500) -> tuple[dict[str, Sale], str]:
    sales: dict[str, Sale] = {}
    while True:
        page = site.page(reader, cursor, limit)
        assert len(page.sales) <= limit
        sales |= {one.id: one for one in page.sales}
        cursor = page.cursor
        if not page.more:
            return sales, cursor


def test_a_sale_is_told_to_the_other_tills_with_all_that_a_refund_needs(site: Site) -> None:
    one, other = site.till("till-1"), site.till("till-2")
    _, cursor = told(site, other)
    customer = one.register()
    lot = one.earn(customer, 50)
    sale = sell(one, customer, 6_000, 4_000, redeem={lot: 30}, earn=10)
    earned = one.entries[-1].id
    site.push(one)
    sales, cursor = told(site, other, cursor)
    found = sales[sale]
    assert (found.terminal_id, found.number, found.customer_id) == ("till-1", 7, customer)
    assert (found.total_minor, found.redeemed, found.earned_points, found.voided) == (10_000, 30, 10, False)
    assert found.lines == (SoldLine("Кава 6000", 6_000, 0, 0), SoldLine("Кава 4000", 4_000, 0, 0))
    assert (found.spent, found.earned) == ((LotMove(lot, -30),), (LotMove(earned, 10),))
    assert told(site, one)[0] == {}

    refund(other, customer, sale, 6_000, 0, clawed_points=6, returned_points=18)
    site.push(other)
    for reader in (one, other):
        found = told(site, reader)[0][sale]
        assert [line.refunded_minor for line in found.lines] == [6_000, 0]
        assert (found.clawed_points, found.returned_points) == (6, 18)


def test_a_load_tells_the_sales_of_a_month_in_pages(site: Site) -> None:
    one, other = site.till("till-1"), site.till("till-2")
    customer = one.register()
    sell(one, customer, 100)
    site.push(one)
    site.clock.now_ms += 40 * DAY_MS
    late = {sell(one, customer, price) for price in range(100, 120)}
    site.push(one)
    assert told(site, other, limit=3)[0].keys() == late


def test_what_a_till_claims_of_a_sale_spoils_no_page(site: Site) -> None:
    one, other = site.till("till-1"), site.till("till-2")
    customer = one.register()
    long = sell(one, customer, *([10] * 900))
    good = sell(one, customer, 100)
    refund(one, customer, good, 700, clawed_points=-5)
    refund(one, customer, good, -50)
    site.push(one)
    sales, _ = told(site, other)
    assert sales.keys() == {good}
    assert [line.refunded_minor for line in sales[good].lines] == [100]
    assert (sales[good].clawed_points, long in sales) == (0, False)


def test_a_voided_sale_is_told_as_voided(site: Site) -> None:
    one, other = site.till("till-1"), site.till("till-2")
    customer = one.register()
    sale = sell(one, customer, 100)
    one.append("void", {"number": 7}, customer=customer, sale=sale)
    site.push(one)
    assert told(site, other)[0][sale].voided


def test_points_of_a_sale_that_expired_are_told_to_all_tills(site: Site) -> None:
    one, other = site.till("till-1"), site.till("till-2")
    customer = one.register()
    sale = one.new_id()
    lines = [{"name": "Кава", "total_minor": 100, "off_minor": 0}]
    facts = {"number": 7, "channel": "store", "total_minor": 100, "taken_off_minor": 0, "lines": lines}
    one.append("sale", facts, customer=customer, sale=sale)
    lot = {"points": 10, "available_from": "2026-01-01", "expires_on": "2026-05-20"}
    first, second = (one.append("earn", {"lot": lot}, 10, customer=customer, sale=sale).id for _ in range(2))
    one.redeem(customer, {first: 4})
    one.append("expire", {"moves": [[first, -6]]}, -6, customer=customer)
    site.push(one)
    _, cursor = told(site, other)
    assert told(site, other)[0][sale].expired == (LotMove(first, 6),)
    one.give_back(customer, {second: 10})
    site.push(one)
    site.clock.now_ms += 20 * DAY_MS
    assert nightly(site.store).expired == 10
    both = {LotMove(first, 6), LotMove(second, 10)}
    assert set(told(site, other, cursor)[0][sale].expired) == set(told(site, one)[0][sale].expired) == both
    site.clock.now_ms += DAY_MS
    assert nightly(site.store).expired == 0


def test_what_a_sale_counted_and_each_refund_with_its_day_are_told(site: Site) -> None:
    one, other = site.till("till-1"), site.till("till-2")
    customer = one.register()
    sale = one.new_id()
    lines = [{"name": "Кава", "total_minor": 6_000, "off_minor": 0}]
    facts = {"number": 1, "channel": "store", "total_minor": 6_000, "taken_off_minor": 0, "lines": lines}
    counted = {"marks": [["stamp", "coffee", 3], ["use", "may", 1]], "stamped": [["coffee", [[0, 3], [7, 1]]]]}
    one.append("sale", facts | counted, customer=customer, sale=sale)
    site.push(one)
    found = told(site, other)[0][sale]
    assert found.marks == (("stamp", "coffee", 3), ("use", "may", 1))
    assert found.stamped == (("coffee", ((0, 3),)),), "a line that was not sold is stamped by nobody"
    assert found.refunds == ()

    first_ms = site.clock.now_ms
    refund(other, customer, sale, 2_000, clawed_points=2)
    site.clock.now_ms += DAY_MS
    refund(other, customer, sale, 1_000, cut_minor=300, back_minor=700)
    site.push(other)
    refunds = told(site, one)[0][sale].refunds
    assert [(back.terminal_id, back.at_ms, back.money_minor, back.clawed_points) for back in refunds] == [
        ("till-2", first_ms, 2_000, 2),
        ("till-2", first_ms + DAY_MS, 1_000, 0),
    ]
