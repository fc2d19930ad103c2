"""Orders that managers make at tills: told to all tills, so that any of them may take the payment."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from sync.site.applying import Read
from sync.site.feed import next_changes
from sync.site.order_table import order_doubt
from sync.site.store import among, upsert
from sync.site.tables import shop_order
from terminal.rules.order import LIFE, NEXT

_ABOUT = ("refund", "referral", "gift", "clawback")
"""Other kinds of entries that name an order."""

_COLUMNS = ("number", "customer_id", "channel", "state", "total_minor", "at_ms", "document")


def take_orders(connection: Connection, applied: Sequence[Read]) -> None:
    """Bring orders up to applied entries. A state only follows an earlier one, in whatever order they come.

    An order that another side has moved meanwhile, one of which goods came back, and one that rewarded somebody for
    having brought the customer is to be settled.
    """
    told = [one for one in applied if one.entry.kind == "order" or (one.entry.kind in _ABOUT and one.facts.order)]
    if not told:
        return
    numbers = sorted({_number(one) for one in told})
    known: dict[str, dict[str, Any]] = {
        row.number: {name: row._mapping[name] for name in _COLUMNS}
        for row in connection.execute(select(shop_order).where(among(connection, shop_order.c.number, numbers)))
    }
    changed: dict[str, dict[str, Any]] = {}
    in_doubt: set[str] = set()
    for one in told:
        number = _number(one)
        row = changed.get(number) or known.get(number)
        if row is None:
            if one.facts.document is not None:
                changed[number] = _new(one, number)
        elif one.entry.kind != "order" or one.facts.state not in NEXT[row["state"]]:
            in_doubt.add(number)
        if row is not None and one.facts.state and LIFE.index(one.facts.state) > LIFE.index(row["state"]):
            changed[number] = {**row, "state": one.facts.state}
    change = next_changes(connection, len(changed)) if changed else 0
    rows = [{**row, "change": change + place} for place, row in enumerate(changed.values())]
    upsert(connection, shop_order, rows)
    upsert(connection, order_doubt, [{"number": number} for number in sorted(in_doubt)])


def _number(one: Read) -> str:
    return str(one.facts.number if one.entry.kind == "order" else one.facts.order)


def _new(one: Read, number: str) -> dict[str, Any]:
    assert one.facts.document is not None
    return {
        "number": number,
        "customer_id": one.entry.customer_id,
        "channel": one.facts.channel,
        "state": one.facts.state,
        "total_minor": one.facts.document.total_minor,
        "at_ms": one.entry.at_ms,
        "document": msgspec.json.encode(one.facts.document).decode(),
    }
