"""What a ledger says of itself: how SQLite runs it, and whether the end of its chain holds."""

from dataclasses import dataclass

from terminal.ledger.ledger import Ledger
from terminal.rules.entry import chain, draft_of

_PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "recursive_triggers")


@dataclass(frozen=True, slots=True)
class Health:
    """SQLite's version, the pragmas as they are now, the schema's version, and the last entry.

    `last_ms` is UTC in ms, 0 without entries; `head_holds` tells whether the last entry's hash is right.
    """

    sqlite_version: str
    pragmas: tuple[tuple[str, str], ...]
    schema_version: int
    entries: int
    last_ms: int
    head_holds: bool


def health(ledger: Ledger) -> Health:
    """Read how the ledger is, in no time: the whole chain is `verify_ledger`'s."""
    last_seq = int(_one(ledger, "SELECT coalesce(max(seq), 0) FROM journal"))
    return Health(
        sqlite_version=_one(ledger, "SELECT sqlite_version()"),
        pragmas=tuple((name, _one(ledger, f"PRAGMA {name}")) for name in _PRAGMAS),
        schema_version=int(_one(ledger, "PRAGMA user_version")),
        entries=last_seq,
        last_ms=ledger.last_at_ms(),
        head_holds=_head_holds(ledger, last_seq),
    )


def _head_holds(ledger: Ledger, last_seq: int) -> bool:
    return all(
        chain(ledger.terminal_id, entry.seq, draft_of(entry), entry.prev_hash).hash == entry.hash
        for entry in ledger.entries(after=last_seq - 1)
    )


def _one(ledger: Ledger, sql: str) -> str:
    found = ledger.row(sql)
    assert found is not None, sql
    return str(found[0])


def optimise(ledger: Ledger) -> int:
    """Renew what SQLite knows of its indexes, fold the write-ahead log into the file; return the pages folded."""
    ledger.rows("PRAGMA optimize")
    return int(ledger.rows("PRAGMA wal_checkpoint(PASSIVE)")[0][2])
