"""Accounts as one holder is told them: some customers' rows of every table, read set-wise and put together."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

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
from sync.site.code_lease_table import code_lease
from sync.site.marks import marks_of, memberships_of, referrals_of
from sync.site.store import AnyRow, among
from sync.site.tables import card, consent, customer, lease, lot, offer, person

COLUMNS: list[ColumnElement[Any]] = [
    customer.c.id,
    customer.c.version,
    customer.c.identity_version,
    customer.c.points,
    customer.c.spend_minor,
    customer.c.visits,
    customer.c.registered_ms,
    customer.c.last_sale_ms,
    customer.c.group_code,
    customer.c.tier,
    customer.c.home,
    customer.c.merged_into,
]
"""What of a customer's row an account needs."""


def accounts(connection: Connection, rows: Sequence[AnyRow], holder_id: str, known: int) -> tuple[Account, ...]:
    """Return the accounts of customers' rows; identities only where they changed after the change `known`."""
    ids = [row.id for row in rows]
    if not ids:
        return ()
    lots, elsewhere = _lots(connection, ids, holder_id)
    marks, joined = marks_of(connection, ids), memberships_of(connection, ids)
    brought, leased = referrals_of(connection, ids), _leased(connection, ids, holder_id)
    identities = _identities(connection, [row.id for row in rows if row.identity_version > known])
    return tuple(
        Account(
            customer_id=row.id,
            version=row.version,
            points=row.points,
            spend_minor=row.spend_minor,
            visits=row.visits,
            registered_ms=row.registered_ms,
            last_sale_ms=row.last_sale_ms,
            group=row.group_code,
            tier=row.tier,
            home=row.home,
            merged_into=row.merged_into,
            lots=tuple(lots[row.id]),
            elsewhere=tuple(HeldElsewhere(*one) for one in sorted(elsewhere[row.id].items())),
            marks=marks.get(row.id, ()),
            memberships=joined.get(row.id, ()),
            referral=brought.get(row.id),
            leased=tuple(leased.get(row.id, ())),
            identity=identities.get(row.id, UNSET),
        )
        for row in rows
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
    people = {
        row.customer_id: Person(
            name=row.name,
            phone=row.phone,
            email=row.email,
            birthday=row.birthday,
            language=row.language,
            note=row.note,
        )
        for row in connection.execute(select(person).where(among(connection, person.c.customer_id, ids)))
    }
    consents: dict[str, list[Consent]] = defaultdict(list)
    for row in connection.execute(
        select(consent).where(among(connection, consent.c.customer_id, ids)).order_by(consent.c.purpose)
    ):
        consents[row.customer_id].append(Consent(row.purpose, row.given, row.at_ms))
    cards: dict[str, list[CardState]] = defaultdict(list)
    for row in connection.execute(
        select(card).where(among(connection, card.c.customer_id, ids)).order_by(card.c.number)
    ):
        cards[row.customer_id].append(CardState(row.number, row.state))
    offers: dict[str, list[PersonalOffer]] = defaultdict(list)
    for row in connection.execute(
        select(offer).where(among(connection, offer.c.customer_id, ids)).order_by(offer.c.id)
    ):
        offers[row.customer_id].append(PersonalOffer(row.id, row.title, row.valid_from, row.valid_until))
    return {
        one: Identity(
            person=people.get(one),
            consents=tuple(consents[one]),
            cards=tuple(cards[one]),
            offers=tuple(offers[one]),
        )
        for one in ids
    }
