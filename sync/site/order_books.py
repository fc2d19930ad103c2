"""The books in which the site keeps orders: one customer's transaction, an order's row, and how it stands."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from sqlalchemy import Connection, select

from sync.protocol import Code, Fault
from sync.site.books import SITE, Books
from sync.site.feed import next_changes
from sync.site.holders import holders
from sync.site.journal import OwnJournal, lock_progress
from sync.site.leases import held_elsewhere
from sync.site.notices import queue_notices
from sync.site.order_history import who_now
from sync.site.order_record import Record
from sync.site.reckoning import moment_now
from sync.site.shop import programme_on
from sync.site.shop_messages import Ordered, Where
from sync.site.store import Store, upsert
from sync.site.tables import shop_order
from terminal.rules.notices import order_changes
from terminal.rules.programme import Programme
from terminal.rules.wish import Moment

NO_ORDER = Fault(code=Code.UNKNOWN, text="there is no such order")
NO_PROGRAMME = Fault(code=Code.CONFLICT, text="no programme is in force")


class Site:
    """A transaction of the site's own, with one customer's books and the programme of the day."""

    def __init__(self, connection: Connection, store: Store, customer_id: str, *others: str) -> None:
        """`others` are customers whose books are locked and loaded too."""
        self.connection = connection
        self.store = store
        self.customer_id = customer_id
        progress = lock_progress(connection, [SITE])[SITE]
        self.books = Books(connection, SITE)
        self.books.load([customer_id, *others])
        self.own = OwnJournal(store, self.books, progress)
        self.moment: Moment = moment_now(connection, store)
        self.programme: Programme | None = programme_on(connection, self.moment.on)

    @property
    def balance(self) -> int:
        """All points of the customer."""
        return self.books.customers[self.customer_id].points

    def elsewhere(self) -> tuple[Where, ...]:
        """Where the points are that the site can't spend now."""
        held = held_elsewhere(self.connection, self.customer_id, SITE, self.moment.on)
        names = {one.id: one.name for one in holders(self.connection)}
        return tuple(Where(names.get(holder_id, holder_id), points) for holder_id, points in sorted(held.items()))


def find_order(connection: Connection, number: str) -> tuple[str, Record, str] | None:
    """Return an order's state, document and customer."""
    row = connection.execute(
        select(shop_order.c.state, shop_order.c.document, shop_order.c.customer_id).where(
            shop_order.c.number == number
        )
    ).first()
    return (row.state, msgspec.json.decode(row.document, type=Record), row.customer_id) if row else None


def keep_order(site: Site, number: str, state: str, record: Record) -> None:
    """Store an order, and tell the tills. Where and when it was made stays as it was."""
    made = site.connection.execute(
        select(shop_order.c.channel, shop_order.c.at_ms).where(shop_order.c.number == number)
    ).first()
    row = {
        "number": number,
        "customer_id": site.customer_id,
        "channel": made.channel if made else "site",
        "state": state,
        "total_minor": record.total_minor,
        "at_ms": made.at_ms if made else site.store.clock(),
        "document": msgspec.json.encode(record).decode(),
        "change": next_changes(site.connection, 1),
    }
    upsert(site.connection, shop_order, [row])
    queue_notices(site.connection, site.store, order_changes(site.customer_id, number, state))


def ordered(site: Site, number: str, state: str, record: Record, back_minor: int = 0) -> Ordered:
    """Return how an order stands."""
    return Ordered(
        number=number,
        state=state,
        total_minor=record.total_minor,
        taken_off_minor=record.taken_off_minor,
        pay_minor=record.total_minor - record.taken_off_minor,
        redeemed=record.redeemed,
        earns=sum(points for points, _ in record.earns),
        balance=site.balance,
        back_minor=back_minor,
        over_minor=record.over_minor,
        elsewhere=site.elsewhere(),
    )


def find_customer(store: Store, number: str) -> str | None:
    """Return whose order this is now, after merges."""
    with store.reading() as connection:
        found = find_order(connection, number)
        return who_now(connection, found[2]) if found else None


@contextmanager
def order_to_change(store: Store, number: str) -> Iterator[tuple[Site, str, Record] | None]:
    """Lock an order and its customer's books for a block, with its state and document; None where there is none."""
    customer_id = find_customer(store, number)
    if customer_id is None:
        yield None
        return
    with store.writing() as connection:
        site = Site(connection, store, customer_id)
        found = find_order(connection, number)
        assert found is not None
        yield site, found[0], found[1]
