"""The owner's figures at the till."""

from textual.message import Message

from terminal.desk.figures import Asked, Figures, figures, usual_period
from terminal.desk.report import report
from terminal.desk.sections import Report
from terminal.rules.phrase import phrase
from terminal.screens.report_pages import ReportPages
from terminal.screens.session import Session
from terminal.screens.touch import Touch


class Counted(Message):
    """The figures are in the session."""


class ReportScreen(ReportPages):
    """Shows at once what was counted last, and counts anew when anything was booked since."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, session.words.gettext("Report"))
        self._till = session.till

    def buttons(self) -> list[Touch]:
        """Turn the pages."""
        _ = self.words.gettext
        return self.turning(_("Page before"), _("Next page"))

    def on_mount(self) -> None:
        """Show what is known, and count what is not."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        with self.asking_ledger():
            self.draw()
            if not self._fresh():
                self.tell("info", phrase("Counting. Selling goes on meanwhile."))
                asked = Asked(usual_period(self._till), last_backup=self.session.last_backup())
                self.count(lambda: self._count(asked))

    def _count(self, asked: Asked) -> Counted:
        """Keep the figures for the next look too: this screen may be left before they are there."""
        with self.session.counting:
            if not self._fresh():
                self.session.counted = (self._till, figures(self._till, asked))
        return Counted()

    def _kept(self) -> Figures | None:
        kept = self.session.counted
        return kept[1] if kept is not None and kept[0] is self._till else None

    def _fresh(self) -> bool:
        kept, till = self._kept(), self._till
        return kept is not None and kept.on == till.today() and kept.health.state.last_seq == till.ledger.last_seq()

    def on_counted(self) -> None:
        """Show them."""
        self.tell("info", "")
        self.draw()

    def report(self) -> Report | None:
        """The report of the figures counted last."""
        kept = self._kept()
        return report(kept, self._till.shop.name, self._till.ledger.terminal_id) if kept is not None else None
