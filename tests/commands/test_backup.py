"""Backup, restore and verification, through the command line."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from terminal.commands.faults import Exit
from terminal.config import write_private
from terminal.desk.till import Till
from terminal.ledger.backup import backups_in
from terminal.ledger.key import read_key
from terminal.ledger.lock import hold_till
from terminal.ledger.recovery import recovery_text
from terminal.ledger.restoring import RESTORED
from terminal.ledger.verify import verify_ledger
from tests.commands.installed import PIN, Shop
from tests.commands.trade import entries, sell, trade


def made_backup(shop: Shop) -> Path:
    told = shop.call("backup")
    assert told.exit_code == Exit.OK, told.output
    return backups_in(shop.config.backup.folder, shop.config.till.ledger)[-1]


def kept_ledgers(shop: Shop) -> list[Path]:
    return sorted(shop.folder.glob("ledger.db.before-*"))


def break_chain(shop: Shop) -> None:
    """Change an entry as somebody with the key could, and put the trigger back."""
    till = shop.till()
    with till.ledger as ledger:
        connection = ledger.connection
        name = "journal_never_changed"
        sql = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
        connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE journal SET points = points + 100 WHERE kind = 'earn'")
        connection.execute(sql)


def test_a_backup_is_a_whole_encrypted_copy(shop: Shop) -> None:
    trade(shop, 100_00)
    copy = made_backup(shop)
    assert not copy.read_bytes().startswith(b"SQLite format 3")
    with closing(sqlite3.connect(copy)) as plain, pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM journal")
    assert sorted(path.name for path in copy.parent.iterdir()) == [copy.name]


def test_a_backup_is_made_while_the_till_is_open(shop: Shop) -> None:
    till = shop.till()
    with hold_till(shop.config.till.ledger), till.ledger:
        assert shop.call("backup").exit_code == Exit.OK


def test_a_backup_goes_where_it_is_told(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "usb"
    folder.mkdir()
    assert shop.call("backup", folder).exit_code == Exit.OK
    assert len(backups_in(folder, shop.config.till.ledger)) == 1
    assert shop.call("backup", folder / "named.db").exit_code == Exit.OK
    assert shop.call("backup", folder / "named.db").exit_code == Exit.LEDGER
    assert not shop.config.backup.folder.exists()


def test_the_oldest_backups_go_and_nothing_else(shop: Shop) -> None:
    text = shop.config_path.read_text(encoding="utf-8").replace("keep = 14", "keep = 3")
    shop.config_path.write_text(text, encoding="utf-8")
    folder = shop.config.backup.folder
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"ledger-2026010{day}T000000Z.db").write_bytes(b"")
    (folder / "ledger-mine.db").write_bytes(b"")
    made_backup(shop)
    left = [path.name for path in backups_in(folder, shop.config.till.ledger)]
    assert left[:2] == ["ledger-20260104T000000Z.db", "ledger-20260105T000000Z.db"]
    assert len(left) == 3
    assert (folder / "ledger-mine.db").exists()


def test_restoring_puts_the_backup_in_place_and_keeps_the_old(shop: Shop) -> None:
    trade(shop, 100_00)
    copy = made_backup(shop)
    saved = entries(shop)
    trade(shop, 200_00)
    told = shop.call("restore", "--yes", copy)
    assert told.exit_code == Exit.OK, told.output
    assert "missing" in told.output
    assert entries(shop) == saved
    till = shop.till()
    with till.ledger:
        assert int(till.ledger.fact(RESTORED) or 0) > 0
    assert copy.exists()
    (old,) = kept_ledgers(shop)
    old.replace(shop.config.till.ledger)
    assert entries(shop) > saved


def test_the_old_ledger_is_kept_with_its_write_ahead_log(shop: Shop) -> None:
    """A ledger whose program died has its last sales in the log alone."""
    copy = made_backup(shop)
    trade(shop, 100_00)
    till = shop.till()
    ledger = shop.config.till.ledger
    with till.ledger:
        with till.ledger.atomic():
            till.ledger.set_fact("mark", "last")
        parts = {part: ledger.with_name(ledger.name + part).read_bytes() for part in ("", "-wal")}
    for part, data in parts.items():
        ledger.with_name(ledger.name + part).write_bytes(data)
    assert shop.call("restore", "--yes", copy).exit_code == Exit.OK
    kept_ledgers(shop)[0].replace(ledger)
    till = shop.till()
    with till.ledger:
        assert till.ledger.fact("mark") == "last"


def test_a_restore_asks_first(shop: Shop) -> None:
    copy = made_backup(shop)
    before = shop.config.till.ledger.read_bytes()
    assert shop.call("restore", copy, typed="n\n").exit_code == Exit.INTERRUPTED
    assert shop.config.till.ledger.read_bytes() == before
    assert shop.call("restore", copy, typed="y\n").exit_code == Exit.OK


def test_a_running_till_is_not_restored_over(shop: Shop) -> None:
    copy = made_backup(shop)
    with hold_till(shop.config.till.ledger):
        told = shop.spawn("restore", "--yes", copy)
    assert told.returncode == Exit.LEDGER
    assert "Another till" in told.stderr


@pytest.mark.parametrize("spoil", ["cut", "noise", "text"])
def test_a_spoilt_backup_changes_nothing(shop: Shop, spoil: str) -> None:
    trade(shop, 100_00)
    copy = made_backup(shop)
    data = bytearray(copy.read_bytes())
    match spoil:
        case "cut":
            del data[len(data) // 2 :]
        case "noise":
            data[len(data) // 2 : len(data) // 2 + 64] = os.urandom(64)
        case _:
            data = bytearray(b"not a ledger at all\n" * 100)
    copy.write_bytes(data)
    before = entries(shop)
    told = shop.call("restore", "--yes", copy)
    assert told.exit_code == Exit.LEDGER, told.output
    assert entries(shop) == before
    assert kept_ledgers(shop) == []
    assert not list(shop.folder.glob("*.incoming*"))


def test_a_backup_whose_chain_is_broken_changes_nothing(shop: Shop) -> None:
    trade(shop, 100_00)
    good = made_backup(shop)
    break_chain(shop)
    broken = shop.folder / "broken.db"
    assert shop.call("backup", broken).exit_code == Exit.LEDGER
    assert shop.call("restore", "--yes", broken).exit_code == Exit.LEDGER
    assert shop.call("restore", "--yes", good).exit_code == Exit.OK
    assert shop.call("verify-ledger").exit_code == Exit.OK


def test_a_backup_of_another_till_is_refused(shop: Shop, tmp_path: Path) -> None:
    other = Shop(tmp_path / "other")
    told = other.call("init", "--yes", "--name", "B", "--language", "en", "--till", "till-2", "--pin", PIN)
    assert told.exit_code == Exit.OK
    key = read_key(shop.config.key)
    other.config.key.path.unlink()
    other.config.till.ledger.unlink()
    write_private(other.config.key.path, key.hex().encode())
    told = other.call("restore", "--yes", made_backup(shop))
    assert told.exit_code == Exit.LEDGER
    assert "till-1" in told.stderr


def test_a_lost_computer_comes_back_from_config_backup_and_recovery_key(shop: Shop, tmp_path: Path) -> None:
    trade(shop, 100_00)
    copy = made_backup(shop)
    text = recovery_text(read_key(shop.config.key))
    new = Shop(tmp_path / "new")
    new.folder.mkdir()
    new.config_path.write_bytes(shop.config_path.read_bytes())
    wrong = new.call(
        "restore", "--type-key", "--yes", copy, typed=f"{text[:-1]}{'0' if text[-1] != '0' else '1'}\n"
    )
    assert wrong.exit_code == Exit.KEY
    assert new.call("restore", "--type-key", "--yes", copy, typed=f"{text}\n").exit_code == Exit.OK
    assert entries(new) == entries(shop)
    again = new.call("restore", "--type-key", "--yes", copy, typed=f"{text}\n")
    assert again.exit_code == Exit.KEY


def test_a_typed_key_that_does_not_fit_is_not_kept(shop: Shop, tmp_path: Path) -> None:
    copy = made_backup(shop)
    new = Shop(tmp_path / "new")
    new.folder.mkdir()
    new.config_path.write_bytes(shop.config_path.read_bytes())
    other_key = recovery_text(bytes(range(32)))
    told = new.call("restore", "--type-key", "--yes", copy, typed=f"{other_key}\n")
    assert told.exit_code == Exit.LEDGER
    assert not new.config.key.path.exists()
    assert not new.config.till.ledger.exists()


def test_verification_prints_what_was_checked(shop: Shop) -> None:
    trade(shop, 100_00, 50_00)
    told = shop.call("verify-ledger")
    assert told.exit_code == Exit.OK
    assert "Entries: 5" in told.output
    assert "Customers: 1" in told.output
    assert "4.5 bonus points" in told.output
    found = json.loads(shop.call("verify-ledger", "--json").stdout)
    assert found == {"entries": 5, "customers": 1, "points": 450, "faults": [], "ok": True}


def test_verification_names_the_fault_and_exits_1(shop: Shop) -> None:
    trade(shop, 100_00)
    break_chain(shop)
    told = shop.spawn("verify-ledger")
    assert told.returncode == Exit.FAILED
    assert "The chain breaks at entry 3." in told.stdout
    found = json.loads(shop.spawn("verify-ledger", "--json").stdout)
    assert found["ok"] is False
    assert found["faults"]


def test_a_ledger_is_verified_while_the_till_sells(shop: Shop) -> None:
    """What is booked meanwhile is no fault: the whole check looks at one state."""
    customer_id = trade(shop, *[10_00] * 5)
    looked, selling = shop.till(), shop.till()
    with looked.ledger, selling.ledger:
        verified = verify_ledger(looked.ledger, lambda done, whole: sell_one(selling, customer_id))
        assert verified.ok, verified.faults
        assert len(selling.ledger.entries()) > verified.entries


def sell_one(till: Till, customer_id: str) -> None:
    sell(till, customer_id, 10_00)
