"""A site's database opened for a command: with the system's clock and chance, and its schema as it must be."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom

import click
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from sync.site.migrating import is_current
from sync.site.store import Store, open_store


def default_database() -> str:
    """Return the URL of the database that is used when none is named."""
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path('tillmate') / 'site.db'}"


def now_ms() -> int:
    """The system's time in UTC ms."""
    return time.time_ns() // 1_000_000


@contextmanager
def opened(database: str, *, new: bool = False) -> Iterator[Store]:
    """Open a database for a command; what is wrong with it becomes one line and exit code 1."""
    try:
        url = make_url(database)
    except ArgumentError as fault:
        raise click.ClickException(f"{database!r} is no database's URL") from fault
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise click.ClickException("A site's database is SQLite or PostgreSQL.")
    if url.get_backend_name() == "sqlite" and url.database:
        if not new and not Path(url.database).exists():
            raise click.ClickException(f"There is no {url.database}. tillmate site init makes it.")
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    store = open_store(database, now_ms, SystemRandom())
    try:
        if not new:
            _check(store)
        yield store
    except DBAPIError as fault:
        raise click.ClickException(f"The database can't be used: {fault.orig}") from fault
    finally:
        store.close()


def _check(store: Store) -> None:
    if not is_current(store):
        raise click.ClickException("The database is of another version. tillmate site init brings it up to date.")


def was_set_up(store: Store) -> bool:
    """Tell whether the database has a site in it."""
    return inspect(store.engine).has_table("alembic_version")
