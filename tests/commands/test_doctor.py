"""The doctor: what it finds good, what it finds wrong, and that one fault does not hide the others."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from printers.document import Document, Text, document_to_json
from terminal.commands import checks
from terminal.commands.faults import Exit
from terminal.ledger import contact
from terminal.ledger.queues import queue_print, set_print_state
from terminal.wiring import system_clock
from tests.commands.installed import Shop
from tests.commands.trade import trade


def states(shop: Shop) -> dict[str, str]:
    told = shop.call("doctor", "--json")
    found = json.loads(told.stdout)
    assert found["ok"] is (told.exit_code == Exit.OK)
    return {check["check"]: check["state"] for check in found["checks"]}


def change_config(shop: Shop, old: str, new: str) -> None:
    text = shop.config_path.read_text(encoding="utf-8")
    assert old in text
    shop.config_path.write_text(text.replace(old, new, 1), encoding="utf-8")


@contextmanager
def printer(answers: dict[bytes, int]) -> Iterator[str]:
    """A printer on the network that answers DLE EOT n with a byte each."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                while asked := connection.recv(64):
                    connection.sendall(bytes(answers[asked[i : i + 3]] for i in range(0, len(asked), 3)))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        thread.join(5)


READY = {b"\x10\x04\x01": 0x12, b"\x10\x04\x02": 0x12, b"\x10\x04\x04": 0x12}


def test_a_good_till_has_a_line_for_everything(shop: Shop) -> None:
    trade(shop, 100_00)
    shop.call("backup")
    change_config(shop, 'url = ""', 'url = "file:printed"')
    found = states(shop)
    assert set(found) == {
        "config", "key", "sqlite", "pragmas", "schema", "chain", "clock", "programme", "managers", "site", "prints",
        "disk", "backup", "printer", "scanner",
    }  # fmt: skip
    assert "bad" not in found.values()
    assert {name for name, state in found.items() if state == "look"} <= {"prints", "printer"}
    told = shop.call("doctor")
    assert told.exit_code == Exit.OK
    assert all(line[:2] in ("✓ ", "! ", "  ") for line in told.output.splitlines()[:-1])


def test_a_new_till_is_told_to_back_up_and_to_name_its_printer(shop: Shop) -> None:
    found = states(shop)
    assert (found["backup"], found["printer"]) == ("look", "look")
    assert "tillmate backup" in shop.call("doctor").output


@pytest.mark.parametrize(
    ("changed", "state", "words"),
    [
        ({}, "ok", "ready"),
        ({b"\x10\x04\x04": 0x72}, "bad", "no paper"),
        ({b"\x10\x04\x02": 0x16}, "bad", "cover"),
        ({b"\x10\x04\x01": 0x1A}, "bad", "offline"),
        ({b"\x10\x04\x04": 0x1E}, "look", "nearly out"),
    ],
)
def test_the_printer_is_asked(shop: Shop, changed: dict[bytes, int], state: str, words: str) -> None:
    with printer(READY | changed) as url:
        change_config(shop, 'url = ""', f'url = "{url}"')
        told = shop.call("doctor")
    assert words in told.output
    assert told.exit_code == (Exit.FAILED if state == "bad" else Exit.OK)


def test_a_printer_that_is_not_there_is_told_with_how_to_mend_it(shop: Shop) -> None:
    change_config(shop, 'url = ""', 'url = "tcp://127.0.0.1:1"')
    told = shop.spawn("doctor")
    assert told.returncode == Exit.FAILED
    assert "✗ The printer does not answer" in told.stdout
    assert "→ Switch it on" in told.stdout


def test_a_scanner_that_is_not_plugged_in_is_told(shop: Shop) -> None:
    change_config(shop, 'port = ""', 'port = "/dev/no-scanner"')
    assert states(shop)["scanner"] == "bad"


def test_slips_that_wait_and_slips_nobody_knows_of_are_told(shop: Shop) -> None:
    till = shop.till()
    with till.ledger as ledger:
        with ledger.atomic():
            job = queue_print(ledger, document_to_json(Document((Text("x"),))), till.now_ms())
        assert checks.check_prints(till).mark is checks.Mark.LOOK
        set_print_state(ledger, job, "unknown")
        found = checks.check_prints(till)
        assert found.words is not None
        assert "nobody knows" in found.words.text
        set_print_state(ledger, job, "done")
        assert checks.check_prints(till).mark is checks.Mark.GOOD


def test_a_till_without_a_programme_or_a_manager_is_told(shop: Shop) -> None:
    till = shop.till()
    with till.ledger as ledger:
        with ledger.atomic():
            ledger.write("DELETE FROM programme")
            ledger.write("UPDATE staff SET active = 0")
        assert [found.mark for found in checks.check_shop(till)] == [checks.Mark.BAD, checks.Mark.BAD]


@pytest.mark.parametrize(
    ("facts", "mark", "words"),
    [
        ({}, "ok", "in step"),
        ({contact.LOST_MS: "1"}, "look", "tillmate sync once"),
        ({contact.TROUBLE: "ledger_behind"}, "bad", "tillmate sync enrol https://bonus.shop.example CODE"),
    ],
)
def test_how_the_till_stands_with_its_site_is_told(
    shop: Shop, facts: dict[str, str], mark: str, words: str
) -> None:
    till = shop.till()
    joined = {contact.SITE: "https://bonus.shop.example", contact.SEEN_MS: str(till.now_ms()), contact.APPLIED: "0"}
    with till.ledger as ledger, ledger.atomic():
        for name, value in (joined | facts).items():
            ledger.set_fact(name, value)
    assert states(shop)["site"] == mark
    assert words in shop.call("doctor").output


def test_an_old_backup_is_told(shop: Shop) -> None:
    shop.call("backup")
    later = system_clock() + timedelta(days=3)
    config = shop.config
    assert checks.check_backups(config.backup, config.till.ledger, system_clock()).mark is checks.Mark.GOOD
    assert checks.check_backups(config.backup, config.till.ledger, later).mark is checks.Mark.LOOK


def test_another_tills_config_is_told(shop: Shop) -> None:
    change_config(shop, 'name = "till-1"', 'name = "till-2"')
    assert states(shop)["name"] == "bad"


def test_a_fault_does_not_hide_the_rest(shop: Shop) -> None:
    shop.config.key.path.unlink()
    found = states(shop)
    assert found["key"] == "bad"
    assert {"config", "disk", "backup", "printer", "scanner"} <= set(found)


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def usage(free: int) -> object:
        return type("usage", (), {"free": free})()

    for free_mb, mark in ((10, checks.Mark.BAD), (200, checks.Mark.LOOK), (5000, checks.Mark.GOOD)):
        free = free_mb * 1_000_000
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: usage(free))
        assert checks.check_disk(tmp_path / "ledger.db").mark is mark


def test_a_backup_folder_that_is_a_file_is_told(shop: Shop) -> None:
    shop.config.backup.folder.write_text("in the way")
    assert states(shop)["backup"] == "bad"
