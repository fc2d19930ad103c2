"""Accounts as one holder is told them: some customers' rows of every table, read set-wise and put together."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec import UNSET
from sqlalchemy import Connection

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
from sync.site.marks import marks_of, memberships_of, referrals_of
from sync.site.rounds import Cells, Statement, run, told

CUSTOMERS = f"SELECT {', '.join(FIGURES)} FROM customer"  # noqa: S608
"""Brings what of a customer's row an account needs: id, version, identity_version first."""

_BY_ID = f"{CUSTOMERS} WHERE id {{listed}} ORDER BY id"
_LOTS = """
SELECT customer_id, id, points, points_left, free, available_from, expires_on FROM lot
WHERE customer_id {listed} AND (points_left <> 0 OR free <> 0 OR EXISTS (
    SELECT 1 FROM lease WHERE lease.customer_id = lot.customer_id AND lease.lot_id = lot.id AND holder_id = ?
        AND lease.points <> 0))
"""
_LEASES = "SELECT customer_id, lot_id, holder_id, points FROM lease WHERE customer_id {listed} AND points <> 0"
_CODES = "SELECT customer_id, code FROM code_lease WHERE customer_id {listed} AND holder_id = ? ORDER BY code"
_PERSONS = """
SELECT customer_id, name, phone, email, birthday, language, note FROM person WHERE customer_id {listed}
"""
_CONSENTS = "SELECT customer_id, purpose, given, at_ms FROM consent WHERE customer_id {listed} ORDER BY purpose"
_CARDS = "SELECT customer_id, number, state FROM card WHERE customer_id {listed} ORDER BY number"
_OFFERS = "SELECT customer_id, id, title, valid_from, valid_until FROM offer WHERE customer_id {listed} ORDER BY id"

_Lots = dict[str, list[LotState]]
_Elsewhere = dict[str, dict[str, int]]


def accounts(connection: Connection, rows: Sequence[Cells], holder_id: str, known: int) -> tuple[Account, ...]:
    """Return the accounts of customers' rows; identities only where they changed after the change `known`."""
    ids = [row[0] for row in rows]
    if not ids:
        return ()
    listed = told(ids)
    of_lots, of_leases, of_codes = run(
        connection,
        Statement(_LOTS, (listed, holder_id)),
        Statement(_LEASES, (listed,)),
        Statement(_CODES, (listed, holder_id)),
    )
    lots, elsewhere = _lots(of_lots, of_leases, holder_id)
    leased: dict[str, list[str]] = defaultdict(list)
    for customer_id, code in of_codes:
        leased[customer_id].append(code)
    marks, joined = marks_of(connection, ids), memberships_of(connection, ids)
    brought = referrals_of(connection, ids)
    identities = _identities(connection, [row[0] for row in rows if row[2] > known])
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
    return accounts(connection, run(connection, Statement(_BY_ID, (told(ids),)))[0], holder_id, -1)


def _lots(lots: list[Cells], leases: list[Cells], holder_id: str) -> tuple[_Lots, _Elsewhere]:
    """Return customers' lots with what one holder has of them, and what of their points others have."""
    held: dict[tuple[str, str], int] = {}
    elsewhere: _Elsewhere = defaultdict(dict)
    for customer_id, lot_id, whose, points in leases:
        if whose == holder_id:
            held[customer_id, lot_id] = points
        else:
            elsewhere[customer_id][whose] = elsewhere[customer_id].get(whose, 0) + points
    found: _Lots = defaultdict(list)
    for customer_id, lot_id, points, left, free, available_from, expires_on in lots:
        has = held.get((customer_id, lot_id), 0)
        found[customer_id].append(LotState(lot_id, points, left, has, available_from, expires_on))
        if free:
            elsewhere[customer_id][""] = elsewhere[customer_id].get("", 0) + free
    return found, elsewhere


def _identities(connection: Connection, ids: Sequence[str]) -> dict[str, Identity]:
    if not ids:
        return {}
    listed = (told(ids),)
    people, consents, cards, offers = run(
        connection, *(Statement(sql, listed) for sql in (_PERSONS, _CONSENTS, _CARDS, _OFFERS))
    )
    persons = {
        customer_id: Person(name=name, phone=phone, email=email, birthday=birthday, language=language, note=note)
        for customer_id, name, phone, email, birthday, language, note in people
    }
    agreed, bound, offered = defaultdict(list), defaultdict(list), defaultdict(list)
    for customer_id, purpose, given, at_ms in consents:
        agreed[customer_id].append(Consent(purpose, bool(given), at_ms))
    for customer_id, number, state in cards:
        bound[customer_id].append(CardState(number, state))
    for customer_id, *one in offers:
        offered[customer_id].append(PersonalOffer(*one))
    return {
        one: Identity(
            person=persons.get(one),
            consents=tuple(agreed.get(one, ())),
            cards=tuple(bound.get(one, ())),
            offers=tuple(offered.get(one, ())),
        )
        for one in ids
    }
