"""What a cashier waits for, and the nightly comparison: answers about some accounts, outside of the feed."""

from sqlalchemy import Connection, func, select

from sync.protocol import (
    BUCKETS,
    Applied,
    AskBucket,
    Bucket,
    Code,
    CustomerDigest,
    Digest,
    Fault,
    Grant,
    LookUp,
    Told,
)
from sync.site.accounts import accounts_of
from sync.site.cursors import Place, cursors
from sync.site.holders import Holder
from sync.site.journal import read_progress
from sync.site.people import find_ids
from sync.site.recovering import missing_holders
from sync.site.shop import today
from sync.site.store import Store
from sync.site.tables import customer, holder


def may_hold(store: Store, speaker: Holder) -> Fault | None:
    """Say why nothing is granted to a holder now; None when it may be."""
    with store.reading() as connection:
        held = next((one for one in read_progress(connection, speaker.id) if one.held_why), None)
        if held is not None:
            return Fault(code=Code.HELD, text=held.held_text, held=held.held)
        if speaker.granted_seen > speaker.granted:
            known, seen = speaker.granted, speaker.granted_seen
            text = f"{speaker.id} knows grant {seen}, the site {known}: reclaim them first"
            return Fault(code=Code.RECOVERING, text=text)
        if speaker.state != "active":
            return Fault(code=Code.REVOKED, text=f"{speaker.id} is {speaker.state}")
        missing = missing_holders(connection)
        if missing:
            text = f"restored from a backup; waiting for {', '.join(missing[:5])}"
            return Fault(code=Code.RECOVERING, text=text)
    return None


def tell(
    store: Store, speaker: Holder, customer_ids: list[str], grants: tuple[Grant, ...] = (), short: int = 0
) -> Told:
    """Return accounts as they are now."""
    with store.reading() as connection:
        return _told(connection, store, speaker, customer_ids, grants, short)


def look_up(store: Store, speaker: Holder, asked: LookUp) -> Told:
    """Find accounts by phone, card or id."""
    with store.reading() as connection:
        ids = find_ids(connection, asked.by, asked.values)
        return _told(connection, store, speaker, ids[:200], (), 0)


def _told(
    connection: Connection,
    store: Store,
    speaker: Holder,
    customer_ids: list[str],
    grants: tuple[Grant, ...],
    short: int,
) -> Told:
    journals = read_progress(connection, speaker.id)
    return Told(
        applied=tuple(Applied(one.id, one.applied_seq, one.applied_hash) for one in journals),
        accounts=accounts_of(connection, customer_ids, speaker.id),
        grants=grants,
        granted=connection.execute(select(holder.c.granted).where(holder.c.id == speaker.id)).scalar_one(),
        short=short,
        site_ms=store.clock(),
    )


def is_there(store: Store, customer_id: str) -> bool:
    """Tell whether the site knows a customer."""
    with store.reading() as connection:
        return bool(find_ids(connection, "id", [customer_id]))


def shop_day(store: Store) -> str:
    """Return the shop's day now."""
    with store.reading() as connection:
        return today(connection, store).isoformat()


def digest(store: Store) -> Digest:
    """Sum up all buckets in one look."""
    with store.reading() as connection:
        counts, sums = [0] * BUCKETS, [0] * BUCKETS
        rows = connection.execute(
            select(customer.c.bucket, func.count(), func.sum(customer.c.digest)).group_by(customer.c.bucket)
        )
        for bucket, count, whole in rows:
            counts[bucket], sums[bucket] = count, int(whole)
        return Digest(cursor=_cursor(connection), counts=tuple(counts), sums=tuple(sums))


def _cursor(connection: Connection) -> str:
    sealing = cursors(connection)
    return sealing.write(Place("changes", 0, sealing.last))


def bucket(store: Store, asked: AskBucket) -> Bucket:
    """Return the digests of one bucket."""
    with store.reading() as connection:
        rows = connection.execute(
            select(customer.c.id, customer.c.digest)
            .where(customer.c.bucket == asked.bucket, customer.c.id > asked.after)
            .order_by(customer.c.id)
            .limit(asked.limit)
        ).all()
        return Bucket(
            cursor=_cursor(connection),
            digests=tuple(CustomerDigest(row[0], row[1]) for row in rows),
            more=len(rows) == asked.limit,
        )
