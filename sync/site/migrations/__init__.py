"""The site's schema as a list of Alembic migrations, which only run forward."""
