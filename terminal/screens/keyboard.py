"""An on-screen keyboard of letters, for tills that have none."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from terminal.screens.touch import Touch

LAYOUTS = {
    "uk": ("йцукенгшщзхї", "фівапролджєґ", "ячсмитьбю'-"),
    "ru": ("йцукенгшщзхъ", "фывапролджэё", "ячсмитьбю-"),
    "pl": ("qwertyuiopżó", "asdfghjklłąę", "zxcvbnmćńśź-"),
    "en": ("qwertyuiop@.", "asdfghjkl-_", "zxcvbnm'+"),
}


class Keyboard(Vertical):
    """Three rows of letters and one of the rest; types into the box that has the focus."""

    DEFAULT_CSS = """
    Keyboard { height: 12; background: $surface; }
    Keyboard Horizontal { height: 3; align-horizontal: center; }
    Keyboard Touch { width: 1fr; min-width: 5; max-width: 9; padding: 0; text-style: bold; }
    Keyboard .wide { min-width: 12; max-width: 40; }
    """

    def __init__(self, language: str) -> None:
        super().__init__(id="keyboard")
        self._language = language
        self._capital = True

    def compose(self) -> ComposeResult:
        for row, letters in enumerate(LAYOUTS[self._language]):
            with Horizontal():
                for place, letter in enumerate(letters):
                    yield Touch(letter.upper(), f"screen.letter({row}, {place})", id=f"letter-{row}-{place}")
        with Horizontal():
            yield Touch("⇧", "screen.letter_key('shift')", id="key-shift", classes="wide")
            yield Touch("␣", "screen.letter_key('space')", id="key-space", classes="wide")
            yield Touch("⌫", "screen.letter_key('back')", id="key-back", classes="wide")

    def type_letter(self, box: Input, row: int, place: int) -> None:
        """Type a letter; after the first one small letters follow."""
        letter = LAYOUTS[self._language][row][place]
        box.insert_text_at_cursor(letter.upper() if self._capital else letter)
        self.set_capital(False)

    def type_key(self, box: Input, name: str) -> None:
        """Do what shift, space and backspace do; a new word begins with a capital."""
        match name:
            case "shift":
                self.set_capital(not self._capital)
            case "space":
                box.insert_text_at_cursor(" ")
                self.set_capital(True)
            case "back":
                box.action_delete_left()

    def set_capital(self, capital: bool) -> None:
        """Show capitals or small letters."""
        if capital == self._capital:
            return
        self._capital = capital
        for row, letters in enumerate(LAYOUTS[self._language]):
            for place, letter in enumerate(letters):
                self.query_one(f"#letter-{row}-{place}", Touch).say(letter.upper() if capital else letter)
