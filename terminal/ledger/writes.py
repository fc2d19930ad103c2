"""Changes of the ledger as data: found out before the transaction that makes them."""

from typing import Any

import msgspec

Write = tuple[str, list[tuple[Any, ...]]]
"""A statement, and the rows that it is executed with."""


def as_json(value: object) -> str:
    """Return JSON, for a column or for SQLite's json_each."""
    return msgspec.json.encode(value).decode()
