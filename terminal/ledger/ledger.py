"""The ledger: its transactions, its one writer's door (`append`) and its one feed (`entries`)."""

import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from terminal.ledger.errors import LedgerBusy, faults_named
from terminal.ledger.views import apply
from terminal.rules.entry import GENESIS, Draft, Entry, chain

_COLUMNS = "seq, id, kind, at_ms, operator, points, customer_id, sale_id, payload, prev_hash, hash"
_SITE_MS = "SELECT value FROM ledger_fact WHERE name = 'site_seen_ms'"
_MOST_KEPT = 32
_LOOK_EVERY_S = 0.001

BUSY_TIMEOUT_MS = 5000
"""How long a transaction waits for another program that writes, in milliseconds."""

_T = TypeVar("_T")


class Ledger:
    """One open ledger file. Safe for the threads of one process; SQLite keeps other processes apart."""

    def __init__(self, connection: Any, path: Path, terminal_id: str, connect: Callable[[], Any]) -> None:
        """`connect` opens the same file once more."""
        self.connection = connection
        self.path = path
        self.terminal_id = terminal_id
        self._connect = connect
        self._lock = threading.RLock()
        self._depth = 0
        self._half_done = False
        self._head: tuple[int, bytes, int, int] | None = None
        self._kept: dict[Hashable, Any] = {}
        self._seen_version: tuple[Any, ...] | None = None
        self._noticed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self.connection.close()

    def beside(self) -> "Ledger":
        """Open the file once more, to read at length while the till goes on selling; the caller closes it."""
        with faults_named():
            return Ledger(self._connect(), self.path, self.terminal_id, self._connect)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Run a block as one durable transaction; an inner block is part of the outer one.

        When an inner block fails, the outer one can't be committed either, even where it catches the fault:
        half of something would be booked.
        """
        with self._lock, faults_named():
            if self._depth == 0:
                self._begin_writing()
                self._noticed = False
                self._half_done = False
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                self._half_done = True
                self._roll_back()
                raise
            self._depth -= 1
            self._roll_back()
            assert not self._half_done, "an inner block failed: the outer one can't be committed"
            if self._depth == 0:
                self._commit()

    def _begin_writing(self) -> None:
        """Wait until nobody else writes. SQLite itself looks ever more rarely, soon every ten milliseconds."""
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
            while not self._begun(last=time.monotonic() > until):
                time.sleep(_LOOK_EVERY_S)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")

    def _begun(self, *, last: bool) -> bool:
        try:
            with faults_named():
                self.connection.execute("BEGIN IMMEDIATE")
        except LedgerBusy:
            if last:
                raise
            return False
        return True

    def _roll_back(self) -> None:
        if self._half_done and self._depth == 0:
            self._forget_all()
            if self.connection.in_transaction:  # a full disk has rolled back by itself
                self.connection.execute("ROLLBACK")

    def snapshot(self) -> AbstractContextManager[None]:
        """Let a block read one unchanging state, while others go on writing; it waits for nobody."""
        return _Snapshot(self)

    def _begin_snapshot(self) -> bool:
        """Take the lock, and begin to read unless a transaction is open already; tell whether it was begun here."""
        self._lock.acquire()
        try:
            if self.connection.in_transaction:
                return False
            self.connection.execute("BEGIN")
        except BaseException:
            self._lock.release()
            raise
        self._noticed = False
        return True

    def _end_snapshot(self, begun: bool) -> None:
        try:
            if begun and self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        finally:
            self._lock.release()

    def _notice_others(self) -> None:
        """Forget what was read once when another connection has changed the file since; once a transaction."""
        self._noticed = True
        version = self.row("PRAGMA data_version")
        if version != self._seen_version:
            self._forget_all()
            self._seen_version = version

    def _forget_all(self) -> None:
        self._head = None
        self._kept.clear()

    def _commit(self) -> None:
        try:
            self.connection.execute("COMMIT")
        except BaseException:
            self._forget_all()
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def others_wrote(self) -> int:
        """Return a number that changes whenever another connection has written; it is read from shared memory."""
        found = self.row("PRAGMA data_version")
        assert found is not None
        return int(found[0])

    def rows(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Read rows; for the ledger's own modules."""
        with self._lock, faults_named():
            return self.connection.execute(sql, values).fetchall()  # type: ignore[no-any-return]

    def row(self, sql: str, values: tuple[object, ...] = ()) -> tuple[Any, ...] | None:
        """Read one row or None; for the ledger's own modules."""
        with self._lock, faults_named():
            return self.connection.execute(sql, values).fetchone()  # type: ignore[no-any-return]

    def once(self, key: Hashable, read: Callable[[], _T]) -> _T:
        """Return what `read` reads, read once as long as nobody writes; for own modules.

        Not for what `append` changes: the views are read anew each time.
        """
        with self._lock:
            if not self.connection.in_transaction:
                return self._keep(key, read())
            if not self._noticed:
                self._notice_others()
            return cast("_T", self._kept[key]) if key in self._kept else self._keep(key, read())

    def _keep(self, key: Hashable, value: _T) -> _T:
        """Keep what was read; where another has written since the last look, the next look forgets it too."""
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[key] = value
        return value

    def write(self, sql: str, values: tuple[object, ...] = ()) -> int:
        """Change rows inside `atomic`, return how many; for the ledger's own modules, never for the journal."""
        assert self._depth > 0, "a change needs a transaction"
        self._kept.clear()
        return int(self.connection.execute(sql, values).rowcount)

    def write_many(self, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Change many rows by one statement, as `write` does."""
        assert self._depth > 0, "a change needs a transaction"
        if rows:
            self._kept.clear()
            self.connection.executemany(sql, rows)

    def append(self, draft: Draft, bring_up: Callable[[Any, Entry], None] = apply) -> Entry:
        """Number, chain and store an entry, and bring the views up to it, in the caller's transaction.

        An entry never stands before the last one in time: a clock that was set back does not rewrite the order.
        """
        assert self._depth > 0, "an entry needs a transaction"
        seq, prev_hash, last_ms, site_ms = self._last()
        assert draft.at_ms >= last_ms, "the caller's clock only goes forward"
        entry = chain(self.terminal_id, seq + 1, draft, prev_hash)
        self.connection.execute(
            f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (
                entry.seq,
                entry.id,
                entry.kind,
                entry.at_ms,
                entry.operator,
                entry.points,
                entry.customer_id,
                entry.sale_id,
                entry.payload,
                entry.prev_hash,
                entry.hash,
            ),
        )
        self._head = (entry.seq, entry.hash, entry.at_ms, site_ms)
        bring_up(self.connection, entry)
        return entry

    def _last(self) -> tuple[int, bytes, int, int]:
        """Return seq, hash and time of the last entry, and the site's last time; the caller holds the lock.

        Inside a transaction or a snapshot it can't change, so it is read once; outside, another process may append.
        """
        reading_once = self.connection.in_transaction
        if reading_once and not self._noticed:
            self._notice_others()
        if self._head is None or not reading_once:
            found = self.connection.execute(
                f"SELECT seq, hash, at_ms, ({_SITE_MS}) FROM journal ORDER BY seq DESC LIMIT 1"  # noqa: S608
            ).fetchone() or (0, GENESIS, 0, *(self.connection.execute(_SITE_MS).fetchone() or (0,)))
            self._head = (found[0], bytes(found[1]), found[2], int(found[3] or 0))
        return self._head

    def entries(self, after: int = 0, limit: int = 1000) -> list[Entry]:
        """Return own entries with seq > `after`, in order, at most `limit`."""
        rows = self.rows(
            f"SELECT {_COLUMNS} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608
            (after, limit),
        )
        return [Entry(self.terminal_id, *row) for row in rows]

    def last_seq(self) -> int:
        """Return the number of the last entry, 0 in an empty journal."""
        found = self.row("SELECT max(seq) FROM journal")
        return (found[0] or 0) if found else 0

    def last_at_ms(self) -> int:
        """Return the time of the last entry (UTC ms), 0 in an empty journal."""
        with self._lock, faults_named():
            return self._last()[2]

    def not_before_ms(self) -> int:
        """Return the earliest that it can be now (UTC ms): the last entry's time, or the site's when it spoke."""
        with self._lock, faults_named():
            return max(self._last()[2:])

    def fact(self, name: str) -> str | None:
        """Return a named fact of this ledger (terminal_id, applied_seq, ...)."""
        found = self.row("SELECT value FROM ledger_fact WHERE name = ?", (name,))
        return found[0] if found else None

    def set_fact(self, name: str, value: str) -> None:
        """Set a named fact, inside `atomic`."""
        self.write(
            "INSERT INTO ledger_fact VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2", (name, value)
        )


class _Snapshot:
    """The block of `Ledger.snapshot`; every scan enters several, so it is no generator."""

    __slots__ = ("_begun", "_ledger")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._begun = False

    def __enter__(self) -> None:
        with faults_named():
            self._begun = self._ledger._begin_snapshot()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        with faults_named():
            self._ledger._end_snapshot(self._begun)
