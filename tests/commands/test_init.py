"""Setting a till up: what it makes, what it refuses, and that nothing is left when it does not end well."""

import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from terminal import desk
from terminal.commands import init
from terminal.commands.faults import Exit
from terminal.config import load_config
from terminal.ledger.errors import LedgerFull
from terminal.ledger.key import read_key
from terminal.ledger.recovery import key_from_recovery
from terminal.rules.document import read_programme
from terminal.rules.phrase import phrase
from tests.commands.installed import PIN, Shop

YES = ("init", "--yes", "--name", "Крамниця «Дім»", "--language", "en", "--pin", PIN)
TYPED = "Shop\nUA\nUAH\nEurope/Kyiv\ntill-7\n\ny\nOlena\n"


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_with_yes_everything_is_made(no_shop: Shop) -> None:
    told = no_shop.call(*YES, "--country", "PL", "--printer", "tcp://10.0.0.5:9100", "--no-touch")
    assert told.exit_code == Exit.OK, told.output
    assert files_in(no_shop.folder) == ["config.toml", "ledger.db", "till.key"]
    config = no_shop.config
    assert (config.shop.name, config.shop.currency, config.shop.timezone) == (
        "Крамниця «Дім»",
        "PLN",
        "Europe/Warsaw",
    )
    assert (config.till.name, config.printer.url, config.screen.touch) == ("till-1", "tcp://10.0.0.5:9100", False)
    till = no_shop.till()
    with till.ledger:
        (manager,) = desk.operators(till)
        assert manager.role == "manager"
        assert desk.unlock(till, manager.id, PIN) == manager
        assert till.ledger.terminal_id == "till-1"


def test_the_recovery_key_is_shown_once_and_is_the_key(no_shop: Shop) -> None:
    told = no_shop.call(*YES)
    shown = [line.strip() for line in told.output.splitlines() if line.count("-") == 13]
    assert len(shown) == 1
    assert key_from_recovery(shown[0]) == read_key(no_shop.config.key)


def test_config_and_key_are_their_owners_alone(no_shop: Shop) -> None:
    no_shop.call(*YES)
    for name in ("config.toml", "till.key"):
        assert stat.S_IMODE((no_shop.folder / name).stat().st_mode) == 0o600


def test_the_questions_are_asked_and_checked(no_shop: Shop) -> None:
    answers = (
        "en\nShop\nU\nua\n\nEurope/Nowhere\n\ntill 1\ntill-7\nnowhere:5\n\nn\n\n1111\n2580\n2581\n2580\n2580\n\n"
    )
    told = no_shop.call("init", typed=answers)
    assert told.exit_code == Exit.OK, told.output
    config = no_shop.config
    assert (config.shop.country, config.shop.currency, config.till.name) == ("UA", "UAH", "till-7")
    assert (config.printer.url, config.screen.touch) == ("", False)
    for refused in (
        '"U" is no country',
        "no time zone",
        "cannot name a till",
        "nowhere",
        "too easy",
        "PINs differ",
    ):
        assert refused in told.output
    assert PIN not in told.stdout


@pytest.mark.parametrize(
    ("make", "code"), [("config.toml", Exit.CONFIG), ("till.key", Exit.KEY), ("ledger.db", Exit.LEDGER)]
)
def test_nothing_that_stands_is_touched(no_shop: Shop, make: str, code: Exit) -> None:
    no_shop.folder.mkdir(parents=True)
    standing = no_shop.folder / make
    standing.write_text("mine")
    told = no_shop.call(*YES)
    assert told.exit_code == code
    assert files_in(no_shop.folder) == [make]
    assert standing.read_text() == "mine"


