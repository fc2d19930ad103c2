"""The pages of printers and scanners name tests; each of them is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("page", ["printers.md", "scanners.md"])
def test_every_test_that_a_page_names_is_there(page: str) -> None:
    named = re.findall(r"`(test_[a-z0-9_]+)`", (ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert len(named) >= 4
    assert [name for name in named if f"def {name}(" not in TESTS] == []
