"""The site's copy of the journals: how far each is, its chain checked, and entries of the site's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import astuple
from sqlalchemy import Connection, select

from sync.protocol import Held, WhyHeld, WireEntry, draft_of_wire
from sync.site.applying import Read, Unfit, apply, read_entries
from sync.site.books import SITE, Books
from sync.site.expiring import tell_expired
from sync.site.marks import take_marks
from sync.site.notices import changes_of, queue_notices
from sync.site.rounds import Cells, Rows, Statement, copy, run, told
from sync.site.store import Store
from sync.site.tables import journal, terminal
from sync.site.tiers import follow_tiers
from terminal.rules.entry import Draft, Entry, canonical_json, chain, uuid7

COLUMNS = (
    "terminal_id",
    "seq",
    "id",
    "kind",
    "at_ms",
    "operator",
    "points",
    "customer_id",
    "sale_id",
    "payload",
    "hash",
)


@dataclass(slots=True)
class Progress:
    """How far a journal is: kept up to `received_seq`, in the balances up to `applied_seq`."""

    id: str
    holder_id: str
    received_seq: int
    received_hash: bytes
    applied_seq: int
    applied_hash: bytes
    last_at_ms: int
    held_why: str | None
    held_seq: int | None
    held_since_ms: int | None
    held_text: str

    @property
    def held(self) -> Held | None:
        """Why it is held, as holders are told."""
        if self.held_why is None:
            return None
        assert self.held_seq is not None
        assert self.held_since_ms is not None
        return Held(why=WhyHeld(self.held_why), seq=self.held_seq, since_ms=self.held_since_ms, text=self.held_text)

    @property
    def held_for_good(self) -> bool:
        """Tell whether the ledger is a restored or copied one."""
        return self.held_why in (WhyHeld.LEDGER_BEHIND, WhyHeld.LEDGER_FORKED)

    def hold(self, why: WhyHeld, seq: int, text: str, at_ms: int) -> None:
        """Hold the journal at an entry."""
        self.held_why, self.held_seq, self.held_since_ms, self.held_text = why.value, seq, at_ms, text[:400]

    def release(self) -> None:
        """Hold it no longer."""
        self.held_why = self.held_seq = self.held_since_ms = None
        self.held_text = ""


_PROGRESS = tuple(column.name for column in terminal.columns)
_LOCKING = f"SELECT {', '.join(_PROGRESS)} FROM terminal WHERE id {{listed}} ORDER BY id {{locked}}"  # noqa: S608
_ASKING = f"SELECT {', '.join(_PROGRESS)} FROM terminal WHERE holder_id = ? ORDER BY id"  # noqa: S608
_SAVING = f"UPDATE terminal SET {', '.join(f'{name} = ?' for name in _PROGRESS[2:])} WHERE id = ?"  # noqa: S608


def locking_progress(terminal_ids: Iterable[str]) -> Statement:
    """Return what locks journals, in the order of their ids. Before anything else is locked."""
    return Statement(_LOCKING, (told(sorted(set(terminal_ids))),))


def progress_of(rows: Iterable[Cells]) -> dict[str, Progress]:
    """Return how far each journal is that was locked or asked for."""
    return {row[0]: _progress(row) for row in rows}


def lock_progress(connection: Connection, terminal_ids: Iterable[str]) -> dict[str, Progress]:
    """Lock journals, in the order of their ids, and return how far each is. Before anything else is locked."""
    return progress_of(run(connection, locking_progress(terminal_ids))[0])


def asking_progress(holder_id: str) -> Statement:
    """Return what brings the journals that a holder speaks for, in the order of their ids."""
    return Statement(_ASKING, (holder_id,))


def read_progress(connection: Connection, holder_id: str) -> list[Progress]:
    """Return how far the journals are that a holder speaks for."""
    return list(progress_of(run(connection, asking_progress(holder_id))[0]).values())


def _progress(row: tuple[Any, ...]) -> Progress:
    return Progress(row[0], row[1], row[2], bytes(row[3]), row[4], bytes(row[5]), *row[6:])


def saving_progress(progress: Progress) -> Statement:
    """Return what writes how far a journal is."""
    cells = (
        progress.received_seq,
        progress.received_hash,
        progress.applied_seq,
        progress.applied_hash,
        progress.last_at_ms,
        progress.held_why,
        progress.held_seq,
        progress.held_since_ms,
        progress.held_text,
    )
    return Statement(_SAVING, (*cells, progress.id))


def asking_hashes(terminal_id: str, first: int, last: int) -> Statement:
    """Return what brings (seq, hash) of kept entries from one seq through another."""
    return Statement(
        "SELECT seq, hash FROM journal WHERE terminal_id = ? AND seq BETWEEN ? AND ?", (terminal_id, first, last)
    )


def chained(progress: Progress, sent: Sequence[WireEntry]) -> list[Entry] | int:
    """Number and hash entries that follow the journal; return the seq of the first that does not follow."""
    entries: list[Entry] = []
    prev_hash, at_ms = progress.received_hash, progress.last_at_ms
    for seq, one in enumerate(sent, start=progress.received_seq + 1):
        entry = chain(progress.id, seq, draft_of_wire(one), prev_hash)
        if (one.seq, one.prev_hash, one.hash) != (seq, prev_hash, entry.hash) or one.at_ms < at_ms:
            return seq
        entries.append(entry)
        prev_hash, at_ms = entry.hash, entry.at_ms
    return entries


def keep(connection: Connection, progress: Progress, entries: Sequence[Entry]) -> None:
    """Store entries that follow the journal; they are not in the balances yet."""
    if not entries:
        return
    copy(connection, Rows(journal, COLUMNS, [_row(entry) for entry in entries], new=True))
    last = entries[-1]
    progress.received_seq, progress.received_hash, progress.last_at_ms = last.seq, last.hash, last.at_ms


def _row(entry: Entry) -> Cells:
    *cells, _, digest = astuple(entry)
    return (*cells, digest)


def kept_entries(connection: Connection, terminal_id: str, after: int, limit: int, prev_hash: bytes) -> list[Entry]:
    """Return kept entries after a seq whose hash is `prev_hash`, in order."""
    rows = connection.execute(
        select(*(journal.c[name] for name in COLUMNS))
        .where(journal.c.terminal_id == terminal_id, journal.c.seq > after)
        .order_by(journal.c.seq)
        .limit(limit)
    )
    entries: list[Entry] = []
    for row in rows:
        *cells, digest = row
        entries.append(Entry(*cells, prev_hash, bytes(digest)))  # type: ignore[call-arg]
        prev_hash = entries[-1].hash
    return entries


class OwnJournal:
    """The site's own journal, written within one transaction: entries are numbered, applied and kept together.

    Without books, entries are only kept: the caller has brought its own books up to them.
    """

    def __init__(self, store: Store, books: Books | None, progress: Progress) -> None:
        assert progress.id == SITE
        assert books is None or books.holder_id == SITE
        self._store = store
        self._books = books
        self._progress = progress
        self._entries: list[Entry] = []
        self._read: list[Read] = []

    def append(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        points: int = 0,
        customer_id: str | None = None,
        sale_id: str | None = None,
        operator: str = "site",
    ) -> Entry:
        """Number, chain and apply an entry; its customer's books are loaded already."""
        before = self._entries[-1] if self._entries else None
        at_ms = max(self._store.clock(), before.at_ms if before else self._progress.last_at_ms)
        draft = Draft(
            uuid7(at_ms, self._store.chance.getrandbits(74)),
            kind,
            at_ms,
            operator,
            points,
            customer_id,
            sale_id,
            canonical_json(payload),
        )
        seq = (before.seq if before else self._progress.received_seq) + 1
        entry = chain(SITE, seq, draft, before.hash if before else self._progress.received_hash)
        if self._books is not None:
            read, unfit = read_entries([entry])
            wrong: Unfit | None = unfit or apply(self._books, read[0])
            assert wrong is None, wrong
            self._read += read
        self._entries.append(entry)
        return entry

    def save(self, connection: Connection) -> None:
        """Keep the entries, and write the books back."""
        keep(connection, self._progress, self._entries)
        self._entries = []
        self._progress.applied_seq = self._progress.received_seq
        self._progress.applied_hash = self._progress.received_hash
        run(connection, saving_progress(self._progress))
        if self._books is not None:
            self._books.save()
            take_marks(connection, self._read)
            tell_expired(connection, self._read)
            moved = follow_tiers(connection, self._store, self._books, self._read)
            queue_notices(connection, self._store, [*changes_of(self._read), *moved])
        self._read = []
