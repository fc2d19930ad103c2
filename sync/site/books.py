"""The books of some customers, loaded and written back set-wise: balances, lots, and what one holder has leased."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, select

from sync.protocol import account_digest, bucket_of
from sync.site.feed import next_changes
from sync.site.sale_record import SaleRecord, read_record
from sync.site.store import among, among_pairs, put, upsert
from sync.site.tables import customer, lease, lot, sale

SITE = "site"
"""The site as a holder: what it holds is what is free."""


@dataclass(slots=True)
class CustomerBook:
    """A customer's figures. `changed` has it written; `renamed` tells who the customer is anew."""

    id: str
    version: int
    identity_version: int
    points: int
    spend_minor: int
    visits: int
    registered_ms: int
    last_sale_ms: int | None
    group_code: str | None
    tier: str | None
    home: str | None
    merged_into: str | None
    changed: bool = False
    renamed: bool = False


@dataclass(slots=True)
class LotBook:
    """A lot: what is left of it in all, and what of that is free; the rest is leased."""

    customer_id: str
    id: str
    points: int
    left: int
    free: int
    available_from: str
    expires_on: str | None
    changed: bool = False
    new: bool = False


@dataclass(slots=True)
class SaleBook:
    """A sale, as far as a void or a refund must know it."""

    customer_id: str
    id: str
    terminal_id: str
    at_ms: int
    channel: str
    total_minor: int
    taken_off_minor: int
    voided: bool
    number: int
    operator: str
    redeemed: int
    earned: int
    record: SaleRecord
    changed: bool = False
    new: bool = False


_SALE_FIGURES = tuple(column.name for column in sale.columns if column.name not in ("record", "change"))


