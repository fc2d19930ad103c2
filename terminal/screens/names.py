"""A name in the room that a screen has for it."""

from textual.content import Content

from terminal.rules.text import safe_text


def short_name(name: str, cells: int) -> str:
    """Return a name as text that only shows, cut with an ellipsis at `cells` columns: it pushes no figure away."""
    return Content(safe_text(name)).truncate(cells, ellipsis=True).plain
