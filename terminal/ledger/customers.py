"""Customers in the ledger: who they are (erasable), what they have, and the ways to find them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import permutations

from terminal.ledger.ledger import Ledger
from terminal.rules.lots import Lot


@dataclass(frozen=True, slots=True)
class Person:
    """A customer's personal data; `phone` is E.164 digits, `language` one of uk, pl, ru, en or None."""

    customer_id: str
    name: str
    phone: str | None
    email: str | None
    birthday: date | None
    language: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Totals:
    """A customer's figures: points (units) in all, spending to date (minor units), visits, times in UTC ms."""

    customer_id: str
    points: int
    spend_minor: int
    visits: int
    registered_ms: int
    last_sale_ms: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A personal offer as it is told to the customer; both days included."""

    id: str
    title: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Card:
    """A loyalty card; `state` is active, blocked or replaced."""

    number: str
    customer_id: str
    state: str


_MOST_ORDERED = 3
_PERSON = "person.customer_id, person.name, phone, email, birthday, language, note"


def person(ledger: Ledger, customer_id: str) -> Person | None:
    """Return the personal data of a customer, None when unknown or erased."""
    return ledger.once(("person", customer_id), lambda: _read_person(ledger, "customer_id", customer_id))


def person_by_phone(ledger: Ledger, phone: str) -> Person | None:
    """Find by E.164 digits."""
    found = _read_person(ledger, "phone", phone)
    return _look_at(ledger, found) if found else None


def _look_at(ledger: Ledger, found: Person) -> Person:
    """Keep who was found: the counter looks at them next."""
    return ledger.once(("person", found.customer_id), lambda: found)


def _read_person(ledger: Ledger, column: str, value: str) -> Person | None:
    found = ledger.row(f"SELECT {_PERSON} FROM person WHERE {column} = ?", (value,))  # noqa: S608
    return _person(found) if found else None


def card(ledger: Ledger, number: str) -> Card | None:
    """Find a card by its number."""
    found = ledger.row("SELECT number, customer_id, state FROM card WHERE number = ?", (number,))
    return Card(*found) if found else None


def card_and_holder(ledger: Ledger, number: str) -> tuple[Card, Person | None] | None:
    """Find a card by its number, and whose it is; no person when the holder was erased."""
    found = ledger.row(
        f"SELECT card.number, card.customer_id, card.state, {_PERSON}"  # noqa: S608
        " FROM card LEFT JOIN person ON person.customer_id = card.customer_id WHERE card.number = ?",
        (number,),
    )
    if found is None:
        return None
    return Card(*found[:3]), _look_at(ledger, _person(found[3:])) if found[3] is not None else None


def cards_of(ledger: Ledger, customer_id: str) -> list[Card]:
    """Return a customer's cards, active ones first."""
    rows = ledger.rows(
        "SELECT number, customer_id, state FROM card WHERE customer_id = ? ORDER BY state, number", (customer_id,)
    )
    return [Card(*row) for row in rows]


def people_by_last_digits(ledger: Ledger, digits: str, limit: int) -> list[Person]:
    """Find by the last four digits of the phone."""
    rows = ledger.rows(
        f"SELECT {_PERSON} FROM person WHERE substr(phone, -4) = ? AND phone IS NOT NULL LIMIT ?",  # noqa: S608
        (digits, limit),
    )
    return [_person(row) for row in rows]


def people_by_name(ledger: Ledger, folded: str, limit: int) -> list[Person]:
    """Find by a folded name: those that begin with it, two or three words in any order, the typed one first.

    One word is then looked for anywhere in a name (3 letters up), while there is room; several words only when no
    name begins with them: a chain has thousands with either name, and to intersect them takes long.
    """
    words = folded.split()
    orders = dict.fromkeys(map(" ".join, permutations(words))) if len(words) <= _MOST_ORDERED else (folded,)
    found: list[Person] = []
    for beginning in orders:
        found += _people_beginning(ledger, beginning, limit - len(found))
    if len(folded) >= 3 and len(found) < limit and (not found or len(words) == 1):
        seen = {person.customer_id for person in found}
        anywhere = _people_containing(ledger, folded, words, limit * 2)
        found += [person for person in anywhere if person.customer_id not in seen][: limit - len(found)]
    return found


