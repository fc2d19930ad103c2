"""How each holder stands: its journal, what it has leased, and for how long nothing was heard of it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from sync.site.books import SITE
from sync.site.recovering import missing_holders
from sync.site.shop import shop_facts
from sync.site.store import Store
from sync.site.tables import holder, lease, terminal

_DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Standing:
    """One holder's journal and leases. `quarantined`: nobody may have what it holds until it is settled."""

    id: str
    name: str
    role: str
    state: str
    applied_seq: int
    received_seq: int
    held_why: str | None
    held_seq: int | None
    held_points: int
    silent_ms: int
    quarantined: bool


def standing(store: Store) -> tuple[list[Standing], list[str]]:
    """Return all holders, and those that a restored site waits for."""
    with store.reading() as connection:
        now_ms = store.clock()
        patience_ms = shop_facts(connection).offline_days * _DAY_MS
        held = (
            select(lease.c.holder_id, func.sum(lease.c.points).label("points"))
            .group_by(lease.c.holder_id)
            .subquery()
        )
        rows = connection.execute(
            select(holder, terminal, func.coalesce(held.c.points, 0).label("held_points"))
            .join(terminal, terminal.c.holder_id == holder.c.id)
            .join(held, held.c.holder_id == holder.c.id, isouter=True)
            .where(holder.c.role != SITE)
            .order_by(holder.c.id)
        )
        tills = [
            Standing(
                id=row.id,
                name=row.name,
                role=row.role,
                state=row.state,
                applied_seq=row.applied_seq,
                received_seq=row.received_seq,
                held_why=row.held_why,
                held_seq=row.held_seq,
                held_points=int(row.held_points),
                silent_ms=now_ms - row.contact_ms,
                quarantined=int(row.held_points) > 0
                and (row.state != "active" or row.held_why is not None or now_ms - row.contact_ms > patience_ms),
            )
            for row in rows
        ]
        return tills, missing_holders(connection)
