"""A dialog that asks for one line: a new phone, a card's number."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input

from terminal.rules.card import is_payment_card, payment_card_refused
from terminal.rules.phrase import Refused
from terminal.screens.base import Dialog
from terminal.screens.keyboard import Keyboard
from terminal.screens.messages import Scanned
from terminal.screens.number_pad import NumberPad
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch


class TextQuestion(Dialog[str]):
    """Dismisses with what `answer` made of the line; a refusal is shown and the line can be mended."""

    DEFAULT_CSS = """
    TextQuestion { align: center middle; }
    TextQuestion #box {
        width: 56; max-width: 100%; height: auto;
        background: $surface; border: round $primary; padding: 0 1;
    }
    TextQuestion #box.letters { width: 100%; max-width: 110; }
    TextQuestion NumberPad { width: 100%; }
    TextQuestion #buttons { height: 3; margin-top: 1; }
    TextQuestion #buttons Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f10", "save", "")]

    def __init__(
        self,
        session: Session,
        title: str,
        hint: str,
        answer: Callable[[str], str | Refused],
        *,
        letters: bool = False,
        yes: str = "",
    ) -> None:
        """`letters` offers the keyboard in the place of the number pad; `yes` stands on the last button."""
        super().__init__(session)
        self._yes = yes or self.words.gettext("Save")
        self._title, self._hint, self._answer, self._letters = title, hint, answer, letters

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        with Vertical(id="box", classes="letters" if self._letters else "") as box:
            box.border_title = Content(self._title).markup
            yield Input(placeholder=self._hint, id="line", max_length=100)
            if self.session.touch:
                yield Keyboard(self.words.language) if self._letters else NumberPad()
            with Horizontal(id="buttons"):
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
                yield Touch(self._yes, "screen.save", "F10", id="save", classes="main", focusable=True)
        yield StatusLine(self.session)

    def on_mount(self) -> None:
        """Begin in the box."""
        self.query_one("#line", Input).focus()

    @on(Input.Submitted, "#line")
    def action_save(self) -> None:
        """Try the line."""
        with self.asking_ledger():
            outcome = self._answer(self.query_one("#line", Input).value)
            if isinstance(outcome, Refused):
                self.refuse(outcome)
                self.query_one("#line", Input).focus()
            else:
                self.dismiss(outcome)

    def on_scanned(self, message: Scanned) -> None:
        """A scan fills the line, unless it is a bank card's, which is not even shown."""
        message.stop()
        if is_payment_card(message.scan.text):
            self.refuse(payment_card_refused("line"))
        else:
            self.query_one("#line", Input).value = message.scan.text[:100]
