"""Limited offers, single-use codes and full stamp cards at tills with a site: leased by it, and used once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from threading import Event, Thread

import pytest

from sync.faults import Unreachable
from sync.leases import give_back_codes, to_grant
from sync.site.promo_codes import Asked, make_named
from sync.site.shop import publish
from sync.site.store import Store
from terminal import desk
from terminal.desk import Checkout
from terminal.desk.checkout import CodesAsked
from terminal.ledger.leases import grants_after
from terminal.rules.bill import Bill, Line
from terminal.rules.phrase import Refused
from terminal.rules.quote import Quote
from tests.shop import CASHIER, PROGRAMME, Clock, register
from tests.site.stand import Served
from tests.sync.stand import Joined, site_accounts

TODAY = date(2026, 5, 4)
LIMITED = """
[[offers]]
kind = "gift"
code = "cake"
name = "Birthday cake"
product = "cake"
when.birthday.days_before = 3
when.birthday.days_after = 3

[[offers]]
kind = "percent"
code = "ten"
name = "Ten percent"
percent = 10
needs_code = true

[[stamps]]
code = "coffee"
name = "Coffee card"
needed = 3
only.products = ["coffee"]
"""
COFFEE = Bill((Line("Coffee", 40_00, sku="coffee"),))
CAKE = Bill((Line("Cake", 60_00, sku="cake"),))


@pytest.fixture
def programme(store: Store) -> None:
    """Put the limits in force, and make a code that works once."""
    assert not isinstance(publish(store, PROGRAMME.replace("number = 1", "number = 2") + LIMITED), str)
    assert make_named(store, Asked("ten", None, TODAY, TODAY), "ONCE", "test") is None


@pytest.fixture
def customer(programme: None, one: Joined, two: Joined) -> str:
    """Somebody with a birthday today, whom both tills know."""
    customer = register(one.till, birthday=date(1990, 5, 4))
    one.sync()
    two.sync()
    return customer


def begin(joined: Joined, customer: str, bill: Bill, *codes: str) -> Checkout:
    """Serve a customer with a bill."""
    checkout = desk.begin_checkout(joined.till, customer, bill)
    assert isinstance(checkout, Checkout), checkout
    checkout.requote()
    for code in codes:
        assert not isinstance(checkout.use_code(code), Refused)
    return checkout


def taken_off(checkout: Checkout) -> int:
    quote = checkout.requote()
    assert isinstance(quote, Quote), quote
    return quote.discount_minor


def ask(joined: Joined, checkout: Checkout) -> bool:
    """Ask for what the quote lacks, as the counter does, and let the sync process answer."""
    asked = checkout.ask_codes()
    assert isinstance(asked, CodesAsked)
    joined.answer()
    answer = desk.wait_for_answer(joined.till, asked.request_id, patience_s=60)
    asked.over()
    return answer.heard


def book(checkout: Checkout) -> None:
    assert checkout.quote is not None
    done = desk.complete(checkout.till, checkout.quote, checkout.bill, CASHIER)
    assert not isinstance(done, Refused), done


@contextmanager
def online(joined: Joined) -> Iterator[None]:
    """Let a till's sync run beside: it pulls, gives back what is recalled, and pushes."""
    over = Event()

    def run() -> None:
        while not over.wait(0.01):
            joined.sync()

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_birthday_gift_is_given_once(one: Joined, two: Joined, customer: str, served: Served) -> None:
    checkout = begin(one, customer, CAKE)
    assert taken_off(checkout) == 0
    assert [left.needs for left in checkout.quote.left_out] == ["cake"] if checkout.quote else False
    assert ask(one, checkout)
    assert taken_off(checkout) == 60_00
    assert checkout.ask_codes() is None
    book(checkout)
    one.sync()
    two.sync()
    there = begin(two, customer, CAKE)
    assert taken_off(there) == 0
    assert there.ask_codes() is None  # it is known here that it was given
    account = site_accounts(served, one)[customer]
    assert {(mark.code, mark.count) for mark in account.marks} == {("cake", 1), ("cake/2026", 1)}
    assert account.leased == ()
    for joined in (one, two):
        joined.assert_whole()


