"""Actions, memberships and referrals: what a programme gives for other things than a bill."""

from datetime import date, timedelta

import pytest

from terminal import desk
from terminal.desk import Till
from terminal.ledger import marks as ledger_marks
from terminal.ledger.verify import verify_ledger
from terminal.rules.phrase import Refused
from tests.shop import MANAGER, PROGRAMME, Clock, balance, load_programme, register, said, sell

CLUB = (
    PROGRAMME.replace("number = 1", "number = 2")
    + """
[[actions]]
code = "newsletter"
name = "Newsletter"
points = 50

[[actions]]
code = "review"
name = "Review"
points = 20
how_often = "each"
pending_days = 3

[[actions]]
code = "birthday"
name = "Birthday"
points = 100
how_often = "year"

[[memberships]]
code = "plus"
name = "Plus"
price = 99
days = 30

[referral]
referrer_points = 40
friend_points = 25
minimum_bill = 100
most_friends = 1
"""
)


@pytest.fixture
def club(till: Till) -> Till:
    load_programme(till.ledger, CLUB)
    return till


def test_an_action_is_rewarded_once(club: Till) -> None:
    customer = register(club)
    assert desk.act(club, customer, "newsletter", MANAGER) == 50
    again = desk.act(club, customer, "newsletter", MANAGER)
    assert isinstance(again, Refused)
    assert said(again) == "“Newsletter” was rewarded already."
    assert balance(club, customer) == 50
    assert verify_ledger(club.ledger).ok


def test_an_action_that_may_happen_often_is_never_rewarded_twice_for_the_same(club: Till) -> None:
    customer = register(club)
    assert isinstance(desk.act(club, customer, "review", MANAGER), Refused)
    assert desk.act(club, customer, "review", MANAGER, about="R-1") == 20
    assert isinstance(desk.act(club, customer, "review", MANAGER, about="R-1"), Refused)
    assert desk.act(club, customer, "review", MANAGER, about="R-2") == 40
    profile = desk.profile(club, customer)
    assert isinstance(profile, desk.Profile)
    assert (profile.spendable, profile.pending) == (0, 40)


def test_an_unknown_action_or_customer_is_refused(club: Till) -> None:
    assert isinstance(desk.act(club, register(club), "dancing", MANAGER), Refused)
    assert isinstance(desk.act(club, "nobody", "newsletter", MANAGER), Refused)


def test_a_birthday_gift_is_given_on_the_day_once_a_year(club: Till, clock: Clock) -> None:
    customer = register(club, birthday=date(1990, 5, 5))
    assert isinstance(desk.act(club, customer, "birthday", MANAGER), Refused)
    clock.advance(days=1)
    assert desk.act(club, customer, "birthday", MANAGER) == 100
    assert isinstance(desk.act(club, customer, "birthday", MANAGER), Refused)
    clock.advance(days=365)
    assert isinstance(desk.act(club, customer, "birthday", MANAGER), int)


def test_a_membership_is_prolonged_from_its_last_day(club: Till, clock: Clock) -> None:
    customer = register(club)
    first = desk.join(club, customer, "plus", MANAGER)
    assert isinstance(first, date)
    assert first == club.today() + timedelta(days=29)
    clock.advance(days=10)
    assert desk.join(club, customer, "plus", MANAGER) == first + timedelta(days=30)
    clock.advance(days=200)
    assert desk.join(club, customer, "plus", MANAGER) == club.today() + timedelta(days=29)
    assert ledger_marks.memberships_of(club.ledger, customer) == {"plus": club.today() + timedelta(days=29)}
    assert isinstance(desk.join(club, customer, "gold", MANAGER), Refused)
    assert verify_ledger(club.ledger).ok


def test_both_are_rewarded_after_the_friends_first_purchase(club: Till) -> None:
    old, friend = register(club), register(club, phone="0501112233")
    assert desk.refer(club, friend, old, MANAGER) is None
    assert (balance(club, old), balance(club, friend)) == (0, 0)
    sell(club, friend, 10_000)
    assert (balance(club, old), balance(club, friend)) == (40, 10 + 25)
    sell(club, friend, 10_000)
    assert (balance(club, old), balance(club, friend)) == (40, 20 + 25)
    assert verify_ledger(club.ledger).ok


def test_a_first_purchase_below_the_minimum_rewards_nobody(club: Till) -> None:
    old, friend = register(club), register(club, phone="0501112233")
    desk.refer(club, friend, old, MANAGER)
    sell(club, friend, 9_900)
    sell(club, friend, 20_000)
    assert (balance(club, old), balance(club, friend)) == (0, 9 + 20)


def test_only_so_many_friends_are_rewarded(club: Till) -> None:
    old = register(club)
    for phone in ("0501112233", "0501112234"):
        friend = register(club, phone=phone)
        desk.refer(club, friend, old, MANAGER)
        sell(club, friend, 10_000)
    assert balance(club, old) == 40


def test_voiding_the_first_purchase_takes_the_reward_back(club: Till) -> None:
    old, friend = register(club), register(club, phone="0501112233")
    desk.refer(club, friend, old, MANAGER)
    sale = sell(club, friend, 10_000).sale
    assert isinstance(desk.void(club, sale.id, MANAGER), desk.Voided)
    assert (balance(club, old), balance(club, friend)) == (0, 0)
    assert verify_ledger(club.ledger).ok
    sell(club, friend, 10_000)
    assert (balance(club, old), balance(club, friend)) == (40, 35)


def test_nobody_brings_themselves_or_an_old_customer(club: Till) -> None:
    old, friend = register(club), register(club, phone="0501112233")
    assert isinstance(desk.refer(club, old, old, MANAGER), Refused)
    assert desk.refer(club, friend, old, MANAGER) is None
    assert isinstance(desk.refer(club, friend, old, MANAGER), Refused)
    sell(club, old, 10_000)
    assert isinstance(desk.refer(club, old, friend, MANAGER), Refused)
