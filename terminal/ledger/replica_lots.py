"""The lots of the site's accounts: of each customer's only those are written that differ from what is here."""

from collections.abc import Sequence
from typing import Any

from terminal.ledger.ledger import Ledger
from terminal.ledger.told import ToldAccount
from terminal.ledger.writes import Write, as_json

_PUT_LOT = """
INSERT INTO lot
    (customer_id, id, points, points_left, points_held, available_from, expires_on, site_left, site_held)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?4, ?5)
ON CONFLICT (customer_id, id) DO UPDATE SET points = ?3, points_left = ?4, points_held = ?5, available_from = ?6,
    expires_on = ?7, site_left = ?4, site_held = ?5
"""

# A lot that the site tells no more of is spent; its row stays, since a void or a refund may give points back to it.
_EMPTY_LOT = """
UPDATE lot SET points_left = 0, points_held = 0, site_left = 0, site_held = 0 WHERE customer_id = ? AND id = ?
"""

_LOTS = """
SELECT customer_id, id, points, points_left, points_held, available_from, expires_on, site_left, site_held FROM lot
WHERE customer_id IN (SELECT value FROM json_each(?))
    AND (points_left <> 0 OR points_held <> 0 OR site_left <> 0 OR site_held <> 0)
"""


def lot_writes(ledger: Ledger, accounts: Sequence[ToldAccount], known: Sequence[str]) -> list[Write]:
    """Return what is to be written of the accounts' lots; `known` are the customers who may have some here."""
    found = ledger.rows(_LOTS, (as_json(known),)) if known else []
    here: dict[tuple[str, str], tuple[Any, ...]] = {row[:2]: row[2:] for row in found}
    rows: list[tuple[Any, ...]] = []
    for account in accounts:
        for lot in account.lots:
            cells = (lot.points, lot.left, lot.held, lot.available_from, lot.expires_on)
            if here.pop((account.customer_id, lot.id), None) != (*cells, lot.left, lot.held):
                rows.append((account.customer_id, lot.id, *cells))
    return [(_EMPTY_LOT, list(here)), (_PUT_LOT, rows)]
