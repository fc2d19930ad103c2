"""Orders that managers make at tills: told to all tills, so that any of them may take the payment."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from sync.site.applying import Read
from sync.site.feed import next_changes
from sync.site.store import among, upsert
from sync.site.tables import shop_order
from terminal.rules.order import LIFE

_COLUMNS = ("number", "customer_id", "channel", "state", "total_minor", "at_ms", "document")


def take_orders(connection: Connection, applied: Sequence[Read]) -> None:
    """Bring orders up to applied entries. A state only follows an earlier one, in whatever order they come."""
    told = [one for one in applied if one.entry.kind == "order"]
    if not told:
        return
    numbers = sorted({str(one.facts.number) for one in told})
    known: dict[str, dict[str, Any]] = {
        row.number: {name: row._mapping[name] for name in _COLUMNS}
        for row in connection.execute(select(shop_order).where(among(connection, shop_order.c.number, numbers)))
    }
    changed: dict[str, dict[str, Any]] = {}
    for one in told:
        number, state = str(one.facts.number), str(one.facts.state)
        row = changed.get(number) or known.get(number)
        if row is None:
            if one.facts.document is not None:
                changed[number] = _new(one, number, state)
        elif LIFE.index(state) > LIFE.index(row["state"]):
            changed[number] = {**row, "state": state}
    change = next_changes(connection, len(changed)) if changed else 0
    rows = [{**row, "change": change + place} for place, row in enumerate(changed.values())]
    upsert(connection, shop_order, rows)


def _new(one: Read, number: str, state: str) -> dict[str, Any]:
    assert one.facts.document is not None
    return {
        "number": number,
        "customer_id": one.entry.customer_id,
        "channel": one.facts.channel,
        "state": state,
        "total_minor": one.facts.document.total_minor,
        "at_ms": one.entry.at_ms,
        "document": msgspec.json.encode(one.facts.document).decode(),
    }
