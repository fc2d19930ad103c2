"""The queues that the spooler's contract is tried on, beside the folder: a table, and the till's own ledger."""

import sqlite3
from pathlib import Path
from typing import Protocol

from printers.document import Document, document_from_json, document_to_json
from printers.spool import Job, JobStore
from terminal.ledger import queues
from terminal.ledger.ledger import Ledger
from terminal.printing import LedgerJobs


class AskingStore(JobStore, Protocol):
    """What the tests need of a store beside what the spooler does."""

    def add(self, document: Document, *, copy: bool = False) -> int:
        """Queue a slip."""

    def doubtful(self) -> list[tuple[int, str]]:
        """What a person is to decide on."""


class SqliteStore:
    """The queue as a table, as a till keeps it; what is found being sent at start is unknown."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA synchronous = OFF")  # the plug is pulled between calls alone
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS job"
            " (id INTEGER PRIMARY KEY, document TEXT, copy INTEGER, state TEXT, why TEXT)"
        )
        self._database.execute("UPDATE job SET state = 'unknown', why = 'power' WHERE state = 'sending'")

    def add(self, document: Document, *, copy: bool = False) -> int:
        row = self._database.execute(
            "INSERT INTO job (document, copy, state, why) VALUES (?, ?, 'queued', '') RETURNING id",
            (document_to_json(document), copy),
        ).fetchone()
        return int(row[0])

    def next(self) -> Job | None:
        row = self._database.execute(
            "SELECT id, document, copy FROM job WHERE state = 'queued' ORDER BY id LIMIT 1"
        ).fetchone()
        return Job(row[0], document_from_json(row[1]), bool(row[2])) if row else None

    def sending(self, job_id: int) -> None:
        self._move(job_id, "sending", "")

    def done(self, job_id: int) -> None:
        self._move(job_id, "done", "")

    def unknown(self, job_id: int, why: str) -> None:
        self._move(job_id, "unknown", why)

    def failed(self, job_id: int, why: str) -> None:
        self._move(job_id, "queued", why)

    def doubtful(self) -> list[tuple[int, str]]:
        return list(self._database.execute("SELECT id, why FROM job WHERE state = 'unknown' ORDER BY id"))

    def close(self) -> None:
        self._database.close()

    def _move(self, job_id: int, state: str, why: str) -> None:
        self._database.execute("UPDATE job SET state = ?, why = ? WHERE id = ?", (state, why, job_id))


class LedgerStore(LedgerJobs):
    """The till's own queue, with what a test needs beside it."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(lambda: ledger)
        self._queue = ledger

    def add(self, document: Document, *, copy: bool = False) -> int:
        with self._queue.atomic():
            return queues.queue_print(self._queue, document_to_json(document), 0, is_copy=copy)

    def doubtful(self) -> list[tuple[int, str]]:
        return [(job.id, job.fault) for job in queues.open_prints(self._queue) if job.state == "unknown"]

    def close(self) -> None:
        self._queue.close()
