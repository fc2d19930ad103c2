"""The books of some customers, loaded and written back set-wise: balances, lots, and what one holder has leased."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from sync.protocol import account_digest, bucket_of
from sync.site.feed import taking_changes
from sync.site.rounds import Cells, Rows, Statement, run, told
from sync.site.sale_record import SaleRecord, read_record
from sync.site.tables import customer, lease, lot, sale

SITE = "site"
"""The site as a holder: what it holds is what is free."""


class CustomerBook(msgspec.Struct, gc=False):
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


class LotBook(msgspec.Struct, gc=False):
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


class SaleBook(msgspec.Struct, gc=False):
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


FIGURES = tuple(column.name for column in customer.columns if column.name not in ("bucket", "digest"))
"""What of a customer's row is more than a sum of the rest of it."""

_CUSTOMER = (*FIGURES, "bucket", "digest")
_LOT = tuple(column.name for column in lot.columns)
_LEASE = tuple(column.name for column in lease.columns)
_SALE = tuple(column.name for column in sale.columns)

_CUSTOMERS = f"SELECT {', '.join(FIGURES)} FROM customer WHERE id {{listed}} ORDER BY id {{locked}}"  # noqa: S608
_LOTS = f"SELECT {', '.join(_LOT)} FROM lot WHERE "  # noqa: S608
_NAMED = "(customer_id, id) {paired}"
_OPEN = (
    "customer_id {listed} AND (points_left <> 0 OR free <> 0 OR EXISTS (SELECT 1 FROM lease WHERE"
    " lease.customer_id = lot.customer_id AND lease.lot_id = lot.id AND lease.points <> 0))"
)
# Whose they are is looked at here: asked for one holder's, PostgreSQL would read all that this one has.
_LEASES = "SELECT customer_id, lot_id, holder_id, points FROM lease WHERE "
_SALES = f"SELECT {', '.join(_SALE)} FROM sale WHERE (customer_id, id) {{paired}}"  # noqa: S608


class PaidBackTwice(msgspec.Struct, frozen=True):
    """A sale of a till whose goods were paid back again, in minor units; `tills` are all that paid any back."""

    terminal_id: str
    number: int
    minor: int
    tills: tuple[str, ...]


