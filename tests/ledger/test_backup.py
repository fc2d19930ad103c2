"""Backup: a whole encrypted copy of a ledger in use, which appears whole or not at all."""

from pathlib import Path

import pytest

from terminal.desk import Till
from terminal.ledger import Ledger, LedgerError, LedgerMissing, WrongKey, open_ledger
from terminal.ledger.backup import copy_ledger
from terminal.ledger.verify import verify_ledger
from tests.shop import KEY, OTHER_KEY, sell


def dump(ledger: Ledger) -> list[tuple[str, list[tuple[object, ...]]]]:
    """Every row of every table."""
    names = [row[0] for row in ledger.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return [(name, sorted(ledger.rows(f"SELECT * FROM {name}"), key=repr)) for name in names]


def test_a_backup_of_a_ledger_in_use_equals_it(till: Till, customer: str, tmp_path: Path) -> None:
    sell(till, customer, 300_00)
    target = tmp_path / "backups" / "one"
    with till.ledger.snapshot():
        copy_ledger(till.ledger.path, target, KEY)
    with open_ledger(target, KEY) as copy:
        assert dump(copy) == dump(till.ledger)
        assert verify_ledger(copy).ok
    assert b"SQLite format 3" not in target.read_bytes()
    assert [path.name for path in target.parent.iterdir()] == ["one"]


def test_a_backup_holds_what_was_committed_and_not_what_was_not(till: Till, customer: str, tmp_path: Path) -> None:
    sell(till, customer, 300_00)
    committed = dump(till.ledger)
    with till.ledger.atomic():
        sell(till, customer, 100_00)
        copy_ledger(till.ledger.path, tmp_path / "one", KEY)
    with open_ledger(tmp_path / "one", KEY) as copy:
        assert dump(copy) == committed != dump(till.ledger)


def test_a_backup_never_replaces_a_file(till: Till, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"kept")
    with pytest.raises(LedgerError, match="exists already"):
        copy_ledger(till.ledger.path, tmp_path / "one", KEY)
    assert (tmp_path / "one").read_bytes() == b"kept"


def test_a_backup_with_the_wrong_key_or_of_nothing_leaves_no_file(till: Till, tmp_path: Path) -> None:
    with pytest.raises(WrongKey):
        copy_ledger(till.ledger.path, tmp_path / "out" / "one", OTHER_KEY)
    with pytest.raises(LedgerMissing):
        copy_ledger(tmp_path / "nowhere", tmp_path / "out" / "two", KEY)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_backup_that_was_stopped_half_way_is_made_anew(till: Till, tmp_path: Path) -> None:
    (tmp_path / "one.unfinished").write_bytes(b"half of an older one")
    copy_ledger(till.ledger.path, tmp_path / "one", KEY)
    with open_ledger(tmp_path / "one", KEY) as copy:
        assert verify_ledger(copy).ok
