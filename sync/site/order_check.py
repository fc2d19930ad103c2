"""Do write-offs work, on the site: orders of a list or of some days, held against all journals of a customer."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import islice
from typing import cast

from msgspec import json
from sqlalchemy import Connection, func, select

from sync.site.customer_books import CustomerBooks, KnownOrder, Merges, read_books
from sync.site.naming import customers_named
from sync.site.shop import programme_on, shop_facts
from sync.site.store import Store, among, day_of, start_ms
from sync.site.tables import sale, shop_order, terminal
from terminal.rules.conditions import Channel
from terminal.rules.order import LIFE
from terminal.rules.phrase import phrase
from terminal.rules.verdict import Cause, Checked, ListedOrder, ToldSale, Verdict
from terminal.rules.write_offs import (
    check_agreed,
    check_order,
    check_told,
    names_sale,
    not_found,
    with_money_owed,
)

_AT_ONCE = 200
"""So many orders of a list, or customers of some days, are read at once."""

Progress = Callable[[int, int], None]
"""Called with how much is done, and how much there is."""


def check_listed(store: Store, orders: Iterable[ListedOrder]) -> Iterator[Checked]:
    """Check the orders of a list, in their order; nothing is written."""
    with store.reading() as connection:
        checking = _Checking(connection, store)
        waiting = iter(orders)
        while some := list(islice(waiting, _AT_ONCE)):
            yield from checking.listed(some)


def check_days(
    store: Store, first: date, last: date, progress: Progress = lambda done, whole: None
) -> Iterator[Checked]:
    """Check the sales and orders of some days, both included, customer by customer; nothing is written.

    `progress` counts customers.
    """
    with store.reading() as connection:
        checking = _Checking(connection, store)
        made = checking.customers_of(first, last)
        customer_ids = sorted(made)
        line = 0
        for start in range(0, len(customer_ids), _AT_ONCE):
            some = {one: made[one] for one in customer_ids[start : start + _AT_ONCE]}
            for checked in checking.made(some, first, last):
                line += 1
                yield replace(checked, order=replace(checked.order, line=line))
            progress(start + len(some), len(customer_ids))


class _Checking:
    """One run: who is who, the programmes of the days, and which sales stand for an order already."""

    def __init__(self, connection: Connection, store: Store) -> None:
        self._connection = connection
        facts = shop_facts(connection)
        self._country, self._timezone = facts.country, facts.timezone
        self._day_of: Callable[[int], date] = lru_cache(maxsize=1024)(partial(day_of, timezone=facts.timezone))
        self._programme = lru_cache(maxsize=64)(partial(programme_on, connection))
        last_ms = connection.execute(select(func.max(terminal.c.last_at_ms))).scalar() or 0
        self._now_ms = max(store.clock(), last_ms)  # no clock is before an entry
        self._merges = Merges(connection)
        self._used: set[str] = set()

    def listed(self, orders: list[ListedOrder]) -> Iterator[Checked]:
        """Check some orders of a list."""
        found = customers_named(self._connection, [order.who for order in orders], self._country)
        who = {text: self._merges.now(customer_id) for text, customer_id in found.items()}
        known = self._read(sorted(set(who.values())), {order.number for order in orders if order.number})
        for order in orders:
            customer_id = who.get(order.who)
            yield not_found(order) if customer_id is None else self._check(order, known[customer_id])

    def customers_of(self, first: date, last: date) -> dict[str, set[str]]:
        """Return who bought or ordered in some days, each with the numbers of their orders of these days."""
        found: dict[str, set[str]] = {}
        from_ms, to_ms = self._times(first, last)
        for row in self._connection.execute(
            select(sale.c.customer_id).where(sale.c.at_ms >= from_ms, sale.c.at_ms < to_ms).distinct()
        ):
            found.setdefault(self._merges.now(row[0]), set())
        for row in self._connection.execute(
            select(shop_order.c.customer_id, shop_order.c.number)
            .where(shop_order.c.at_ms >= from_ms, shop_order.c.at_ms < to_ms)
            .where(shop_order.c.customer_id.is_not(None))
        ):
            found.setdefault(self._merges.now(row[0]), set()).add(row[1])
        return found

    def made(self, customers: dict[str, set[str]], first: date, last: date) -> Iterator[Checked]:
        """Check what some customers ordered, and then what they bought, in some days."""
        known = self._read(list(customers), {number for numbers in customers.values() for number in numbers})
        sold = self._sold(list(customers), first, last)
        for customer_id, numbers in customers.items():
            books = known[customer_id]
            ordered = [self._ordered(customer_id, books.orders[number]) for number in sorted(numbers)]
            orders = {one.record.sale_id for one in books.orders.values()}
            bought = [one for one in sold.get(customer_id, ()) if one.sale_id not in orders]
            for order in (*ordered, *bought):
                if order.sale_id not in self._used:  # booked once more, a sale is the order's own
                    yield self._check(order, books)

    def _read(self, customer_ids: list[str], numbers: set[str]) -> dict[str, CustomerBooks]:
        return read_books(self._connection, self._merges, customer_ids, numbers, self._day_of, self._now_ms)

    def _ordered(self, customer_id: str, order: KnownOrder) -> ListedOrder:
        return ListedOrder(
            0,
            order.number,
            _channel(order.channel),
            customer_id,
            order.total_minor,
            self._day_of(order.at_ms),
            sale_id=order.record.sale_id,
        )

    def _sold(self, customer_ids: list[str], first: date, last: date) -> dict[str, list[ListedOrder]]:
        ids = [one for customer_id in customer_ids for one in self._merges.ids_of(customer_id)]
        from_ms, to_ms = self._times(first, last)
        sold: dict[str, list[ListedOrder]] = {}
        for row in self._connection.execute(
            select(sale)
            .where(among(self._connection, sale.c.customer_id, ids), sale.c.voided.is_(False))
            .where(sale.c.at_ms >= from_ms, sale.c.at_ms < to_ms)
            .order_by(sale.c.at_ms, sale.c.id)
        ):
            whose, number = self._merges.now(row.customer_id), f"{row.terminal_id}-{row.number}"
            on, by = self._day_of(row.at_ms), _channel(row.channel)
            listed = ListedOrder(0, number, by, whose, row.total_minor, on, sale_id=row.id)
            sold.setdefault(whose, []).append(listed)
        return sold

    def _times(self, first: date, last: date) -> tuple[int, int]:
        return start_ms(first, self._timezone), start_ms(last + timedelta(days=1), self._timezone)

    def _check(self, order: ListedOrder, known: CustomerBooks) -> Checked:
        """Check one order of a customer whose books were read."""
        programme = self._programme(order.on)
        customer_id = known.books.customer_id
        if programme is None:
            why = phrase("No programme was in force then.")
            return Checked(order, Verdict.OUTSIDE, Cause.NO_PROGRAMME, why, customer_id)
        agreed = _agreed(order, known)
        if agreed is not None and not known.is_paid(agreed.record.sale_id) and _is_the_sites(agreed, known):
            record = agreed.record
            told = ToldSale(record.total_minor, record.taken_off_minor, record.redeemed, agreed.state)
            if agreed.state == "cancelled":
                return check_told(order, customer_id, told)
            return check_agreed(order, known.books, programme, told, agreed.at_ms)
        checked = check_order(order, known.books, programme, self._used)
        self._used.update(checked.sale_ids)
        agreed = agreed or known.by_sale(checked.sale_ids)
        return with_money_owed(checked, agreed.record.over_minor if agreed else 0)


def _channel(told: str) -> Channel:
    return cast("Channel", told if told in ("site", "manager") else "store")


def _agreed(order: ListedOrder, known: CustomerBooks) -> KnownOrder | None:
    """Return the order that is meant, if it is one: a list may name a sale by the number of an order."""
    if order.sale_id:
        return known.by_sale((order.sale_id,))
    return None if names_sale(order, known.books) else known.orders.get(order.number)


def _is_the_sites(agreed: KnownOrder, known: CustomerBooks) -> bool:
    """Tell whether the site knows more of an unpaid order than its entries say: it took it, or cancelled it."""
    told = [
        json.decode(entry.payload)["state"]
        for entry in known.books.entries
        if entry.kind == "order" and json.decode(entry.payload).get("number") == agreed.number
    ]
    return not told or LIFE.index(agreed.state) > max(map(LIFE.index, told))
