"""Refunds and corrections on a real ledger: the sums agree after each, and a whole refund returns the start."""

from terminal import desk
from terminal.desk import NewCustomer, Till
from terminal.ledger.verify import verify_ledger
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL
from tests.shop import (
    CASHIER,
    MANAGER,
    PROGRAMME,
    Clock,
    balance,
    journal_kinds,
    load_programme,
    register,
    said,
    sell,
)


def _refund(till: Till, sale_id: str, *minor: int) -> desk.RefundDone:
    shown = desk.show_refund(till, sale_id, minor or None)
    assert not isinstance(shown, Refused), shown
    done = desk.refund(till, shown, MANAGER)
    assert not isinstance(done, Refused), done
    assert done.balance == shown.balance_after
    assert verify_ledger(till.ledger).ok
    return done


def test_a_whole_refund_returns_the_start(till: Till) -> None:
    customer = register(till)
    sell(till, customer, 100_000)
    before = balance(till, customer)
    sale = sell(till, customer, 15_000, ALL).sale
    assert balance(till, customer) != before
    done = _refund(till, sale.id)
    assert done.balance == before
    assert done.shown.refund.back_minor == sale.total_minor - sale.taken_off_minor
    assert said(desk.show_refund(till, sale.id)) == "Sale No. 2 was refunded as a whole already."


def test_parts_of_a_bill_come_to_the_whole_and_no_further(till: Till) -> None:
    customer = register(till)
    sell(till, customer, 70_000)
    before = balance(till, customer)
    sale = sell(till, customer, 9_999, 33).sale
    paid_back = sum(_refund(till, sale.id, part).shown.refund.back_minor for part in (3_333, 1, 6_000, 665))
    assert paid_back == 9_999 - 3_300
    assert balance(till, customer) == before
    assert isinstance(desk.show_refund(till, sale.id, (1,)), Refused)


def test_what_was_spent_already_is_owed_and_the_next_earning_is_not_spendable_before_it(till: Till) -> None:
    customer = register(till)
    sale = sell(till, customer, 100_000).sale
    sell(till, customer, 10_000, ALL)
    assert balance(till, customer) == 0
    assert _refund(till, sale.id).balance == -100
    sell(till, customer, 50_000)
    profile = desk.profile(till, customer)
    assert isinstance(profile, desk.Profile)
    assert (profile.known, profile.spendable) == (-50, 0)


def test_a_refund_that_was_overtaken_books_nothing(till: Till) -> None:
    customer = register(till)
    sale = sell(till, customer, 100_000).sale
    shown = desk.show_refund(till, sale.id)
    assert isinstance(shown, desk.RefundShown)
    sell(till, customer, 10_000, ALL)
    kinds = journal_kinds(till.ledger)
    assert isinstance(desk.refund(till, shown, MANAGER), Refused)
    assert journal_kinds(till.ledger) == kinds


def test_a_voided_sale_is_not_refunded(till: Till) -> None:
    sale = sell(till, register(till), 10_000).sale
    assert not isinstance(desk.void(till, sale.id, CASHIER), Refused)
    assert isinstance(desk.show_refund(till, sale.id), Refused)


def test_points_return_after_their_lot_expired(till: Till, clock: Clock) -> None:
    customer = register(till)
    sell(till, customer, 100_000)
    clock.advance(days=99)
    sale = sell(till, customer, 10_000, ALL).sale
    clock.advance(days=5)
    desk.expire(till)
    done = _refund(till, sale.id)
    assert done.shown.refund.revived_points == 100
    assert done.balance == 100
    clock.advance(days=31)
    desk.expire(till)
    assert balance(till, customer) == 0


def test_a_correction_needs_a_reason_and_takes_no_more_than_there_is(till: Till) -> None:
    customer = register(till)
    assert desk.adjust(till, customer, 50, "sorry for the queue", MANAGER) == 50
    assert desk.adjust(till, customer, -20, "typed twice", MANAGER) == 30
    assert isinstance(desk.adjust(till, customer, -31, "typed twice", MANAGER), Refused)
    assert isinstance(desk.adjust(till, customer, 5, " ", MANAGER), Refused)
    assert isinstance(desk.adjust(till, customer, 0, "why", MANAGER), Refused)
    assert verify_ledger(till.ledger).ok


def test_two_customers_become_one_with_cards_lots_and_spending(till: Till, clock: Clock) -> None:
    old = register(till, "Олена Коваленко", "067 123-45-67", "2900000000018")
    clock.advance(days=10)
    new = register(till, "Олена Ковал", "067 765-43-21")
    sell(till, old, 20_000)
    sell(till, new, 10_000)
    assert desk.merge(till, new, old, MANAGER) == 30
    assert isinstance(desk.find(till, "0677654321"), desk.Unknown)
    profile = desk.profile(till, old)
    assert isinstance(profile, desk.Profile)
    assert (profile.known, profile.spend_minor) == (30, 30_000)
    assert isinstance(desk.merge(till, new, old, MANAGER), Refused)
    assert isinstance(desk.merge(till, old, old, MANAGER), Refused)
    free = NewCustomer("Інша Людина", "067 765-43-21", agreed=True)
    assert isinstance(desk.register(till, free, CASHIER), str)
    assert verify_ledger(till.ledger).ok


REFERRAL = (
    PROGRAMME.replace("number = 1", "number = 2")
    + """
[referral]
referrer_points = 40
friend_points = 25
minimum_bill = 100
"""
)


def test_a_first_purchase_brought_back_rewards_nobody(till: Till) -> None:
    load_programme(till.ledger, REFERRAL)
    old, friend = register(till), register(till, "Інша Людина", "050 111-22-33")
    assert desk.refer(till, friend, old, MANAGER) is None
    sale = sell(till, friend, 10_000).sale
    assert (balance(till, old), balance(till, friend)) == (40, 35)
    _refund(till, sale.id, 4_000)
    assert (balance(till, old), balance(till, friend)) == (40, 31)
    shown = _refund(till, sale.id).shown
    assert (shown.referral_points, shown.balance_after) == (25, 0)
    assert (balance(till, old), balance(till, friend)) == (0, 0)
    assert verify_ledger(till.ledger).ok
