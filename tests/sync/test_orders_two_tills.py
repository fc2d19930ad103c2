"""Orders that two tills moved while both were offline, through the real sync: what they see afterwards."""

from collections.abc import Callable

import pytest

from sync.protocol import LEASE_RETURN
from sync.site import order_returns
from sync.site import orders as site_orders
from sync.site.shop import publish
from sync.site.shop_messages import Ordered, OrderLine, OrderNumber, PlaceOrder
from sync.site.verify import verify
from terminal import desk
from terminal.desk import Till, orders
from terminal.desk.write_offs import check_orders
from terminal.ledger.orders import Order
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.rules.verdict import ListedOrder, Verdict
from tests.shop import MANAGER, PROGRAMME, balance, register, sell
from tests.site.stand import Served
from tests.sync.stand import Joined

CARD = "2900000000018"


@pytest.fixture
def customer(one: Joined, two: Joined, served: Served) -> str:
    """A customer with 30 points that are free on the site, and an order of the site that takes 10 of them."""
    customer = register(one.till, card=CARD)
    sell(one.till, customer, 300_00)
    account = desk.profile(one.till, customer)
    assert not isinstance(account, Refused)
    assert account.spendable == 30
    _return_all(one, customer)
    asked = PlaceOrder(
        number="W-1", customer_id=customer, lines=(OrderLine(name="Sofa", total_minor=100_00),), redeem=10
    )
    placed = site_orders.place(served.site.store, asked, "web")
    assert isinstance(placed, Ordered), placed
    assert (placed.state, placed.pay_minor, placed.balance) == ("placed", 90_00, 20)
    _sync(one, two)
    return customer


def _return_all(joined: Joined, customer: str) -> None:
    ledger = joined.till.ledger
    lots = ledger.rows("SELECT id, points_held FROM lot WHERE customer_id = ?", (customer,))
    with ledger.atomic():
        payload = {"returned": [list(lot) for lot in lots]}
        ledger.append(joined.till.draft(LEASE_RETURN, "site", joined.till.now_ms(), payload, customer_id=customer))
    joined.sync()


def _sync(*tills: Joined) -> None:
    """Twice around, so that what the second brings is known to the first."""
    for joined in (*tills, *tills):
        joined.sync()


def _order(till: Till) -> Order:
    found = orders.find_order(till, "W-1")
    assert isinstance(found, Order), found
    return found


def _pay(joined: Joined) -> None:
    assert isinstance(orders.pay_order(joined.till, "W-1", MANAGER), desk.Completed)


def _take_back(joined: Joined) -> None:
    shown = orders.show_return(joined.till, "W-1")
    assert isinstance(shown, desk.RefundShown), shown
    assert isinstance(orders.return_order(joined.till, "W-1", shown, MANAGER), desk.RefundDone)


def _verdicts(till: Till) -> list[Verdict]:
    listed = ListedOrder(1, "W-1", "site", CARD, 100_00, till.today(), 10)
    return [checked.verdict for checked in check_orders(till, [listed])]


def _all_agree(served: Served, tills: tuple[Joined, ...], customer: str, points: int) -> None:
    assert verify(served.site.store).ok
    for joined in tills:
        assert balance(joined.till, customer) == points
        joined.assert_whole()


def test_paid_at_two_offline_tills(one: Joined, two: Joined, served: Served, customer: str) -> None:
    """It is one sale and one earning everywhere, and both tills say what is to be given back until it was."""
    _pay(one)
    _pay(two)
    assert _verdicts(one.till) == [Verdict.WORKS]
    _sync(one, two)
    _all_agree(served, (one, two), customer, 20 + 9)
    for joined in (one, two):
        order = _order(joined.till)
        assert (order.state, order.conflicts, order.over_minor) == ("paid", ("paid-twice",), 90_00)
        assert sorted(order.paid_at) == ["till-1", "till-2"]
        assert _verdicts(joined.till) == [Verdict.MONEY_OWED]
    assert isinstance(orders.give_money_back(two.till, "W-1", MANAGER), Order)
    assert _verdicts(two.till) == [Verdict.WORKS], "this till knows at once"
    _sync(two, one)
    _all_agree(served, (one, two), customer, 20 + 9)
    assert [orders.owed_minor(joined.till, _order(joined.till)) for joined in (one, two)] == [0, 0]
    assert _verdicts(one.till) == [Verdict.WORKS]


def test_cancelled_on_the_site_while_an_offline_till_was_paid(
    one: Joined, two: Joined, served: Served, customer: str
) -> None:
    _pay(one)
    cancelled = order_returns.cancel(served.site.store, OrderNumber(number="W-1"), "web")
    assert isinstance(cancelled, Ordered)
    assert cancelled.balance == 30
    two.sync()
    assert _order(two.till).state == "cancelled"
    _sync(one, two)
    _all_agree(served, (one, two), customer, 20 + 9)
    for joined in (one, two):
        assert (_order(joined.till).state, _order(joined.till).conflicts) == ("paid", ("paid-though-cancelled",))


