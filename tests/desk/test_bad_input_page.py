"""The page about bad input names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "bad-input.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| Input")]


def test_every_row_names_a_test_and_every_named_test_exists() -> None:
    tests = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = [set(re.findall(r"`(test_\w+)`", row)) for row in ROWS]
    assert len(ROWS) > 30
    assert [row for row, names in zip(ROWS, named, strict=True) if not names] == []
    assert set().union(*named) <= tests, set().union(*named) - tests
