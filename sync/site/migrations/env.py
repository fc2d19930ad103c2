"""Alembic's entry: it runs migrations over the connection that `migrating` hands over."""

from alembic import context

from sync.site.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
