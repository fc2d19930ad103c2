"""Personal offers: given to customers by their code in the programme, told to every till with the customer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, func, select

from sync.site.audit import note
from sync.site.books import SITE, Books
from sync.site.journal import lock_progress
from sync.site.notices import queue_notices
from sync.site.shop import programme_on, today
from sync.site.store import Store, among, upsert
from sync.site.tables import customer, offer
from terminal.rules.notices import offer_change

_PAGE = 1000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Given:
    """An offer as customers have it: its title, its days, and how many have it."""

    code: str
    title: str
    valid_from: str
    valid_until: str
    customers: int


def who_may_have(store: Store, group: str | None) -> list[str]:
    """Return the ids of a group's customers, or of all; who was merged has ended."""
    query = select(customer.c.id).where(customer.c.merged_into.is_(None)).order_by(customer.c.id)
    with store.reading() as connection:
        rows = connection.execute(query if group is None else query.where(customer.c.group_code == group))
        return [row[0] for row in rows]


def title_of(store: Store, code: str) -> str | None:
    """Return what the programme calls a personal offer; None when it has none with this code."""
    with store.reading() as connection:
        programme = programme_on(connection, today(connection, store))
    found = [one for one in programme.offers if one.code == code and one.personal] if programme else []
    return found[0].name if found else None


def give(
    store: Store,
    code: str,
    ids: Sequence[str],
    days: tuple[date, date],
    who: str,
    progress: Progress = lambda done, whole: None,
) -> int | str:
    """Give a personal offer to customers, both days included; return how many have it now, or why not.

    Who has it already has it for these days. A page of customers is a transaction, and safe to do again.
    """
    first, last = days
    if last < first:
        return "its last day is before the first"
    title = title_of(store, code)
    if title is None:
        return f"the programme in force has no personal offer {code}"
    for place in range(0, len(ids), _PAGE):
        page = ids[place : place + _PAGE]
        with store.writing() as connection:
            row = {"id": code, "title": title, "valid_from": first.isoformat(), "valid_until": last.isoformat()}
            books = _books(connection, page)
            upsert(connection, offer, [{"customer_id": one} | row for one in books.customers])
            queue_notices(connection, store, [offer_change(one, code, title, last) for one in books.customers])
            note(connection, store, who, "offer given", code, f"{len(books.customers)} until {last}")
            _tell(books)
        progress(place + len(page), len(ids))
    return len(ids)


def withdraw(
    store: Store, code: str, ids: Sequence[str], who: str, progress: Progress = lambda done, whole: None
) -> int:
    """Take an offer from those of the customers who have it; return how many had it."""
    count = 0
    for place in range(0, len(ids), _PAGE):
        page = ids[place : place + _PAGE]
        with store.writing() as connection:
            theirs = among(connection, offer.c.customer_id, page)
            rows = connection.execute(select(offer.c.customer_id).where(offer.c.id == code, theirs))
            having = [row[0] for row in rows]
            if having:
                books = _books(connection, having)
                connection.execute(delete(offer).where(offer.c.id == code, theirs))
                note(connection, store, who, "offer withdrawn", code, str(len(having)))
                _tell(books)
            count += len(having)
        progress(place + len(page), len(ids))
    return count


def given(store: Store) -> list[Given]:
    """Return the offers that customers have, by code and days."""
    columns = (offer.c.id, offer.c.title, offer.c.valid_from, offer.c.valid_until)
    with store.reading() as connection:
        rows = connection.execute(select(*columns, func.count()).group_by(*columns).order_by(*columns))
        return [Given(*row) for row in rows]


def _books(connection: Connection, ids: Sequence[str]) -> Books:
    """Lock customers, none of their lots."""
    lock_progress(connection, [SITE])
    books = Books(connection, SITE)
    books.load(ids, lots_too=())
    return books


def _tell(books: Books) -> None:
    for book in books.customers.values():
        book.renamed = True
    books.save()
