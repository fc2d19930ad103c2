"""The schema of the site's database, brought up to what this version needs, in one transaction."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sync.site.code_lease_table import code_lease
from sync.site.cursors import make_seal
from sync.site.notice_table import notice
from sync.site.order_table import order_doubt
from sync.site.store import Store
from sync.site.tables import metadata


def migrate(store: Store) -> None:
    """Run the migrations that the database has not seen."""
    with store.writing() as connection:
        command.upgrade(_config(connection), "head")
        make_seal(connection)


def is_current(store: Store) -> bool:
    """Tell whether the database has the schema of this version."""
    with store.reading() as connection:
        wanted = ScriptDirectory.from_config(_config(connection)).get_current_head()
        return MigrationContext.configure(connection).get_current_revision() == wanted


def differences(store: Store) -> list[object]:
    """Return how the database differs from the tables that the code knows."""
    assert notice.metadata is code_lease.metadata is order_doubt.metadata is metadata
    with store.reading() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "sync.site:migrations")
    config.attributes["connection"] = connection
    return config
