"""The numbers of the change feed: one counter, moved under a lock that lasts until the commit.

Whoever takes numbers keeps everybody else from taking any until the transaction ends. So a reader that sees a
number sees all below it, and no commit appears behind a cursor. Take them last in a transaction.
"""

from sqlalchemy import Connection, select

from sync.site.rounds import Statement, run
from sync.site.tables import counter

NAME = "feed"


def taking_changes(count: int) -> Statement:
    """Return what takes `count` numbers and brings the last of them."""
    return Statement("UPDATE counter SET last = last + ? WHERE name = ? RETURNING last", (count, NAME))


def next_changes(connection: Connection, count: int) -> int:
    """Take `count` numbers and return the first of them."""
    [[(last,)]] = run(connection, taking_changes(count))
    return int(last) - count + 1


def asking_counters() -> Statement:
    """Return what brings (name, last) of all counters; `shop` and `holders` have the change that told them last."""
    return Statement("SELECT name, last FROM counter")


def last_change(connection: Connection) -> int:
    """Return the number of the last change that is to be seen."""
    return int(connection.execute(select(counter.c.last).where(counter.c.name == NAME)).scalar_one())
