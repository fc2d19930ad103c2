"""Who the site's customers are: persons, consents, cards and offers, each replaced whole by what is told."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from terminal.ledger.ledger import Ledger
from terminal.ledger.told import ToldIdentity, ToldPerson
from terminal.ledger.views import CARD_STATES, apply_card
from terminal.ledger.writes import Write, as_json
from terminal.rules.entry import Entry
from terminal.rules.text import fold, safe_text

Told = Sequence[tuple[str, ToldIdentity]]
Later = dict[str, list[Entry]]

_NAMELESS = "—"
_LANGUAGES = ("uk", "pl", "ru", "en")

_PUT_PERSON = """
INSERT INTO person (customer_id, name, folded_name, phone, email, birthday, language, note, salt)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, randomblob(16))
ON CONFLICT (customer_id) DO UPDATE SET name = ?2, folded_name = ?3, phone = ?4, email = ?5, birthday = ?6,
    language = ?7, note = ?8
"""

# Without a new folded name the search index has nothing to do.
_CHANGE_PERSON = """
UPDATE person SET name = ?2, phone = ?4, email = ?5, birthday = ?6, language = ?7, note = ?8
WHERE customer_id = ?1 AND folded_name = ?3
"""

_PUT_CARD = """
INSERT INTO card (number, customer_id, state, site_state) VALUES (?1, ?2, ?3, ?3)
ON CONFLICT (number) DO UPDATE SET customer_id = ?2, state = ?3, site_state = ?3
"""


def identity_writes(ledger: Ledger, told: Told, known: Collection[str], later: Later) -> list[Write]:
    """Return what is to be written of identities; what own `later` entries changed stays changed.

    `known` are the customers of whom the ledger has something already.
    """
    if not told:
        return []
    before = [(customer_id,) for customer_id, _ in told if customer_id in known]
    return [
        *_person_writes(ledger, told, known, later),
        *((f"DELETE FROM {table} WHERE customer_id = ?", before) for table in ("consent", "card", "offer")),  # noqa: S608
        (
            "INSERT OR REPLACE INTO consent VALUES (?, ?, ?, ?)",
            [
                (customer_id, consent.purpose, int(consent.given), consent.at_ms)
                for customer_id, identity in told
                for consent in identity.consents
            ],
        ),
        (
            _PUT_CARD,
            [(card.number, customer_id, card.state) for customer_id, identity in told for card in identity.cards],
        ),
        (
            "INSERT OR REPLACE INTO offer VALUES (?, ?, ?, ?, ?)",
            [
                (customer_id, offer.id, safe_text(offer.title), offer.valid_from, offer.valid_until)
                for customer_id, identity in told
                for offer in identity.offers
            ],
        ),
    ]


def _person_writes(ledger: Ledger, told: Told, known: Collection[str], later: Later) -> list[Write]:
    mine = _people(ledger, [customer_id for customer_id, _ in told if customer_id in known])
    rows: list[tuple[Any, ...]] = []
    erased: list[tuple[Any, ...]] = []
    for customer_id, identity in told:
        kinds = {entry.kind for entry in later.get(customer_id, ())}
        if identity.person is None or (mine.get(customer_id) is None and "merge" in kinds):
            erased.append((customer_id,))
        else:
            rows.append(_person(customer_id, identity.person, mine.get(customer_id), kinds))
    freed, rows = _free_phones(ledger, rows)
    same = [row for row in rows if row[0] in mine and mine[row[0]][0] == row[2]]
    return [
        ("DELETE FROM person WHERE customer_id = ?", erased),
        ("UPDATE person SET phone = NULL WHERE customer_id = ?", freed),
        (_CHANGE_PERSON, same),
        (_PUT_PERSON, [row for row in rows if row[0] not in mine or mine[row[0]][0] != row[2]]),
    ]


def _people(ledger: Ledger, ids: list[str]) -> dict[str, tuple[str, str | None, str]]:
    """Return (folded name, phone, note) of the persons that are here."""
    rows = ledger.rows(
        "SELECT customer_id, folded_name, phone, note FROM person"
        " WHERE customer_id IN (SELECT value FROM json_each(?))",
        (as_json(ids),),
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _person(
    customer_id: str, person: ToldPerson, mine: tuple[str, str | None, str] | None, changed: Collection[str]
) -> tuple[Any, ...]:
    name = safe_text(person.name) or _NAMELESS
    return (
        customer_id,
        name,
        fold(name),
        mine[1] if mine and "phone_changed" in changed else person.phone,
        safe_text(person.email) or None if person.email else None,
        person.birthday,
        person.language if person.language in _LANGUAGES else None,
        mine[2] if mine and "note_changed" in changed else safe_text(person.note),
    )


def _free_phones(
    ledger: Ledger, rows: list[tuple[Any, ...]]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return who is to lose a phone, and the rows: the site is the one that says whose a phone is."""
    owners = {row[3]: row[0] for row in rows if row[3]}
    found = ledger.rows(
        "SELECT phone, customer_id FROM person WHERE phone IN (SELECT value FROM json_each(?))",
        (as_json(list(owners)),),
    )
    freed: list[tuple[Any, ...]] = [(customer_id,) for phone, customer_id in found if owners[phone] != customer_id]
    if len(owners) == sum(row[3] is not None for row in rows):
        return freed, rows
    return freed, [row if owners.get(row[3]) == row[0] else (*row[:3], None, *row[4:]) for row in rows]


def apply_identity(ledger: Ledger, entry: Entry) -> None:
    """Put an own later entry on top of who the site says that the customer is."""
    payload = msgspec.json.decode(entry.payload)
    if entry.kind in CARD_STATES:
        apply_card(ledger.connection, entry, payload["card"])
    for purpose, given in payload.get("consents", {}).items():
        ledger.write(
            "INSERT OR REPLACE INTO consent VALUES (?, ?, ?, ?)",
            (entry.customer_id, purpose, int(given), entry.at_ms),
        )
