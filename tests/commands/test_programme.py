"""A programme checked, and published as the next version."""

from pathlib import Path

import pytest

from terminal.commands.faults import Exit
from terminal.commands.init import default_programme
from tests.commands.installed import Shop

TEXT = default_programme("UAH").replace("number = 1", "number = 2").replace("percent = 3", "percent = 10")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "programme.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def in_force(shop: Shop) -> int:
    till = shop.till()
    with till.ledger:
        programme = till.programme(till.today())
        return int(getattr(programme, "number", 0))


def test_a_check_needs_no_till(no_shop: Shop, file: Path) -> None:
    assert no_shop.call("programme", "check", file).exit_code == Exit.OK


@pytest.mark.parametrize("wrong", ["percent = 0", "percent = 3\nfree = 1", "percent = ", 'percent = "much"'])
def test_a_wrong_programme_is_told_with_its_place(no_shop: Shop, file: Path, wrong: str) -> None:
    file.write_text(TEXT.replace("percent = 10", wrong), encoding="utf-8")
    told = no_shop.spawn("programme", "check", file)
    assert told.returncode == Exit.PROGRAMME
    head, *mistakes = told.stderr.splitlines()
    assert head == f"The programme is wrong. Mistakes: {len(mistakes)}."
    line = TEXT[: TEXT.index("percent = 10")].count("\n") + 1
    assert int(mistakes[0].removeprefix("Line ").partition(",")[0]) in (line, line + 1)


def test_mistakes_are_told_in_the_language_that_is_asked_for(no_shop: Shop, file: Path) -> None:
    file.write_text(TEXT.replace("percent = 10", "percent = 0"), encoding="utf-8")
    told = no_shop.call("programme", "check", file, "--language", "uk")
    assert told.exit_code == Exit.PROGRAMME
    assert "percent" in told.stderr


def test_what_is_hardly_meant_is_told_and_passes(no_shop: Shop, file: Path) -> None:
    file.write_text(TEXT.replace("percent = 10", "percent = 100"), encoding="utf-8")
    told = no_shop.call("programme", "check", file, "--language", "en")
    assert told.exit_code == Exit.OK
    assert "Look again. Line " in told.stdout


@pytest.mark.parametrize(("audience", "rounding"), [("customer", False), ("cashier", True)])
def test_a_programme_is_told_in_plain_words(no_shop: Shop, file: Path, audience: str, rounding: bool) -> None:
    told = no_shop.call("programme", "explain", file, "--language", "en", "--for", audience)
    assert told.exit_code == Exit.OK
    assert "• 10% of the bill comes back as bonuses.\n" in told.stdout
    assert ("Parts of a bonus" in told.stdout) == rounding


def test_a_wrong_programme_is_not_told_in_plain_words(no_shop: Shop, file: Path) -> None:
    file.write_text(TEXT.replace("percent = 10", "percent = 0"), encoding="utf-8")
    assert no_shop.call("programme", "explain", file).exit_code == Exit.PROGRAMME


def test_a_programme_that_is_no_text_is_told(no_shop: Shop, file: Path) -> None:
    file.write_bytes(TEXT.replace("Bonus", "Бонус").encode("cp1251"))
    assert no_shop.call("programme", "check", file).exit_code == Exit.PROGRAMME


def test_the_next_version_is_published_and_in_force(shop: Shop, file: Path) -> None:
    assert in_force(shop) == 1
    assert shop.spawn("programme", "publish", file).returncode == Exit.OK
    assert in_force(shop) == 2


def test_a_version_of_a_later_day_waits_for_it(shop: Shop, file: Path) -> None:
    file.write_text(TEXT.replace("2020-01-01", "2999-01-01"), encoding="utf-8")
    assert shop.call("programme", "publish", file).exit_code == Exit.OK
    assert in_force(shop) == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("number = 2", "number = 1", "published already"),
        ("2020-01-01", "2019-12-31", "Another version begins"),
        ('currency = "UAH"', 'currency = "PLN"', "counts in PLN"),
    ],
)
def test_what_does_not_follow_is_refused(shop: Shop, file: Path, old: str, new: str, words: str) -> None:
    file.write_text(TEXT.replace(old, new), encoding="utf-8")
    told = shop.call("programme", "publish", file)
    assert told.exit_code == Exit.PROGRAMME
    assert words in told.stderr
    assert in_force(shop) == 1