def test_returned_at_two_offline_tills(one: Joined, two: Joined, served: Served, customer: str) -> None:
    _pay(one)
    _sync(one, two)
    for joined in (one, two):
        _take_back(joined)
    _sync(one, two)
    _all_agree(served, (one, two), customer, 30)
    order = _order(one.till)
    assert (order.state, order.conflicts, order.over_minor) == ("returned", ("returned-twice",), -90_00)


def test_paid_and_taken_back_at_each_of_two_offline_tills(
    one: Joined, two: Joined, served: Served, customer: str
) -> None:
    for joined in (one, two):
        _pay(joined)
        _take_back(joined)
    _sync(one, two)
    _all_agree(served, (one, two), customer, 30)
    assert (_order(two.till).state, _order(two.till).over_minor) == ("returned", 0)


def test_an_order_of_one_till_paid_at_another_while_it_was_freed_where_it_was_made(
    one: Joined, two: Joined, served: Served, customer: str
) -> None:
    """The till that made it frees its bonuses when nobody pays; the other was paid, and that counts."""
    sell(one.till, customer, 200_00)
    one.sync()
    bill = bill_of_total(100_00)
    shown = desk.quote(one.till, customer, bill, 10, channel="manager")
    assert not isinstance(shown, Refused), shown
    held = orders.hold_order(one.till, shown, bill, MANAGER, 48)
    assert isinstance(held, Order), held
    assert isinstance(orders.place_order(one.till, held.number, MANAGER, 48), orders.Placed)
    _sync(one, two)
    before = balance(one.till, customer)
    assert isinstance(orders.pay_order(two.till, held.number, MANAGER), desk.Completed)
    assert isinstance(orders.cancel_order(one.till, held.number, MANAGER, "unpaid"), Order)
    _sync(two, one)
    _all_agree(served, (one, two), customer, before + held.record.earns[0][0])
    steps: tuple[Callable[..., object], ...] = (orders.hand_over_order, orders.close_order)
    for step in steps:
        assert isinstance(step(one.till, held.number, MANAGER), Order), "it goes on where it was made too"
    _sync(one, two)
    found = orders.find_order(two.till, held.number)
    assert isinstance(found, Order)
    assert (found.state, found.conflicts) == ("closed", ("paid-though-cancelled",))


REFERRAL = """
[referral]
referrer_points = 40
friend_points = 25
"""


@pytest.fixture
def brought(one: Joined, two: Joined, served: Served) -> tuple[str, str]:
    """Who brought a friend, and the friend, whose first purchase is an order of the site; both tills know it."""
    text = PROGRAMME.replace("number = 1", "number = 2")
    assert text != PROGRAMME
    assert not isinstance(publish(served.site.store, text + REFERRAL), str)
    _sync(one, two)
    old, friend = register(one.till), register(one.till, phone="0501112233")
    assert desk.refer(one.till, friend, old, MANAGER) is None
    _sync(one, two)
    line = OrderLine(name="Sofa", total_minor=100_00)
    placed = site_orders.place(
        served.site.store, PlaceOrder(number="W-1", customer_id=friend, lines=(line,)), "web"
    )
    assert isinstance(placed, Ordered), placed
    _sync(one, two)
    return old, friend


def test_whoever_brought_the_customer_is_rewarded_for_one_payment(
    one: Joined, two: Joined, served: Served, brought: tuple[str, str]
) -> None:
    """Each till rewards what is the first purchase there; the second reward goes with the second payment."""
    old, friend = brought
    for joined in (one, two):
        _pay(joined)
        assert (balance(joined.till, old), balance(joined.till, friend)) == (40, 10 + 25)
    _sync(one, two)
    _all_agree(served, (one, two), friend, 10 + 25)
    _all_agree(served, (one, two), old, 40)
    assert isinstance(orders.give_money_back(two.till, "W-1", MANAGER), Order)
    _sync(one, two)
    _all_agree(served, (one, two), friend, 10 + 25)
    _all_agree(served, (one, two), old, 40)


def test_an_order_that_came_back_rewards_nobody(
    one: Joined, two: Joined, served: Served, brought: tuple[str, str]
) -> None:
    old, friend = brought
    for joined in (one, two):
        _pay(joined)
    _sync(one, two)
    _take_back(one)
    _sync(one, two)
    _all_agree(served, (one, two), friend, 0)
    _all_agree(served, (one, two), old, 0)