class Books:
    """Customers in the memory of one transaction, which has locked them."""

    def __init__(self, connection: Connection, holder_id: str) -> None:
        self.connection = connection
        self.holder_id = holder_id
        self.customers: dict[str, CustomerBook] = {}
        self.lots: dict[tuple[str, str], LotBook] = {}
        self.leases: dict[tuple[str, str], int] = {}
        self.sales: dict[tuple[str, str], SaleBook] = {}
        self.paid_back_twice: list[PaidBackTwice] = []
        self._leases_changed: set[tuple[str, str]] = set()

    def load(
        self,
        customer_ids: Iterable[str],
        *,
        lots_too: Iterable[tuple[str, str]] | None = None,
        made_too: Iterable[tuple[str, str]] = (),
        sales_too: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Lock customers, in the order of their ids, and load them with lots.

        `lots_too` names them as (customer, lot); without it they are all that are open. `made_too` names lots that
        are about to be made: of one that is there already, no lease matters. `sales_too` names sales.
        """
        wanted = sorted(set(customer_ids) - self.customers.keys())
        if not wanted:
            return
        lots = None if lots_too is None else sorted(set(lots_too))
        sales = sorted(set(sales_too))
        steps = [Statement(_CUSTOMERS, (told(wanted),)), *self._asking_lots(wanted, lots, sorted(made_too))]
        if sales:
            steps.append(Statement(_SALES, (told(sales),)))
        answers = run(self.connection, *steps)
        self.customers.update((row[0], CustomerBook(*row)) for row in answers.pop(0))
        if sales:
            self._take_sales(answers.pop())
        self._take_lots(answers)

    def _asking_lots(
        self, wanted: list[str], named: list[tuple[str, str]] | None, made: Sequence[tuple[str, str]] = ()
    ) -> list[Statement]:
        if named is None:
            steps = [Statement(_LOTS + _OPEN, (told(wanted),))]
            leased = Statement(_LEASES + "customer_id {listed}", (told(wanted),))
        elif named or made:
            steps = [Statement(_LOTS + _NAMED, (told([*named, *made]),))]
            leased = Statement(_LEASES + "(customer_id, lot_id) {paired}", (told(named),))
        else:
            return []
        if self.holder_id != SITE and named != []:
            steps.append(leased)
        return steps

    def _take_lots(self, answers: list[list[Cells]]) -> None:
        for rows in answers[:1]:
            self.lots.update(((row[0], row[1]), LotBook(*row)) for row in rows)
        for rows in answers[1:]:
            self.leases.update(((row[0], row[1]), row[3]) for row in rows if row[2] == self.holder_id)

    def load_named(self, customer_id: str, lot_ids: list[str]) -> None:
        """Load lots of a customer that is locked, empty ones too."""
        missing = [(customer_id, lot_id) for lot_id in lot_ids if (customer_id, lot_id) not in self.lots]
        self._take_lots(run(self.connection, *self._asking_lots([customer_id], missing)))

    def load_sales(self, named: Iterable[tuple[str, str]]) -> None:
        """Load sales by (customer, sale)."""
        [rows] = run(self.connection, Statement(_SALES, (told(sorted(set(named))),)))
        self._take_sales(rows)

    def _take_sales(self, rows: list[Cells]) -> None:
        self.sales.update(((row[0], row[1]), _sale_book(row)) for row in rows)

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
        """Write back what has changed, and give each changed customer and sale the next place in the feed.

        The numbers are taken in one go, as late as can be: the feed is locked from there on.
        """
        lots = [book for book in self.lots.values() if book.changed]
        sales = [book for book in self.sales.values() if book.changed]
        touched = {book.customer_id for book in lots} | {key[0] for key in self._leases_changed}
        customers = [book for book in self.customers.values() if book.changed or book.renamed or book.id in touched]
        leases = [(*key, self.holder_id, self.leases[key]) for key in self._leases_changed]
        steps = [
            Rows(lot, _LOT, [_lot_row(book) for book in lots if book.new], new=True),
            Rows(lot, _LOT, [_lot_row(book) for book in lots if not book.new]),
            Rows(lease, _LEASE, leases),
        ]
        if count := len(customers) + len(sales):
            [[(last,)]] = run(self.connection, *steps, taking_changes(count))
            self._save_in_feed(customers, sales, last - count + 1)
        else:
            run(self.connection, *steps)
        for book in lots:
            book.changed = book.new = False
        self._leases_changed.clear()

    def _save_in_feed(self, customers: list[CustomerBook], sales: list[SaleBook], change: int) -> None:
        for place, book in enumerate(customers, start=change):
            book.version = place
            if book.renamed:
                book.identity_version = place
        rows = [
            (_sale_row(book, place), book.new) for place, book in enumerate(sales, start=change + len(customers))
        ]
        run(
            self.connection,
            Rows(customer, _CUSTOMER, [_customer_row(book) for book in customers]),
            Rows(sale, _SALE, [row for row, new in rows if new], new=True),
            Rows(sale, _SALE, [row for row, new in rows if not new]),
        )
        for book in customers:
            book.changed = book.renamed = False
        for sold in sales:
            sold.changed = sold.new = False


def _lot_row(book: LotBook) -> Cells:
    return (book.customer_id, book.id, book.points, book.left, book.free, book.available_from, book.expires_on)


def _customer_row(book: CustomerBook) -> Cells:
    return (
        book.id,
        book.version,
        book.identity_version,
        book.points,
        book.spend_minor,
        book.visits,
        book.registered_ms,
        book.last_sale_ms,
        book.group_code,
        book.tier,
        book.home,
        book.merged_into,
        bucket_of(book.id),
        account_digest(book.id, book.version, book.points, book.spend_minor, book.visits),
    )


def _sale_row(book: SaleBook, change: int) -> Cells:
    return (
        book.customer_id,
        book.id,
        book.terminal_id,
        book.at_ms,
        book.channel,
        book.total_minor,
        book.taken_off_minor,
        book.voided,
        book.number,
        book.operator,
        book.redeemed,
        book.earned,
        msgspec.json.encode(book.record).decode(),
        change,
    )


def _sale_book(row: Cells) -> SaleBook:
    cells: Cells = (*row[:12], read_record(row[12]))
    book = SaleBook(*cells)
    book.voided = bool(book.voided)  # SQLite has no truth values
    return book
