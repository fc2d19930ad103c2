"""A dialog with a box to type or scan into, and the list of what it finds."""

from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from terminal.rules.card import is_payment_card, payment_card_refused
from terminal.rules.phrase import Refused
from terminal.screens.messages import Scanned
from terminal.screens.number_pad import NumberPad, type_into
from terminal.screens.rows import Rows
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.table_dialog import TableDialog
from terminal.screens.touch import Touch

Row = TypeVar("Row")


class SearchDialog(TableDialog[Row, Row], Generic[Row]):
    """Dismisses with the row that was chosen. A search or scan that finds one chooses it."""

    DEFAULT_CSS = """
    SearchDialog #search { border: tall $primary 60%; }
    SearchDialog #search:focus { border: tall $accent; }
    SearchDialog #found { height: 1fr; }
    SearchDialog #list { width: 1fr; }
    SearchDialog NumberPad { width: 30; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f5", "find", ""), ("down", "to_list", "")]
    AUTO_FOCUS = "#search"

    def __init__(self, session: Session, title: str, hint: str, empty: str) -> None:
        super().__init__(session, title, empty)
        self._hint = hint
        self.found: list[Row] = []

    def search(self, text: str) -> list[Row] | Refused:
        """Return what a text finds; for the dialog that inherits."""
        raise AssertionError("each dialog searches by itself")

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        with Vertical(id="box") as box:
            box.border_title = Content(self._title).markup
            yield Input(placeholder=self._hint, id="search", max_length=200)
            with Horizontal(id="found"):
                with Vertical(id="list"):
                    yield Static(Content(self._empty), id="empty", markup=False)
                    yield Rows(lines=self.LINES)
                if self.session.touch:
                    yield NumberPad()
            with Horizontal(id="buttons"):
                yield Touch(_("Find"), "screen.find", "F5", id="find", focusable=True)
                yield Touch(_("Choose"), "screen.take", "Enter", id="take", classes="main", focusable=True)
                yield from self.buttons()
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    def rows(self) -> list[Row]:
        """What was found."""
        return self.found

    def fill(self, lit: int = 0) -> None:
        """List what was found; as long as nothing was asked, the next key belongs to the box."""
        super().fill(lit)
        if not self.query_one("#search", Input).value:
            self.query_one("#search", Input).focus()

    @on(Input.Submitted, "#search")
    def action_find(self) -> None:
        """Find what stands in the box; Enter in an empty one takes the row that is lit."""
        text = self.query_one("#search", Input).value
        if text.strip():
            self.find(text)
        else:
            self.action_take()

    def find(self, text: str) -> None:
        """Find, list, and take what is the only one."""
        with self.asking_ledger():
            found = self.search(text)
            if isinstance(found, Refused):
                self.refuse(found)
                self.query_one("#search", Input).focus()
                return
            self.found = found
            self.fill()
            if len(found) == 1:
                self.dismiss(found[0])

    def action_to_list(self) -> None:
        """From the box down to the list."""
        if self.rows_shown:
            self.query_one(Rows).focus()

    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Take the row that is lit."""
        row = self.chosen()
        if row is not None:
            self.dismiss(row)

    def action_pad(self, name: str) -> None:
        """A key of the number pad types into the box, wherever the focus is."""
        box = self.query_one("#search", Input)
        box.focus()
        type_into(box, name)

    def on_scanned(self, message: Scanned) -> None:
        """A scan is searched for at once, unless it is a bank card's."""
        message.stop()
        if is_payment_card(message.scan.text):
            self.refuse(payment_card_refused("search"))
        else:
            self.query_one("#search", Input).value = message.scan.text[:200]
            self.find(message.scan.text)
