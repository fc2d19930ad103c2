"""Limited offers, codes and stamp cards: one holder's alone, until it is used, returned, or its till is lost."""

from datetime import date

import pytest

from sync.protocol import Grant, GrantedLot
from sync.site import order_returns, orders
from sync.site.code_leases import Answered, grant_codes, recall_from_others
from sync.site.leases import reclaim
from sync.site.losing import declare_lost, revoke
from sync.site.merging import merge
from sync.site.promo_codes import Asked, make_named
from sync.site.shop import publish
from sync.site.shop_messages import Ordered, OrderLine, OrderNumber, PlaceOrder
from sync.site.verify import verify
from tests.site.stand import PLAIN, Journal, Site

TODAY = date(2026, 5, 4)
SHIRT = OrderLine(name="Shirt", total_minor=100_00)
LIMITED = """
[[offers]]
kind = "percent"
code = "welcome"
name = "Welcome"
percent = 10
uses_per_customer = 1

[[offers]]
kind = "percent"
code = "first-two"
name = "The first two"
percent = 10
uses_in_all = 2

[[offers]]
kind = "percent"
code = "coded"
name = "With a code"
percent = 10
needs_code = true

[[stamps]]
code = "coffee"
name = "Coffee"
needed = 5
"""


@pytest.fixture
def shop(site: Site) -> Site:
    """The site with a programme that has limits, and a code that works once."""
    published = publish(site.store, PLAIN.replace("number = 1", "number = 2") + LIMITED)
    assert not isinstance(published, str), published
    assert make_named(site.store, Asked("coded", None, TODAY, TODAY), "ONCE", "test") is None
    return site


def ask(site: Site, till: Journal, customer: str, *codes: str) -> Answered:
    """Ask as the till does, and recall what others have."""
    answered = grant_codes(site.store, till.terminal_id, customer, codes, TODAY)
    recall_from_others(site.store, answered.others)
    return answered


def granted(answered: Answered) -> list[str]:
    return [lot.lot_id for lot in answered.grant.lots] if answered.grant else []


def use(till: Journal, customer: str, *marks: tuple[str, str, int]) -> None:
    """Sell something with marks."""
    facts = {"number": 1, "channel": "store", "total_minor": 100, "taken_off_minor": 10, "lines": []}
    sale = till.new_id()
    till.append("sale", {**facts, "marks": [list(mark) for mark in marks]}, customer=customer, sale=sale)


def give_back(till: Journal, customer: str, *codes: str) -> None:
    till.append("lease_return", {"returned": [], "leases": list(codes)}, customer=customer)


def known(site: Site, *tills: Journal, customers: int = 1) -> list[str]:
    """Register customers at the first till, and let the site know them."""
    ids = [tills[0].register() for _ in range(customers)]
    site.push(tills[0])
    return ids


def test_one_holder_has_it_until_it_returns_it(shop: Site) -> None:
    one, two = shop.till("till-1"), shop.till("till-2")
    (customer,) = known(shop, one)
    first = ask(shop, one, customer, "welcome", "coffee", "no-such")
    assert first.grant is not None
    assert (first.grant.number, first.grant.asset, first.short) == (1, "codes", 0)
    assert granted(first) == ["welcome", "coffee"]
    assert set(shop.account(one, customer).leased) == {"welcome", "coffee"}
    assert shop.account(two, customer).leased == ()
    again = ask(shop, one, customer, "welcome")
    assert (again.grant, again.short, again.others) == (None, 0, ())

    refused = ask(shop, two, customer, "welcome")
    assert (refused.grant, refused.short, refused.others) == (None, 1, (("till-1", customer),))
    ask(shop, two, customer, "welcome")
    recalls = shop.page(one).recalls
    assert [(recall.number, recall.asset, recall.customer_id) for recall in recalls] == [(1, "codes", customer)]
    give_back(one, customer, "welcome", "coffee")
    shop.push(one)
    assert granted(ask(shop, two, customer, "welcome")) == ["welcome"]
    assert shop.account(two, customer).leased == ("welcome",)
    assert shop.account(one, customer).leased == ()


def test_a_use_ends_the_lease_and_is_counted(shop: Site) -> None:
    one, two = shop.till("till-1"), shop.till("till-2")
    (customer,) = known(shop, one)
    ask(shop, one, customer, "ONCE", "coffee", "welcome")
    use(one, customer, ("use", "ONCE", 1), ("stamp", "coffee", -5))
    shop.push(one)
    account = shop.account(one, customer)
    assert account.leased == ("welcome",)
    assert {(mark.kind, mark.code, mark.count) for mark in account.marks} == {
        ("use", "ONCE", 1),
        ("stamp", "coffee", -5),
    }
    used_up = ask(shop, two, customer, "ONCE")
    assert (used_up.grant, used_up.short, used_up.others) == (None, 0, ())
    assert granted(ask(shop, two, customer, "coffee")) == ["coffee"]


def test_a_stamp_that_another_till_adds_ends_nothing(shop: Site) -> None:
    one, two = shop.till("till-1"), shop.till("till-2")
    (customer,) = known(shop, one)
    ask(shop, one, customer, "coffee")
    use(two, customer, ("stamp", "coffee", 1))
    use(one, customer, ("stamp", "coffee", 1))
    shop.push(two)
    shop.push(one)
    assert shop.account(one, customer).leased == ("coffee",)


