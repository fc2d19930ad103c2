"""`tillmate printer test`: what is printed, what is asked, and what stands in the config afterwards."""

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import Result

from printers.document import Cut, Document, Text
from printers.escpos import encode
from printers.profile import load_profile
from printers.trial import candidates
from terminal.commands.faults import Exit
from terminal.printing import profile_of
from tests.commands.installed import Shop
from tests.printers.emulator import MODEL, PAGES, needs_emulator, running_emulator

LETTERS = {one.setting: one.label for one in candidates(load_profile("80mm"))}


def ask(shop: Shop, *words: str, typed: str | None = None) -> Result:
    return shop.call("printer", "test", "--url", f"file:{shop.folder / 'paper'}", *words, typed=typed)


def printer_section(shop: Shop) -> dict[str, object]:
    return dict(tomllib.loads(shop.config_path.read_text(encoding="utf-8"))["printer"])


def test_what_is_seen_is_written_and_the_rest_stays_as_it_was(shop: Shop) -> None:
    before = shop.config_path.read_text(encoding="utf-8")
    shop.config_path.write_text(before.replace("drawer = false", "drawer = true  # my own words"), encoding="utf-8")
    mode = shop.config_path.stat().st_mode
    told = ask(shop, "--columns", "42", "--right", LETTERS["46:CP1251"] + LETTERS["18:CP852"].lower())
    assert told.exit_code == Exit.OK
    assert printer_section(shop) == {
        "url": f"file:{shop.folder / 'paper'}", "profile": "default", "width_mm": 80, "columns": 42,
        "pages": ["18:CP852", "46:CP1251"], "answers": "learn", "logo": "", "drawer": True,
    }  # fmt: skip
    after = shop.config_path.read_text(encoding="utf-8")
    assert "drawer = true  # my own words" in after
    comments = [line for line in before.splitlines() if line.startswith("#")]
    assert [line for line in after.splitlines() if line.startswith("#")] == comments
    assert shop.config_path.stat().st_mode == mode
    profile = profile_of(shop.config.printer)
    assert (profile.columns, profile.letter_dots) == (42, 12)
    assert b"x30" not in encode(Document((Text("Їжак і ґава"), Cut())), profile)


def test_it_asks_until_it_is_told_what_was_printed(shop: Shop) -> None:
    told = ask(shop, typed=f"50\n32\nZ\n{LETTERS['17:CP866']}\n")
    assert told.exit_code == Exit.OK
    assert "no sample Z is on the paper" in told.stderr
    section = printer_section(shop)
    assert (section["width_mm"], section["columns"], section["pages"]) == (58, 32, ["17:CP866"])
    assert re.search(rb"[.:|]+48\n", (shop.folder / "paper").read_bytes())


def test_when_no_sample_is_right_everything_is_drawn(shop: Shop) -> None:
    assert ask(shop, "--columns", "32", "--right", "-").exit_code == Exit.OK
    section = printer_section(shop)
    assert (section["profile"], section["columns"], section["pages"]) == ("58mm-dots", 0, [])
    assert profile_of(shop.config.printer).pages == ()


def test_a_profile_that_is_right_in_all_is_left_to_itself(shop: Shop) -> None:
    tried = candidates(load_profile("TM-T20II"))
    right = "".join(one.label for one in tried if one.page in load_profile("TM-T20II").pages)
    assert ask(shop, "--profile", "TM-T20II", "--columns", "48", "--right", right).exit_code == Exit.OK
    section = printer_section(shop)
    assert (section["profile"], section["columns"], section["pages"]) == ("TM-T20II", 0, [])


def test_an_address_that_was_not_told_stays_as_its_owner_wrote_it(shop: Shop) -> None:
    text = shop.config_path.read_text(encoding="utf-8").replace('url = ""', 'url = "file:paper"')
    shop.config_path.write_text(text, encoding="utf-8")
    assert shop.call("printer", "test", "--columns", "48", "--right", "B").exit_code == Exit.OK
    assert (shop.folder / "paper").exists()
    assert printer_section(shop)["url"] == "file:paper"


def test_it_only_prints_when_that_is_all_it_is_to_do(no_shop: Shop, tmp_path: Path) -> None:
    told = no_shop.call("printer", "test", "--only-print", "--url", f"file:{tmp_path}/paper")
    assert told.exit_code == Exit.OK
    assert (tmp_path / "paper").stat().st_size > 1000
    assert not no_shop.config_path.exists()


def test_without_a_config_it_says_what_belongs_in_one(no_shop: Shop, tmp_path: Path) -> None:
    words = ["--profile", "58mm", "--url", f"file:{tmp_path}/paper", "--columns", "32", "--right", "AB"]
    told = no_shop.call("printer", "test", *words)
    assert told.exit_code == Exit.OK
    assert "There is no config yet." in told.stdout
    assert f"  url: file:{tmp_path}/paper\n" in told.stdout
    assert "  profile: 58mm\n" in told.stdout
    assert not no_shop.config_path.exists()
    assert no_shop.call("printer", "test").exit_code == Exit.CONFIG


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--url", "tcp://127.0.0.1:1"], Exit.PRINTER, "nobody prints at 127.0.0.1:1"),
        (["--url", "serial:/dev/no-such-port"], Exit.PRINTER, "there is no /dev/no-such-port"),
        (["--url", "192.168.1.50"], Exit.USAGE, "does not say what kind of port"),
        (["--url", "http://x"], Exit.PRINTER, "is no printer address"),
        ([], Exit.PRINTER, "No printer is set"),
        (["--url", "memory:", "--profile", "TM-T20"], Exit.PRINTER, "near it: TM-T20II"),
        (["--url", "memory:", "--page", "46:KLINGON"], Exit.PRINTER, "is no code page by its number"),
        (["--url", "memory:", "--columns", "48", "--right", "?"], Exit.PRINTER, "no sample ? is on the paper"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    shop: Shop, words: list[str], code: Exit, said: str
) -> None:
    before = shop.config_path.read_bytes()
    told = shop.call("printer", "test", *words)
    assert told.exit_code == code
    assert said in told.stderr
    assert shop.config_path.read_bytes() == before


@needs_emulator
def test_what_comes_out_of_the_emulator_becomes_the_config(shop: Shop, tmp_path: Path) -> None:
    with running_emulator(tmp_path) as emulator:
        known = emulator.receipts()
        told = shop.call("printer", "test", "--only-print", "--url", emulator.address)
        assert "says that it is TM-T20II" in told.stdout
        lines = emulator.text_after(known)
        own = {line[0]: lines[at + 1] for at, line in enumerate(lines[:-1]) if line[1:2] == ":"}
        right = [one for one in candidates(load_profile("80mm")) if one.sample == own[one.label]]
        assert {one.page.slot for one in right} == PAGES.keys() - {19}, "CP858 has no sample"
        assert any(line.endswith("48") and len(line) == 48 for line in lines)
        letters = "".join(one.label for one in right)
        told = shop.call("printer", "test", "--url", emulator.address, "--columns", "48", "--right", letters)
        assert told.exit_code == Exit.OK
        assert (printer_section(shop)["answers"], profile_of(shop.config.printer).columns) == ("yes", 48)
        with emulator.fault("cover-open"):
            told = shop.call("printer", "test", "--profile", MODEL)
            assert (told.exit_code, told.stderr.strip()) == (Exit.PRINTER, "The printer's cover is open.")
