"""A customer's history, newest first."""

from textual.content import Content

from terminal import desk
from terminal.desk import Happened
from terminal.screens.session import Session
from terminal.screens.table_dialog import TableDialog


class HistoryList(TableDialog[Happened, None]):
    """What happened to this customer's bonuses on this till."""

    def __init__(self, session: Session, customer_id: str) -> None:
        _ = session.words.gettext
        super().__init__(session, _("History"), _("Nothing happened yet."))
        self._customer_id = customer_id

    def rows(self) -> list[Happened]:
        """The newest entries."""
        return desk.history(self.session.till, self._customer_id)

    def draw(self, row: Happened) -> Content:
        """What, how many, when."""
        words = self.words
        sign = "+" if row.points > 0 else ""
        points = f"   {sign}{words.points_number(row.points)}" if row.points else ""
        return Content.assemble(
            (words.say(row.words), "bold"),
            (points, "bold $primary" if row.points > 0 else "bold $warning"),
            (f"\n{words.moment(row.at_ms)}", "dim"),
        )
