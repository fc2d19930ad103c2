"""Customers at the counter: found by whatever the cashier has, shown with what they may do, and registered."""

import hashlib
from dataclasses import dataclass
from datetime import date

from terminal.desk.accounts import plain_account, standing_of
from terminal.desk.actions import act_once_registered
from terminal.desk.leases import why_stopped
from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger.contact import contact
from terminal.ledger.customers import Offer, Person
from terminal.ledger.leases import Elsewhere, elsewhere_of
from terminal.ledger.shop import Operator
from terminal.rules.card import ean13_valid, is_payment_card, payment_card_refused, read_card
from terminal.rules.entry import canonical_json
from terminal.rules.lots import expiring, pending, spendable
from terminal.rules.offer import Reward
from terminal.rules.phone import last_digits, plain_mobile, read_phone
from terminal.rules.phrase import Phrase, Refused, phrase
from terminal.rules.redeeming import worth_minor
from terminal.rules.text import fold, safe_text
from terminal.rules.tiers import Standing

MATCHES_SHOWN = 20
MIN_NAME = 2


@dataclass(frozen=True, slots=True)
class Match:
    """A customer that was found; `phone` is E.164 digits."""

    customer_id: str
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody has this; `phone` or `card` is what a new customer would be registered with."""

    reason: Phrase
    phone: str = ""
    card: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the counter shows of a customer. Points in units, money in minor units.

    `spendable` can be spent here now; `known` is the whole balance; `reachable` are rewards within the balance.
    With a site, `elsewhere` is who holds the rest, `known` is as of `as_of_ms` (UTC), and `stopped` says why
    nothing is taken off here, where that is so.
    """

    person: Person
    known: int
    spendable: int
    spendable_minor: int
    pending: int
    pending_from: date | None
    expiring: int
    expiring_on: date | None
    standing: Standing
    spend_minor: int
    visits: int
    last_sale_ms: int | None
    offers: tuple[Offer, ...]
    reachable: tuple[Reward, ...]
    birthday_today: bool
    elsewhere: tuple[Elsewhere, ...] = ()
    as_of_ms: int = 0
    stopped: Phrase | None = None


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """What was typed for a new customer, as typed. `agreed` is the consent to the programme's terms."""

    name: str
    phone: str
    card: str = ""
    email: str = ""
    birthday: date | None = None
    language: str = ""
    agreed: bool = False
    messages_agreed: bool = False


def find(till: Till, text: str) -> tuple[Match, ...] | Unknown | Refused:
    """Find customers by a card's number, a phone in any national form, its last four digits, or a name."""
    wanted = safe_text(text)
    if not wanted:
        return Refused(phrase("Scan the card, or type a phone, its last four digits, or a name."), "find")
    if is_payment_card(wanted):
        return payment_card_refused("card")
    found = _find_at_once(till, wanted)
    if found:
        return found
    with till.ledger.snapshot():  # one look at the file: each query by itself would lock it anew
        return _find(till, wanted)


def _find_at_once(till: Till, wanted: str) -> tuple[Match, ...] | Refused | None:
    """Find by one query what is typed or scanned most, a plain mobile or a card; None when it is neither."""
    mobile = plain_mobile(wanted, till.shop.country)
    if mobile is not None:
        owner = ledger_customers.person_by_phone(till.ledger, mobile)
        return _matches([owner]) if owner else None  # or a card's number, which looks the same
    held = ledger_customers.card_and_holder(till.ledger, wanted) if ean13_valid(wanted) else None
    return _by_card(*held) if held else None


def _find(till: Till, wanted: str) -> tuple[Match, ...] | Unknown | Refused:
    digits = last_digits(wanted)
    if digits is not None:
        people = ledger_customers.people_by_last_digits(till.ledger, digits, MATCHES_SHOWN)
        # A small shop's cards may have four digits too.
        held = ledger_customers.card_and_holder(till.ledger, digits)
        holder = held[1] if held and held[0].state == "active" else None
        if holder is not None:
            people = [holder, *(person for person in people if person != holder)]
        return _matches(people) or Unknown(phrase("No phone here ends in {digits}.", digits=digits))
    number = read_card(wanted)
    if isinstance(number, str):
        held = ledger_customers.card_and_holder(till.ledger, number)
        if held is not None:
            return _by_card(*held)
    if any(character.isdigit() for character in wanted):
        return _by_number(till, wanted, number)
    return _by_name(till, wanted)


