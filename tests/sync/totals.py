"""Balances computed a second time, from raw journals alone: nothing of ours but the key that opens the files."""

import json
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

KEY_HEX = bytes(range(32)).hex()


def entries(ledger: Path) -> list[tuple[Any, ...]]:
    """Read (kind, points, customer, payload) of a journal, in order."""
    connection = sqlite.connect(str(ledger))
    try:
        connection.execute(f"PRAGMA key = \"x'{KEY_HEX}'\"")
        rows: list[tuple[Any, ...]] = connection.execute(
            "SELECT kind, points, customer_id, payload FROM journal ORDER BY seq"
        ).fetchall()
    finally:
        connection.close()
    return rows


def recomputed(ledgers: list[Path]) -> dict[str, int]:
    """Add up all journals: points by customer; a lot that was overspent is a fault."""
    points: dict[str, int] = {}
    lots: dict[str, int] = {}
    for ledger in ledgers:
        for kind, moved, customer, payload in entries(ledger):
            if customer is None:
                assert moved == 0, kind
                continue
            points[customer] = points.get(customer, 0) + moved
            facts = json.loads(payload)
            for lot, change in facts.get("moves", ()):
                lots[lot] = lots.get(lot, 0) + change
            if "lot" in facts:
                key = f"{ledger}:made"
                lots[key] = lots.get(key, 0) + facts["lot"]["points"]
    assert sum(points.values()) == sum(lots.values())
    return points
