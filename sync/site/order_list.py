"""Orders as a manager looks at them: the newest ones, and one with its lines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, select

from sync.site.importing import decimal
from sync.site.order_record import Record
from sync.site.shop import money_decimals, shop_facts
from sync.site.store import Store
from sync.site.tables import person, shop_order


@dataclass(frozen=True, slots=True)
class Listed:
    """An order in a list: sums in the currency's units as text, the time in the shop's own time zone.

    `wrong` is what two sides did to it and what to do about its money; "" when nothing is wrong.
    """

    number: str
    state: str
    channel: str
    at: str
    total: str
    customer_id: str | None
    customer: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An order with what was agreed: sums as text, points in units."""

    order: Listed
    taken_off: str
    to_pay: str
    redeemed: int
    lines: tuple[tuple[str, str, str], ...]  # name, price, what was taken off


def listed(
    store: Store, state: str | None, customer_id: str | None, limit: int, *, owed: bool = False
) -> list[Listed]:
    """Return the newest orders, of one state or customer or of all; with `owed` those that money is owed for."""
    with store.reading() as connection:
        return [one for one, _ in _found(connection, limit, owed=owed, state=state, customer_id=customer_id)]


def shown(store: Store, number: str) -> Shown | None:
    """Return one order with its lines; None when there is none."""
    with store.reading() as connection:
        found = _found(connection, 1, number=number)
        if not found:
            return None
        order, record = found[0]
        places = money_decimals(connection)
    return Shown(
        order,
        decimal(record.taken_off_minor, places),
        decimal(record.total_minor - record.taken_off_minor, places),
        record.redeemed,
        tuple(
            (line.name, decimal(line.total_minor, places), decimal(line.off_minor, places)) for line in record.lines
        ),
    )


def _found(connection: Connection, limit: int, *, owed: bool = False, **wanted: Any) -> list[tuple[Listed, Record]]:
    query = (
        select(shop_order, person.c.name.label("customer"))
        .outerjoin(person, person.c.customer_id == shop_order.c.customer_id)
        .order_by(shop_order.c.at_ms.desc(), shop_order.c.number)
        .limit(limit)
    )
    for name, value in wanted.items():
        if value is not None:
            query = query.where(shop_order.c[name] == value)
    if owed:  # as a document is written: its keys one after another, without spaces
        column = shop_order.c.document
        query = query.where(column.like('%"over_minor":%'), column.not_like('%"over_minor":0,%'))
    zone, places = ZoneInfo(shop_facts(connection).timezone), money_decimals(connection)
    return [
        (
            Listed(
                row.number,
                row.state,
                row.channel,
                f"{datetime.fromtimestamp(row.at_ms / 1000, zone):%Y-%m-%d %H:%M}",
                decimal(row.total_minor, places),
                row.customer_id,
                row.customer or "",
                _wrong(record, places),
            ),
            record,
        )
        for row in connection.execute(query)
        for record in (msgspec.json.decode(row.document, type=Record),)
    ]


def _wrong(record: Record, places: int) -> str:
    told = [f"{one} ({', '.join(record.paid_at)})" if one == "paid-twice" else one for one in record.conflicts]
    if record.over_minor > 0:
        told.append(f"give {decimal(record.over_minor, places)} back")
    elif record.over_minor < 0:
        told.append(f"ask for {decimal(-record.over_minor, places)}")
    return "; ".join(told)