def _by_card(card: ledger_customers.Card, holder: Person | None) -> tuple[Match, ...] | Refused:
    if card.state != "active":
        words = {
            "blocked": phrase("Card {number} is blocked. Find the customer by phone.", number=card.number),
            "replaced": phrase("Card {number} was replaced by a new one. Ask for it.", number=card.number),
        }
        return Refused(words[card.state], "card")
    return _matches([holder] if holder else [])


def _by_number(till: Till, wanted: str, number: str | Refused) -> tuple[Match, ...] | Unknown | Refused:
    phone = read_phone(wanted, till.shop.country)
    if isinstance(phone, str):
        person = ledger_customers.person_by_phone(till.ledger, phone)
        if person is not None:
            return _matches([person])
        if isinstance(number, str) and ean13_valid(number):
            # Thirteen digits of a card that also happen to be a number in some far country's plan.
            return Unknown(phrase("Card {number} is not known here.", number=number), card=number)
        return Unknown(phrase("Nobody has the phone {phone} yet.", phone=wanted), phone=phone)
    if any(character.isalpha() for character in wanted):
        found = _by_name(till, wanted)
        if not isinstance(found, Unknown):
            return found
    if isinstance(number, Refused):
        return number
    if len(number) >= 12 or not number.isdigit():
        return Unknown(phrase("Card {number} is not known here.", number=number), card=number)
    return phone


def _by_name(till: Till, wanted: str) -> tuple[Match, ...] | Unknown | Refused:
    folded = fold(wanted)
    if len(folded) < MIN_NAME:
        return Refused(phrase("Type two letters of the name or more."), "find")
    people = ledger_customers.people_by_name(till.ledger, folded, MATCHES_SHOWN)
    return _matches(people) or Unknown(phrase("Nobody here is called “{name}”.", name=wanted))


def _matches(people: list[Person]) -> tuple[Match, ...]:
    return tuple(Match(person.customer_id, person.name, person.phone) for person in people)


def profile(till: Till, customer_id: str) -> Profile | Refused:
    """Gather what the counter shows of one customer, from one state of the ledger alone."""
    with till.ledger.snapshot():
        return _profile(till, customer_id)


def _profile(till: Till, customer_id: str) -> Profile | Refused:
    today = till.today()
    programme = till.programme(today)
    if isinstance(programme, Refused):
        return programme
    person = ledger_customers.person(till.ledger, customer_id)
    found = ledger_customers.account(till.ledger, customer_id)
    if person is None or found is None:
        return Refused(phrase("This customer is no longer here. Find them again."), "find")
    totals, plain = found[0], plain_account(till, programme, found)
    lots = plain.lots
    points = spendable(lots, today)
    site = contact(till.ledger)
    later, later_from = pending(lots, today)
    soon, soon_on = expiring(lots, today, programme.expiry.warn_days)
    return Profile(
        person=person,
        known=totals.points,
        spendable=points,
        spendable_minor=worth_minor(programme, points) if programme.redeem else 0,
        pending=later,
        pending_from=later_from,
        expiring=soon,
        expiring_on=soon_on,
        standing=standing_of(till, plain, programme, today),
        spend_minor=totals.spend_minor,
        visits=totals.visits,
        last_sale_ms=totals.last_sale_ms,
        offers=tuple(ledger_customers.offers_of(till.ledger, customer_id, today)),
        reachable=tuple(reward for reward in programme.rewards if reward.points <= points),
        birthday_today=person.birthday is not None
        and (person.birthday.month, person.birthday.day) == (today.month, today.day),
        elsewhere=elsewhere_of(till.ledger, customer_id) if site is not None else (),
        as_of_ms=site.seen_ms if site is not None else 0,
        stopped=why_stopped(till),
    )


