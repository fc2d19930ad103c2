"""A site restored from a backup: it grants nothing until the holders it knows have told it what it forgot."""

from sqlalchemy import Connection, delete, select

from sync.site.audit import note
from sync.site.books import SITE
from sync.site.cursors import begin_era, cursors
from sync.site.shop import read_fact, set_fact, shop_facts
from sync.site.store import Store
from sync.site.tables import fact, holder

AHEAD = "its cursor is ahead of the feed"
"""What proves to this site that it was further than it remembers."""

_NAME = "recovering_since"
_DAY_MS = 24 * 60 * 60 * 1000


def begin_recovery(connection: Connection, store: Store, who: str, text: str) -> None:
    """Note that this database is older than the site was; all that it told since its backup is told anew."""
    set_fact(connection, _NAME, str(store.clock()))
    begin_era(connection, store.clock())
    note(connection, store, who, "recovery begun", SITE, text)


def recover_if_proven(store: Store, who: str, cursor: str) -> None:
    """Begin the recovery if a holder's cursor proves that this site was further than it remembers.

    A gap in a journal or a grant with a higher number proves nothing: a holder may say what it likes.
    """
    with store.reading() as connection:
        proven = cursors(connection).proves_loss(cursor)
    if proven:
        with store.writing() as connection:
            begin_recovery(connection, store, who, AHEAD)


def end_recovery(connection: Connection, store: Store, who: str) -> None:
    """Grant again, whatever is missing."""
    connection.execute(delete(fact).where(fact.c.name == _NAME))
    note(connection, store, who, "recovery ended", SITE)


def missing_holders(connection: Connection) -> list[str]:
    """Return the active holders that have not reclaimed their grants, or were not heard of since; [] without need.

    Those that had been silent for longer than they may redeem are not waited for.
    """
    since = read_fact(connection, _NAME)
    if since is None:
        return []
    silent = int(since) - shop_facts(connection).offline_days * _DAY_MS
    rows = connection.execute(
        select(holder.c.id)
        .where(
            holder.c.role != SITE,
            holder.c.state == "active",
            holder.c.contact_ms >= silent,
            (holder.c.contact_ms < int(since)) | (holder.c.granted_seen > holder.c.granted),
        )
        .order_by(holder.c.id)
    )
    return [row[0] for row in rows]
