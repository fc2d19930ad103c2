"""A question with two answers, for what can't be undone by a key."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from terminal.screens.base import Dialog
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch


class Question(Dialog[bool]):
    """Dismisses with True for yes, False or None for no; Enter alone answers what has the focus."""

    DEFAULT_CSS = """
    Question { align: center middle; }
    Question #box {
        width: 60; max-width: 96%; height: auto;
        background: $surface; border: round $warning; padding: 1 2;
    }
    Question Horizontal { height: 3; margin-top: 1; }
    Question Touch { width: 1fr; margin: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f10", "answer(True)", "")]

    def __init__(self, session: Session, question: str, yes: str) -> None:
        super().__init__(session)
        self._question, self._yes = question, yes

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content(self._question), markup=False)
            with Horizontal():
                yield Touch(self.words.gettext("Back"), "screen.leave", "Esc", id="no", focusable=True)
                yield Touch(self._yes, "screen.answer(True)", "F10", id="yes", classes="danger", focusable=True)
        yield StatusLine(self.session)

    def on_mount(self) -> None:
        """Rest on the answer that changes nothing."""
        self.query_one("#no", Touch).focus()

    def action_answer(self, answer: bool) -> None:
        """Leave with the answer."""
        self.dismiss(answer)
