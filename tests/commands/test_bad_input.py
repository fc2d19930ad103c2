"""What may be wrong with a till before it even starts: each one line that says what to do, and nothing is lost."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from terminal.commands.faults import Exit
from terminal.commands.init import default_programme
from terminal.ledger.lock import hold_till
from tests.commands.installed import Shop
from tests.commands.trade import entries, register, sell, trade


def wrong_key(shop: Shop) -> None:
    shop.config.key.path.write_text("ab" * 32)


def key_of_noise(shop: Shop) -> None:
    shop.config.key.path.write_text("not a key")


def key_gone(shop: Shop) -> None:
    shop.config.key.path.unlink()


def key_open_to_all(shop: Shop) -> None:
    shop.config.key.path.chmod(0o644)


def newer_version(shop: Shop) -> None:
    till = shop.till()
    with till.ledger as ledger:
        ledger.connection.execute("PRAGMA user_version = 999")


def trigger_missing(shop: Shop) -> None:
    till = shop.till()
    with till.ledger as ledger:
        ledger.connection.execute("DROP TRIGGER journal_never_deleted")


def ledger_gone(shop: Shop) -> None:
    shop.config.till.ledger.unlink()


def ledger_elsewhere(shop: Shop) -> None:
    text = shop.config_path.read_text(encoding="utf-8")
    assert 'ledger = "ledger.db"' in text
    shop.config_path.write_text(text.replace("ledger.db", "no/such/ledger.db"), encoding="utf-8")


def ledger_of_noise(shop: Shop) -> None:
    shop.config.till.ledger.write_bytes(os.urandom(8192))


def config_corrupt(shop: Shop) -> None:
    shop.config_path.write_text("[shop\nname = ")


def config_unknown_key(shop: Shop) -> None:
    text = shop.config_path.read_text(encoding="utf-8")
    shop.config_path.write_text(text.replace("currency =", "curency ="), encoding="utf-8")


def config_not_text(shop: Shop) -> None:
    shop.config_path.write_bytes("[shop]\nname = 'Крамниця'".encode("cp1251"))


def config_gone(shop: Shop) -> None:
    shop.config_path.unlink()


TABLE: list[tuple[Callable[[Shop], None], Exit, str]] = [
    (wrong_key, Exit.LEDGER, "The key does not open this ledger"),
    (key_of_noise, Exit.KEY, "64 hexadecimal digits"),
    (key_gone, Exit.KEY, "There is no key file"),
    (key_open_to_all, Exit.KEY, "chmod 600"),
    (newer_version, Exit.LEDGER, "newer Tillmate"),
    (trigger_missing, Exit.LEDGER, "“journal_never_deleted” in the ledger is missing"),
    (ledger_gone, Exit.LEDGER, "There is no ledger"),
    (ledger_elsewhere, Exit.LEDGER, "There is no ledger"),
    (ledger_of_noise, Exit.LEDGER, "The key does not open this ledger"),
    (config_corrupt, Exit.CONFIG, "is not TOML"),
    (config_unknown_key, Exit.CONFIG, 'Is "currency" meant?'),
    (config_not_text, Exit.CONFIG, "UTF-8"),
    (config_gone, Exit.CONFIG, "tillmate init"),
]
NAMES = [spoil.__name__ for spoil, _, _ in TABLE]


def files_of(shop: Shop) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in shop.folder.iterdir() if path.suffix in (".db", ".key", ".toml")
    }


@pytest.mark.parametrize(("spoil", "code", "words"), TABLE, ids=NAMES)
@pytest.mark.parametrize("command", ["till", "verify-ledger"])
def test_a_fault_is_one_line_and_touches_nothing(
    shop: Shop, command: str, spoil: Callable[[Shop], None], code: Exit, words: str
) -> None:
    trade(shop, 100_00)
    spoil(shop)
    before = files_of(shop)
    told = shop.spawn(*([] if command == "till" else [command]))
    assert told.returncode == code, told.stderr
    assert words in told.stderr
    assert len(told.stderr.splitlines()) == 1
    assert files_of(shop) == before


@pytest.mark.parametrize(("spoil", "code", "words"), TABLE, ids=NAMES)
def test_the_doctor_tells_the_same(shop: Shop, spoil: Callable[[Shop], None], code: Exit, words: str) -> None:
    trade(shop, 100_00)
    spoil(shop)
    told = shop.call("doctor")
    assert told.exit_code == Exit.FAILED, code
    assert any(line.startswith("✗ ") and words in line for line in told.output.splitlines())


def test_two_tills_on_one_ledger(shop: Shop) -> None:
    with hold_till(shop.config.till.ledger):
        told = shop.spawn()
    assert told.returncode == Exit.LEDGER
    assert "Another till runs on this ledger" in told.stderr
    with hold_till(shop.config.till.ledger):
        pass


def test_a_lock_left_by_a_dead_till_is_no_hindrance(shop: Shop) -> None:
    shop.config.till.ledger.with_name("ledger.db.lock").write_text("4711")
    with hold_till(shop.config.till.ledger):
        pass


def test_a_clock_set_back_is_told_and_sales_keep_their_order(shop: Shop) -> None:
    till = shop.till()
    now = till.clock()
    with till.ledger:
        till.clock = lambda: now + timedelta(days=2)
        customer_id = register(till)
        till.clock = lambda: now
        sell(till, customer_id, 100_00)
        times = [entry.at_ms for entry in till.ledger.entries()]
    assert times == sorted(times)
    told = shop.spawn("doctor")
    assert told.returncode == Exit.FAILED
    assert "✗ The clock was set back" in told.stdout


@contextmanager
def nobodys_rights() -> Iterator[None]:
    """Run a block without the rights of root, which no permission holds back."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def read_only(shop: Shop) -> Iterator[Shop]:
    """A till whose ledger and folder can be read by everybody and written by nobody."""
    trade(shop, 100_00)
    # Without rights nothing may be left to import.
    import_module("terminal.running")
    import_module("click._textwrap")
    shop.call("verify-ledger")
    shop.call("--help")
    opened = [
        parent for parent in shop.folder.parents if parent.stat().st_uid == os.getuid() and len(parent.parts) > 2
    ]
    modes = {path: path.stat().st_mode for path in opened}
    for path in opened:
        path.chmod(path.stat().st_mode | 0o055)
    if os.geteuid() == 0:
        for path in (shop.config.key.path, shop.config_path):
            shutil.chown(path, 65534)
    shop.config.till.ledger.chmod(0o444)
    shop.folder.chmod(0o555)
    yield shop
    shop.folder.chmod(0o755)
    for folder, mode in modes.items():
        folder.chmod(mode)


