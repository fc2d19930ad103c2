"""The on-screen number pad: it types into the box that has the focus."""

from collections.abc import Sequence

from textual.widgets import Input

from terminal.screens.keys import Key, Keys

_ROWS = ("789", "456", "123", ",0⌫")
_NAMES = {",": "comma", "⌫": "back"}
_KEYS = [
    [Key(sign, f"pad-{name}", f"screen.pad('{name}')") for sign in row for name in [_NAMES.get(sign, sign)]]
    for row in _ROWS
]


class NumberPad(Keys):
    """Digits, comma and backspace, each three rows high."""

    DEFAULT_CSS = "NumberPad { width: 30; height: 12; }"

    def rows(self) -> Sequence[Sequence[Key]]:
        """As on a register: 7, 8, 9 above."""
        return _KEYS


def type_into(box: Input, name: str) -> None:
    """Do in a text box what a key of the pad says; what is selected is typed over."""
    match name:
        case "back":
            box.action_delete_left()
        case "comma":
            box.replace(",", *box.selection)
        case digit:
            box.replace(digit, *box.selection)
