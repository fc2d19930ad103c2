"""The site over both databases, for orders that several sides move."""

from tests.site.conftest import clock, database_url, postgres, served, site, store

__all__ = ["clock", "database_url", "postgres", "served", "site", "store"]
