"""What managers do at the till beside selling: a list of doors, each with its digit."""

from textual import work

from terminal.screens.choices import Choices
from terminal.screens.sales_list import SalesList
from terminal.screens.session import Session


class ManagerMenu(Choices):
    """Stays open until it is left, so that several things can be done; managers alone get here."""

    def __init__(self, session: Session) -> None:
        _ = session.words.gettext
        super().__init__(session, _("For the manager"), [("sales", _("Sales"))])

    def action_choose(self, name: str) -> None:
        """Open what was chosen over this menu."""
        self._open(name)

    def action_choose_number(self, number: int) -> None:
        """Open what that digit stands for."""
        if number <= len(self._choices):
            self._open(self._choices[number - 1][0])

    @work
    async def _open(self, name: str) -> None:
        match name:
            case "sales":
                await self.app.push_screen_wait(SalesList(self.session))
