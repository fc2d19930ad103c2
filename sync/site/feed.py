"""The numbers of the change feed: one counter, moved under a lock that lasts until the commit.

Whoever takes numbers keeps everybody else from taking any until the transaction ends. So a reader that sees a
number sees all below it, and no commit appears behind a cursor. Take them last in a transaction.
"""

from sqlalchemy import Connection, select, update

from sync.site.tables import counter

NAME = "feed"


def next_changes(connection: Connection, count: int) -> int:
    """Take `count` numbers and return the first of them."""
    last = connection.execute(
        update(counter).where(counter.c.name == NAME).values(last=counter.c.last + count).returning(counter.c.last)
    ).scalar_one()
    return int(last) - count + 1


def last_change(connection: Connection) -> int:
    """Return the number of the last change that is to be seen."""
    return int(connection.execute(select(counter.c.last).where(counter.c.name == NAME)).scalar_one())
