"""The on-screen number pad: it types into the box that has the focus."""

from textual.app import ComposeResult
from textual.containers import Grid
from textual.widgets import Input

from terminal.screens.touch import Touch

_KEYS = (("7", "7"), ("8", "8"), ("9", "9"), ("4", "4"), ("5", "5"), ("6", "6"),
         ("1", "1"), ("2", "2"), ("3", "3"), (",", "comma"), ("0", "0"), ("⌫", "back"))  # fmt: skip


class NumberPad(Grid):
    """Digits, comma and backspace, each three rows high. Clicking keeps the focus where it is."""

    DEFAULT_CSS = """
    NumberPad {
        grid-size: 3 4; grid-rows: 3; grid-columns: 1fr; width: 30; height: 12; background: $surface;
        & Touch { width: 100%; background: $panel; text-style: bold; margin: 0; }
        & Touch:hover { background: $panel-lighten-1; }
    }
    """

    def compose(self) -> ComposeResult:
        for label, name in _KEYS:
            yield Touch(label, f"screen.pad('{name}')", id=f"pad-{name}")


def type_into(box: Input, name: str) -> None:
    """Do in a text box what a key of the pad says; what is selected is typed over."""
    match name:
        case "back":
            box.action_delete_left()
        case "comma":
            box.replace(",", *box.selection)
        case digit:
            box.replace(digit, *box.selection)
