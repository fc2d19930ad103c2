"""Orders in the ledger: this till's own, those that the site told of, and unfinished ones."""

from dataclasses import dataclass, replace
from typing import cast

import msgspec

from terminal.ledger.ledger import Ledger
from terminal.rules.order import LIFE, OrderConflict, OrderRecord, OrderState, OrderTold

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

ORDER_INDEXES = """
CREATE INDEX site_order_sale ON site_order (document ->> 'sale_id');
CREATE INDEX site_order_owed ON site_order (number) WHERE document ->> 'over_minor' <> 0;
CREATE INDEX site_order_open ON site_order (at_ms) WHERE state NOT IN ('closed', 'cancelled', 'returned');
CREATE INDEX own_order_open ON own_order (at_ms) WHERE state NOT IN ('closed', 'cancelled', 'returned');
"""
"""Orders are found by their sale, by what waits for something, and by money that is owed for them."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands: times in UTC ms, `until_ms` when unpaid bonuses are freed (None: not by itself).

    `own` tells that this till made it: only then may this till free what is held for it. The rest is what the
    site told: what two sides did to it, where it was paid, money paid too much (`over_minor`, below 0 paid back too
    much), and what each till has given back of that.
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
    conflicts: tuple[OrderConflict, ...] = ()
    paid_at: tuple[str, ...] = ()
    over_minor: int = 0
    given: tuple[tuple[str, int], ...] = ()


_OPEN = "state NOT IN ('closed', 'cancelled', 'returned')"
_PLACES = " ".join(LIFE)
_GONE_ON = f"""EXISTS (
    SELECT 1 FROM site_order AS told WHERE told.number = own_order.number
    AND instr('{_PLACES}', told.state) > instr('{_PLACES}', own_order.state))
"""  # noqa: S608
"""Of an own order: it went on elsewhere, as the site told."""
_OWED = "SELECT number FROM site_order WHERE document ->> 'over_minor' <> 0"
"""Orders for which somebody is owed money."""

_OWN = "number, sale_id, customer_id, channel, state, at_ms, until_ms, operator, document"
_TOLD = "number, customer_id, channel, state, at_ms, document"


def order(ledger: Ledger, number: str) -> Order | None:
    """Return an order by its number. It may have gone on elsewhere, as the site tells, or here since."""
    own, told = _own(ledger, "number = ?", number), _told_of(ledger, "number = ?", number)
    return _newer(own, _gone_on_here(ledger, told) if told and own is None else told)


def went_on_elsewhere(ledger: Ledger, number: str) -> Order | None:
    """Return an order of this till that went on elsewhere, as the site told: the journal here is not all."""
    row = ledger.row(f"SELECT 1 FROM own_order WHERE number = ? AND {_GONE_ON}", (number,))  # noqa: S608
    return order(ledger, number) if row else None


def order_of_sale(ledger: Ledger, sale_id: str) -> Order | None:
    """Return the order that a sale pays or would pay."""
    found = _own(ledger, "sale_id = ?", sale_id) or _told_of(ledger, "document ->> 'sale_id' = ?", sale_id)
    return order(ledger, found.number) if found else None


def orders(ledger: Ledger, customer_id: str | None, limit: int) -> list[Order]:
    """Return the newest orders that wait for something, of one customer or of all; own and the site's."""
    whose = "(?1 IS NULL OR customer_id = ?1)"
    own = ledger.rows(
        f"SELECT {_OWN} FROM own_order WHERE {whose} AND {_OPEN} AND NOT {_GONE_ON}"  # noqa: S608
        f" AND number NOT IN ({_OWED}) ORDER BY at_ms DESC LIMIT ?2",
        (customer_id, limit),
    )
    told = ledger.rows(
        f"SELECT {_TOLD} FROM site_order WHERE {whose} AND {_OPEN}"  # noqa: S608
        f" AND NOT EXISTS (SELECT 1 FROM own_order WHERE own_order.number = site_order.number AND NOT {_GONE_ON})"
        f" AND number NOT IN ({_OWED}) ORDER BY at_ms DESC LIMIT ?2",
        (customer_id, limit),
    )
    owed = ledger.rows(
        f"SELECT {_TOLD} FROM site_order WHERE {whose} AND number IN ({_OWED}) LIMIT ?2",  # noqa: S608
        (customer_id, limit),
    )
    found = [_read_own(row) for row in own] + [_gone_on_here(ledger, _read_told(row)) for row in (*told, *owed)]
    return sorted(found, key=lambda one: (-one.at_ms, one.number))[:limit]


def owed_orders(ledger: Ledger) -> list[Order]:
    """Return the orders for which somebody is owed money: paid twice, or paid back twice."""
    rows = ledger.rows(f"SELECT {_TOLD} FROM site_order WHERE number IN ({_OWED})")  # noqa: S608
    return [_read_told(row) for row in rows]


def given_back_minor(ledger: Ledger, found: Order) -> int:
    """Return what this till's managers gave back of an order's money, in minor units; below 0 they took it."""
    row = ledger.row(
        "SELECT coalesce(sum(payload ->> 'given_minor'), 0) FROM journal"
        " WHERE customer_id = ? AND kind = 'order' AND sale_id = ?",
        (found.customer_id, found.sale_id),
    )
    assert row is not None
    return int(row[0])


def unpaid_past(ledger: Ledger, now_ms: int, limit: int) -> list[Order]:
    """Return own orders that were not paid in time, oldest first."""
    rows = ledger.rows(
        f"SELECT {_OWN} FROM own_order WHERE state IN ('held', 'placed') AND until_ms < ?"  # noqa: S608
        f" AND NOT {_GONE_ON} ORDER BY until_ms LIMIT ?",
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
    state = max(own.state, told.state, key=LIFE.index)
    return replace(
        told,
        state=state,
        until_ms=own.until_ms,
        operator=own.operator,
        record=own.record,
        at_ms=own.at_ms,
        own=True,
    )


def _gone_on_here(ledger: Ledger, told: Order) -> Order:
    """Let an order that was made elsewhere be as far as this till's own entries say: the site may not know yet."""
    rows = ledger.rows(
        "SELECT payload ->> 'state' FROM journal WHERE customer_id = ? AND kind = 'order' AND sale_id = ?",
        (told.customer_id, told.sale_id),
    )
    return replace(told, state=max([told.state, *(row[0] for row in rows)], key=LIFE.index))


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


def _told_of(ledger: Ledger, where: str, value: str) -> Order | None:
    found = ledger.row(f"SELECT {_TOLD} FROM site_order WHERE {where}", (value,))  # noqa: S608
    return _read_told(found) if found else None


def _read_told(row: tuple[object, ...]) -> Order:
    number, customer_id, channel, state, at_ms, document = row
    record = msgspec.json.decode(cast("str", document), type=OrderTold)
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
        conflicts=record.conflicts,
        paid_at=record.paid_at,
        over_minor=record.over_minor,
        given=record.given,
    )
