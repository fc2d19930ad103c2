"""Lost tills: what they held goes back to the customers at once, at the risk of the loss account.

When the journal of a lost till turns up after all, its earnings are the customers'. What it spent of its lease was
given back to them meanwhile: a `loss_cover` entry of the site's gives as much again, so their balances stay as they
are, and the sum of those entries is what the loss account has lost. Limited offers and codes that it had leased are
free again too: one that it used all the same is counted twice.
"""

from sqlalchemy import Connection, delete, select, update

from sync.protocol import Code, Fault
from sync.site.audit import note
from sync.site.books import SITE, Books
from sync.site.code_lease_table import code_lease
from sync.site.holders import lock_holder
from sync.site.journal import OwnJournal, Progress, lock_progress
from sync.site.setting_up import new_code
from sync.site.shop import mark_changed
from sync.site.store import Store, among, upsert
from sync.site.tables import holder, lease, lost_lease

_PAGE = 500


def declare_lost(store: Store, holder_id: str, who: str) -> int | None:
    """Revoke a till and give what it held back to the customers; return the points (units), None for a stranger.

    Safe to run again: what a run that was cut short left is done by the next.
    """
    if not _close(store, holder_id, "lost", who):
        return None
    given = 0
    while True:
        with store.writing() as connection:
            lock_progress(connection, [holder_id])
            lock_holder(connection, holder_id)
            ids = _with_leases(connection, holder_id)
            given += _give_back(connection, holder_id, ids)
        if len(ids) < _PAGE:
            return given


def revoke(store: Store, holder_id: str, who: str) -> bool:
    """Let a holder's token count no more; what it holds stays in quarantine. False for a stranger."""
    return _close(store, holder_id, "revoked", who)


def _close(store: Store, holder_id: str, state: str, who: str) -> bool:
    with store.writing() as connection:
        changed = connection.execute(
            update(holder).where(holder.c.id == holder_id, holder.c.role != SITE).values(state=state)
        ).rowcount
        if changed:
            if state == "lost":
                connection.execute(delete(code_lease).where(code_lease.c.holder_id == holder_id))
            note(connection, store, who, state, holder_id)
            mark_changed(connection, "holders")
        return bool(changed)


def _with_leases(connection: Connection, holder_id: str) -> list[str]:
    rows = connection.execute(
        select(lease.c.customer_id)
        .where(lease.c.holder_id == holder_id, lease.c.points != 0)
        .distinct()
        .order_by(lease.c.customer_id)
        .limit(_PAGE)
    )
    return [row[0] for row in rows]


def _give_back(connection: Connection, holder_id: str, ids: list[str], *, risk: bool = True) -> int:
    """Make free what a holder has of these customers; remember it as lost when it may be spent yet."""
    books = Books(connection, holder_id)
    books.load(ids)
    lost: list[dict[str, object]] = []
    for (customer_id, lot_id), points in list(books.leases.items()):
        if points:
            book = books.lots[customer_id, lot_id]
            book.free += points
            book.changed = True
            books.hold((customer_id, lot_id), -points)
            if risk and points > 0:
                row = {"customer_id": customer_id, "lot_id": lot_id, "holder_id": holder_id, "points": points}
                lost.append(row)
    upsert(connection, lost_lease, lost)
    books.save()
    return sum(row["points"] for row in lost if isinstance(row["points"], int))


def reopen(store: Store, holder_id: str) -> str | Fault:
    """Return a one-time code with which a lost or revoked till may bring its journal in, and nothing else."""
    with store.reading() as connection:
        row = connection.execute(
            select(holder.c.name, holder.c.role, holder.c.state).where(holder.c.id == holder_id)
        ).first()
    if row is None or row.state not in ("lost", "revoked", "returning"):
        return Fault(
            code=Code.CONFLICT, text="only a till that was declared lost or revoked can bring its journal in"
        )
    return new_code(store, row.name, row.role, holder_id)


class Losses:
    """What a lost till held, lent to its books while its journal is applied, and settled afterwards."""

    def __init__(self, connection: Connection, books: Books) -> None:
        self._connection = connection
        self._books = books
        rows = connection.execute(
            select(lost_lease.c.customer_id, lost_lease.c.lot_id, lost_lease.c.points).where(
                lost_lease.c.holder_id == books.holder_id,
                among(connection, lost_lease.c.customer_id, sorted(books.customers)),
            )
        )
        self._lent = {(row[0], row[1]): row[2] for row in rows if (row[0], row[1]) in books.lots}
        for key, points in self._lent.items():
            books.lots[key].left += points
            books.hold(key, points)

    def settle(self, store: Store, site: Progress) -> None:
        """Take back what was not spent of the loan; let the loss account pay the rest."""
        own = OwnJournal(store, None, site)
        rows: list[dict[str, object]] = []
        for key, points in self._lent.items():
            customer_id, lot_id = key
            unspent = min(points, max(0, self._books.held(key)))
            self._books.lots[key].left -= unspent
            self._books.lots[key].changed = True
            self._books.hold(key, -unspent)
            rows.append(
                {
                    "customer_id": customer_id,
                    "lot_id": lot_id,
                    "holder_id": self._books.holder_id,
                    "points": unspent,
                }
            )
            if unspent < points:
                cover = points - unspent
                payload = {"moves": [[lot_id, cover]], "lost": self._books.holder_id}
                own.append("loss_cover", payload, points=cover, customer_id=customer_id)
                book = self._books.customers[customer_id]
                book.points += cover
                book.changed = True
        upsert(self._connection, lost_lease, rows)
        own.save(self._connection)


def settle_returned(connection: Connection, holder_id: str) -> None:
    """Close a lost till whose whole journal is in: what it earned and did not spend becomes free."""
    while ids := _with_leases(connection, holder_id):
        _give_back(connection, holder_id, ids, risk=False)
    connection.execute(delete(lost_lease).where(lost_lease.c.holder_id == holder_id))
    connection.execute(update(holder).where(holder.c.id == holder_id).values(state="revoked"))
