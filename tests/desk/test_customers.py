"""Registering customers, changing their phone and cards: what is stored, what is refused, what is nowhere kept."""

import json
from dataclasses import replace
from datetime import date

import pytest

from terminal import desk
from terminal.desk import NewCustomer, Till
from terminal.desk.customers import person_hash
from terminal.ledger import Ledger
from terminal.ledger.customers import Person, person, salt_of
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import Bill
from terminal.rules.phrase import Refused
from tests.shop import CASHIER, Clock, again, journal_kinds, register, said, sell

CARD, OTHER_CARD = "2900000000018", "2900000000025"
NEW = NewCustomer("Олена Коваленко", "067 123-45-67", CARD, "olena@example.com", date(1990, 5, 4), "uk", True, True)
BANK_CARD = "4111 1111 1111 1111"


def everything(ledger: Ledger) -> str:
    """All that the decrypted file holds, as text."""
    names = [row[0] for row in ledger.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return "\n".join(str(row) for name in names for row in ledger.rows(f"SELECT * FROM {name}"))


def test_a_registration_is_stored_with_consent_and_card(till: Till) -> None:
    customer_id = desk.register(till, NEW, CASHIER)
    assert isinstance(customer_id, str)
    stored = Person(customer_id, "Олена Коваленко", "380671234567", "olena@example.com", date(1990, 5, 4), "uk", "")
    assert person(till.ledger, customer_id) == stored
    assert [(card.number, card.state) for card in desk.cards(till, customer_id)] == [(CARD, "active")]
    at_ms = till.now_ms()
    consents = till.ledger.rows("SELECT purpose, given, at_ms FROM consent WHERE customer_id = ?", (customer_id,))
    assert consents == [("messages", 1, at_ms), ("programme", 1, at_ms)]
    assert journal_kinds(till.ledger) == ["register", "card_bound"]
    entry = till.ledger.entries()[0]
    assert (entry.operator, entry.customer_id) == (CASHIER.id, customer_id)
    assert json.loads(entry.payload) == {
        "consents": {"messages": True, "programme": True},
        "person_hash": person_hash(stored, salt_of(till.ledger, customer_id)),
    }


def test_the_journal_holds_no_personal_data(till: Till) -> None:
    customer_id = desk.register(till, NEW, CASHIER)
    assert isinstance(customer_id, str)
    desk.change_phone(till, customer_id, "050 765 43 21", CASHIER)
    sell(till, customer_id, 100_00)
    journal = str(till.ledger.rows("SELECT * FROM journal"))
    for told in ("Олена", "Коваленко", "671234567", "507654321", "olena@", "1990"):
        assert told not in journal


def test_only_a_name_and_a_phone_are_needed(till: Till) -> None:
    customer_id = desk.register(till, NewCustomer(" Ян ", "0671234567", agreed=True), CASHIER)
    assert isinstance(customer_id, str)
    assert person(till.ledger, customer_id) == Person(customer_id, "Ян", "380671234567", None, None, None, "")
    assert till.ledger.rows("SELECT purpose, given FROM consent") == [("messages", 0), ("programme", 1)]


def test_two_persons_with_the_same_data_have_other_hashes() -> None:
    one = Person("a", "Олена", "380671234567", None, None, None, "")
    assert person_hash(one, b"1" * 16) != person_hash(one, b"2" * 16)
    assert person_hash(replace(one, phone="380671234568"), b"1" * 16) != person_hash(one, b"1" * 16)


@pytest.mark.parametrize(
    ("new", "field", "words"),
    [
        (replace(NEW, name=""), "name", "Type the customer's name"),
        (replace(NEW, name="\u200b\u202e "), "name", "Type the customer's name"),
        (replace(NEW, name=BANK_CARD), "name", "This is a bank card"),
        (replace(NEW, email=BANK_CARD), "email", "This is a bank card"),
        (replace(NEW, phone=""), "phone", "not a possible phone"),
        (replace(NEW, phone="067"), "phone", "not a possible phone"),
        (replace(NEW, phone="3782 822463 10005"), "phone", "This is a bank card"),
        (replace(NEW, agreed=False), "agreed", "Ask whether the customer agrees"),
        (replace(NEW, card="29"), "card", "can't be a card number"),
        (replace(NEW, card="2900000000013"), "card", "wrong check digit"),
        (replace(NEW, card=BANK_CARD), "card", "This is a bank card"),
    ],
)
def test_what_can_not_be_registered_is_refused_and_nothing_is_kept(
    till: Till, new: NewCustomer, field: str, words: str
) -> None:
    before = everything(till.ledger)
    refused = desk.register(till, new, CASHIER)
    assert words in said(refused)
    assert isinstance(refused, Refused)
    assert refused.field == field
    assert everything(till.ledger) == before


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (NewCustomer("Інша", "80671234567", agreed=True), "Олена Коваленко has this phone already"),
        (NewCustomer("Інша", "050 765 43 21", CARD, agreed=True), "belongs to another customer"),
    ],
)
def test_a_phone_and_a_card_have_one_customer(till: Till, new: NewCustomer, words: str) -> None:
    desk.register(till, NEW, CASHIER)
    before = everything(till.ledger)
    assert words in said(desk.register(till, new, CASHIER))
    assert everything(till.ledger) == before


