"""The written guides that come with the program, in each language, as Markdown."""

from terminal.locale.words import FOLDER, LANGUAGES

GUIDES = ("manager",)
"""Their names: what a manager does to make an order in the store."""


def guide_text(name: str, language: str) -> str:
    """Return a guide in a language."""
    assert name in GUIDES, name
    assert language in LANGUAGES, language
    return (FOLDER / "guide" / language / f"{name}.md").read_text(encoding="utf-8")
