"""Debts: a till that clawed back more than it held owes the rest; the site sets it off against what is free."""

from sqlalchemy import Connection, select

from sync.site.books import SITE, Books
from sync.site.holders import lock_holder
from sync.site.journal import OwnJournal, lock_progress
from sync.site.leases import grant_points
from sync.site.store import Store
from sync.site.tables import lease, lot

_PAGE = 500


def settle(store: Store) -> int:
    """Set debts off; return the points (units). Safe to run again.

    First a lot that owes is filled from the customer's free lots, then the holder whose lease is below 0 is
    granted what is free of that lot.
    """
    _fill(store)
    settled = 0
    with store.reading() as connection:
        owing = [row[0] for row in connection.execute(select(lease.c.holder_id).where(*_OWING).distinct())]
    for holder_id in sorted(owing):
        with store.writing() as connection:
            to = lock_holder(connection, holder_id)
            if to.granted_seen > to.granted:
                continue  # its next number is not known
            books = Books(connection, holder_id)
            books.load(_owing_customers(connection, holder_id))
            for key, points in list(books.leases.items()):
                part = min(-points, books.lots[key].free)
                if part > 0:
                    grant_points(connection, books, to, key[0], [(key[1], part)], store.clock())
                    settled += part
            books.save()
    return settled


_OWING = (
    lease.c.points < 0,
    select(lot.c.id)
    .where(lot.c.customer_id == lease.c.customer_id, lot.c.id == lease.c.lot_id, lot.c.free > 0)
    .exists(),
)


def _owing_customers(connection: Connection, holder_id: str) -> list[str]:
    rows = connection.execute(
        select(lease.c.customer_id).where(lease.c.holder_id == holder_id, *_OWING).distinct().limit(_PAGE)
    )
    return [row[0] for row in rows]


def _fill(store: Store) -> None:
    """Fill lots that owe from free lots of the same customer, by entries that change no balance."""
    owing = lot.alias("owing")
    with store.writing() as connection:
        progress = lock_progress(connection, [SITE])[SITE]
        rows = connection.execute(
            select(lot.c.customer_id)
            .join(owing, owing.c.customer_id == lot.c.customer_id)
            .where(lot.c.free > 0, lot.c.points_left > 0, owing.c.points_left < 0)
            .distinct()
            .limit(_PAGE)
        )
        books = Books(connection, SITE)
        books.load([row[0] for row in rows])
        own = OwnJournal(store, books, progress)
        for debtor in [book for book in books.lots.values() if book.left < 0]:
            for giver in books.lots_of(debtor.customer_id):
                part = min(-debtor.left, giver.free, giver.left)
                if part > 0:
                    moves = [[giver.id, -part], [debtor.id, part]]
                    own.append("settle", {"moves": moves}, customer_id=debtor.customer_id, operator="night")
        own.save(connection)