def test_a_bank_card_is_nowhere_in_the_ledger_whatever_it_was_typed_into(till: Till, customer: str) -> None:
    for form in ("4111111111111111", BANK_CARD, "4111-1111-1111-1111", "%B4111111111111111^K/O^28051010000?"):
        answers = [
            desk.find(till, form),
            desk.register(till, replace(NEW, phone="0507654321", card=form), CASHIER),
            desk.register(till, replace(NEW, phone="0507654321", name=form), CASHIER),
            desk.register(till, replace(NEW, phone=form), CASHIER),
            desk.bind_card(till, customer, form, CASHIER),
            desk.block_card(till, form, CASHIER),
            desk.replace_card(till, form, OTHER_CARD, CASHIER),
            desk.change_phone(till, customer, form, CASHIER),
            desk.change_note(till, customer, f"Картка {form}", CASHIER),
            desk.add_product(till, Bill(()), form),
        ]
        assert all(isinstance(answer, Refused) for answer in answers), answers
        assert not any("1111" in said(answer) for answer in answers)
    assert "1111" not in everything(till.ledger).replace(" ", "").replace("-", "")


def test_a_phone_is_changed(till: Till, customer: str) -> None:
    assert desk.change_phone(till, customer, "050 765 43 21", CASHIER) == "380507654321"
    assert isinstance(desk.find(till, "0507654321"), tuple)
    assert isinstance(desk.find(till, "0671234567"), desk.Unknown)
    assert journal_kinds(till.ledger) == ["register", "phone_changed"]
    register(till, "Нова", "067 123 45 67")


@pytest.mark.parametrize(
    ("phone", "words"),
    [("067", "not a possible phone"), ("050 765 43 21", "Марʼяна has this phone already")],
)
def test_a_phone_that_can_not_be_changed_stays(till: Till, customer: str, phone: str, words: str) -> None:
    register(till, "Марʼяна", "050 765 43 21")
    before = everything(till.ledger)
    assert words in said(desk.change_phone(till, customer, phone, CASHIER))
    assert everything(till.ledger) == before


def test_a_customer_who_is_not_there_is_refused_by_every_use_case(till: Till) -> None:
    for answer in (
        desk.change_phone(till, "nobody", "0507654321", CASHIER),
        desk.change_note(till, "nobody", "алергія", CASHIER),
        desk.bind_card(till, "nobody", CARD, CASHIER),
        desk.profile(till, "nobody"),
        desk.print_balance(till, "nobody", CASHIER),
    ):
        assert "no longer here" in said(answer)
    assert journal_kinds(till.ledger) == []


