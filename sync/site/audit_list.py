"""The audit log as a manager looks at it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from sync.site.shop import shop_facts
from sync.site.store import Store
from sync.site.tables import audit


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the audit log: when (in the shop's time zone), who did what, about what or whom."""

    at: str
    who: str
    what: str
    about: str
    detail: str


def noted(store: Store, limit: int) -> list[Noted]:
    """Return the newest lines, newest first."""
    with store.reading() as connection:
        zone = ZoneInfo(shop_facts(connection).timezone)
        rows = connection.execute(select(audit).order_by(audit.c.at_ms.desc(), audit.c.id.desc()).limit(limit))
        return [
            Noted(
                f"{datetime.fromtimestamp(row.at_ms / 1000, zone):%Y-%m-%d %H:%M:%S}",
                row.who,
                row.what,
                row.about,
                row.detail,
            )
            for row in rows
        ]
