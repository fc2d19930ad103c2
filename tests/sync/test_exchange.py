"""What one till does is on the site and on the other till, to the point."""

from datetime import date

from terminal import desk
from terminal.desk import NewCustomer
from terminal.ledger import marks
from terminal.rules.phrase import Refused
from tests.shop import CASHIER, balance, register, sell
from tests.site.stand import Served
from tests.sync.stand import Joined, site_accounts

CARD = "2900000000018"


def test_a_sale_is_on_the_site_and_on_the_other_till(one: Joined, two: Joined, served: Served) -> None:
    customer = register(one.till, card=CARD)
    sell(one.till, customer, 300_00)
    one.sync()
    told = site_accounts(served, one)[customer]
    assert (told.points, told.spend_minor, told.visits) == (30, 300_00, 1)
    two.sync()
    found = desk.find(two.till, CARD)
    assert isinstance(found, tuple)
    assert [match.name for match in found] == ["Олена Коваленко"]
    assert balance(two.till, customer) == 30
    for joined in (one, two):
        joined.assert_whole()


def test_own_later_entries_stand_on_top_of_what_is_pulled(one: Joined, two: Joined) -> None:
    customer = register(one.till, card=CARD)
    sell(one.till, customer, 300_00)
    one.sync()
    two.sync()
    sell(two.till, customer, 500_00)
    two.sync()
    sell(one.till, customer, 100_00, redeem=30)
    desk.change_note(one.till, customer, "Без лактози", CASHIER)
    desk.change_phone(one.till, customer, "050 765 43 21", CASHIER)
    desk.block_card(one.till, CARD, CASHIER)
    one.pull()
    shown = desk.profile(one.till, customer)
    assert not isinstance(shown, Refused)
    assert shown.known == 30 + 50 - 30 + 7
    assert shown.spendable == 7
    assert (shown.person.note, shown.person.phone) == ("Без лактози", "380507654321")
    assert [card.state for card in desk.cards(one.till, customer)] == ["blocked"]
    assert one.link.contact().applied_seq < one.till.ledger.last_seq()
    one.assert_whole()
    one.sync()
    two.sync()
    assert balance(one.till, customer) == balance(two.till, customer) == 57
    assert [card.state for card in desk.cards(two.till, customer)] == ["blocked"]
    for joined in (one, two):
        joined.assert_whole()


def test_one_customer_registered_at_two_tills_is_two_until_they_are_merged(one: Joined, two: Joined) -> None:
    first = register(one.till)
    second = register(two.till)
    one.sync()
    two.sync()
    one.sync()
    assert first != second
    for joined in (one, two):
        found = desk.find(joined.till, "067 123 45 67")
        assert isinstance(found, tuple)
        assert [match.customer_id for match in found] == [first]
        joined.assert_whole()


def test_a_till_with_a_history_brings_it_along(one: Joined, two: Joined) -> None:
    for number in range(30):
        new = NewCustomer(f"Клієнт {number}", f"0671112{number:03}", agreed=True)
        customer = desk.register(one.till, new, CASHIER)
        assert isinstance(customer, str)
        last = customer
        sell(one.till, customer, 10_00 * (number + 1))
    one.sync()
    two.sync()
    assert balance(two.till, last) == 30
    for joined in (one, two):
        joined.assert_whole()


def test_stamps_memberships_and_friends_are_the_same_everywhere(one: Joined, two: Joined) -> None:
    customer, friend = register(one.till), register(one.till, "Друг", "067 999 00 11")
    mark(one, customer, [["stamp", "coffee", 3], ["use", "SUMMER", 1]])
    book(one, "membership", customer, {"code": "gold", "until": "2027-01-31"})
    book(one, "referral", friend, {"referrer": customer, "rewarded": False})
    one.sync()
    two.sync()
    mark(two, customer, [["stamp", "coffee", 2], ["use", "SUMMER", 1]])
    book(two, "membership", customer, {"code": "gold", "until": "2026-12-31"})
    two.pull()
    two.assert_whole()
    two.sync()
    mark(one, customer, [["stamp", "coffee", -4]])
    one.pull()
    for joined, stamps in ((one, 1), (two, 5)):
        assert marks.marks_of(joined.till.ledger, customer).stamps == {"coffee": stamps}
        assert marks.marks_of(joined.till.ledger, marks.EVERYBODY).uses == {"SUMMER": 2}
        assert marks.memberships_of(joined.till.ledger, customer) == {"gold": date(2027, 1, 31)}
        assert marks.referred(joined.till.ledger, friend) == marks.Referred(customer, False)
        joined.assert_whole()
    one.sync()
    two.sync()
    assert marks.marks_of(two.till.ledger, customer).stamps == {"coffee": 1}
    for joined in (one, two):
        joined.assert_whole()


def mark(joined: Joined, customer: str, changed: list[list[object]]) -> None:
    book(joined, "action", customer, {"action": "test", "marks": changed})


def book(joined: Joined, kind: str, customer: str, payload: dict[str, object]) -> None:
    till = joined.till
    with till.ledger.atomic():
        till.ledger.append(till.draft(kind, CASHIER.id, till.now_ms(), payload, customer_id=customer))