def _people_beginning(ledger: Ledger, folded: str, limit: int) -> list[Person]:
    rows = ledger.rows(
        f"SELECT {_PERSON} FROM person WHERE folded_name >= ? AND folded_name < ?"  # noqa: S608
        " ORDER BY folded_name LIMIT ?",
        (folded, folded + "\U0010ffff", limit),
    )
    return [_person(row) for row in rows]


def _people_containing(ledger: Ledger, folded: str, words: list[str], limit: int) -> list[Person]:
    rows = ledger.rows(
        f"SELECT {_PERSON} FROM person_search JOIN person ON person.number = person_search.rowid"  # noqa: S608
        " WHERE person_search MATCH ? LIMIT ?",
        (" AND ".join(f'"{word}"' for word in words if len(word) >= 3) or f'"{folded}"', limit),
    )
    return [_person(row) for row in rows]


def totals(ledger: Ledger, customer_id: str) -> Totals | None:
    """Return a customer's figures."""
    found = ledger.row(
        "SELECT id, points, spend_minor, visits, registered_ms, last_sale_ms FROM customer WHERE id = ?",
        (customer_id,),
    )
    return Totals(*found) if found else None


def open_lots(ledger: Ledger, customer_id: str) -> tuple[Lot, ...]:
    """Return the lots of a customer that have points left (or owe some)."""
    rows = ledger.rows(
        "SELECT id, points_left, points_held, available_from, expires_on FROM lot"
        " WHERE customer_id = ? AND points_left <> 0",
        (customer_id,),
    )
    return tuple(_lot(*row) for row in rows)


def lots_named(ledger: Ledger, customer_id: str, lot_ids: Iterable[str]) -> tuple[Lot, ...]:
    """Return lots of a customer by their ids, empty ones too; those that are not there are left out."""
    rows = (
        ledger.row(
            "SELECT id, points_left, points_held, available_from, expires_on FROM lot"
            " WHERE customer_id = ? AND id = ?",
            (customer_id, lot_id),
        )
        for lot_id in sorted(lot_ids)
    )
    return tuple(_lot(*row) for row in rows if row)


def account(ledger: Ledger, customer_id: str) -> tuple[Totals, tuple[Lot, ...]] | None:
    """Return a customer's figures and open lots at once, as every quote and the counter need them."""
    rows = ledger.rows(
        "SELECT customer.id, customer.points, spend_minor, visits, registered_ms, last_sale_ms,"
        " lot.id, points_left, points_held, available_from, expires_on"
        " FROM customer LEFT JOIN lot ON customer_id = customer.id AND points_left <> 0 WHERE customer.id = ?",
        (customer_id,),
    )
    if not rows:
        return None
    return Totals(*rows[0][:6]), tuple(_lot(*row[6:]) for row in rows if row[6] is not None)


def lot_left(ledger: Ledger, customer_id: str, lot_id: str) -> int:
    """Return the points left in one lot that this till holds."""
    found = ledger.row(
        "SELECT min(points_left, points_held) FROM lot WHERE customer_id = ? AND id = ?", (customer_id, lot_id)
    )
    return found[0] if found else 0