def register(till: Till, new: NewCustomer, by: Operator) -> str | Refused:
    """Register a customer with phone, consent and, if there is one, a card; return the customer's id."""
    name = safe_text(new.name)
    if not name:
        return Refused(phrase("Type the customer's name."), "name")
    for field, typed in (("name", new.name), ("email", new.email)):
        if is_payment_card(typed):
            return payment_card_refused(field)
    phone = read_phone(new.phone, till.shop.country)
    if isinstance(phone, Refused):
        return phone
    if not new.agreed:
        return Refused(phrase("Ask whether the customer agrees to the programme's terms, then tick it."), "agreed")
    card = read_card(new.card) if new.card.strip() else None
    if isinstance(card, Refused):
        return card
    with till.ledger.atomic():
        refused = _taken(till, phone, card)
        if refused is not None:
            return refused
        at_ms = till.now_ms()
        customer_id = till.new_id(at_ms)
        person = Person(
            customer_id,
            name,
            phone,
            safe_text(new.email) or None,
            new.birthday,
            new.language or None,
            "",
        )
        _register(till, person, card, new, by, at_ms)
        act_once_registered(till, customer_id, by)
    return customer_id


def _taken(till: Till, phone: str, card: str | None) -> Refused | None:
    owner = ledger_customers.person_by_phone(till.ledger, phone)
    if owner is not None:
        return Refused(phrase("{name} has this phone already. Find them by it.", name=owner.name), "phone")
    if card is not None and ledger_customers.card(till.ledger, card) is not None:
        return Refused(phrase("Card {number} belongs to another customer.", number=card), "card")
    return None


def _register(till: Till, person: Person, card: str | None, new: NewCustomer, by: Operator, at_ms: int) -> None:
    salt = till.chance.randbytes(16)
    purposes = {"programme": True, "messages": new.messages_agreed}
    till.ledger.append(
        till.draft(
            "register",
            by.id,
            at_ms,
            {"consents": purposes, "person_hash": person_hash(person, salt)},
            customer_id=person.customer_id,
        )
    )
    ledger_customers.add_person(till.ledger, person, fold(person.name), salt)
    for purpose, given in purposes.items():
        ledger_customers.set_consent(till.ledger, person.customer_id, purpose, given, at_ms)
    if card is not None:
        till.ledger.append(till.draft("card_bound", by.id, at_ms, {"card": card}, customer_id=person.customer_id))


def change_phone(till: Till, customer_id: str, phone: str, by: Operator) -> str | Refused:
    """Give a customer another phone; return it as E.164 digits."""
    digits = read_phone(phone, till.shop.country)
    if isinstance(digits, Refused):
        return digits
    with till.ledger.atomic():
        refused = _taken(till, digits, None)
        if refused is not None:
            return refused
        if ledger_customers.person(till.ledger, customer_id) is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        salt = ledger_customers.salt_of(till.ledger, customer_id)
        ledger_customers.set_phone(till.ledger, customer_id, digits)
        proof = hashlib.sha256(salt + digits.encode()).hexdigest()
        till.ledger.append(
            till.draft("phone_changed", by.id, till.now_ms(), {"phone_hash": proof}, customer_id=customer_id)
        )
    return digits


def change_note(till: Till, customer_id: str, note: str, by: Operator) -> str | Refused:
    """Keep a note that the counter shows with the customer (an allergy, a name day); "" takes it away."""
    if is_payment_card(note):
        return payment_card_refused("note")
    kept = safe_text(note)
    with till.ledger.atomic():
        if ledger_customers.person(till.ledger, customer_id) is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        ledger_customers.set_note(till.ledger, customer_id, kept)
        till.ledger.append(till.draft("note_changed", by.id, till.now_ms(), {}, customer_id=customer_id))
    return kept


def person_hash(person: Person, salt: bytes) -> str:
    """Return the salted SHA-256 that proves, without telling, whom an entry registered."""
    told = canonical_json({"name": person.name, "phone": person.phone or ""})
    return hashlib.sha256(salt + told.encode()).hexdigest()
