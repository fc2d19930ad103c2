"""A customer who asks to be forgotten: the name goes from the site and from every till, the figures stay."""

from sqlalchemy import delete, select

from sync.site.audit import note
from sync.site.books import SITE, Books
from sync.site.journal import OwnJournal, lock_progress
from sync.site.notice_table import notice
from sync.site.people import erase
from sync.site.store import Store, lock_people
from sync.site.tables import card


def forget(store: Store, customer_id: str, who: str) -> str | None:
    """Erase a customer's personal data, consents, offers and notices, and block the cards; return why not, or None.

    Nobody is found by them any more. The journal knows an id and a salted hash, whose salt goes too.
    """
    with store.writing() as connection:
        progress = lock_progress(connection, [SITE])[SITE]
        books = Books(connection, SITE)
        books.load([customer_id], lots_too=())
        lock_people(connection)
        book = books.customers.get(customer_id)
        if book is None or book.merged_into:
            return "there is no such customer"
        own = OwnJournal(store, books, progress)
        numbers = connection.execute(
            select(card.c.number).where(card.c.customer_id == customer_id, card.c.state == "active")
        )
        for (number,) in numbers.all():
            own.append("card_blocked", {"card": number}, customer_id=customer_id, operator=who)
        connection.execute(
            card.update().where(card.c.customer_id == customer_id, card.c.state == "active").values(state="blocked")
        )
        connection.execute(delete(notice).where(notice.c.customer_id == customer_id))
        erase(connection, customer_id)
        note(connection, store, who, "customer erased", customer_id)
        book.renamed = True
        own.save(connection)
    return None
