"""An on-screen keyboard of letters, for tills that have none."""

from collections.abc import Sequence

from textual.widgets import Input

from terminal.screens.keys import Key, Keys

LAYOUTS = {
    "uk": ("йцукенгшщзхї", "фівапролджєґ", "ячсмитьбю'-"),
    "ru": ("йцукенгшщзхъ", "фывапролджэё", "ячсмитьбю-"),
    "pl": ("qwertyuiopżó", "asdfghjklłąę", "zxcvbnmćńśź-"),
    "en": ("qwertyuiop@.", "asdfghjkl-_", "zxcvbnm'+"),
}


_WIDEST_LETTER = 9
_REST = [Key(sign, f"key-{name}", f"screen.letter_key('{name}')") for sign, name in
         (("⇧", "shift"), ("␣", "space"), ("⌫", "back"))]  # fmt: skip


class Keyboard(Keys):
    """Three rows of letters and one of the rest; types into the box that has the focus."""

    DEFAULT_CSS = "Keyboard { height: 12; }"

    def __init__(self, language: str) -> None:
        super().__init__(id="keyboard")
        self._language = language
        self._capital = True

    def rows(self) -> Sequence[Sequence[Key]]:
        """The letters of the till's language, as they would be typed now."""
        return [
            *(
                [
                    Key(self._cased(letter), f"letter-{row}-{place}", f"screen.letter({row}, {place})")
                    for place, letter in enumerate(letters)
                ]
                for row, letters in enumerate(LAYOUTS[self._language])
            ),
            _REST,
        ]

    def widest(self, line: int) -> int:
        """Letters are narrower than the rest."""
        return _WIDEST_LETTER if line < len(LAYOUTS[self._language]) else self.WIDEST

    def _cased(self, letter: str) -> str:
        return letter.upper() if self._capital else letter

    def type_letter(self, box: Input, row: int, place: int) -> None:
        """Type a letter; after the first one small letters follow."""
        letter = LAYOUTS[self._language][row][place]
        box.insert_text_at_cursor(self._cased(letter))
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
        if capital != self._capital:
            self._capital = capital
            self.refresh()
