"""Accounts as one holder is told them: some customers' rows of every table, read set-wise and put together."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar

from msgspec import UNSET
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from sync.protocol import (
    Account,
    CardState,
    Consent,
    HeldElsewhere,
    Identity,
    LotState,
    Person,
    PersonalOffer,
)
from sync.site.books import FIGURES
from sync.site.code_lease_table import code_lease
from sync.site.marks import marks_of, memberships_of, referrals_of
from sync.site.store import AnyRow, among
from sync.site.tables import card, consent, customer, lease, lot, offer, person

COLUMNS: list[ColumnElement[Any]] = [customer.c[name] for name in FIGURES]
"""What of a customer's row an account needs."""

_PERSON = [person.c[name] for name in ("customer_id", "name", "phone", "email", "birthday", "language", "note")]

_Kept = TypeVar("_Kept", Consent, CardState, PersonalOffer)


def accounts(connection: Connection, rows: Sequence[AnyRow], holder_id: str, known: int) -> tuple[Account, ...]:
    """Return the accounts of customers' rows; identities only where they changed after the change `known`."""
    ids = [row[0] for row in rows]
    if not ids:
        return ()
    lots, elsewhere = _lots(connection, ids, holder_id)
    marks, joined = marks_of(connection, ids), memberships_of(connection, ids)
    brought, leased = referrals_of(connection, ids), _leased(connection, ids, holder_id)
    identities = _identities(connection, [row.id for row in rows if row.identity_version > known])
    # Taken apart in one go: a row's columns by their names would cost as much as all the rest.
    return tuple(
        Account(
            customer_id=customer_id,
            version=version,
            points=points,
            spend_minor=spend_minor,
            visits=visits,
            registered_ms=registered_ms,
            last_sale_ms=last_sale_ms,
            group=group,
            tier=tier,
            home=home,
            merged_into=merged_into,
            lots=tuple(lots.get(customer_id, ())),
            elsewhere=tuple(HeldElsewhere(*one) for one in sorted(elsewhere[customer_id].items())),
            marks=marks.get(customer_id, ()),
            memberships=joined.get(customer_id, ()),
            referral=brought.get(customer_id),
            leased=tuple(leased.get(customer_id, ())),
            identity=identities.get(customer_id, UNSET),
        )
        for (
            customer_id,
            version,
            _,
            points,
            spend_minor,
            visits,
            registered_ms,
            last_sale_ms,
            group,
            tier,
            home,
            merged_into,
        ) in rows
    )


def accounts_of(connection: Connection, ids: Sequence[str], holder_id: str) -> tuple[Account, ...]:
    """Return whole accounts by id, identities too."""
    rows = connection.execute(select(*COLUMNS).where(among(connection, customer.c.id, ids)).order_by(customer.c.id))
    return accounts(connection, rows.all(), holder_id, -1)


def _lots(
    connection: Connection, ids: Sequence[str], holder_id: str
) -> tuple[dict[str, list[LotState]], dict[str, dict[str, int]]]:
    held: dict[tuple[str, str], int] = {}
    elsewhere: dict[str, dict[str, int]] = defaultdict(dict)
    for customer_id, lot_id, whose, points in connection.execute(
        select(lease.c.customer_id, lease.c.lot_id, lease.c.holder_id, lease.c.points).where(
            among(connection, lease.c.customer_id, ids), lease.c.points != 0
        )
    ):
        if whose == holder_id:
            held[customer_id, lot_id] = points
        else:
            elsewhere[customer_id][whose] = elsewhere[customer_id].get(whose, 0) + points
    lots: dict[str, list[LotState]] = defaultdict(list)
    mine = select(lease.c.lot_id).where(
        lease.c.customer_id == lot.c.customer_id,
        lease.c.lot_id == lot.c.id,
        lease.c.holder_id == holder_id,
        lease.c.points != 0,
    )
    query = select(
        lot.c.customer_id,
        lot.c.id,
        lot.c.points,
        lot.c.points_left,
        lot.c.free,
        lot.c.available_from,
        lot.c.expires_on,
    ).where(
        and_(among(connection, lot.c.customer_id, ids), or_(lot.c.points_left != 0, lot.c.free != 0, mine.exists()))
    )
    for customer_id, lot_id, points, left, free, available_from, expires_on in connection.execute(query):
        has = held.get((customer_id, lot_id), 0)
        lots[customer_id].append(LotState(lot_id, points, left, has, available_from, expires_on))
        if free:
            elsewhere[customer_id][""] = elsewhere[customer_id].get("", 0) + free
    return lots, elsewhere


def _leased(connection: Connection, ids: Sequence[str], holder_id: str) -> dict[str, list[str]]:
    """Return the codes that a holder alone may use."""
    codes: dict[str, list[str]] = defaultdict(list)
    rows = connection.execute(
        select(code_lease.c.customer_id, code_lease.c.code)
        .where(code_lease.c.holder_id == holder_id, among(connection, code_lease.c.customer_id, ids))
        .order_by(code_lease.c.code)
    )
    for customer_id, code in rows:
        codes[customer_id].append(code)
    return codes


def _identities(connection: Connection, ids: Sequence[str]) -> dict[str, Identity]:
    if not ids:
        return {}
    people: dict[str, Person] = {}
    for customer_id, name, phone, email, birthday, language, note in connection.execute(
        select(*_PERSON).where(among(connection, person.c.customer_id, ids))
    ):
        people[customer_id] = Person(
            name=name, phone=phone, email=email, birthday=birthday, language=language, note=note
        )
    consents = _kept(
        connection, ids, consent.c.customer_id, Consent, consent.c.purpose, consent.c.given, consent.c.at_ms
    )
    cards = _kept(connection, ids, card.c.customer_id, CardState, card.c.number, card.c.state)
    offers = _kept(
        connection,
        ids,
        offer.c.customer_id,
        PersonalOffer,
        offer.c.id,
        offer.c.title,
        offer.c.valid_from,
        offer.c.valid_until,
    )
    return {
        one: Identity(
            person=people.get(one),
            consents=tuple(consents.get(one, ())),
            cards=tuple(cards.get(one, ())),
            offers=tuple(offers.get(one, ())),
        )
        for one in ids
    }


def _kept(
    connection: Connection,
    ids: Sequence[str],
    whose: ColumnElement[str],
    kind: type[_Kept],
    *columns: ColumnElement[Any],
) -> dict[str, list[_Kept]]:
    """Return what customers have in a table, by customer, in the order of the first column."""
    found: dict[str, list[_Kept]] = defaultdict(list)
    query = select(whose, *columns).where(among(connection, whose, ids)).order_by(columns[0])
    for customer_id, *cells in connection.execute(query):
        found[customer_id].append(kind(*cells))
    return found
