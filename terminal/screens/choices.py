"""A dialog that offers actions as large buttons, each with a key."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.widgets import Static

from terminal.screens.base import Dialog
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch


class Choices(Dialog[str]):
    """Dismisses with the name of the chosen action. Digits choose, and so do touch, Tab and Enter."""

    DEFAULT_CSS = """
    Choices { align: center middle; }
    Choices #box {
        width: 64; max-width: 96%; height: auto;
        background: $surface; border: round $primary; padding: 0 1;
    }
    Choices Grid { grid-size: 2; grid-rows: 3; grid-gutter: 0 1; height: auto; margin: 1 0 0 0; }
    Choices Grid Touch { width: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        (str(number), f"choose_number({number})", "") for number in range(1, 10)
    ]

    def __init__(self, session: Session, title: str, choices: list[tuple[str, str]], told: str = "") -> None:
        """`choices` are (name, label) in the order of their digits."""
        super().__init__(session)
        self._title, self._choices, self._told = title, choices, told

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(self._title).markup
            if self._told:
                yield Static(Content(self._told), id="told", markup=False)
            with Grid():
                for number, (name, label) in enumerate(self._choices, 1):
                    yield Touch(label, f"screen.choose('{name}')", str(number), id=f"choice-{name}", focusable=True)
                yield Touch(self.words.gettext("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    def action_choose(self, name: str) -> None:
        """Leave with the choice; a menu that stays open opens it."""
        self.dismiss(name)

    def action_choose_number(self, number: int) -> None:
        """Choose what that digit stands for."""
        if number <= len(self._choices):
            self.action_choose(self._choices[number - 1][0])
