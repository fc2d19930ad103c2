"""Opening a ledger: what is promised holds, and what can't be trusted is refused with nothing changed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite

from terminal.ledger import (
    AffectedSqlite,
    Ledger,
    LedgerDamaged,
    LedgerError,
    LedgerMissing,
    LedgerReadOnly,
    LedgerTooNew,
    WrongKey,
    create_ledger,
    open_ledger,
    opening,
    schema,
)
from terminal.ledger.ledger import BUSY_TIMEOUT_MS
from terminal.ledger.opening import check_sqlite_version, expected_schema
from terminal.ledger.schema import MIGRATIONS, SCHEMA_DIGEST, digest_of
from terminal.ledger.shop import programme_in_force
from tests.shop import KEY, NOON, OTHER_KEY, PROGRAMME, TERMINAL, load_programme, new_ledger


@pytest.fixture
def closed(ledger_path: Path) -> Path:
    """A ledger file that nobody has open."""
    new_ledger(ledger_path, durable=True).close()
    return ledger_path


def change(path: Path, *statements: str) -> None:
    """Change a ledger's file behind the till's back."""
    connection = opening._connect(path, KEY, durable=True)
    for statement in statements:
        connection.execute(statement)
    connection.close()


PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "recursive_triggers": 1,
    "busy_timeout": BUSY_TIMEOUT_MS,
    "user_version": len(MIGRATIONS),
}


def test_what_the_promises_rest_on_is_set_in_a_new_and_in_an_opened_ledger(ledger_path: Path) -> None:
    with create_ledger(ledger_path, KEY, TERMINAL) as new:
        assert {name: read(new, name) for name in PRAGMAS} == PRAGMAS
    with open_ledger(ledger_path, KEY) as opened:
        assert {name: read(opened, name) for name in PRAGMAS} == PRAGMAS
        assert opened.terminal_id == TERMINAL
    with open_ledger(ledger_path, KEY, durable=False) as scratch:
        assert read(scratch, "synchronous") == 0


def read(ledger: Ledger, pragma: str) -> object:
    row = ledger.row(f"PRAGMA {pragma}")
    assert row is not None
    return row[0]


def test_a_pragma_that_does_not_hold_is_refused(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf(sqlite.Connection):  # type: ignore[misc]
        def execute(self, sql: str, *values: object) -> object:
            return super().execute("SELECT 1" if sql == "PRAGMA synchronous = FULL" else sql, *values)

    connect = sqlite.connect
    monkeypatch.setattr(sqlite, "connect", lambda *path, **options: connect(*path, **options, factory=Deaf))
    wanted = opening._set_pragmas
    monkeypatch.setattr(
        opening,
        "_set_pragmas",
        lambda connection, durable: (
            connection.execute("PRAGMA synchronous = 1"),
            wanted(connection, durable=durable),
        ),
    )
    with pytest.raises(LedgerReadOnly, match="does not support synchronous=FULL"):
        open_ledger(closed, KEY)


def test_the_file_is_encrypted(closed: Path) -> None:
    content = closed.read_bytes()
    assert not content.startswith(b"SQLite format 3")
    assert b"journal" not in content
    assert b"Test" not in content


@pytest.mark.parametrize("key", [OTHER_KEY, bytes(32)])
def test_a_wrong_key_opens_nothing_and_changes_nothing(
    closed: Path, key: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    before = closed.read_bytes()
    with pytest.raises(WrongKey, match="The key does not open this ledger"):
        open_ledger(closed, key)
    assert closed.read_bytes() == before
    assert capfd.readouterr() == ("", ""), "SQLCipher must not write over the till's screen"


def test_a_file_that_is_no_ledger_is_refused(ledger_path: Path) -> None:
    ledger_path.write_bytes(b"These are the voyages" * 1000)
    with pytest.raises(WrongKey):
        open_ledger(ledger_path, KEY)


def test_an_emptied_file_is_refused_and_not_begun_anew(ledger_path: Path) -> None:
    ledger_path.touch()
    with pytest.raises(LedgerDamaged, match="Restore the last backup"):
        open_ledger(ledger_path, KEY)
    assert ledger_path.stat().st_size == 0


def test_a_database_without_a_schema_is_refused(ledger_path: Path) -> None:
    connection = opening._connect(ledger_path, KEY, durable=True)
    connection.execute("CREATE TABLE other (x)")
    connection.close()
    with pytest.raises(LedgerDamaged):
        open_ledger(ledger_path, KEY)


def test_a_missing_file_is_said_and_not_made(ledger_path: Path) -> None:
    with pytest.raises(LedgerMissing, match="There is no ledger at"):
        open_ledger(ledger_path, KEY)
    assert list(ledger_path.parent.iterdir()) == []


def test_a_ledger_of_a_newer_version_is_refused_unchanged(closed: Path) -> None:
    change(closed, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = closed.read_bytes()
    with pytest.raises(LedgerTooNew, match="made by a newer Tillmate"):
        open_ledger(closed, KEY)
    assert closed.read_bytes() == before


TRIGGERS = [name for name, sql in expected_schema().items() if sql.startswith("CREATE TRIGGER")]


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_missing_trigger_is_found(closed: Path, trigger: str) -> None:
    change(closed, f"DROP TRIGGER {trigger}")
    with pytest.raises(LedgerDamaged, match=f"“{trigger}” in the ledger is missing or was changed"):
        open_ledger(closed, KEY)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("DROP INDEX sale_customer", "sale_customer"),
        ("ALTER TABLE sale ADD COLUMN extra TEXT", "sale"),
        ("DROP TABLE pin_failure", "pin_failure"),
        ("CREATE TABLE guest (x)", "guest"),
        ("CREATE TRIGGER spy AFTER INSERT ON sale BEGIN DELETE FROM print_job; END", "spy"),
        ("CREATE VIEW shown AS SELECT 1", "shown"),
    ],
)
def test_a_changed_schema_is_found(closed: Path, statement: str, name: str) -> None:
    change(closed, statement)
    with pytest.raises(LedgerDamaged, match=f"“{name}” in the ledger"):
        open_ledger(closed, KEY)


def test_a_trigger_that_does_nothing_is_found(closed: Path) -> None:
    change(
        closed,
        "DROP TRIGGER journal_never_deleted",
        "CREATE TRIGGER journal_never_deleted BEFORE DELETE ON journal BEGIN SELECT 1; END",
    )
    with pytest.raises(LedgerDamaged, match="journal_never_deleted"):
        open_ledger(closed, KEY)


def test_a_ledger_that_forgot_its_name_is_refused(closed: Path) -> None:
    change(closed, "DELETE FROM ledger_fact WHERE name = 'terminal_id'")
    with pytest.raises(LedgerDamaged):
        open_ledger(closed, KEY)


@pytest.mark.parametrize("version", ["3.7.0", "3.40.1", "3.45.1", "3.51.2", "3.51.2.9"])
def test_an_affected_sqlite_is_refused(version: str, monkeypatch: pytest.MonkeyPatch, ledger_path: Path) -> None:
    with pytest.raises(AffectedSqlite, match=version):
        check_sqlite_version(version)
    monkeypatch.setattr(sqlite, "sqlite_version", version)
    with pytest.raises(AffectedSqlite):
        create_ledger(ledger_path, KEY, TERMINAL)
    assert not ledger_path.exists()


@pytest.mark.parametrize("version", ["3.51.3", "3.52.0", "3.53.4", "4.0.0", sqlite.sqlite_version])
def test_a_mended_sqlite_is_taken(version: str) -> None:
    check_sqlite_version(version)


def test_a_ledger_is_never_made_over_a_file(closed: Path) -> None:
    before = closed.read_bytes()
    with pytest.raises(LedgerError, match="There is a ledger at"):
        create_ledger(closed, KEY, "till-2")
    assert closed.read_bytes() == before


def test_a_ledger_that_could_not_be_made_leaves_nothing_and_takes_nothing_along(
    ledger_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ledger_path.with_name(ledger_path.name + ".before-v2")
    kept.write_bytes(b"an older backup")

    def fail(_: object) -> None:
        raise RuntimeError("power")

    monkeypatch.setattr(opening, "MIGRATIONS", [*MIGRATIONS, fail])
    with pytest.raises(RuntimeError, match="power"):
        create_ledger(ledger_path, KEY, TERMINAL)
    assert list(ledger_path.parent.iterdir()) == [kept]


def test_the_digest_is_that_of_what_the_migrations_make(closed: Path) -> None:
    assert digest_of(expected_schema()) == SCHEMA_DIGEST
    with open_ledger(closed, KEY) as ledger:
        rows = ledger.rows("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
        assert digest_of(schema.schema_of(rows)) == SCHEMA_DIGEST


def test_every_table_holds_types_and_none_a_float() -> None:
    tables = {
        name: sql
        for name, sql in expected_schema().items()
        if sql.startswith("CREATE TABLE") and not name.startswith(("person_search", "product_search"))
    }
    assert len(tables) > 10
    assert [name for name, sql in tables.items() if "STRICT" not in sql] == []
    assert [name for name, sql in tables.items() if "REAL" in sql] == []


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> list[schema.Migration]:
    """One more migration, as a later version of the program would bring it."""
    steps = [*MIGRATIONS, lambda db: schema.run_script(db, "CREATE TABLE later (x INTEGER) STRICT;\n")]
    monkeypatch.setattr(opening, "MIGRATIONS", steps)
    monkeypatch.setattr(opening, "SCHEMA_DIGEST", digest_of(expected_schema()))
    return steps


def test_a_migration_runs_forward_after_a_backup(
    closed: Path, next_version: list[schema.Migration], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_ledger(closed, KEY) as ledger:
        assert read(ledger, "user_version") == len(MIGRATIONS) + 1
        assert ledger.rows("SELECT * FROM later") == []
        assert programme_in_force(ledger, NOON.date()) == (1, PROGRAMME)
    backup = closed.with_name(f"{closed.name}.before-v{len(MIGRATIONS) + 1}")
    next_version.pop()
    monkeypatch.setattr(opening, "SCHEMA_DIGEST", SCHEMA_DIGEST)
    with open_ledger(backup, KEY) as before:
        assert read(before, "user_version") == len(MIGRATIONS)
        assert programme_in_force(before, NOON.date()) == (1, PROGRAMME)


def test_a_migration_that_fails_changes_nothing_and_is_tried_again(
    closed: Path, next_version: list[schema.Migration]
) -> None:
    good = next_version[-1]

    def half(db: object) -> None:
        good(db)  # type: ignore[arg-type]
        raise RuntimeError("power")

    next_version[-1] = half
    with pytest.raises(RuntimeError, match="power"):
        open_ledger(closed, KEY)
    next_version[-1] = good
    with open_ledger(closed, KEY) as ledger:
        assert ledger.rows("SELECT * FROM later") == []
    assert {path.name for path in closed.parent.iterdir()} == {
        closed.name,
        f"{closed.name}.before-v{len(MIGRATIONS) + 1}",
        f"{closed.name}.before-v{len(MIGRATIONS) + 1}-2",
    }


def test_a_migration_that_another_process_did_meanwhile_is_not_done_twice(
    closed: Path, next_version: list[schema.Migration], monkeypatch: pytest.MonkeyPatch
) -> None:
    free_name = opening._free_name

    def meanwhile(path: Path) -> Path:
        monkeypatch.setattr(opening, "_free_name", free_name)
        open_ledger(closed, KEY).close()
        return free_name(path)

    monkeypatch.setattr(opening, "_free_name", meanwhile)
    with open_ledger(closed, KEY) as ledger:
        assert read(ledger, "user_version") == len(MIGRATIONS) + 1


READ_ONLY = """
import os, sys
from pathlib import Path
from terminal.ledger import LedgerError, create_ledger, open_ledger
path, uid, do = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
if uid:
    os.setgroups([]); os.setgid(uid); os.setuid(uid)
