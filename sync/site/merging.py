"""Two customers who are one: the points move as they become free, the rest is recalled and follows."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from sync.site.audit import note
from sync.site.books import SITE, Books
from sync.site.feed import next_changes
from sync.site.journal import OwnJournal, lock_progress
from sync.site.leases import recall_all
from sync.site.marks import marks_of, memberships_of
from sync.site.people import erase, set_cards
from sync.site.store import Store, insert, lock_people
from sync.site.tables import card, sale


def merge(store: Store, source_id: str, target_id: str, operator: str) -> str | None:
    """Make the source a part of the target; return why not, or None.

    Spending, sales, counts, memberships, cards and free lots move at once, each lot with its days. Leased
    points are recalled and follow when they are returned. The source's personal data is erased.
    """
    with store.writing() as connection:
        progress = lock_progress(connection, [SITE])[SITE]
        books = Books(connection, SITE)
        books.load([source_id, target_id])
        lock_people(connection)
        source, target = books.customers.get(source_id), books.customers.get(target_id)
        if source is None or target is None or source_id == target_id:
            return "there are no two such customers"
        if source.merged_into or target.merged_into:
            return "one of them was merged already"
        own = OwnJournal(store, books, progress)
        payload = {"into": target_id, "moves": [], "spend_minor": -source.spend_minor}
        came = {"from": source_id, "spend_minor": source.spend_minor}
        own.append("merge", payload, customer_id=source_id, operator=operator)
        own.append("merge", came, customer_id=target_id, operator=operator)
        _move_free(books, own, source_id, target_id, operator)
        _move_marks(connection, own, source_id, target_id, operator)
        cards = connection.execute(select(card.c.number, card.c.state).where(card.c.customer_id == source_id)).all()
        own.save(connection)
        _move_sales(connection, source_id, target_id)
        at_ms = store.clock()
        set_cards(connection, [(target_id, number, state, at_ms) for number, state in cards])
        erase(connection, source_id)
        note(connection, store, operator, "customers merged", source_id, f"into {target_id}")
    recall_all(store, source_id)
    return None


def _move_marks(connection: Connection, own: OwnJournal, source_id: str, target_id: str, operator: str) -> None:
    """Move what is counted, and let the target have the source's memberships too."""
    marks = marks_of(connection, [source_id]).get(source_id, ())
    if marks:
        taken = [[one.kind, one.code, -one.count] for one in marks]
        given = [[one.kind, one.code, one.count] for one in marks]
        own.append("merge", {"to": target_id, "marks": taken}, customer_id=source_id, operator=operator)
        own.append("merge", {"from": source_id, "marks": given}, customer_id=target_id, operator=operator)
    for one in memberships_of(connection, [source_id]).get(source_id, ()):
        payload = {"code": one.code, "until": one.until}
        own.append("membership", payload, customer_id=target_id, operator=operator)


def _move_sales(connection: Connection, source_id: str, target_id: str) -> None:
    """Let the target have the source's sales, so that it may refund them and its tier counts them."""
    rows = [dict(row._mapping) for row in connection.execute(select(sale).where(sale.c.customer_id == source_id))]
    if rows:
        change = next_changes(connection, len(rows))
        connection.execute(delete(sale).where(sale.c.customer_id == source_id))  # the key can't be changed in place
        moved = [{**row, "customer_id": target_id, "change": change + place} for place, row in enumerate(rows)]
        insert(connection, sale, moved)


def move_on(store: Store, merged_ids: Iterable[str]) -> None:
    """Move what has become free of merged customers on to those that they became."""
    with store.writing() as connection:
        progress = lock_progress(connection, [SITE])[SITE]
        books = Books(connection, SITE)
        books.load(merged_ids)
        while ahead := {book.merged_into for book in books.customers.values() if book.merged_into} - set(
            books.customers
        ):
            books.load(ahead - {None})
        own = OwnJournal(store, books, progress)
        for book in list(books.customers.values()):
            if book.merged_into:
                _move_free(books, own, book.id, _end_of(books, book.id), "site")
        own.save(connection)


def _end_of(books: Books, customer_id: str) -> str:
    """Return the customer that a merged one became in the end."""
    while (into := books.customers[customer_id].merged_into) is not None:
        customer_id = into
    return customer_id


def _move_free(books: Books, own: OwnJournal, source_id: str, target_id: str, operator: str) -> None:
    """Move the free part of each lot; one that owes moves too, so that the debt is not forgiven."""
    for lot in books.lots_of(source_id):
        if lot.free == 0:
            continue
        points = lot.free
        left = {"moves": [[lot.id, -points]], "to": target_id}
        kept = {"points": points, "available_from": lot.available_from}
        if lot.expires_on is not None:
            kept["expires_on"] = lot.expires_on
        own.append("merge", left, points=-points, customer_id=source_id, operator=operator)
        own.append(
            "merge", {"from": source_id, "lot": kept}, points=points, customer_id=target_id, operator=operator
        )