def test_a_single_use_code_at_two_tills_at_once_works_once(one: Joined, two: Joined, customer: str) -> None:
    other = register(two.till, "Іван", "067 000 11 22")
    two.sync()
    here, there = begin(one, customer, COFFEE, "once"), begin(two, other, COFFEE, "once")
    tills = (one, here), (two, there)
    threads = [Thread(target=ask, args=till) for till in tills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    off = [taken_off(checkout) for checkout in (here, there)]
    assert sorted(off) == [0, 4_00]
    for checkout in (here, there):
        book(checkout)
    for joined in (one, two, one):
        joined.sync()
        joined.assert_whole()
    for joined in (one, two):
        again = begin(joined, customer, COFFEE)
        refused = again.use_code("once")
        assert isinstance(refused, Refused)
        assert "used up" in refused.reason.text


def test_what_is_leased_is_used_offline_and_by_nobody_else(
    one: Joined, two: Joined, customer: str, served: Served
) -> None:
    here, there = begin(one, customer, CAKE), begin(two, customer, CAKE)
    assert ask(one, here)
    one.link.note_fault(Unreachable("the cable is out"))
    assert ask(two, there)  # the site was asked, and the other till did not answer it
    assert taken_off(there) == 0
    assert taken_off(here) == 60_00
    book(here)
    book(there)
    for joined in (two, one, two):
        joined.sync()
        joined.assert_whole()
    assert {(mark.code, mark.count) for mark in site_accounts(served, two)[customer].marks} == {
        ("cake", 1),
        ("cake/2026", 1),
    }


def test_what_another_till_holds_is_recalled(one: Joined, two: Joined, customer: str) -> None:
    here, there = begin(one, customer, CAKE), begin(two, customer, CAKE)
    assert ask(one, here)
    end = time.monotonic() + 60
    with online(one):
        while not taken_off(there):
            assert time.monotonic() < end
            there.asked.clear()
            assert ask(two, there)
    assert taken_off(here) == 0
    assert taken_off(there) == 60_00
    book(there)
    for joined in (one, two):
        joined.sync()
        joined.assert_whole()


def test_a_full_stamp_card_is_used_once(programme: None, one: Joined, two: Joined, served: Served) -> None:
    customer = register(one.till)
    one.sync()
    two.sync()
    for joined in (one, one, two):
        checkout = begin(joined, customer, COFFEE)
        assert taken_off(checkout) == 0
        assert checkout.ask_codes() is None
        book(checkout)
        joined.sync()
    one.sync()
    here, there = begin(one, customer, COFFEE), begin(two, customer, COFFEE)
    assert ask(one, here)
    assert ask(two, there)
    assert (taken_off(here), taken_off(there)) == (40_00, 0)
    book(here)
    book(there)
    for joined in (one, two):
        joined.sync()
    assert [(mark.code, mark.count) for mark in site_accounts(served, one)[customer].marks] == [("coffee", 1)]
    for joined in (one, two):
        joined.sync()
        joined.assert_whole()


@pytest.mark.parametrize("at_night", [False, True])
def test_what_is_not_used_goes_back(
    one: Joined, two: Joined, customer: str, at_night: bool, served: Served
) -> None:
    checkout = begin(one, customer, CAKE)
    assert ask(one, checkout)
    one.assert_whole()
    if at_night:
        assert give_back_codes(one.link) == 1
        assert give_back_codes(one.link) == 0
    else:
        checkout.leave_codes(CASHIER, checkout.quote)
    assert taken_off(checkout) == 0
    one.sync()
    assert site_accounts(served, one)[customer].leased == ()
    there = begin(two, customer, CAKE)
    assert ask(two, there)
    assert taken_off(there) == 60_00
    for joined in (one, two):
        joined.assert_whole()


def test_offline_a_till_leaves_it_out_and_asks_nobody(one: Joined, customer: str) -> None:
    checkout = begin(one, customer, CAKE)
    one.link.note_fault(Unreachable("the cable is out"))
    assert taken_off(checkout) == 0
    assert checkout.ask_codes() is None
    refused = checkout.use_code("once")
    assert isinstance(refused, Refused)
    assert "needs the site" in refused.reason.text
    assert checkout.codes == ()


def test_an_order_takes_no_limited_offer(one: Joined, customer: str) -> None:
    checkout = begin(one, customer, CAKE)
    assert ask(one, checkout)
    checkout.channel = "manager"
    assert taken_off(checkout) == 0
    assert checkout.ask_codes() is None


def test_after_fourteen_days_without_contact_nothing_leased_is_used(
    one: Joined, customer: str, clock: Clock
) -> None:
    checkout = begin(one, customer, COFFEE, "once")
    assert ask(one, checkout)
    assert taken_off(checkout) == 4_00
    clock.advance(days=15)
    assert taken_off(checkout) == 0


def test_the_grants_of_codes_are_kept_to_be_told_again(one: Joined, customer: str) -> None:
    assert ask(one, begin(one, customer, CAKE, "once"))
    kept = grants_after(one.till.ledger, 0, 10)
    assert [(grant.asset, grant.lots) for grant in kept] == [("codes", (("cake", 1), ("ONCE", 1)))]
    told = to_grant(kept[0])
    assert (told.number, told.asset, told.customer_id) == (1, "codes", customer)