def test_a_ledger_that_cannot_be_written(read_only: Shop, tmp_path: Path) -> None:
    before = read_only.config.till.ledger.read_bytes()
    with nobodys_rights():
        told = read_only.call("verify-ledger")
        started = read_only.call()
    assert told.exit_code == Exit.LEDGER
    assert "The ledger can't be written" in told.stderr
    assert started.exit_code == Exit.LEDGER
    assert len(started.stderr.splitlines()) == 1
    assert read_only.config.till.ledger.read_bytes() == before


def test_a_full_disk_books_nothing(shop: Shop, tmp_path: Path) -> None:
    """A limit on the size of files is refused by the system just where a full disk refuses."""
    customers = tmp_path / "customers.csv"
    rows = "".join(f"Customer {number},067{number:07d}\n" for number in range(600))
    customers.write_text("name,phone\n" + rows, encoding="utf-8")
    before = entries(shop)
    told = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 400; exec "$@"', "sh", *shop.words("import", customers)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == Exit.LEDGER, told.stderr
    assert "disk" in told.stderr
    assert entries(shop) == before
    assert shop.call("verify-ledger").exit_code == Exit.OK


def test_a_full_disk_makes_no_half_backup(shop: Shop) -> None:
    told = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 40; exec "$@"', "sh", *shop.words("backup")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode in (Exit.LEDGER, Exit.FAILED), told.stderr
    assert len(told.stderr.splitlines()) == 1
    assert list(shop.config.backup.folder.iterdir()) == []


def test_a_programme_that_became_unreadable_is_told(shop: Shop) -> None:
    till = shop.till()
    with till.ledger as ledger, ledger.atomic():
        ledger.write("UPDATE programme SET document = ?", (default_programme("UAH").replace("percent", "per"),))
    told = shop.call("doctor")
    assert told.exit_code == Exit.FAILED
    assert "✗ The programme is wrong." in told.output
