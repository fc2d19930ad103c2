"""Points of a sale that expired: told with it to all tills, so that a refund asks nobody for them."""

from collections import Counter
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, select

from sync.site.applying import Read
from sync.site.feed import next_changes
from sync.site.sale_record import add_expired, read_record
from sync.site.store import among, upsert
from sync.site.tables import sale


def tell_expired(connection: Connection, applied: Sequence[Read]) -> None:
    """Note in the sales that made them which points applied entries let expire; their customers are locked.

    It is called after the books were saved, since a sale and its expiry may come in one push.
    """
    gone: Counter[tuple[str, str]] = Counter()
    for one in applied:
        if one.entry.kind == "expire":
            for lot_id, points in one.facts.moves:
                gone[one.entry.customer_id or "", lot_id] -= points
    if not gone:
        return
    ids = sorted({customer_id for customer_id, _ in gone})
    rows = connection.execute(select(sale).where(among(connection, sale.c.customer_id, ids), sale.c.earned > 0))
    changed: list[dict[str, object]] = []
    for row in rows:
        record = read_record(row.record)
        for lot_id, _ in list(record.earned):
            add_expired(record, lot_id, gone[row.customer_id, lot_id])
        stored = msgspec.json.encode(record).decode()
        if stored != row.record:
            changed.append({**row._mapping, "record": stored})
    change = next_changes(connection, len(changed)) if changed else 0
    upsert(connection, sale, [{**row, "change": change + place} for place, row in enumerate(changed)])
