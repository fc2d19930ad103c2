"""The audit view: corrections, refunds and what was let pass, newest first; nothing here can be changed."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from terminal import desk
from terminal.desk import AuditLine
from terminal.rules.phrase import phrase
from terminal.rules.text import safe_text
from terminal.screens.names import short_name
from terminal.screens.session import Session
from terminal.screens.table_dialog import TableDialog
from terminal.screens.touch import Touch

_NAME_WIDTH = 20
_PAGE = 50


class AuditList(TableDialog[AuditLine, None]):
    """Of one customer or of all; a page at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [("f5", "newer", ""), ("f6", "older", "")]
    LINES = 3

    def __init__(self, session: Session, customer_id: str | None = None) -> None:
        _ = session.words.gettext
        super().__init__(session, _("Audit: corrections, refunds, exceptions"), _("Nothing of this kind yet."))
        self._customer_id = customer_id
        self._below: list[int | None] = [None]

    def rows(self) -> list[AuditLine]:
        """One page."""
        below = self._below[-1]
        return desk.audit(self.session.till, customer_id=self._customer_id, below_seq=below, limit=_PAGE)

    def draw(self, row: AuditLine) -> Content:
        """What and how many; who, for whom, when; why."""
        words = self.words
        sign = "+" if row.points > 0 else ""
        points = f"   {sign}{words.points_number(row.points)}" if row.points else ""
        said = [words.say(detail) for detail in row.details]
        if row.reason is not None and row.reason != row.what:
            said.insert(0, words.say(row.reason))
        if row.note:
            said.append(f"“{safe_text(row.note)}”")
        by = safe_text(row.operator)
        if row.approved_by:
            by = words.say(phrase("{by}, confirmed by {second}", by=by, second=row.approved_by))
        return Content.assemble(
            (words.say(row.what), "bold $warning" if row.code.startswith("flag:") else "bold"),
            (points, "bold"),
            f"   {short_name(row.customer, _NAME_WIDTH)}",
            (f"\n{words.moment(row.at_ms)}  {by}", "dim"),
            f"\n{'; '.join(said)}",
        )

    def buttons(self) -> list[Touch]:
        """Through the pages."""
        _ = self.words.gettext
        return [
            Touch(_("Newer"), "screen.newer", "F5", id="newer", focusable=True),
            Touch(_("Older"), "screen.older", "F6", id="older", focusable=True),
        ]

    def action_older(self) -> None:
        """The page below."""
        if len(self.rows_shown) < _PAGE:
            self.tell("info", phrase("There is nothing older."))
            return
        self._below.append(self.rows_shown[-1].seq)
        self.fill()

    def action_newer(self) -> None:
        """The page above."""
        if len(self._below) == 1:
            self.tell("info", phrase("There is nothing newer."))
            return
        self._below.pop()
        self.fill()