def test_a_later_fault_leaves_nothing(no_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise LedgerFull(phrase("full"))

    monkeypatch.setattr(desk, "add_operator", full)
    assert no_shop.call(*YES).exit_code == Exit.LEDGER
    assert not no_shop.folder.exists()


def test_ctrl_c_at_the_last_question_leaves_nothing(no_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Callable[..., object] = click.prompt

    def prompt(text: str, **rest: object) -> object:
        if "on paper" in text:
            assert (no_shop.folder / "ledger.db").exists()
            raise click.Abort
        return asked(text, **rest)

    monkeypatch.setattr(click, "prompt", prompt)
    told = no_shop.call("init", "--language", "en", "--pin", PIN, typed=TYPED)
    assert told.exit_code == Exit.INTERRUPTED, told.output
    assert not no_shop.folder.exists()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--pin", "12"), Exit.FAILED),
        (("--pin", "1234"), Exit.FAILED),
        (("--currency", "XXQ"), Exit.USAGE),
        (("--country", "FR"), Exit.USAGE),
        (("--till", "till 1"), Exit.USAGE),
        (("--printer", "http//nowhere"), Exit.USAGE),
        (("--name", "x" * 200), Exit.CONFIG),
        (("--currency", "GEL"), Exit.PROGRAMME),
    ],
)
def test_what_cannot_be_leaves_nothing(no_shop: Shop, more: tuple[str, ...], code: Exit) -> None:
    told = no_shop.call(*YES, *more)
    assert told.exit_code == code, told.output
    assert not no_shop.folder.exists()


def test_a_programme_of_the_owner_is_taken_and_a_wrong_one_refused(no_shop: Shop, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(init.default_programme("UAH").replace("Bonus club", "Own club"))
    assert no_shop.call(*YES, "--programme", own).exit_code == Exit.OK
    till = no_shop.till()
    with till.ledger:
        assert getattr(till.programme(till.today()), "name", "") == "Own club"
    other = Shop(tmp_path / "other")
    own.write_text("name = ")
    assert other.call(*YES, "--programme", own).exit_code == Exit.PROGRAMME
    own.write_text(init.default_programme("PLN"))
    assert other.call(*YES, "--programme", own).exit_code == Exit.PROGRAMME
    assert not other.folder.exists()


@pytest.mark.parametrize("currency", ["UAH", "PLN", "EUR", "KZT"])
def test_the_simple_programme_is_right_in_every_currency(currency: str) -> None:
    assert read_programme(init.default_programme(currency)).currency == currency


def test_as_a_process_it_makes_a_till_once(no_shop: Shop) -> None:
    def spawn() -> subprocess.CompletedProcess[str]:
        return no_shop.spawn(*YES[:-2], TILLMATE_PIN=PIN)

    first = spawn()
    assert first.returncode == Exit.OK, first.stderr
    before = (no_shop.folder / "ledger.db").read_bytes()
    second = spawn()
    assert second.returncode == Exit.CONFIG
    assert len(second.stderr.splitlines()) == 1
    assert (no_shop.folder / "ledger.db").read_bytes() == before
    assert load_config(no_shop.config_path).till.name == "till-1"


def test_a_disk_without_room_leaves_nothing(no_shop: Shop) -> None:
    """A limit on the size of files is refused by the system just where a full disk refuses."""
    told = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 40; exec "$@"', "sh", *no_shop.words(*YES)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == Exit.LEDGER, told.stderr
    assert "disk" in told.stderr
    assert not no_shop.folder.exists()


def test_ctrl_c_in_the_middle_of_the_questions_leaves_nothing(no_shop: Shop) -> None:
    asked = subprocess.Popen(
        no_shop.words("init", "--language", "en"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        asked.stdin.write("Shop\n")
        asked.stdin.flush()
        told = ""
        while "Country" not in told:
            told += asked.stdout.read(1)
        asked.send_signal(signal.SIGINT)
        _, fault = asked.communicate(timeout=60)
    assert asked.returncode == Exit.INTERRUPTED
    assert fault.strip() == "Stopped. Nothing was lost."
    assert not no_shop.folder.exists()