try:
    open_ledger(path, bytes(range(32))) if do == "open" else create_ledger(path, bytes(range(32)), "t")
except LedgerError as fault:
    print(type(fault).__name__, "|", fault)
"""


def as_nobody(path: Path, do: str) -> str:
    """Open or create a ledger in a process of a user whom permissions hold; root passes every one of them."""
    uid = "65534" if os.geteuid() == 0 else "0"
    command = [sys.executable, "-c", READ_ONLY, str(path), uid, do]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="till-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_file_is_said(open_folder: Path) -> None:
    path = open_folder / "till.ledger"
    new_ledger(path).close()
    path.chmod(0o444)
    open_folder.chmod(0o777)
    assert as_nobody(path, "open").startswith("LedgerReadOnly | The ledger can't be written.")


def test_a_read_only_folder_is_said(open_folder: Path) -> None:
    path = open_folder / "till.ledger"
    new_ledger(path).close()
    path.chmod(0o666)
    open_folder.chmod(0o555)
    assert as_nobody(path, "open").startswith("LedgerReadOnly | The ledger can't be written.")
    assert as_nobody(open_folder / "other.ledger", "create").startswith("LedgerReadOnly | ")
    assert as_nobody(open_folder / "sub" / "other.ledger", "create").startswith("LedgerReadOnly | ")


def test_a_disk_that_refuses_writes_is_said(ledger: Ledger) -> None:
    ledger.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(LedgerReadOnly), ledger.atomic():
        ledger.write("DELETE FROM print_job")
    ledger.connection.execute("PRAGMA query_only = OFF")
    load_programme(ledger, PROGRAMME.replace("number = 1", "number = 2"))


def test_a_new_ledger_is_its_owners_alone(tmp_path: Path) -> None:
    with create_ledger(tmp_path / "ledger.db", KEY, "till-1") as made, made.atomic():
        made.set_fact("somebody", "writes")
        files = sorted(path.name for path in tmp_path.iterdir())
        assert files == ["ledger.db", "ledger.db-shm", "ledger.db-wal"]
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
