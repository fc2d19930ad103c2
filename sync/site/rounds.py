"""Rounds to the database: several statements at once, past SQLAlchemy's compiler, for what every push does.

PostgreSQL is waited for once a round, not once a statement; and no statement's text is made twice.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary, SmallInteger, Table
from sqlalchemy.exc import DBAPIError

Cells = tuple[Any, ...]

_WORDS = {
    "sqlite": {
        "listed": "IN (SELECT value FROM json_each(?))",
        "paired": "IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))",
        "locked": "",
    },
    "postgresql": {
        "listed": "= ANY (ARRAY(SELECT json_array_elements_text(%s::json)))",
        "paired": "IN (SELECT value ->> 0, value ->> 1 FROM json_array_elements(%s::json))",
        "locked": "FOR UPDATE",
    },
}


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with a `?` for each of its cells.

    `column {listed}` and `(column, column) {paired}` each stand for a cell that `told` makes: being one of many
    values, or pairs. `{locked}` at its end locks the rows.
    """

    sql: str
    cells: Cells = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for a table, in the order of `columns`: all of them new, or written over what has the same key."""

    table: Table
    columns: tuple[str, ...]
    rows: Sequence[Cells]
    new: bool = False


Step = Statement | Rows


def told(values: Sequence[object]) -> str:
    """Return values, or pairs of them, as a cell of a statement."""
    return msgspec.json.encode(values).decode()


def run(connection: Connection, *steps: Step) -> list[list[Cells]]:
    """Take steps in their order, in one round; return the rows that each statement brings."""
    wanted = [step for step in steps if isinstance(step, Statement) or step.rows]
    with _driver(connection) as driver:
        if connection.dialect.name == "postgresql":
            with driver.pipeline():
                cursors = [_send(driver, step) for step in wanted]
        else:
            cursors = [_take(driver, step) for step in wanted]
        return [
            cursor.fetchall() if cursor.description else []
            for step, cursor in zip(wanted, cursors, strict=True)
            if isinstance(step, Statement)
        ]


def copy(connection: Connection, rows: Rows) -> None:
    """Add many new rows as fast as the database takes them."""
    assert rows.new
    if connection.dialect.name == "sqlite" or not rows.rows:
        run(connection, rows)
        return
    sql = f"COPY {rows.table.name} ({_names(rows.columns)}) FROM STDIN"
    with _driver(connection) as driver, driver.cursor() as cursor, cursor.copy(sql) as stream:
        for row in rows.rows:
            stream.write_row(row)


@contextmanager
def _driver(connection: Connection) -> Iterator[Any]:
    """Give the driver's own connection; its faults become SQLAlchemy's, as everywhere else."""
    dialect = connection.dialect
    faults = dialect.loaded_dbapi.Error
    try:
        yield connection.connection.driver_connection
    except faults as fault:
        raise DBAPIError.instance(None, None, fault, faults, dialect=dialect) from fault


def _take(driver: Any, step: Step) -> Any:
    if isinstance(step, Statement):
        return driver.execute(_worded(step.sql, "sqlite"), step.cells)
    return driver.executemany(_sqlite_insert(step.table, step.columns, step.new), step.rows)


def _send(driver: Any, step: Step) -> Any:
    if isinstance(step, Statement):
        # A plan that is kept from when a table was small would read all of it when it is large.
        return driver.execute(_worded(step.sql, "postgresql"), step.cells, prepare=False)
    rows = [dict(zip(step.columns, row, strict=True)) for row in step.rows]
    return driver.execute(_postgres_insert(step.table, step.columns, step.new), (told(rows),))


@cache
def _worded(sql: str, backend: str) -> str:
    worded = sql.format(**_WORDS[backend])
    return worded.replace("?", "%s") if backend == "postgresql" else worded


@cache
def _sqlite_insert(table: Table, columns: tuple[str, ...], new: bool) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table.name} ({_names(columns)}) VALUES ({marks})" + _on_conflict(table, columns, new)  # noqa: S608


@cache
def _postgres_insert(table: Table, columns: tuple[str, ...], new: bool) -> str:
    kinds = ", ".join(f'"{name}" {_kind(table, name)}' for name in columns)
    cells = ", ".join(
        f"decode(\"{name}\", 'base64')" if isinstance(table.c[name].type, LargeBinary) else f'"{name}"'
        for name in columns
    )
    sql = f"INSERT INTO {table.name} ({_names(columns)}) SELECT {cells} FROM json_to_recordset(%s::json) AS r({kinds})"  # noqa: S608, E501
    return sql + _on_conflict(table, columns, new)


def _on_conflict(table: Table, columns: tuple[str, ...], new: bool) -> str:
    if new:
        return ""
    keys = [column.name for column in table.primary_key]
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in keys)
    return f" ON CONFLICT ({', '.join(keys)}) DO " + (f"UPDATE SET {changes}" if changes else "NOTHING")


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _kind(table: Table, name: str) -> str:
    match table.c[name].type:
        case SmallInteger() | BigInteger() | Integer():
            return "bigint"
        case Boolean():
            return "boolean"
        case _:
            return "text"
