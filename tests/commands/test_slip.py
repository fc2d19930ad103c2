"""Slips looked at before they are printed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from terminal import desk
from terminal.commands.faults import Exit
from tests.commands.installed import Shop
from tests.commands.trade import BY, entries, trade

ROOT = Path(__file__).parent.parent.parent


def test_the_last_sale_is_shown_and_nothing_is_booked_or_queued(shop: Shop) -> None:
    trade(shop, 100_00, 250_00)
    before = entries(shop)
    told = shop.call("slip", "preview")
    assert told.exit_code == Exit.OK
    assert "Sale No. 2" in told.output
    assert "COPY" not in told.output
    till = shop.till()
    with till.ledger:
        assert len(desk.waiting_slips(till)) == 2
    assert entries(shop) == before


def test_a_sale_is_shown_by_its_number(shop: Shop) -> None:
    trade(shop, 100_00, 250_00)
    assert "Sale No. 1" in shop.call("slip", "preview", "--sale", "1").output
    told = shop.call("slip", "preview", "--sale", "99")
    assert told.exit_code == Exit.FAILED
    assert "no sale No. 99" in told.stderr


def test_a_till_without_sales_says_so(shop: Shop) -> None:
    told = shop.spawn("slip", "preview")
    assert told.returncode == Exit.FAILED
    assert "--demo" in told.stderr


def test_a_voided_sale_shows_that_it_was(shop: Shop) -> None:
    trade(shop, 100_00)
    till = shop.till()
    with till.ledger:
        last = desk.last_sale(till)
        assert last is not None
        desk.void(till, last.id, BY)
    assert "VOIDED" in shop.call("slip", "preview").output


@pytest.mark.parametrize("language", ["uk", "pl", "ru", "en"])
def test_the_language_may_be_another_than_the_customers(shop: Shop, language: str) -> None:
    trade(shop, 100_00)
    till = shop.till()
    with till.ledger:
        words = till.words(language)
    assert words.gettext("Bonuses earned") in shop.call("slip", "preview", "--language", language).output


@pytest.mark.parametrize(("width", "columns"), [("58", 32), ("80", 48)])
def test_the_demos_slip_needs_no_till_and_fits_the_paper(
    no_shop: Shop, tmp_path: Path, width: str, columns: int
) -> None:
    picture = tmp_path / "slip.png"
    told = no_shop.spawn("slip", "preview", "--demo", "--language", "en", "--width", width, "--png", str(picture))
    assert told.returncode == Exit.OK, told.stderr
    assert "Taken off" in told.stdout
    assert max(len(line) for line in told.stdout.splitlines()) <= columns
    with Image.open(picture) as image:
        assert image.width == columns * 12 + 48
        assert image.height > image.width


def test_where_no_till_is_set_up_it_is_the_demos_slip_and_says_so(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "LANG": "C", "PYTHONUTF8": "1"}
    words = ["slip", "preview", "--language", "pl", "--width", "58", "--png", "out.png"]
    environ = {name: value for name, value in os.environ.items() if name not in ("TILLMATE_CONFIG", "LC_ALL")}
    told = subprocess.run(
        [sys.executable, "-m", "terminal", *words],
        cwd=tmp_path, env=environ | home | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == Exit.OK, told.stderr
    assert "Do zapłaty" in told.stdout
    assert told.stderr == "No till is set up here: this is a slip of the demo shop.\n"
    with Image.open(tmp_path / "out.png") as image:
        assert image.width == 32 * 12 + 48


def test_a_config_that_was_named_and_is_not_there_is_a_fault(no_shop: Shop) -> None:
    assert no_shop.call("slip", "preview").exit_code == Exit.CONFIG


def test_a_picture_that_cannot_be_written_is_a_named_fault(no_shop: Shop, tmp_path: Path) -> None:
    told = no_shop.call("slip", "preview", "--demo", "--png", tmp_path / "no" / "slip.png")
    assert told.exit_code == Exit.FAILED
    assert len(told.stderr.splitlines()) == 1
