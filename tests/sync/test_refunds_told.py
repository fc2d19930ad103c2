"""A refund at one till is known to the others as it is to the site: stamps, and what tiers of a period count."""

from datetime import date, timedelta
from random import Random

import msgspec
import pytest

from sync.faults import Nonsense, Unreachable
from sync.sales_page import check_sales
from sync.site import orders
from sync.site.audit_list import noted
from sync.site.shop import publish
from sync.site.shop_messages import Ordered, OrderLine, OrderNumber, PlaceOrder
from sync.site.tiers import move_tiers
from sync.site.verify import verify
from terminal import desk
from terminal.desk.till import Till
from terminal.ledger import marks
from terminal.ledger.contact import TOKEN
from terminal.ledger.periods import bought_between
from terminal.rules.bill import Bill, Line
from terminal.rules.phrase import Refused
from terminal.rules.slip_code import slip_code
from tests.shop import CASHIER, MANAGER, PROGRAMME, Clock, balance, register
from tests.site.stand import Journal, Served
from tests.sync.stand import Joined, site_accounts

COFFEE = Bill((Line("Кава", 120_00, 3000, category="coffee"), Line("Торт", 60_00)))
STAMPED = (
    PROGRAMME.replace("number = 1", "number = 2").split("[[tiers]]")[0]
    + """
[tier_rules]
period = "month"
keeps = "period"
[[tiers]]
code = "base"
name = "Base"
from_spend = 0
[[tiers]]
code = "gold"
name = "Gold"
from_spend = 150
[[stamps]]
code = "coffee"
name = "Coffee"
needed = 9
only = { categories = ["coffee"] }
[[stamps]]
code = "visit"
name = "Visit"
needed = 9
stamp_per = "visit"
"""
)


@pytest.fixture
def programme(served: Served) -> None:
    assert not isinstance(publish(served.site.store, STAMPED), str)


def buy(till: Till, customer: str) -> str:
    shown = desk.quote(till, customer, COFFEE, 0)
    assert not isinstance(shown, Refused), shown
    done = desk.complete(till, shown, COFFEE, CASHIER)
    assert not isinstance(done, Refused), done
    return done.sale.id


def refund(till: Till, sale_id: str, *line_minor: int) -> None:
    shown = desk.show_refund(till, sale_id, line_minor or None)
    assert not isinstance(shown, Refused), shown
    done = desk.refund(till, shown, MANAGER)
    assert not isinstance(done, Refused), done


def stamps(joined: Joined, customer: str) -> dict[str, int]:
    return {code: count for code, count in marks.marks_of(joined.till.ledger, customer).stamps.items() if count}


def spend_of_month(joined: Joined, customer: str, month: int) -> int:
    till = joined.till
    first, after = (till.start_ms(date(2026, number, 1)) for number in (month, month + 1))
    return bought_between(till.ledger, customer, first, after).spend_minor


def tier(joined: Joined, customer: str) -> str:
    profile = desk.profile(joined.till, customer)
    assert isinstance(profile, desk.Profile)
    assert profile.standing.tier is not None
    return profile.standing.tier.code


@pytest.mark.usefixtures("programme")
def test_stamps_go_with_the_pieces_at_whatever_till_they_are_brought_back(
    one: Joined, two: Joined, served: Served
) -> None:
    one.sync()
    customer = register(one.till)
    sale = buy(one.till, customer)
    assert stamps(one, customer) == {"coffee": 3, "visit": 1}
    for who, line_minor, left in (
        (two, (40_00, 60_00), {"coffee": 2, "visit": 1}),
        (one, (40_00, 0), {"coffee": 1, "visit": 1}),
        (two, (), {}),
    ):
        for joined in (one, two, one, two):
            joined.sync()
        refund(who.till, sale, *line_minor)
        assert stamps(who, customer) == left
    for joined in (two, one):
        joined.sync()
        joined.assert_whole()
        assert stamps(joined, customer) == {}
        assert balance(joined.till, customer) == 0
        assert site_accounts(served, joined)[customer].marks == ()


