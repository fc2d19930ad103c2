"""The least that a Textual app can do to open a screen: F9 opens a bare dialog, Esc closes it."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

READY, OPENED = "Ready", "Opened"
"""What is painted at the start, and, with its number, in each dialog."""


class Dialog(ModalScreen[None]):
    """One line of text."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "")]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static(self._text, markup=False)


class MinimalDialogApp(App[None]):
    """Counts the dialogs that it opens."""

    BINDINGS: ClassVar[list[BindingType]] = [("f9", "open", "")]
    opened = 0

    def compose(self) -> ComposeResult:
        """A row."""
        yield Static(READY, markup=False)

    def action_open(self) -> None:
        """Open the next one."""
        self.push_screen(Dialog(f"{OPENED} {self.opened}."))
        self.opened += 1


if __name__ == "__main__":
    MinimalDialogApp().run()
