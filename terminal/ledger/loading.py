"""Loading a whole chain's customers into a new ledger: rows first, indexes after, whatever happens in between."""

from typing import Any

from terminal.ledger.ledger import Ledger

LOADING = "replica_loading"
"""The fact that stands while indexes are missing; whoever opens the ledger then makes them again first."""

_CHECKPOINT_PAGES = 8000
_CACHE_KIB = 64 * 1024

_LATER = {
    "person_name": "index",
    "person_last_digits": "index",
    "card_customer": "index",
    "lot_expiry": "index",
    "person_search_insert": "trigger",
    "person_search_delete": "trigger",
    "person_search_update": "trigger",
}


def expect_pages(ledger: Ledger) -> None:
    """Prepare a connection for much that is written: pages kept at hand, the log folded by `fold_log` alone.

    A commit that folds the log takes as long as all that was written before it.
    """
    ledger.rows(f"PRAGMA cache_size = -{_CACHE_KIB}")
    ledger.rows("PRAGMA wal_autocheckpoint = 0")


def fold_log(ledger: Ledger) -> int:
    """Fold the write-ahead log into the file, so that no sale has to; return how many pages it had.

    It keeps nobody from writing.
    """
    found = ledger.row("PRAGMA wal_checkpoint(PASSIVE)")
    assert found is not None
    return int(found[1])


def begin_loading(ledger: Ledger) -> None:
    """Take away the indexes that are made faster afterwards. No till may be open on this ledger."""
    ledger.rows(f"PRAGMA cache_size = -{_CACHE_KIB}")
    ledger.rows(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    with ledger.atomic():
        ledger.set_fact(LOADING, "1")
        for name, kind in _LATER.items():
            ledger.write(f"DROP {kind} IF EXISTS {name}")


def end_loading(ledger: Ledger) -> None:
    """Make the indexes; all or nothing."""
    with ledger.atomic():
        finish_loading(ledger.connection)


def finish_loading(connection: Any) -> bool:
    """Make the indexes that a load left out, in the caller's transaction; tell whether any were missing."""
    if connection.execute("SELECT 1 FROM ledger_fact WHERE name = ?", (LOADING,)).fetchone() is None:
        return False
    from terminal.ledger.opening import expected_schema

    expected = expected_schema()
    present = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    for name in _LATER:
        if name not in present:
            connection.execute(expected[name])
    connection.execute("INSERT INTO person_search (person_search) VALUES ('rebuild')")
    connection.execute("DELETE FROM ledger_fact WHERE name = ?", (LOADING,))
    return True