@pytest.mark.usefixtures("programme")
def test_a_refund_elsewhere_counts_on_its_own_day_for_the_tier(
    one: Joined, two: Joined, served: Served, clock: Clock
) -> None:
    one.sync()
    customer = register(one.till)
    sale = buy(one.till, customer)
    one.sync()
    two.sync()
    assert (tier(one, customer), tier(two, customer)) == ("gold", "gold")
    assert site_accounts(served, one)[customer].tier == "gold"
    refund(two.till, sale, 40_00, 0)
    two.sync()
    assert site_accounts(served, one)[customer].tier == "base"
    one.sync()
    assert [spend_of_month(joined, customer, 5) for joined in (one, two)] == [140_00, 140_00]
    assert (tier(one, customer), tier(two, customer)) == ("base", "base")

    clock.now += timedelta(days=31)
    buy(one.till, customer)
    one.sync()
    two.sync()
    refund(two.till, sale, 40_00, 0)
    two.sync()
    one.sync()
    two.sync()
    for joined in (one, two):
        assert [spend_of_month(joined, customer, month) for month in (5, 6)] == [140_00, 140_00]
        assert tier(joined, customer) == "base"
        joined.assert_whole()
    assert move_tiers(served.site.store, clock.now.date()) == 0
    assert site_accounts(served, one)[customer].tier == "base"


@pytest.mark.usefixtures("programme")
def test_a_stamp_on_a_line_that_was_not_sold_is_nonsense(one: Joined, two: Joined, served: Served) -> None:
    one.sync()
    buy(one.till, register(one.till))
    one.sync()
    token = two.till.ledger.fact(TOKEN)
    assert token is not None
    served.site.tokens[two.name] = token
    page = served.site.page(Journal(two.name, served.site.clock, Random(1)))
    (sale,) = page.sales
    assert sale.stamped == (("coffee", ((0, 3),)),)
    check_sales(page)
    wrong = msgspec.structs.replace(sale, stamped=(("coffee", ((2, 3),)),))
    with pytest.raises(Nonsense, match="stamped"):
        check_sales(msgspec.structs.replace(page, sales=(wrong,)))


@pytest.mark.usefixtures("programme")
@pytest.mark.parametrize("channel", ["store", "site"])
def test_offline_a_bill_of_elsewhere_is_found_in_every_way_counts_for_the_tier_and_is_brought_back(
    one: Joined, two: Joined, served: Served, channel: str
) -> None:
    one.sync()
    customer = register(one.till)
    one.sync()
    if channel == "store":
        sale_id, made_at = buy(one.till, customer), one.name
        one.sync()
    else:
        lines = tuple(OrderLine(name=line.name, total_minor=line.total_minor) for line in COFFEE.lines)
        placed = orders.place(served.site.store, PlaceOrder(number="W-1", customer_id=customer, lines=lines), "web")
        assert isinstance(placed, Ordered)
        assert isinstance(orders.pay(served.site.store, OrderNumber(number="W-1"), "web"), Ordered)
        made_at = "site"
    two.sync()
    (bill,) = desk.bills_of_customer(two.till, customer)
    sale_id = bill.sale.id
    two.link.note_fault(Unreachable("the cable is out"))

    slip = slip_code("sale", made_at, bill.sale.number, sale_id)
    for text in (slip, *([str(bill.sale.number)] if channel == "store" else [])):
        assert desk.find_bills(two.till, text) == (bill,)
    assert (bill.terminal_id, bill.sale.channel) == (made_at, channel)
    assert (tier(two, customer), balance(two.till, customer)) == ("gold", 18)
    refund(two.till, sale_id, 0, 60_00)
    refund(two.till, sale_id)
    assert isinstance(desk.show_refund(two.till, sale_id), Refused)
    assert (tier(two, customer), balance(two.till, customer)) == ("base", 0)
    for joined in (two, one, two):
        joined.sync()
        joined.assert_whole()
        assert (tier(joined, customer), balance(joined.till, customer)) == ("base", 0)
    assert verify(served.site.store).ok


@pytest.mark.usefixtures("programme")
def test_goods_that_two_tills_paid_back_are_named_to_the_owner(one: Joined, two: Joined, served: Served) -> None:
    one.sync()
    customer = register(one.till)
    sale_id = buy(one.till, customer)
    one.sync()
    two.sync()
    refund(two.till, sale_id, 0, 20_00)
    for joined in (two, one):
        joined.sync()
    refund(one.till, sale_id, 40_00, 0)
    refund(two.till, sale_id, 60_00, 40_00)
    for joined in (two, one, two):
        joined.sync()
    found = [line for line in noted(served.site.store, 50) if line.what == "paid back twice"]
    assert found == []
    refund(one.till, sale_id, 20_00, 0)
    refund(two.till, sale_id, 20_00, 0)
    for joined in (one, two, one):
        joined.sync()
        joined.assert_whole()
    (line,) = (line for line in noted(served.site.store, 50) if line.what == "paid back twice")
    assert (line.who, line.about) == (two.name, f"{one.name} № 1")
    assert line.detail == f"20.00 was paid back again, by {two.name}, {one.name}"
    assert verify(served.site.store).ok
