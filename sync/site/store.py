"""The site's database: SQLite or PostgreSQL behind one URL, its transactions, and many rows in one round."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from threading import Lock
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    bindparam,
    create_engine,
    event,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.types import Text

from sync.site.rounds import Rows, run

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BUSY_MS = 10_000
_POOL = 20
_FRESH_S = 1.0

AnyRow = Row[*tuple[Any, ...]]
Cells = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Store:
    """An open database with the clock and the chance that the site works by. `clock` gives UTC ms.

    `turn` is had by who writes, where only one can: SQLite itself would have the others sleep and look again.
    """

    engine: Engine
    clock: Callable[[], int]
    chance: Random
    turn: AbstractContextManager[object] = field(default_factory=nullcontext)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Run a block as one durable transaction; in SQLite the only one that writes, from its first statement."""
        with self.turn, self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Let a block read one unchanging state."""
        engine = self.engine.execution_options(**_reading_options(self.engine))
        with engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_store(url: str, clock: Callable[[], int], chance: Random) -> Store:
    """Open a database by URL: `sqlite:///PATH` or `postgresql://USER@HOST/NAME`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Store(_sqlite(parsed), clock, chance, Lock())
    return Store(_postgres(parsed), clock, chance)


def _postgres(url: URL) -> Engine:
    engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_size=_POOL, max_overflow=_POOL)
    event.listen(engine, "checkin", _note_leaving)
    event.listen(engine, "checkout", _look_after_leaving)
    return engine


def _note_leaving(connection: Any, record: Any) -> None:
    record.info["left_s"] = monotonic()


def _look_after_leaving(connection: Any, record: Any, proxy: object) -> None:
    """See whether a connection still is one, unless it was at work a moment ago: the server may have ended."""
    from psycopg import OperationalError

    if monotonic() - record.info.get("left_s", 0.0) < _FRESH_S:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except OperationalError as fault:
        raise DisconnectionError from fault


def _sqlite(url: URL) -> Engine:
    # The SQLite that systems ship may damage a WAL file shared by two processes; this one brings its own.
    from sqlcipher3 import dbapi2

    engine = create_engine(
        url,
        module=dbapi2,
        pool_size=_POOL,
        max_overflow=_POOL,
        connect_args={"timeout": _BUSY_MS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "recursive_triggers=ON",
        "cache_size=-65536",
        "wal_autocheckpoint=16384",
        f"busy_timeout={_BUSY_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("tillmate_reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _reading_options(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return {"tillmate_reading": True}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def among(connection: Connection, column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a text column is one of many values, as a single parameter."""
    if connection.dialect.name == "postgresql":
        return column == func.any(bindparam(None, list(values), type_=ARRAY(Text)))
    listed = func.json_each(msgspec.json.encode(list(values)).decode()).table_valued("value")
    return column.in_(select(listed.c.value))


def among_pairs(
    connection: Connection, first: ColumnElement[Any], second: ColumnElement[Any], pairs: Sequence[tuple[str, str]]
) -> ColumnElement[bool]:
    """Return the condition that two text columns are one of many pairs: the two halves of a primary key.

    Two conditions with `among` would look for every combination.
    """
    if connection.dialect.name == "postgresql":
        halves = (bindparam(None, [pair[place] for pair in pairs], type_=ARRAY(Text)) for place in (0, 1))
        told = func.unnest(*halves).table_valued("a", "b").render_derived()
        return tuple_(first, second).in_(select(told.c.a, told.c.b))
    listed = func.json_each(msgspec.json.encode(list(pairs)).decode()).table_valued("value")
    halves_of = (listed.c.value.op("->>")(place) for place in (0, 1))
    return tuple_(first, second).in_(select(*halves_of))


def upsert(connection: Connection, table: Table, rows: Sequence[Cells]) -> None:
    """Insert rows, or change those with the same primary key, in one round. Every row has every column."""
    _put(connection, table, rows, new=False)


def insert(connection: Connection, table: Table, rows: Sequence[Cells]) -> None:
    """Insert rows in one round."""
    _put(connection, table, rows, new=True)


def _put(connection: Connection, table: Table, rows: Sequence[Cells], *, new: bool) -> None:
    if rows:
        run(connection, Rows(table, tuple(rows[0]), [tuple(row.values()) for row in rows], new=new))


def lock_people(connection: Connection) -> None:
    """Let nobody else give out phones and cards until this transaction ends. After customers are locked."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7211)")


def day_of(at_ms: int, timezone: str) -> date:
    """Return the day of the shop's calendar at a time in UTC ms."""
    return (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(ZoneInfo(timezone)).date()


def start_ms(day: date, timezone: str) -> int:
    """Return when a day of the shop's calendar begins, in UTC ms."""
    begins = datetime.combine(day, time(), ZoneInfo(timezone))
    return (begins - _EPOCH) // timedelta(milliseconds=1)
