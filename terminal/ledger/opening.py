"""Opening the ledger file: key, SQLite's version, pragmas read back, migrations, schema compared."""

import re
from functools import partial
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

from terminal.ledger.errors import (
    AffectedSqlite,
    LedgerDamaged,
    LedgerError,
    LedgerMissing,
    LedgerReadOnly,
    LedgerTooNew,
    faults_named,
)
from terminal.ledger.ledger import BUSY_TIMEOUT_MS, Ledger
from terminal.ledger.schema import MIGRATIONS, SCHEMA_DIGEST, digest_of, schema_of
from terminal.rules.phrase import phrase

CACHE_KIB = 16_000
"""Decrypted pages kept in memory: a chain's million customers are found through them; a small ledger needs less."""
SCRATCH_CACHE_KIB = 64 * 1024
SCRATCH_CHECKPOINT_PAGES = 8000


def create_ledger(path: Path, key: bytes, terminal_id: str, *, durable: bool = True) -> Ledger:
    """Make a new ledger file with an empty journal; an existing file is never touched.

    `durable=False` is for scratch ledgers (training, replay, scenarios): they do not wait for the disk.
    """
    _claim(path)
    try:
        with faults_named():
            connection = _connect(path, key, durable=durable)
            try:
                connection.execute("BEGIN IMMEDIATE")
                _migrate(connection, 0)
                connection.execute("INSERT INTO ledger_fact VALUES ('terminal_id', ?)", (terminal_id,))
                connection.execute("INSERT INTO ledger_fact VALUES ('applied_seq', '0')")
                connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
    except BaseException:
        for part in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + part).unlink(missing_ok=True)
        raise
    return Ledger(connection, path, terminal_id, partial(_connect, path, key, durable=durable))


def _claim(path: Path) -> None:
    """Make the file, empty, so that it is ours: of two that create a ledger at once, one is refused."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise LedgerError(
            phrase("There is a ledger at {path} already. Move it away first.", path=str(path))
        ) from None
    except OSError as fault:
        raise LedgerReadOnly(
            phrase("The ledger can't be written. Check the disk and the file's permissions.")
        ) from fault


def open_ledger(path: Path, key: bytes, *, durable: bool = True) -> Ledger:
    """Open a ledger, bring its schema forward (after a backup), and refuse what can't be trusted."""
    if not path.is_file():
        raise LedgerMissing(phrase("There is no ledger at {path}. Make one: tillmate init.", path=str(path)))
    if path.stat().st_size == 0:
        # SQLite would take it for a new file, and the till would begin again at nothing.
        raise LedgerDamaged(phrase("The ledger file is damaged. Restore the last backup: tillmate restore."))
    with faults_named():
        connection = _connect(path, key, durable=durable)
        try:
            version = _version(connection)
            if version > len(MIGRATIONS):
                raise LedgerTooNew(
                    phrase("This ledger was made by a newer Tillmate. Update this one; nothing was changed.")
                )
            if 0 < version < len(MIGRATIONS):
                _bring_forward(connection, path, key)
            if version:
                _make_missing_indexes(connection)
            check_schema(connection)
            terminal_id = connection.execute("SELECT value FROM ledger_fact WHERE name = 'terminal_id'").fetchone()
            if terminal_id is None:
                raise LedgerDamaged(
                    phrase("The ledger file is damaged. Restore the last backup: tillmate restore.")
                )
            _check_writable(connection)
        except BaseException:
            connection.close()
            raise
    return Ledger(connection, path, terminal_id[0], partial(_connect, path, key, durable=durable))


def check_sqlite_version(version: str) -> None:
    """Refuse SQLite 3.7.0 to 3.51.2, whose WAL reset can lose data when two processes share a file."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    if numbers < (3, 51, 3):
        raise AffectedSqlite(
            phrase(
                "SQLite {version} can damage a ledger that two programs share. Install sqlcipher3 0.6.2 or newer.",
                version=version,
            )
        )


def check_schema(connection: "sqlite.Connection") -> None:
    """Compare every table, index and trigger with what the migrations make; refuse a difference."""
    found = schema_of(connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall())
    if digest_of(found) == SCHEMA_DIGEST:
        return
    expected = expected_schema()
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            raise LedgerDamaged(
                phrase("“{name}” in the ledger is missing or was changed. Restore a backup.", name=name)
            )


def expected_schema() -> dict[str, str]:
    """Return the schema that the migrations make, by running them on an empty database in memory."""
    connection = sqlite.connect(":memory:", isolation_level=None)
    try:
        _run_migrations(connection, 0)
        return schema_of(connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall())
    finally:
        connection.close()


def _connect(path: Path, key: bytes, *, durable: bool) -> "sqlite.Connection":
    check_sqlite_version(sqlite.sqlite_version)
    assert len(key) == 32, "the ledger's key has 256 bits"
    connection = sqlite.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        # SQLCipher reports a wrong key on standard error too, over the till's screen.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        _set_pragmas(connection, durable=durable)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_pragmas(connection: "sqlite.Connection", *, durable: bool) -> None:
    """Set what the promises rest on and read it back: a pragma that does not hold is silent."""
    wanted: dict[str, tuple[str, object]] = {
        "journal_mode": ("WAL", "wal"),
        "synchronous": ("FULL", 2) if durable else ("OFF", 0),
        "foreign_keys": ("ON", 1),
        "trusted_schema": ("OFF", 0),
        "recursive_triggers": ("ON", 1),
    }
    for name, (value, read_back) in wanted.items():
        connection.execute(f"PRAGMA {name} = {value}")
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != read_back:
            raise LedgerReadOnly(
                phrase("The ledger's file system does not support {name}={value}.", name=name, value=value)
            )
    if not durable:
        # A scratch ledger is filled as fast as it goes: keep its pages at hand, copy them over more seldom.
        connection.execute(f"PRAGMA cache_size = -{SCRATCH_CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {SCRATCH_CHECKPOINT_PAGES}")


def _make_missing_indexes(connection: "sqlite.Connection") -> None:
    """Finish a first load from the site that was stopped half-way."""
    from terminal.ledger.loading import LOADING, finish_loading

    if connection.execute("SELECT 1 FROM ledger_fact WHERE name = ?", (LOADING,)).fetchone() is None:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        finish_loading(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check_writable(connection: "sqlite.Connection") -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE ledger_fact SET value = value WHERE name = 'terminal_id'")
    connection.execute("ROLLBACK")


def _bring_forward(connection: "sqlite.Connection", path: Path, key: bytes) -> None:
    from terminal.ledger.backup import copy_ledger

    copy_ledger(path, _free_name(path.with_name(f"{path.name}.before-v{len(MIGRATIONS)}")), key)
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again: another process may have brought it forward while this one waited.
        _migrate(connection, _version(connection))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: "sqlite.Connection") -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _free_name(path: Path) -> Path:
    """Number a backup whose name is taken, by a migration that did not get through: neither is lost."""
    taken = 1
    while (free := path if taken == 1 else path.with_name(f"{path.name}-{taken}")).exists():
        taken += 1
    return free


def _migrate(connection: "sqlite.Connection", version: int) -> None:
    _run_migrations(connection, version)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _run_migrations(connection: "sqlite.Connection", version: int) -> None:
    from sqlite_utils import Database

    db = Database(connection)
    for step in MIGRATIONS[version:]:
        step(db)
