"""Bills that were put aside: choose one to go on with."""

from textual import on
from textual.content import Content
from textual.widgets import OptionList

from terminal import desk
from terminal.desk import Held
from terminal.rules.phrase import Refused
from terminal.screens.names import short_name
from terminal.screens.session import Session
from terminal.screens.table_dialog import TableDialog
from terminal.screens.touch import Touch

_NAME_WIDTH = 40


class HeldBills(TableDialog[Held, Held]):
    """Dismisses with the bill that was taken back."""

    def __init__(self, session: Session) -> None:
        _ = session.words.gettext
        super().__init__(session, _("Bills put aside"), _("No bill is put aside."))

    def rows(self) -> list[Held]:
        """Oldest first."""
        return desk.held(self.session.till)

    def draw(self, row: Held) -> Content:
        """Whose, how much, since when."""
        words = self.words
        return Content.assemble(
            (short_name(row.customer_name, _NAME_WIDTH), "bold"),
            f"   {words.money(row.bill.total_minor)}\n",
            (words.moment(row.at_ms), "dim"),
        )

    def buttons(self) -> list[Touch]:
        """Go on with the chosen bill."""
        return [
            Touch(self.words.gettext("Go on"), "screen.take", "Enter", classes="main", id="take", focusable=True)
        ]

    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Take the bill back."""
        row = self.chosen()
        if row is None:
            return
        with self.asking_ledger():
            held = desk.resume(self.session.till, row.id)
            if isinstance(held, Refused):
                self.refuse(held)
            else:
                self.dismiss(held)
