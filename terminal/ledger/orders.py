"""Orders in the ledger: this till's own, those that the site told of, and unfinished ones."""

from dataclasses import dataclass, replace
from typing import cast

import msgspec

from terminal.ledger.ledger import Ledger
from terminal.rules.order import LIFE, OrderRecord, OrderState

ORDERS = """
CREATE TABLE own_order (
    number TEXT PRIMARY KEY,
    own_number INTEGER NOT NULL UNIQUE,
    sale_id TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('store', 'manager', 'site')),
    state TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    until_ms INTEGER,
    operator TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX own_order_customer ON own_order (customer_id);
CREATE INDEX own_order_unpaid ON own_order (until_ms) WHERE state IN ('held', 'placed');

CREATE TABLE order_draft (
    id TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    operator TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands: times in UTC ms, `until_ms` when unpaid bonuses are freed (None: not by itself).

    `own` tells that this till made it: only then may this till free what is held for it.
    """

    number: str
    sale_id: str
    customer_id: str
    channel: str
    state: OrderState
    at_ms: int
    until_ms: int | None
    operator: str
    record: OrderRecord
    own: bool


_GONE_ON = """
    SELECT number FROM site_order WHERE state NOT IN ('held', 'placed')
    AND (SELECT state FROM own_order WHERE own_order.number = site_order.number) IN ('held', 'placed')
"""
"""Own orders that were paid or cancelled elsewhere."""

_OWN = "number, sale_id, customer_id, channel, state, at_ms, until_ms, operator, document"


def order(ledger: Ledger, number: str) -> Order | None:
    """Return an order by its number. This till's own may have gone on elsewhere: the site tells."""
    own, told = _own(ledger, "number = ?", number), _told(ledger, "number = ?", number)
    return _newer(own, told)


def order_of_sale(ledger: Ledger, sale_id: str) -> Order | None:
    """Return the order that a sale pays or would pay."""
    found = _own(ledger, "sale_id = ?", sale_id) or _told(ledger, "document ->> 'sale_id' = ?", sale_id)
    return order(ledger, found.number) if found else None


def orders(ledger: Ledger, customer_id: str | None, limit: int) -> list[Order]:
    """Return the newest orders that wait for something, of one customer or of all; own and the site's."""
    where = "(?1 IS NULL OR customer_id = ?1) AND state NOT IN ('closed', 'cancelled', 'returned')"
    own = ledger.rows(
        f"SELECT {_OWN} FROM own_order WHERE {where}"  # noqa: S608
        f" AND number NOT IN ({_GONE_ON}) ORDER BY at_ms DESC LIMIT ?2",
        (customer_id, limit),
    )
    told = ledger.rows(
        "SELECT number, customer_id, channel, state, at_ms, document FROM site_order"  # noqa: S608
        f" WHERE {where} AND (number NOT IN (SELECT number FROM own_order) OR number IN ({_GONE_ON}))"
        " ORDER BY at_ms DESC LIMIT ?2",
        (customer_id, limit),
    )
    found = [_read_own(row) for row in own] + [_read_told(row) for row in told]
    return sorted(found, key=lambda one: (-one.at_ms, one.number))[:limit]


def unpaid_past(ledger: Ledger, now_ms: int, limit: int) -> list[Order]:
    """Return own orders that were not paid in time, oldest first."""
    rows = ledger.rows(
        f"SELECT {_OWN} FROM own_order WHERE state IN ('held', 'placed') AND until_ms < ?"  # noqa: S608
        f" AND number NOT IN ({_GONE_ON}) ORDER BY until_ms LIMIT ?",
        (now_ms, limit),
    )
    return [_read_own(row) for row in rows]


def next_order_number(ledger: Ledger) -> int:
    """Return the number of this till's next order, from 1."""
    found = ledger.row("SELECT max(own_number) FROM own_order")
    return (found[0] if found and found[0] else 0) + 1


def save_draft(ledger: Ledger, draft_id: str, at_ms: int, operator: str, document: str) -> None:
    """Keep an unfinished order as it stands."""
    ledger.write(
        "INSERT INTO order_draft VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET at_ms = ?2, document = ?4",
        (draft_id, at_ms, operator, document),
    )


def drafts(ledger: Ledger) -> list[tuple[str, int, str, str]]:
    """Return unfinished orders (id, at_ms, operator, document), newest first."""
    rows = ledger.rows("SELECT id, at_ms, operator, document FROM order_draft ORDER BY at_ms DESC, id")
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def drop_draft(ledger: Ledger, draft_id: str) -> None:
    """Forget an unfinished order."""
    ledger.write("DELETE FROM order_draft WHERE id = ?", (draft_id,))


def _newer(own: Order | None, told: Order | None) -> Order | None:
    """What the site told of an own order counts once it is further on than what is known here."""
    if own is None or told is None:
        return own or told
    return replace(own, state=told.state) if LIFE.index(told.state) > LIFE.index(own.state) else own


def _own(ledger: Ledger, where: str, value: str) -> Order | None:
    found = ledger.row(f"SELECT {_OWN} FROM own_order WHERE {where}", (value,))  # noqa: S608
    return _read_own(found) if found else None


def _read_own(row: tuple[object, ...]) -> Order:
    number, sale_id, customer_id, channel, state, at_ms, until_ms, operator, document = row
    record = msgspec.json.decode(cast("str", document), type=OrderRecord)
    return Order(
        cast("str", number),
        cast("str", sale_id),
        cast("str", customer_id),
        cast("str", channel),
        cast("OrderState", state),
        cast("int", at_ms),
        cast("int | None", until_ms),
        cast("str", operator),
        record,
        own=True,
    )


def _told(ledger: Ledger, where: str, value: str) -> Order | None:
    found = ledger.row(
        f"SELECT number, customer_id, channel, state, at_ms, document FROM site_order WHERE {where}",  # noqa: S608
        (value,),
    )
    return _read_told(found) if found else None


def _read_told(row: tuple[object, ...]) -> Order:
    number, customer_id, channel, state, at_ms, document = row
    record = msgspec.json.decode(cast("str", document), type=OrderRecord)
    return Order(
        cast("str", number),
        record.sale_id,
        cast("str", customer_id),
        cast("str", channel),
        cast("OrderState", state),
        cast("int", at_ms),
        None,
        "",
        record,
        own=False,
    )