def lots_expired_before(ledger: Ledger, day: date, limit: int) -> list[tuple[str, str, int]]:
    """Return (customer, lot, points left that this till holds) of lots that ended before `day`, oldest first."""
    rows = ledger.rows(
        "SELECT customer_id, id, min(points_left, points_held) FROM lot INDEXED BY lot_expiry"
        " WHERE expires_on < ? AND expires_on IS NOT NULL AND points_left > 0 AND points_held > 0"
        " ORDER BY expires_on, customer_id, id LIMIT ?",
        (day.isoformat(), limit),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def lots_idle_since(
    ledger: Ledger, day: date, day_ms: int, after: tuple[str, str], limit: int
) -> list[tuple[str, str, int]]:
    """Return (customer, lot, points left that this till holds) of lots that lie idle.

    They were usable before `day`, which begins at `day_ms` (UTC), and their customer has bought nothing since. In
    order of customer and lot, those after `after`.
    """
    rows = ledger.rows(
        "SELECT customer_id, lot.id, min(points_left, points_held)"
        " FROM lot JOIN customer ON customer.id = customer_id"
        " WHERE (customer_id, lot.id) > (?, ?) AND points_left > 0 AND points_held > 0 AND available_from < ?"
        " AND coalesce(last_sale_ms, 0) < ? ORDER BY customer_id, lot.id LIMIT ?",
        (*after, day.isoformat(), day_ms, limit),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def offers_of(ledger: Ledger, customer_id: str, on: date) -> list[Offer]:
    """Return the personal offers that are valid on a day."""
    rows = ledger.rows(
        "SELECT id, title, valid_from, valid_until FROM offer"
        " WHERE customer_id = ? AND valid_from <= ?2 AND valid_until >= ?2",
        (customer_id, on.isoformat()),
    )
    return [Offer(row[0], row[1], date.fromisoformat(row[2]), date.fromisoformat(row[3])) for row in rows]


def add_offer(ledger: Ledger, customer_id: str, offer: Offer) -> None:
    """Give a customer a personal offer."""
    ledger.write(
        "INSERT OR REPLACE INTO offer (customer_id, id, title, valid_from, valid_until) VALUES (?, ?, ?, ?, ?)",
        (customer_id, offer.id, offer.title, offer.valid_from.isoformat(), offer.valid_until.isoformat()),
    )


def add_person(ledger: Ledger, person: Person, folded_name: str, salt: bytes) -> None:
    """Store personal data beside the journal, where it can be erased."""
    ledger.write(
        "INSERT INTO person (customer_id, name, folded_name, phone, email, birthday, language, note, salt)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            person.customer_id,
            person.name,
            folded_name,
            person.phone,
            person.email,
            person.birthday.isoformat() if person.birthday else None,
            person.language,
            person.note,
            salt,
        ),
    )


def set_phone(ledger: Ledger, customer_id: str, phone: str) -> None:
    """Change a customer's phone."""
    ledger.write("UPDATE person SET phone = ? WHERE customer_id = ?", (phone, customer_id))


def erase_person(ledger: Ledger, customer_id: str) -> None:
    """Erase a customer's personal data and consents; the journal knows only the id."""
    ledger.write("DELETE FROM person WHERE customer_id = ?", (customer_id,))
    ledger.write("DELETE FROM consent WHERE customer_id = ?", (customer_id,))


def set_note(ledger: Ledger, customer_id: str, note: str) -> None:
    """Change the note that the counter shows."""
    ledger.write("UPDATE person SET note = ? WHERE customer_id = ?", (note, customer_id))


def salt_of(ledger: Ledger, customer_id: str) -> bytes:
    """Return the salt that a journal entry's hash of this person's data uses."""
    found = ledger.row("SELECT salt FROM person WHERE customer_id = ?", (customer_id,))
    assert found is not None
    return bytes(found[0])


def set_consent(ledger: Ledger, customer_id: str, purpose: str, given: bool, at_ms: int) -> None:
    """Record what a customer agreed to, or no longer agrees to."""
    ledger.write(
        "INSERT INTO consent VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (customer_id, purpose) DO UPDATE SET given = ?3, at_ms = ?4",
        (customer_id, purpose, int(given), at_ms),
    )


def _lot(lot_id: str, left: int, held: int, available_from: str, expires_on: str | None) -> Lot:
    last = date.fromisoformat(expires_on) if expires_on else None
    return Lot(lot_id, left, held, date.fromisoformat(available_from), last)


def _person(row: tuple[str, str, str | None, str | None, str | None, str | None, str]) -> Person:
    return Person(row[0], row[1], row[2], row[3], date.fromisoformat(row[4]) if row[4] else None, row[5], row[6])
