"""Do write-offs work, on the site: every sale and order of some days, held against all journals of its customer."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import cast

from msgspec import json
from sqlalchemy import Connection, func, select

from sync.site.journal import COLUMNS
from sync.site.order_history import ids_of, who_now
from sync.site.order_record import Record
from sync.site.shop import programme_on, shop_facts
from sync.site.store import Store, among, day_of, start_ms
from sync.site.tables import customer, journal, sale, shop_order, terminal
from terminal.rules.conditions import Channel
from terminal.rules.entry import Entry
from terminal.rules.order import LIFE
from terminal.rules.phrase import phrase
from terminal.rules.verdict import Books, Cause, Checked, ListedOrder, ToldSale, Verdict
from terminal.rules.write_offs import check_order, check_told, with_money_owed

_Listed = Callable[[int], ListedOrder]
_Orders = dict[str, tuple[str, str, Record]]
"""A customer's orders by the id of their sale: number, state and document."""


def check_days(store: Store, first: date, last: date) -> Iterator[Checked]:
    """Check the sales and orders of some days, both included, customer by customer; nothing is written."""
    with store.reading() as connection:
        timezone = shop_facts(connection).timezone
        from_ms, to_ms = start_ms(first, timezone), start_ms(last + timedelta(days=1), timezone)
        last_ms = connection.execute(select(func.max(terminal.c.last_at_ms))).scalar() or 0
        checking = _Checking(connection, max(store.clock(), last_ms), timezone)  # no clock is before an entry
        line = 0
        for customer_id in _customers(connection, from_ms, to_ms):
            used: set[str] = set()  # sales that stand for an order already: booked once more, they are its own
            for sale_id, listed in checking.made(customer_id, from_ms, to_ms):
                if sale_id not in used:
                    line += 1
                    checked = checking.check(listed(line))
                    used.update(checked.sale_ids)
                    yield checked


def _customers(connection: Connection, from_ms: int, to_ms: int) -> list[str]:
    found: set[str] = set()
    for table in (sale, shop_order):
        rows = connection.execute(
            select(table.c.customer_id).where(table.c.at_ms >= from_ms, table.c.at_ms < to_ms).distinct()
        )
        found |= {who_now(connection, row[0]) for row in rows if row[0]}
    return sorted(found)


class _Checking:
    """One run: the books of the customer at hand, and the programmes of the days."""

    def __init__(self, connection: Connection, now_ms: int, timezone: str) -> None:
        self._connection = connection
        self._now_ms = now_ms
        self._day_of: Callable[[int], date] = lru_cache(maxsize=1024)(lambda at_ms: day_of(at_ms, timezone))
        self._programme = lru_cache(maxsize=64)(lambda on: programme_on(connection, on))
        self._orders: _Orders = {}
        self._books = Books("", (), self._day_of, now_ms)

    def made(self, customer_id: str, from_ms: int, to_ms: int) -> Iterator[tuple[str, _Listed]]:
        """Load a customer; return what they bought and ordered in a time by sale, each to be given its line."""
        ids = ids_of(self._connection, customer_id)
        self._books = Books(
            customer_id, self._entries(ids), self._day_of, self._now_ms, self._registered_ms(customer_id)
        )
        self._orders = {}
        rows = self._connection.execute(
            select(shop_order).where(among(self._connection, shop_order.c.customer_id, ids))
        )
        for row in rows:
            record = json.decode(row.document, type=Record)
            self._orders[record.sale_id] = (row.number, row.state, record)
            if from_ms <= row.at_ms < to_ms:
                yield (
                    record.sale_id,
                    self._listed(record.sale_id, row.number, row.channel, row.total_minor, row.at_ms),
                )
        sales = self._connection.execute(
            select(sale)
            .where(among(self._connection, sale.c.customer_id, ids), sale.c.at_ms >= from_ms)
            .where(sale.c.at_ms < to_ms, sale.c.voided.is_(False))
            .order_by(sale.c.at_ms, sale.c.id)
        )
        for row in sales:
            if row.id not in self._orders:
                number = f"{row.terminal_id}-{row.number}"
                yield row.id, self._listed(row.id, number, row.channel, row.total_minor, row.at_ms)

    def _listed(self, sale_id: str, number: str, channel: str, total_minor: int, at_ms: int) -> _Listed:
        whose, on = self._books.customer_id, self._day_of(at_ms)
        by = cast("Channel", channel if channel in ("site", "manager") else "store")
        return lambda line: ListedOrder(line, number, by, whose, total_minor, on, sale_id=sale_id)

    def check(self, order: ListedOrder) -> Checked:
        """Check one order of the customer at hand."""
        programme = self._programme(order.on)
        if programme is None:
            why = phrase("No programme was in force then.")
            return Checked(order, Verdict.OUTSIDE, Cause.NO_PROGRAMME, why, order.who)
        number, state, record = self._orders.get(order.sale_id, ("", "paid", None))
        paid = any(entry.kind == "sale" and entry.sale_id == order.sale_id for entry in self._books.entries)
        if record is not None and not paid and self._is_ours(number, state):
            told = ToldSale(record.total_minor, record.taken_off_minor, record.redeemed, state)
            return check_told(order, order.who, told)
        checked = check_order(order, self._books, programme)
        return with_money_owed(checked, record.over_minor if record else 0)

    def _is_ours(self, number: str, state: str) -> bool:
        """Tell whether the site knows more of an unpaid order than its entries say: it took it, or cancelled it."""
        told = [
            json.decode(entry.payload)["state"]
            for entry in self._books.entries
            if entry.kind == "order" and json.decode(entry.payload).get("number") == number
        ]
        return not told or LIFE.index(state) > max(map(LIFE.index, told))

    def _entries(self, ids: list[str]) -> list[Entry]:
        rows = self._connection.execute(
            select(*(journal.c[name] for name in COLUMNS))
            .join(terminal, (terminal.c.id == journal.c.terminal_id) & (journal.c.seq <= terminal.c.applied_seq))
            .where(among(self._connection, journal.c.customer_id, ids))
            .order_by(journal.c.at_ms, journal.c.terminal_id, journal.c.seq)
        )
        return [Entry(*tuple(row)[:-1], b"", bytes(row.hash)) for row in rows]  # type: ignore[call-arg]

    def _registered_ms(self, customer_id: str) -> int | None:
        found = self._connection.execute(select(customer.c.registered_ms).where(customer.c.id == customer_id))
        return found.scalar()
