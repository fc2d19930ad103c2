"""The demo's scanner: a list of cards and goods to hold before it."""

from textual import on
from textual.content import Content
from textual.widgets import OptionList

from terminal.rules.text import safe_text
from terminal.screens.session import Session
from terminal.screens.table_dialog import TableDialog
from terminal.screens.touch import Touch


class ScanList(TableDialog[tuple[str, str], str]):
    """Dismisses with the barcode that is scanned."""

    def __init__(self, session: Session, codes: list[tuple[str, str]]) -> None:
        """`codes` are (barcode, what it is on)."""
        super().__init__(session, session.words.gettext("Scan with the demo's scanner"), "")
        self._codes = codes

    def rows(self) -> list[tuple[str, str]]:
        """Cards first, then goods."""
        return self._codes

    def draw(self, row: tuple[str, str]) -> Content:
        """What it is, and its barcode."""
        return Content.assemble((safe_text(row[1]), "bold"), (f"\n▌║█ {row[0]}", "dim"))

    def buttons(self) -> list[Touch]:
        """Scan the chosen one."""
        return [Touch(self.words.gettext("Scan"), "screen.take", "Enter", classes="main", focusable=True)]

    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Scan it."""
        row = self.chosen()
        if row is not None:
            self.dismiss(row[0])
