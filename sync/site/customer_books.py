"""Customers' books as a check of write-offs reads them: what all tills and the site booked, and their orders."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from msgspec import json
from sqlalchemy import Connection, select

from sync.site.facts import read_facts
from sync.site.journal import COLUMNS
from sync.site.order_record import Record
from sync.site.store import among
from sync.site.tables import customer, journal, shop_order, terminal
from terminal.rules.entry import Entry
from terminal.rules.verdict import Books


class KnownOrder(NamedTuple):
    """An order as the site keeps it; `at_ms` is UTC, the total minor units."""

    number: str
    state: str
    channel: str
    total_minor: int
    at_ms: int
    record: Record


@dataclass(frozen=True, slots=True)
class CustomerBooks:
    """A customer's entries at all tills and on the site, and their orders by number."""

    books: Books
    orders: dict[str, KnownOrder] = field(default_factory=dict)

    def by_sale(self, sale_ids: Iterable[str]) -> KnownOrder | None:
        """Return the order that one of these sales is of."""
        wanted = set(sale_ids)
        return next((one for one in self.orders.values() if one.record.sale_id in wanted), None)

    def is_paid(self, sale_id: str) -> bool:
        """Tell whether anybody booked the sale."""
        return any(entry.kind == "sale" and entry.sale_id == sale_id for entry in self.books.entries)


class Merges:
    """Who is who after customers were merged."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(
            select(customer.c.id, customer.c.merged_into).where(customer.c.merged_into.is_not(None))
        )
        self._into: dict[str, str] = {row[0]: row[1] for row in rows}
        self._of: defaultdict[str, list[str]] = defaultdict(list)
        for customer_id in self._into:
            self._of[self.now(customer_id)].append(customer_id)

    def now(self, customer_id: str) -> str:
        """Return the customer that somebody is now."""
        while customer_id in self._into:
            customer_id = self._into[customer_id]
        return customer_id

    def ids_of(self, customer_id: str) -> list[str]:
        """Return the ids that a customer of now had and has."""
        return [customer_id, *self._of.get(customer_id, ())]


def read_books(
    connection: Connection,
    merges: Merges,
    customer_ids: Sequence[str],
    numbers: Iterable[str],
    day_of: Callable[[int], date],
    now_ms: int,
) -> dict[str, CustomerBooks]:
    """Read the books of customers (as they are now) in a few queries; `numbers` are of orders asked about."""
    ids = [one for customer_id in customer_ids for one in merges.ids_of(customer_id)]
    entries: defaultdict[str, list[Entry]] = defaultdict(list)
    named = set(numbers)
    for entry in _entries(connection, ids):
        assert entry.customer_id is not None, "it was asked for by customer"
        entries[merges.now(entry.customer_id)].append(entry)
        named |= _numbers_in(entry)
    since = _registered_ms(connection, customer_ids)
    known = {one: CustomerBooks(Books(one, entries[one], day_of, now_ms, since.get(one))) for one in customer_ids}
    for customer_id, order in _orders(connection, sorted(named)):
        whose = known.get(merges.now(customer_id))
        if whose is not None:
            whose.orders[order.number] = order
    return known


def _entries(connection: Connection, ids: Sequence[str]) -> Iterator[Entry]:
    rows = connection.execute(
        select(*(journal.c[name] for name in COLUMNS))
        .join(terminal, (terminal.c.id == journal.c.terminal_id) & (journal.c.seq <= terminal.c.applied_seq))
        .where(among(connection, journal.c.customer_id, ids))
        .order_by(journal.c.at_ms, journal.c.terminal_id, journal.c.seq)
    )
    for row in rows:
        yield Entry(*tuple(row)[:-1], b"", bytes(row.hash))  # type: ignore[call-arg]


def _numbers_in(entry: Entry) -> set[str]:
    """Return the numbers of orders that an entry tells of."""
    facts = read_facts(entry.payload) if entry.kind in ("order", "sale") else None
    number = None if facts is None else facts.number if entry.kind == "order" else facts.order
    return {number} if isinstance(number, str) and number else set()


def _orders(connection: Connection, numbers: Sequence[str]) -> Iterator[tuple[str, KnownOrder]]:
    rows = connection.execute(
        select(shop_order).where(
            among(connection, shop_order.c.number, numbers), shop_order.c.customer_id.is_not(None)
        )
    )
    for row in rows:
        record = json.decode(row.document, type=Record)
        yield (
            row.customer_id,
            KnownOrder(row.number, row.state, row.channel, row.total_minor, row.at_ms, record),
        )


def _registered_ms(connection: Connection, customer_ids: Sequence[str]) -> dict[str, int]:
    rows = connection.execute(
        select(customer.c.id, customer.c.registered_ms).where(among(connection, customer.c.id, customer_ids))
    )
    return {row[0]: row[1] for row in rows}