class Books:
    """Customers in the memory of one transaction, which has locked them."""

    def __init__(self, connection: Connection, holder_id: str) -> None:
        self.connection = connection
        self.holder_id = holder_id
        self.customers: dict[str, CustomerBook] = {}
        self.lots: dict[tuple[str, str], LotBook] = {}
        self.leases: dict[tuple[str, str], int] = {}
        self.sales: dict[tuple[str, str], SaleBook] = {}
        self._leases_changed: set[tuple[str, str]] = set()

    def load(self, customer_ids: Iterable[str], *, lots_too: Iterable[tuple[str, str]] | None = None) -> None:
        """Lock customers, in the order of their ids, and load them with lots.

        `lots_too` names them as (customer, lot); without it they are all that are open.
        """
        wanted = sorted(set(customer_ids) - self.customers.keys())
        if not wanted:
            return
        rows = self.connection.execute(
            select(
                customer.c.id,
                customer.c.version,
                customer.c.identity_version,
                customer.c.points,
                customer.c.spend_minor,
                customer.c.visits,
                customer.c.registered_ms,
                customer.c.last_sale_ms,
                customer.c.group_code,
                customer.c.tier,
                customer.c.home,
                customer.c.merged_into,
            )
            .where(among(self.connection, customer.c.id, wanted))
            .order_by(customer.c.id)
            .with_for_update()
        )
        self.customers.update((row[0], CustomerBook(*tuple(row))) for row in rows)
        self._load_lots(wanted, list(lots_too) if lots_too is not None else None)

    def _load_lots(self, wanted: list[str], named: list[tuple[str, str]] | None) -> None:
        if named == []:
            return
        mine = lease.c.holder_id == self.holder_id
        if named is None:
            held = select(lease.c.lot_id).where(
                lease.c.customer_id == lot.c.customer_id, lease.c.lot_id == lot.c.id, lease.c.points != 0
            )
            is_open = (lot.c.points_left != 0) | (lot.c.free != 0) | held.exists()
            of_them = and_(among(self.connection, lot.c.customer_id, wanted), is_open)
            leased = and_(among(self.connection, lease.c.customer_id, wanted), mine)
        else:
            of_them = among_pairs(self.connection, lot.c.customer_id, lot.c.id, named)
            leased = and_(among_pairs(self.connection, lease.c.customer_id, lease.c.lot_id, named), mine)
        rows = self.connection.execute(
            select(
                lot.c.customer_id,
                lot.c.id,
                lot.c.points,
                lot.c.points_left,
                lot.c.free,
                lot.c.available_from,
                lot.c.expires_on,
            ).where(of_them)
        )
        self.lots.update(((row[0], row[1]), LotBook(*row)) for row in rows)
        if self.holder_id != SITE:
            held_rows = self.connection.execute(
                select(lease.c.customer_id, lease.c.lot_id, lease.c.points).where(leased)
            )
            self.leases.update(((row[0], row[1]), row[2]) for row in held_rows)

    def load_named(self, customer_id: str, lot_ids: list[str]) -> None:
        """Load lots of a customer that is locked, empty ones too."""
        missing = [(customer_id, lot_id) for lot_id in lot_ids if (customer_id, lot_id) not in self.lots]
        self._load_lots([customer_id], missing)

    def load_sales(self, named: Iterable[tuple[str, str]]) -> None:
        """Load sales by (customer, sale)."""
        wanted = sorted(set(named))
        if wanted:
            rows = self.connection.execute(
                select(sale).where(among_pairs(self.connection, sale.c.customer_id, sale.c.id, wanted))
            )
            for row in rows:
                figures = {name: row._mapping[name] for name in _SALE_FIGURES}
                self.sales[row[0], row[1]] = SaleBook(**figures, record=read_record(row.record))

    def held(self, key: tuple[str, str]) -> int:
        """Return what the holder has of a lot; for the site, what is free."""
        return self.lots[key].free if self.holder_id == SITE else self.leases.get(key, 0)

    def hold(self, key: tuple[str, str], points: int) -> None:
        """Change what the holder has of a lot by signed points."""
        if self.holder_id == SITE:
            self.lots[key].free += points
            self.lots[key].changed = True
        else:
            self.leases[key] = self.leases.get(key, 0) + points
            self._leases_changed.add(key)

    def lots_of(self, customer_id: str) -> list[LotBook]:
        """Return the lots of a customer that are loaded."""
        return [book for (whose, _), book in self.lots.items() if whose == customer_id]

    def save(self) -> None:
        """Write back what has changed, and give each changed customer the next place in the feed."""
        changed = [book for book in self.lots.values() if book.changed]
        rows = [
            {
                "customer_id": book.customer_id,
                "id": book.id,
                "points": book.points,
                "points_left": book.left,
                "free": book.free,
                "available_from": book.available_from,
                "expires_on": book.expires_on,
            }
            for book in changed
        ]
        put(self.connection, lot, rows, [book.new for book in changed])
        for book in changed:
            book.new = False
        leases = [
            {"customer_id": key[0], "lot_id": key[1], "holder_id": self.holder_id, "points": self.leases[key]}
            for key in self._leases_changed
        ]
        upsert(self.connection, lease, leases)
        self._save_in_feed()
        self._leases_changed.clear()

    def _save_in_feed(self) -> None:
        """Write what is told in the feed, under numbers taken in one go: the feed is locked from there on."""
        sales = [book for book in self.sales.values() if book.changed]
        touched = {key[0] for key, book in self.lots.items() if book.changed}
        touched |= {key[0] for key in self._leases_changed}
        changed = [book for book in self.customers.values() if book.changed or book.renamed or book.id in touched]
        if not changed and not sales:
            return
        version = next_changes(self.connection, len(changed) + len(sales))
        self._save_sales(sales, version + len(changed))
        self._save_customers(changed, version)

    def _save_sales(self, sales: list[SaleBook], change: int) -> None:
        rows = [
            {
                "customer_id": book.customer_id,
                "id": book.id,
                "terminal_id": book.terminal_id,
                "at_ms": book.at_ms,
                "channel": book.channel,
                "total_minor": book.total_minor,
                "taken_off_minor": book.taken_off_minor,
                "voided": book.voided,
                "number": book.number,
                "operator": book.operator,
                "redeemed": book.redeemed,
                "earned": book.earned,
                "record": msgspec.json.encode(book.record).decode(),
                "change": change + place,
            }
            for place, book in enumerate(sales)
        ]
        put(self.connection, sale, rows, [book.new for book in sales])
        for book in sales:
            book.changed = book.new = False

    def _save_customers(self, changed: list[CustomerBook], version: int) -> None:
        for place, book in enumerate(changed):
            book.version = version + place
            if book.renamed:
                book.identity_version = book.version
        upsert(self.connection, customer, [_customer_row(book) for book in changed])
        for book in changed:
            book.changed = book.renamed = False
        for lot_book in self.lots.values():
            lot_book.changed = False


def _customer_row(book: CustomerBook) -> dict[str, object]:
    return {
        "id": book.id,
        "version": book.version,
        "identity_version": book.identity_version,
        "points": book.points,
        "spend_minor": book.spend_minor,
        "visits": book.visits,
        "registered_ms": book.registered_ms,
        "last_sale_ms": book.last_sale_ms,
        "group_code": book.group_code,
        "tier": book.tier,
        "home": book.home,
        "merged_into": book.merged_into,
        "bucket": bucket_of(book.id),
        "digest": account_digest(book.id, book.version, book.points, book.spend_minor, book.visits),
    }
