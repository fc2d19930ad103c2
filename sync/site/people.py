"""Who the customers are: personal data, consents, cards; and two who bring the same phone or card."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, tuple_

from sync.protocol import SentPerson
from sync.site.applying import CARD_STATES, Read
from sync.site.rounds import Statement, run, told
from sync.site.store import among, upsert
from sync.site.tables import card, consent, customer, offer, person, twin
from terminal.rules.entry import Entry, canonical_json
from terminal.rules.text import safe_text

_TELLING = frozenset({"register", "phone_changed", "note_changed"})

_PERSON = tuple(column.name for column in person.columns)
_PEOPLE = f"SELECT {', '.join(_PERSON)} FROM person WHERE customer_id {{listed}}"  # noqa: S608
_CUSTOMERS = "SELECT id FROM customer WHERE id {listed}"
_PHONES = "SELECT phone, customer_id FROM person WHERE phone {listed}"


def take_sent(connection: Connection, kept: Iterable[Entry], sent: Iterable[SentPerson]) -> list[str]:
    """Store the personal data that came beside entries, as soon as those are kept; return what was odd.

    The transaction has `lock_people`. Data without an entry that tells of it is passed over.
    """
    by_id = {one.customer_id: one for one in sent}
    telling = [entry for entry in kept if entry.kind in _TELLING and entry.customer_id in by_id]
    ids = sorted({entry.customer_id for entry in telling if entry.customer_id})
    if not ids:
        return []
    people, customers = run(connection, Statement(_PEOPLE, (told(ids),)), Statement(_CUSTOMERS, (told(ids),)))
    known = {row[0]: dict(zip(_PERSON, row, strict=True)) for row in people}
    registered = {row[0] for row in customers}
    rows: dict[str, dict[str, Any]] = {}
    odd: list[str] = []
    for entry in telling:
        assert entry.customer_id is not None
        one = by_id[entry.customer_id]
        row = rows.get(one.customer_id) or known.get(one.customer_id)
        if entry.kind == "register" and row is None and one.customer_id not in registered:
            rows[one.customer_id] = _row_of(one)
            if f'"{_proof(one)}"' not in entry.payload:
                odd.append(f"{one.customer_id}: not the person of the entry's hash")
        elif entry.kind == "phone_changed" and row is not None:
            rows[one.customer_id] = {**row, "phone": one.phone}
        elif entry.kind == "note_changed" and row is not None:
            rows[one.customer_id] = {**row, "note": safe_text(one.note)}
    settle_phones(connection, rows, max(entry.at_ms for entry in telling))
    upsert(connection, person, list(rows.values()))
    return odd


def _proof(one: SentPerson) -> str:
    told = canonical_json({"name": one.name, "phone": one.phone or ""})
    return hashlib.sha256(one.salt + told.encode()).hexdigest()


def _row_of(one: SentPerson) -> dict[str, Any]:
    return person_row(
        one.customer_id,
        one.name,
        one.phone,
        email=one.email,
        birthday=one.birthday,
        language=one.language,
        note=one.note,
        salt=one.salt,
    )


def settle_phones(connection: Connection, rows: dict[str, dict[str, Any]], at_ms: int) -> None:
    """Take a phone from each row whose phone somebody else has, or an earlier row, and note the twins."""
    phones = sorted({row["phone"] for row in rows.values() if row["phone"]})
    if not phones:
        return
    [found] = run(connection, Statement(_PHONES, (told(phones),)))
    owners: dict[str, str] = {row[0]: row[1] for row in found}
    twins: list[dict[str, Any]] = []
    for customer_id, row in rows.items():
        phone = row["phone"]
        if phone and owners.setdefault(phone, customer_id) != customer_id:
            twins.append(_twin(customer_id, "phone", phone, owners[phone], at_ms))
            row["phone"] = None
    upsert(connection, twin, twins)


def _twin(customer_id: str, what: str, value: str, of_id: str, at_ms: int) -> dict[str, Any]:
    return {"customer_id": customer_id, "what": what, "value": value, "of_id": of_id, "at_ms": at_ms}


def take_applied(connection: Connection, applied: Sequence[Read]) -> None:
    """Bring consents, cards and erasures up to applied entries. The transaction has `lock_people`."""
    consents: dict[tuple[str, str], dict[str, Any]] = {}
    for one in applied:
        customer_id = one.entry.customer_id
        assert customer_id is not None
        for purpose, given in one.facts.consents.items():
            row = {"customer_id": customer_id, "purpose": purpose, "given": given, "at_ms": one.entry.at_ms}
            consents[customer_id, purpose] = row
        if one.entry.kind == "merge" and one.facts.into is not None:
            erase(connection, customer_id)
    upsert(connection, consent, list(consents.values()))
    set_cards(
        connection,
        [
            (one.entry.customer_id or "", one.facts.card, CARD_STATES[one.entry.kind], one.entry.at_ms)
            for one in applied
            if one.entry.kind in CARD_STATES and one.facts.card
        ],
    )


def set_consents(connection: Connection, ids: Sequence[str], purposes: dict[str, bool], at_ms: int) -> None:
    """Record what customers agreed to, or no longer agree to."""
    rows = [
        {"customer_id": customer_id, "purpose": purpose, "given": given, "at_ms": at_ms}
        for customer_id in ids
        for purpose, given in purposes.items()
    ]
    upsert(connection, consent, rows)


def set_cards(connection: Connection, wanted: Sequence[tuple[str, str, str, int]]) -> None:
    """Set states of cards: (customer, number, state, UTC ms).

    A card that another customer has stays there, unless that customer became this one.
    """
    if not wanted:
        return
    rows = connection.execute(
        select(card.c.number, card.c.customer_id, customer.c.merged_into)
        .join(customer, customer.c.id == card.c.customer_id)
        .where(among(connection, card.c.number, sorted({number for _, number, _, _ in wanted})))
    )
    owners: dict[str, tuple[str, str | None]] = {row[0]: (row[1], row[2]) for row in rows}
    left: list[tuple[str, str]] = []
    twins: list[dict[str, Any]] = []
    states: dict[tuple[str, str], dict[str, Any]] = {}
    for customer_id, number, state, at_ms in wanted:
        owner, became = owners.get(number, (customer_id, None))
        if owner != customer_id and became != customer_id:
            twins.append(_twin(customer_id, "card", number, owner, at_ms))
            continue
        if owner != customer_id:
            left.append((owner, number))
        owners[number] = (customer_id, None)
        states[customer_id, number] = {"customer_id": customer_id, "number": number, "state": state}
    if left:
        connection.execute(delete(card).where(tuple_(card.c.customer_id, card.c.number).in_(left)))
    upsert(connection, card, list(states.values()))
    upsert(connection, twin, list({(row["customer_id"], row["value"]): row for row in twins}.values()))


def person_row(
    customer_id: str,
    name: str,
    phone: str | None,
    *,
    email: str | None = None,
    birthday: str | None = None,
    language: str | None = None,
    note: str = "",
    salt: bytes = b"",
) -> dict[str, Any]:
    """Return a row of `person`, its texts made safe to show."""
    return {
        "customer_id": customer_id,
        "name": safe_text(name),
        "phone": phone,
        "email": (safe_text(email) or None) if email else None,
        "birthday": birthday,
        "language": language,
        "note": safe_text(note),
        "salt": salt,
    }


def erase(connection: Connection, customer_id: str) -> None:
    """Erase a customer's personal data, consents and offers; cards and figures stay."""
    for table in (person, consent, offer, twin):
        connection.execute(delete(table).where(table.c.customer_id == customer_id))


def find_ids(connection: Connection, by: str, values: Sequence[str]) -> list[str]:
    """Return the ids of customers with one of these phones, cards (not replaced ones) or ids."""
    match by:
        case "phone":
            query = select(person.c.customer_id).where(among(connection, person.c.phone, values))
        case "card":
            query = select(card.c.customer_id).where(
                among(connection, card.c.number, values), card.c.state == "active"
            )
        case _:
            query = select(customer.c.id).where(among(connection, customer.c.id, values))
    return sorted({row[0] for row in connection.execute(query)})
