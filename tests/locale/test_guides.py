"""The written guides: the pages of the docs are the package's own text, and all languages say the same steps."""

import re
from pathlib import Path

import pytest

from terminal.locale.guides import GUIDES, guide_text
from terminal.locale.words import LANGUAGES

DOCS = Path(__file__).parent.parent.parent / "docs"
KEYS = re.compile(r"\*\*((?:F\d+|Esc|Enter|Ctrl\+O|[↑↓✓✗]))\*\*")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_in_the_docs_is_the_text_of_the_package(language: str) -> None:
    page = DOCS / f"manager-steps.{language}.md"
    assert page.read_text(encoding="utf-8") == guide_text("manager", language)


@pytest.mark.parametrize("name", GUIDES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_the_same_keys_in_the_same_order(name: str, language: str) -> None:
    assert KEYS.findall(guide_text(name, language)) == KEYS.findall(guide_text(name, "en"))
    assert guide_text(name, language).count("\n") == guide_text(name, "en").count("\n")
