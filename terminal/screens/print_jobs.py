"""Slips that are not on paper for certain: printed again as a copy, or dropped."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from terminal import desk
from terminal.desk import Waiting
from terminal.rules.phrase import phrase
from terminal.screens.session import Session
from terminal.screens.slip_view import SlipView
from terminal.screens.table_dialog import TableDialog
from terminal.screens.touch import Touch


class PrintJobs(TableDialog[Waiting, None]):
    """Oldest first. Only a person knows whether an unanswered slip came out."""

    BINDINGS: ClassVar[list[BindingType]] = [("f5", "view", ""), ("f6", "again", ""), ("f8", "drop", "")]

    def __init__(self, session: Session) -> None:
        _ = session.words.gettext
        super().__init__(session, _("Slips waiting"), _("No slip waits."))

    def rows(self) -> list[Waiting]:
        """What is not on paper for certain."""
        return desk.waiting_slips(self.session.till)

    def draw(self, row: Waiting) -> Content:
        """When, which sale, and how it stands."""
        _ = self.words.gettext
        states = {
            "queued": _("waits for the printer"),
            "sending": _("is being printed"),
            "unknown": _("did it come out? Look at the printer"),
        }
        title = (
            self.words.say(phrase("Sale No. {number}", number=row.sale_number)) if row.sale_number else _("Balance")
        )
        return Content.assemble(
            (title, "bold"), f"  {self.words.moment(row.at_ms)}\n", ("  " + states[row.state], "dim")
        )

    def buttons(self) -> list[Touch]:
        """What a person may decide."""
        _ = self.words.gettext
        return [
            Touch(_("Show slip"), "screen.view", "F5", id="view", focusable=True),
            Touch(_("Print as copy"), "screen.again", "F6", id="again", focusable=True),
            Touch(_("Printed: remove"), "screen.drop", "F8", id="drop", focusable=True),
        ]

    def action_view(self) -> None:
        """Show the slip."""
        row = self.chosen()
        if row is not None:
            self.app.push_screen(SlipView(self.session, row.document))

    def action_again(self) -> None:
        """Print an unanswered slip again, marked as a copy."""
        row = self.chosen()
        if row is None:
            return
        with self.asking_ledger():
            desk.print_again(self.session.till, row.id)
            self.session.wake_printer()
            self.fill()
            self.tell("done", phrase("The slip is on its way to the printer."))

    def action_drop(self) -> None:
        """Forget a slip."""
        row = self.chosen()
        if row is None:
            return
        with self.asking_ledger():
            desk.drop_slip(self.session.till, row.id)
            self.fill()
            self.tell("done", phrase("The slip is dropped. The sale stays booked."))
