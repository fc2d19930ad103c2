"""A dialog with a list of rows and actions on the chosen one."""

from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import ListItem, ListView, Static

from terminal.screens.base import Dialog
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

_ROWS_AT_ONCE = 16
"""As many rows as a large terminal shows; a widget takes a millisecond or two to make."""

Row = TypeVar("Row")
Result = TypeVar("Result")


class TableDialog(Dialog[Result], Generic[Row, Result]):
    """Lists rows two lines high with a blank between; arrows and touch choose, the buttons below act."""

    DEFAULT_CSS = """
    TableDialog { align: center middle; }
    TableDialog #box { width: 100%; height: 100%; max-width: 110; background: $surface; border: round $primary; }
    TableDialog ListView { height: 1fr; background: transparent; }
    TableDialog ListView > ListItem { height: 3; padding: 0 1; background: transparent; }
    TableDialog ListView > ListItem.-highlight { background: $primary 40%; color: $foreground; text-style: none; }
    TableDialog #empty { padding: 1 2; }
    TableDialog #buttons { height: 3; }
    TableDialog #buttons Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = []
    AUTO_FOCUS = "ListView"

    def __init__(self, session: Session, title: str, empty: str) -> None:
        super().__init__(session)
        self._title, self._empty = title, empty
        self.rows_shown: list[Row] = []

    def rows(self) -> list[Row]:
        """Return what is to be listed; for the dialog that inherits."""
        raise AssertionError("each dialog lists its own rows")

    def draw(self, row: Row) -> Content:
        """Return a row's two lines; for the dialog that inherits."""
        raise AssertionError("each dialog draws its own rows")

    def buttons(self) -> list[Touch]:
        """Return the buttons below the list; for the dialog that inherits."""
        return []

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(self._title).markup
            yield Static(Content(self._empty), id="empty", markup=False)
            yield ListView()
            with Horizontal(id="buttons"):
                yield from self.buttons()
                yield Touch(self.words.gettext("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    async def on_mount(self) -> None:
        """Fill the list."""
        await self.fill()

    async def fill(self) -> None:
        """List the rows anew: a screenful at once, the others as soon as that is painted."""
        rows = self.rows_shown = self.rows()
        drawn = [self.draw(row) for row in rows]
        view = self.query_one(ListView)
        await view.clear()
        await self._extend(rows, drawn)
        self.query_one("#empty").display = not rows
        view.display = bool(rows)
        if rows:
            view.index = 0
            view.focus()

    async def _extend(self, rows: list[Row], drawn: list[Content]) -> None:
        """Put the next rows on the list, unless it was left or others are listed meanwhile."""
        if rows is not self.rows_shown or not self.is_attached:
            return
        now, later = drawn[:_ROWS_AT_ONCE], drawn[_ROWS_AT_ONCE:]
        await self.query_one(ListView).extend(ListItem(Static(content, markup=False)) for content in now)
        if later:
            self.call_after_refresh(self._extend, rows, later)

    def chosen(self) -> Row | None:
        """Return the row under the highlight."""
        index = self.query_one(ListView).index
        return self.rows_shown[index] if index is not None and index < len(self.rows_shown) else None
