"""Do write-offs work, at the till: its last 7 or 30 days, checked beside the till's work."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from terminal.desk import Till
from terminal.desk.sections import Report
from terminal.desk.write_off_report import place_of, write_off_report
from terminal.desk.write_offs import check_orders, orders_made
from terminal.rules.phrase import phrase
from terminal.rules.reporting import Period
from terminal.rules.write_off_tally import Tally
from terminal.screens.report_pages import ReportPages
from terminal.screens.session import Session
from terminal.screens.touch import Touch

_WEEK, _MONTH = 7, 30


@dataclass
class Verified(Message):
    """So many last days were checked."""

    days: int
    report: Report


def verify_days(till: Till, days: int) -> Report:
    """Check the till's own orders of so many days, from a connection of its own."""
    with till.ledger.beside() as ledger, ledger.snapshot():
        beside = replace(till, ledger=ledger)
        last = beside.today()
        period = Period(last - timedelta(days=days - 1), last)
        tally = Tally(first=period.first, last=period.last)
        for checked in check_orders(beside, orders_made(beside, period)):
            tally.add(checked)
        return write_off_report(place_of(beside), tally)


class WriteOffsScreen(ReportPages):
    """Checks a week at once; a month when asked."""

    BINDINGS: ClassVar[list[BindingType]] = [("f2", f"check({_WEEK})", ""), ("f3", f"check({_MONTH})", "")]

    def __init__(self, session: Session) -> None:
        super().__init__(session, session.words.gettext("Do write-offs work?"))
        self._days = _WEEK
        self._report: Report | None = None

    def buttons(self) -> list[Touch]:
        """Choose how many days, and turn the pages."""
        _ = self.words.gettext
        return [
            Touch(_("7 days"), f"screen.check({_WEEK})", "F2", id="week", focusable=True),
            Touch(_("30 days"), f"screen.check({_MONTH})", "F3", id="month", focusable=True),
            *self.turning(_("Before"), _("Next")),
        ]

    def on_mount(self) -> None:
        """Begin with the week."""
        self.call_after_refresh(self.action_check, _WEEK)

    def action_check(self, days: int) -> None:
        """Check the last so many days."""
        self._days = days
        self.tell("info", phrase("Checking. Selling goes on meanwhile."))
        till = self.session.till
        self.count(lambda: Verified(days, verify_days(till, days)))

    def on_verified(self, message: Verified) -> None:
        """Show the first page; an answer to what was asked before comes too late."""
        if message.days == self._days:
            self._report, self.page = message.report, 0
            self.tell("info", "")
            self.draw()

    def report(self) -> Report | None:
        """The report of the days checked last."""
        return self._report
