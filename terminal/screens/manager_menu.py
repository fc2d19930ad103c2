"""What managers do at the till beside selling: a list of doors, each with its digit."""

from textual import work

from terminal.screens.audit_list import AuditList
from terminal.screens.base import Dialog
from terminal.screens.choices import Choices
from terminal.screens.corrections_menu import CorrectionsMenu
from terminal.screens.find_bill import FindBill
from terminal.screens.find_customer import FindCustomer
from terminal.screens.refund_dialog import begin_refund
from terminal.screens.sales_list import SalesList
from terminal.screens.session import Session


class ManagerMenu(Choices):
    """Stays open until it is left, so that several things can be done; managers alone get here."""

    def __init__(self, session: Session) -> None:
        _ = session.words.gettext
        super().__init__(
            session,
            _("For the manager"),
            [
                ("orders", _("Orders")),
                ("sales", _("Sales")),
                ("refund", _("Refund")),
                ("correct", _("Correct bonuses")),
                ("audit", _("Audit")),
                ("day", _("The day")),
                ("report", _("Report")),
                ("write-offs", _("Write-offs")),
            ],
        )

    def action_choose(self, name: str) -> None:
        """Open what was chosen over this menu."""
        self._open(name)

    @work
    async def _open(self, name: str) -> None:
        match name:
            case "orders":
                from terminal.screens.order_flow import show_orders  # late: it brings many screens along

                await show_orders(self)
            case "sales":
                await self.app.push_screen_wait(SalesList(self.session))
            case "refund":
                bill = await self.app.push_screen_wait(FindBill(self.session))
                if bill is not None:
                    begin_refund(self, bill.sale.id)
            case "correct":
                title = self.words.gettext("Whose bonuses?")
                found = await self.app.push_screen_wait(FindCustomer(self.session, title))
                if found is not None:
                    await self.app.push_screen_wait(CorrectionsMenu(self.session, found.customer_id))
            case "audit":
                await self.app.push_screen_wait(AuditList(self.session))
            case "day":
                from terminal.screens.day_screen import DayScreen  # late: once a day

                await self.app.push_screen_wait(DayScreen(self.session))
            case _:
                await self.app.push_screen_wait(_figures(name, self.session))


def _figures(name: str, session: Session) -> Dialog[None]:
    """What is seldom looked at, imported when it is."""
    if name == "write-offs":
        from terminal.screens.write_offs_screen import WriteOffsScreen

        return WriteOffsScreen(session)
    from terminal.screens.report_screen import ReportScreen

    return ReportScreen(session)
