"""`tillmate scenario run`: figures that agree, figures that differ, files that can't be run; one engine."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from terminal import desk
from terminal.cli import main

FOLDER = Path(__file__).parent.parent / "scenarios"


def _run(*words: object) -> Result:
    return CliRunner().invoke(main, ["scenario", "run", *map(str, words)])


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.scenario.toml")), ids=lambda file: file.name)
def test_a_scenario_of_the_project_comes_out_as_written(file: Path) -> None:
    told = _run(file)
    assert told.exit_code == 0, told.output
    assert "✗" not in told.output


def test_every_case_of_a_peer_is_listed_and_run() -> None:
    page = (FOLDER.parent.parent / "docs" / "peer-cases.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z]{2}-\d+[a-z]?) \|.*?\((\.\./tests/scenarios/[^)]+)\)", page, re.MULTILINE)
    assert len(rows) == 53
    for case, file in rows:
        text = (FOLDER.parent.parent / "docs" / file).read_text(encoding="utf-8")
        assert re.search(rf"\b{case.rstrip('abcde')}", text), case


def test_a_folder_is_searched() -> None:
    told = _run("--quiet", FOLDER)
    assert told.exit_code == 0
    assert str(len(list(FOLDER.glob("*.scenario.toml")))) in told.output


def test_a_figure_that_differs_is_shown_and_exits_1(tmp_path: Path) -> None:
    text = (FOLDER / "loyverse-ten-points.scenario.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.scenario.toml"
    wrong.write_text(text.replace("to_pay = 40", "to_pay = 41"), encoding="utf-8")
    told = _run(wrong)
    assert told.exit_code == 1
    assert "41" in told.output
    assert "✗" in told.output


def test_a_refusal_that_nobody_expected_is_a_difference(tmp_path: Path) -> None:
    text = (FOLDER / "loyverse-ten-points.scenario.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.scenario.toml"
    wrong.write_text(text.replace("redeem = 10", "redeem = 11").replace("to_pay = 40, ", ""), encoding="utf-8")
    assert _run(wrong).exit_code == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("total = 50", "totals = 50"),
        ("total = 50", ""),
        ('do = "sale"', 'do = "sell"'),
        ('name = "A"', 'name = ""\nfoo = 1'),
        ("programme_text", "programme"),
        ("do = ", "do == "),
        ('do = "sale"', 'do = "sale"\ncustomer = "B"'),
        ('currency = "UAH"', 'currency = "XXX"'),
    ],
)
def test_a_file_that_cannot_be_run_says_why(tmp_path: Path, old: str, new: str) -> None:
    text = (FOLDER / "loyverse-ten-points.scenario.toml").read_text(encoding="utf-8")
    assert old in text
    wrong = tmp_path / "wrong.scenario.toml"
    wrong.write_text(text.replace(old, new), encoding="utf-8")
    told = _run(wrong)
    assert told.exit_code == 1
    assert told.exception is None or isinstance(told.exception, SystemExit)
    assert "✗" in told.output


def test_scenarios_run_on_the_use_cases_of_the_till(monkeypatch: pytest.MonkeyPatch) -> None:
    def books_nothing(*_: object, **__: object) -> desk.Completed:
        raise AssertionError("broken on purpose")

    assert _run(FOLDER).exit_code == 0
    monkeypatch.setattr(desk, "complete", books_nothing)
    assert _run(FOLDER).exit_code != 0