def test_what_is_limited_in_all_is_leased_as_often_as_uses_are_left(shop: Site) -> None:
    one, two = shop.till("till-1"), shop.till("till-2")
    a, b, c = known(shop, one, customers=3)
    assert granted(ask(shop, one, a, "first-two", "ONCE")) == ["first-two", "ONCE"]
    assert granted(ask(shop, two, b, "first-two", "ONCE")) == ["first-two"]
    waiting = ask(shop, two, c, "first-two")
    assert waiting.grant is None
    assert set(waiting.others) == {("till-1", a), ("till-2", b)}
    use(one, a, ("use", "first-two", 1))
    shop.push(one)
    assert ask(shop, two, c, "first-two").others == (("till-2", b),)
    give_back(two, b, "first-two")
    shop.push(two)
    assert granted(ask(shop, one, c, "first-two")) == ["first-two"]
    use(one, c, ("use", "first-two", 1))
    shop.push(one)
    assert ask(shop, two, b, "first-two") == Answered(None, 0, ())


def test_a_code_of_somebody_else_is_leased_to_nobody(shop: Site) -> None:
    one = shop.till("till-1")
    mine, other = known(shop, one, customers=2)
    assert make_named(shop.store, Asked("coded", mine, TODAY, TODAY), "MINE", "test") is None
    assert granted(ask(shop, one, other, "MINE")) == []
    assert granted(ask(shop, one, mine, "MINE")) == ["MINE"]
    assert granted(ask(shop, one, "nobody", "welcome")) == []


def test_a_lost_till_has_nothing_and_a_revoked_one_keeps_it(shop: Site) -> None:
    one, two = shop.till("till-1"), shop.till("till-2")
    (customer,) = known(shop, one)
    ask(shop, one, customer, "welcome")
    assert revoke(shop.store, "till-1", "manager")
    assert granted(ask(shop, two, customer, "welcome")) == []
    assert declare_lost(shop.store, "till-1", "manager") == 0
    assert granted(ask(shop, two, customer, "welcome")) == ["welcome"]


def test_a_site_that_forgot_a_grant_is_told_it_again(shop: Site) -> None:
    one, two = shop.till("till-1"), shop.till("till-2")
    (customer,) = known(shop, one)
    lots = (GrantedLot("welcome", 1), GrantedLot("coffee", 1))
    forgotten = Grant(number=1, customer_id=customer, lots=lots, at_ms=1, asset="codes")
    assert granted(ask(shop, two, customer, "coffee")) == ["coffee"]
    for _ in range(2):
        assert reclaim(shop.store, "till-1", [forgotten]) == 1
    assert shop.account(one, customer).leased == ("welcome",)
    assert shop.account(two, customer).leased == ("coffee",)
    assert shop.page(Journal("till-1", shop.clock, shop.chance)).grants == (forgotten,)


def test_a_merged_customer_is_leased_nothing_and_asked_to_return(shop: Site) -> None:
    one = shop.till("till-1")
    source, target = known(shop, one, customers=2)
    ask(shop, one, source, "welcome")
    assert merge(shop.store, source, target, "manager") is None
    assert [(recall.asset, recall.customer_id) for recall in shop.page(one).recalls] == [("codes", source)]
    assert granted(ask(shop, one, source, "coffee")) == []
    assert verify(shop.store).ok


def place(site: Site, customer: str, number: str, *codes: str) -> Ordered:
    asked = PlaceOrder(number=number, customer_id=customer, lines=(SHIRT,), codes=codes)
    placed = orders.place(site.store, asked, "web")
    assert isinstance(placed, Ordered), placed
    return placed


def test_an_order_of_the_site_takes_what_no_till_has(shop: Site) -> None:
    one = shop.till("till-1")
    (customer,) = known(shop, one)
    ask(shop, one, customer, "welcome", "ONCE")
    assert place(shop, customer, "W-1", "once").taken_off_minor == 10_00  # one of the first two
    give_back(one, customer, "ONCE")
    shop.push(one)
    assert place(shop, customer, "W-2", "once").taken_off_minor == 10_00
    for code in ("ONCE", "first-two"):
        assert ask(shop, one, customer, code) == Answered(None, 1, ())
    assert place(shop, customer, "W-3", "once").taken_off_minor == 0


def test_what_an_order_took_is_used_when_it_is_paid_and_free_when_it_is_cancelled(shop: Site) -> None:
    one = shop.till("till-1")
    (customer,) = known(shop, one)
    placed = place(shop, customer, "W-1", "once")
    assert placed.taken_off_minor == 10_00 + 9_00 + 8_10
    order_returns.cancel(shop.store, OrderNumber(number="W-1"), "web")
    assert granted(ask(shop, one, customer, "ONCE", "welcome")) == ["welcome", "ONCE"]
    give_back(one, customer, "ONCE", "welcome")
    shop.push(one)
    place(shop, customer, "W-2", "once")
    orders.pay(shop.store, OrderNumber(number="W-2"), "web")
    assert ask(shop, one, customer, "ONCE") == Answered(None, 0, ())
    assert granted(ask(shop, one, customer, "welcome")) == ["welcome"]  # the till knows that it was used
    uses = {(mark.code, mark.count) for mark in shop.account(one, customer).marks if mark.kind == "use"}
    assert uses == {("ONCE", 1), ("welcome", 1), ("first-two", 1)}
    assert verify(shop.store).ok


def test_an_order_that_a_till_cancels_frees_what_it_took(shop: Site) -> None:
    one = shop.till("till-1")
    (customer,) = known(shop, one)
    place(shop, customer, "W-1", "once")
    one.append("order", {"number": "W-1", "state": "cancelled"}, customer=customer)
    shop.push(one)
    assert granted(ask(shop, one, customer, "ONCE")) == ["ONCE"]
