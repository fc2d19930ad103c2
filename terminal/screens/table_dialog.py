"""A dialog with a list of rows and actions on the chosen one."""

from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from terminal.screens.base import Dialog
from terminal.screens.rows import Rows
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

Row = TypeVar("Row")
Result = TypeVar("Result")


class TableDialog(Dialog[Result], Generic[Row, Result]):
    """Lists rows two lines high with a blank between; arrows and touch choose, the buttons below act."""

    DEFAULT_CSS = """
    TableDialog { align: center middle; }
    TableDialog #box { width: 100%; height: 100%; max-width: 110; background: $surface; border: round $primary; }
    TableDialog #empty { padding: 1 2; }
    TableDialog #buttons { height: 3; }
    TableDialog #buttons Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = []
    AUTO_FOCUS = "Rows"
    LINES = 2
    """How many lines a row has."""

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
            yield Rows(lines=self.LINES)
            with Horizontal(id="buttons"):
                yield from self.buttons()
                yield Touch(self.words.gettext("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    def on_mount(self) -> None:
        """Fill the list."""
        self.fill()

    def fill(self, lit: int = 0) -> None:
        """List the rows anew, and light one."""
        rows = self.rows_shown = self.rows()
        view = self.query_one(Rows)
        view.put(map(self.draw, rows), lit)
        self.query_one("#empty").display = not rows
        view.display = bool(rows)
        if rows:
            view.focus()

    def chosen(self) -> Row | None:
        """Return the row that is lit."""
        lit = self.query_one(Rows).highlighted
        return None if lit is None else self.rows_shown[lit]
