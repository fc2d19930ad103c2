"""The programme's page says what the program does: its keys, its example, and what check tells."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from terminal.rules.document import doubts_about, read_programme

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/programme.md").read_text(encoding="utf-8")
PROGRAMMES = sorted((ROOT / "docs/programmes").glob("*/programme.toml"))


def reference_script() -> ModuleType:
    path = ROOT / "docs/programme_reference.py"
    spec = importlib.util.spec_from_file_location("programme_reference", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def block(language: str) -> str:
    found = re.search(f"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_list_of_all_keys_is_up_to_date() -> None:
    assert reference_script().page(PAGE) == PAGE, "python docs/programme_reference.py"


def test_the_example_is_a_programme() -> None:
    assert read_programme(block("toml")).name == "Club"


def test_what_check_says_is_what_it_says() -> None:
    told = ROOT / "tests/programmes/broken/several-at-once.txt"
    assert block("text") == told.read_text(encoding="utf-8")


def test_there_is_a_programme_of_each_known_system() -> None:
    assert len(PROGRAMMES) >= 10


@pytest.mark.parametrize("file", PROGRAMMES, ids=lambda file: file.parent.name)
def test_a_known_systems_programme_is_right_and_leaves_no_doubt(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert [doubt.place for doubt in doubts_about(read_programme(text), text)] == []
