"""The ledger: one encrypted SQLite file, the only place on the till that speaks SQL."""

from terminal.ledger.errors import (
    AffectedSqlite,
    LedgerBusy,
    LedgerDamaged,
    LedgerError,
    LedgerFull,
    LedgerMissing,
    LedgerReadOnly,
    LedgerTooNew,
    WrongKey,
)
from terminal.ledger.ledger import Ledger
from terminal.ledger.opening import create_ledger, open_ledger

__all__ = [
    "AffectedSqlite",
    "Ledger",
    "LedgerBusy",
    "LedgerDamaged",
    "LedgerError",
    "LedgerFull",
    "LedgerMissing",
    "LedgerReadOnly",
    "LedgerTooNew",
    "WrongKey",
    "create_ledger",
    "open_ledger",
]
