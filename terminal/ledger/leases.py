"""Leases: the grants that this till knows, what of them it may give back, and where the rest of the points is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from terminal.ledger.contact import GRANTED
from terminal.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class KnownGrant:
    """A grant as it is kept, to be told to a site that forgot it; points by lot, `at_ms` in UTC ms.

    `asset` is points or codes; of codes, `lots` has each with 1.
    """

    number: int
    customer_id: str
    lots: tuple[tuple[str, int], ...]
    at_ms: int
    asset: Literal["points", "codes"] = "points"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Points (units) that another holder has; `name` is what people call it, "" stands for the site."""

    name: str
    points: int


def put_grants(ledger: Ledger, grants: Iterable[KnownGrant], known: int) -> int:
    """Keep grants that follow the last `known` one, without a gap; return the last number known then.

    Their points and codes are in the accounts already. A number that was known is passed over, one after a gap is
    left for later: the site tells it again.
    """
    rows = []
    for grant in sorted(grants, key=lambda grant: grant.number):
        if grant.number == known + 1:
            lots = msgspec.json.encode(grant.lots).decode()
            rows.append((grant.number, grant.customer_id, lots, grant.at_ms, grant.asset))
            known += 1
    if rows:
        ledger.write_many("INSERT OR REPLACE INTO lease_grant VALUES (?, ?, ?, ?, ?)", rows)
        ledger.set_fact(GRANTED, str(known))
    return known


def grants_after(ledger: Ledger, number: int, limit: int) -> list[KnownGrant]:
    """Return the grants that follow a number, in order."""
    rows = ledger.rows(
        "SELECT number, customer_id, lots, at_ms, asset FROM lease_grant WHERE number > ? ORDER BY number LIMIT ?",
        (number, limit),
    )
    return [
        KnownGrant(row[0], row[1], msgspec.json.decode(row[2], type=tuple[tuple[str, int], ...]), row[3], row[4])
        for row in rows
    ]


def returnable(ledger: Ledger, customer_id: str, points: int | None, on: date) -> list[tuple[str, int]]:
    """Return (lot, points) that this till holds of a customer: so many that are usable on a day, or all (None).

    Those that expire last go first: what is near its end is best spent where the customer mostly shops.
    """
    rows = ledger.rows(
        "SELECT id, min(points_held, points_left) AS most FROM lot WHERE customer_id = ?1 AND most > 0 AND"
        " (?2 IS NULL OR (available_from <= ?3 AND coalesce(expires_on, '9999') >= ?3))"
        " ORDER BY coalesce(expires_on, '9999') DESC, id",
        (customer_id, points, on.isoformat()),
    )
    given: list[tuple[str, int]] = []
    wanted = sum(row[1] for row in rows) if points is None else points
    for lot_id, most in rows:
        if wanted > 0:
            given.append((lot_id, min(most, wanted)))
            wanted -= min(most, wanted)
    return given


def elsewhere_of(ledger: Ledger, customer_id: str) -> tuple[Elsewhere, ...]:
    """Return who else holds points of a customer, as the site told it last."""
    found = ledger.row("SELECT elsewhere FROM customer WHERE id = ? AND elsewhere IS NOT NULL", (customer_id,))
    if found is None:
        return ()
    holdings: Sequence[tuple[str, int]] = msgspec.json.decode(found[0])
    names = dict(
        ledger.rows("SELECT id, name FROM holder WHERE id IN (SELECT value ->> 0 FROM json_each(?))", found)
    )
    return tuple(Elsewhere(names.get(holder, holder), points) for holder, points in holdings)
