"""Rows to choose from, by arrows, Enter or a touch."""

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import OptionList


class Rows(OptionList):
    """Rows of some lines and a blank one; `highlighted` is which one is lit, `OptionSelected` tells of a choice.

    They are drawn as lines: a widget for each would take milliseconds to make.
    """

    DEFAULT_CSS = """
    Rows { height: 1fr; max-height: 100%; border: none; padding: 0; background: transparent; }
    Rows:focus { border: none; background-tint: $foreground 0%; }
    Rows > .option-list--option { padding: 0 1; }
    Rows > .option-list--option-highlighted, Rows:focus > .option-list--option-highlighted {
        background: $primary 40%; color: $foreground; text-style: none;
    }
    """

    def __init__(self, drawn: Iterable[Content] = (), *, lines: int = 2, id: str | None = None) -> None:  # noqa: A002
        """`lines` is how many a row has; one of a single line stands between two blank ones."""
        self._lines_drawn = lines
        super().__init__(*map(self._tall, drawn), id=id, markup=False)

    def put(self, drawn: Iterable[Content], lit: int = 0) -> None:
        """Show other rows, and light one of them: the last, where there are not so many."""
        self.set_options(map(self._tall, drawn))
        self.highlighted = lit

    def draw_again(self, drawn: Iterable[Content]) -> None:
        """Draw the same rows anew; the one that is lit stays lit."""
        for place, content in enumerate(drawn):
            self.replace_option_prompt_at_index(place, self._tall(content))

    def _tall(self, content: Content) -> Content:
        if self._lines_drawn == 1:
            return Content.assemble("\n", content, "\n")
        return content + "\n" * (self._lines_drawn - content.plain.count("\n"))
