"""Spending offline: only what is leased here, each point once, whatever order the tills come back in."""

import json
from threading import Thread

from sync.faults import Unreachable
from terminal import desk
from terminal.desk import Profile, Till
from terminal.ledger.contact import RESTORED
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL, Quote
from tests.shop import CASHIER, Clock, balance, register, said, sell
from tests.site.stand import Served
from tests.sync.stand import Joined, site_accounts


def shown(till: Till, customer: str) -> Profile:
    profile = desk.profile(till, customer)
    assert isinstance(profile, Profile), profile
    return profile


def redeem_all(till: Till, customer: str, total_minor: int) -> int:
    """Take off as much as the till may; return the points."""
    bill = bill_of_total(total_minor)
    quote = desk.quote(till, customer, bill, ALL)
    assert isinstance(quote, Quote), quote
    done = desk.complete(till, quote, bill, CASHIER)
    assert not isinstance(done, Refused), done
    return quote.redeem_points


def test_the_counter_shows_three_figures(one: Joined, two: Joined, customer: str, clock: Clock) -> None:
    here, there = shown(one.till, customer), shown(two.till, customer)
    assert (here.spendable, here.known, here.elsewhere) == (100, 100, ())
    assert (there.spendable, there.known) == (0, 100)
    assert [(held.name, held.points) for held in there.elsewhere] == [("till-1", 100)]
    assert there.as_of_ms == two.link.contact().seen_ms > 0


def test_two_offline_tills_spend_a_balance_once(one: Joined, two: Joined, customer: str, served: Served) -> None:
    spent = redeem_all(two.till, customer, 500_00) + redeem_all(one.till, customer, 500_00)
    assert spent == 100
    for joined in (one, two, one):
        joined.sync()
    told = site_accounts(served, one)[customer]
    assert told.points == 50 + 40
    assert balance(one.till, customer) == balance(two.till, customer) == 90
    for joined in (one, two):
        joined.assert_whole()


def test_online_a_till_brings_the_points_from_where_they_are(one: Joined, two: Joined, customer: str) -> None:
    request = desk.ask_points(two.till, shown(two.till, customer))
    assert request is not None

    def give_back() -> None:
        for _ in range(100):
            one.pull()
            if one.push() and one.till.ledger.entries()[-1].kind == "lease_return":
                return

    other = Thread(target=give_back)
    other.start()
    assert two.answer() == 1
    other.join()
    answer = desk.wait_for_answer(two.till, request)
    assert answer.heard
    assert shown(two.till, customer).spendable == 100
    one.sync()
    assert shown(one.till, customer).spendable == 0
    assert redeem_all(two.till, customer, 500_00) == 100
    two.sync()
    one.sync()
    for joined in (one, two):
        joined.assert_whole()


def test_a_recall_brings_what_is_left_and_what_was_spent_is_not_owed(
    one: Joined, two: Joined, customer: str, served: Served
) -> None:
    assert redeem_all(one.till, customer, 500_00) == 100
    assert desk.ask_points(two.till, shown(two.till, customer)) is not None
    two.answer()
    one.sync()
    assert one.link.contact().recalled == 1
    returned = [json.loads(entry.payload) for entry in one.till.ledger.entries() if entry.kind == "lease_return"]
    assert [(sum(points for _, points in one["returned"]), one["recall"]) for one in returned] == [(40, 1)]
    two.sync()
    assert site_accounts(served, two)[customer].points == balance(two.till, customer) == 40


def test_without_contact_for_fourteen_days_it_earns_but_takes_nothing_off(
    one: Joined, customer: str, clock: Clock
) -> None:
    clock.advance(days=13, hours=23)
    assert shown(one.till, customer).spendable == 100
    clock.advance(hours=2)
    stopped = shown(one.till, customer)
    assert (stopped.spendable, stopped.known) == (0, 100)
    assert stopped.stopped is not None
    refused = desk.quote(one.till, customer, bill_of_total(100_00), 10)
    assert said(refused) == "No contact with the site for 14 days: bonuses are earned, but not taken off."
    sell(one.till, customer, 100_00)
    clock.advance(days=-30)  # turning the clock back opens nothing
    assert shown(one.till, customer).spendable == 0
    clock.advance(days=30)
    one.sync()
    assert shown(one.till, customer).spendable == 110


def test_a_clock_behind_the_site_is_not_believed(one: Joined, customer: str, clock: Clock) -> None:
    site_ms = one.link.contact().seen_ms
    clock.advance(days=-1000)
    assert one.till.now_ms() >= site_ms
    assert one.till.clock_is_back()


def test_a_restored_ledger_takes_nothing_off_until_the_site_has_seen_it(one: Joined, customer: str) -> None:
    with one.till.ledger.atomic():
        one.till.ledger.set_fact(RESTORED, "1")
    assert shown(one.till, customer).spendable == 0
    sell(one.till, customer, 100_00)
    one.sync()
    assert shown(one.till, customer).spendable == 110


def test_an_unknown_customer_is_found_on_the_site(one: Joined, two: Joined) -> None:
    customer = register(one.till, "Ірина Мельник", "050 111 22 33", card="2900000000018")
    sell(one.till, customer, 100_00)
    one.push()
    assert isinstance(desk.find(two.till, "050 111 22 33"), desk.Unknown)
    found = desk.find(two.till, "2900000000018")
    assert isinstance(found, desk.Unknown)
    request = desk.ask_who(two.till, found)
    assert request is not None
    two.answer()
    assert desk.wait_for_answer(two.till, request) == desk.SiteAnswer(True, customer)
    assert balance(two.till, customer) == 10
    two.sync()
    two.assert_whole()


def test_a_question_is_given_up_in_time_and_an_offline_till_asks_none(two: Joined) -> None:
    found = desk.find(two.till, "050 999 88 77")
    assert isinstance(found, desk.Unknown)
    request = desk.ask_who(two.till, found)
    assert request is not None
    ticks = iter(range(100))
    answer = desk.wait_for_answer(two.till, request, 2.0, lambda: float(next(ticks)), lambda seconds: None)
    assert answer == desk.SiteAnswer(False)
    assert two.answer() == 0
    two.link.note_fault(Unreachable("the cable is out"))
    assert desk.ask_who(two.till, found) is None
    state = desk.site_state(two.till)
    assert state is not None
    assert state.trouble


def test_lots_end_where_they_are_held(
    one: Joined, two: Joined, customer: str, clock: Clock, served: Served
) -> None:
    clock.advance(days=101)
    for joined in (one, two):
        joined.sync()
    assert desk.expire(two.till) == 0
    assert desk.expire(one.till) == 100
    one.sync()
    two.sync()
    assert site_accounts(served, one)[customer].points == balance(two.till, customer) == 0
