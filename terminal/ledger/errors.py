"""Operating faults of the ledger file.

LedgerError
├── LedgerMissing     no file, or no folder
├── WrongKey          the key does not open this file, or the file is no ledger
├── LedgerTooNew      made by a newer Tillmate
├── LedgerDamaged     the schema or the chain is not what it must be
├── LedgerBusy        another till, or another program, holds the file
├── LedgerReadOnly    no permission to write
├── LedgerFull        no room on the disk
└── AffectedSqlite    this SQLite can corrupt a file shared by two processes
"""

from contextlib import AbstractContextManager
from types import TracebackType

from sqlcipher3 import dbapi2 as sqlite

from terminal.rules.phrase import Phrase, phrase


class LedgerError(Exception):
    """A fault of the ledger file; `reason` tells the user what to do."""

    def __init__(self, reason: Phrase) -> None:
        self.reason = reason
        super().__init__(reason.text.format(**dict(reason.values)))


class LedgerMissing(LedgerError):
    """There is no ledger at that path."""


class WrongKey(LedgerError):
    """The key does not open the file."""


class LedgerTooNew(LedgerError):
    """The file's schema is newer than this program."""


class LedgerDamaged(LedgerError):
    """The schema, the chain or the sums are not what they must be."""


class LedgerBusy(LedgerError):
    """Somebody else holds the file."""


class LedgerReadOnly(LedgerError):
    """The file, its folder or its disk can't be written."""


class LedgerFull(LedgerError):
    """The disk is full; nothing of the last step was written."""


class AffectedSqlite(LedgerError):
    """The SQLite in use has the WAL-reset fault."""


class _Naming:
    """Holds nothing, so that one serves every block of every thread."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(fault, sqlite.DatabaseError):
            named = _named(fault)
            if named is not None:
                raise named from fault


_NAMING = _Naming()


def faults_named() -> AbstractContextManager[None]:
    """Turn SQLite's operating errors into ours; a programmer's errors (a constraint, bad SQL) pass unchanged.

    A sale enters some thirty such blocks, so it is no generator.
    """
    return _NAMING


def _named(fault: Exception) -> LedgerError | None:
    match getattr(fault, "sqlite_errorcode", 0) & 0xFF:
        case 13:
            return LedgerFull(phrase("The disk is full. Free some room; nothing was lost and nothing was booked."))
        case 8:
            return LedgerReadOnly(phrase("The ledger can't be written. Check the disk and the file's permissions."))
        case 5 | 6:
            return LedgerBusy(phrase("The ledger is in use by another program. Close it and try again."))
        case 26:
            return WrongKey(phrase("The key does not open this ledger. Check the key file that the config names."))
        case 11:
            return LedgerDamaged(phrase("The ledger file is damaged. Restore the last backup: tillmate restore."))
        case 14:
            return LedgerMissing(phrase("The ledger file can't be opened. Check the path in the config."))
        case 10:
            return LedgerFull(phrase("The disk does not take data. Check the disk; nothing was booked."))
        case _:
            return None
