"""The audit log: who did what on the site, beside the journals."""

from sqlalchemy import Connection

from sync.site.store import Store, insert
from sync.site.tables import audit
from terminal.rules.entry import uuid7


def note(connection: Connection, store: Store, who: str, what: str, about: str, detail: str = "") -> None:
    """Write a line of the audit log in the caller's transaction."""
    at_ms = store.clock()
    row = {
        "id": uuid7(at_ms, store.chance.getrandbits(74)),
        "at_ms": at_ms,
        "who": who,
        "what": what,
        "about": about,
        "detail": detail[:400],
    }
    insert(connection, audit, [row])