def test_a_note_is_kept_as_plain_text_and_taken_away(till: Till, customer: str) -> None:
    assert desk.change_note(till, customer, "[b]алергія\u202e\n на горіхи", CASHIER) == "[b]алергія на горіхи"
    shown = desk.profile(till, customer)
    assert not isinstance(shown, Refused)
    assert shown.person.note == "[b]алергія на горіхи"
    assert "горіхи" not in str(till.ledger.rows("SELECT * FROM journal"))
    assert desk.change_note(till, customer, " ", CASHIER) == ""
    assert journal_kinds(till.ledger) == ["register", "note_changed", "note_changed"]


def states(till: Till, customer_id: str) -> dict[str, str]:
    return {card.number: card.state for card in desk.cards(till, customer_id)}


def test_cards_are_bound_blocked_and_replaced(till: Till, customer: str) -> None:
    assert desk.bind_card(till, customer, " 2900000 000018", CASHIER) == CARD
    assert desk.bind_card(till, customer, "lc-0001", CASHIER) == "LC-0001"
    assert states(till, customer) == {CARD: "active", "LC-0001": "active"}
    assert desk.block_card(till, "lc-0001", CASHIER) == "LC-0001"
    assert desk.replace_card(till, CARD, OTHER_CARD, CASHIER) == OTHER_CARD
    assert states(till, customer) == {CARD: "replaced", OTHER_CARD: "active", "LC-0001": "blocked"}
    assert [card.state for card in desk.cards(till, customer)] == ["active", "blocked", "replaced"]
    kinds = ["register", "card_bound", "card_bound", "card_blocked", "card_replaced", "card_bound"]
    assert journal_kinds(till.ledger) == kinds
    assert verify_ledger(till.ledger).ok


def test_a_card_that_is_in_use_blocked_or_replaced_is_never_given_again(till: Till, customer: str) -> None:
    other = register(till, "Марʼяна", "050 765 43 21")
    desk.bind_card(till, customer, CARD, CASHIER)
    desk.replace_card(till, CARD, OTHER_CARD, CASHIER)
    for card in (CARD, OTHER_CARD):
        assert "is in use already" in said(desk.bind_card(till, other, card, CASHIER))
        assert "is in use already" in said(desk.replace_card(till, OTHER_CARD, card, CASHIER))
    for card in (CARD, "LC-9999"):
        assert "is not an active card" in said(desk.block_card(till, card, CASHIER))
        assert "is not an active card" in said(desk.replace_card(till, card, "LC-0002", CASHIER))
    assert "wrong check digit" in said(desk.bind_card(till, other, "2900000000013", CASHIER))
    assert states(till, other) == {}


def test_the_profile_shows_what_the_counter_needs(till: Till, clock: Clock) -> None:
    customer_id = desk.register(till, NEW, CASHIER)
    assert isinstance(customer_id, str)
    sell(till, customer_id, 500_00)
    shown = desk.profile(till, customer_id)
    assert not isinstance(shown, Refused)
    assert (shown.known, shown.spendable, shown.spendable_minor) == (50, 50, 5_000)
    assert (shown.pending, shown.pending_from, shown.expiring, shown.expiring_on) == (0, None, 0, None)
    assert (shown.spend_minor, shown.visits, shown.last_sale_ms) == (50_000, 1, till.now_ms())
    assert shown.birthday_today
    clock.advance(days=80)
    later = desk.profile(till, customer_id)
    assert not isinstance(later, Refused)
    assert (later.expiring, later.expiring_on) == (50, date(2026, 8, 12))
    assert not later.birthday_today


def test_all_is_there_again_after_the_plug_was_pulled(till: Till) -> None:
    customer_id = desk.register(till, NEW, CASHIER)
    assert isinstance(customer_id, str)
    before = everything(till.ledger)
    till.ledger = again(till.ledger)
    assert everything(till.ledger) == before
    assert isinstance(desk.find(till, CARD), tuple)
    till.ledger.close()
