"""Finding another customer: by card, phone, its last four digits, or a name."""

from textual.content import Content

from terminal import desk
from terminal.desk import Match, Unknown
from terminal.rules.phone import show_phone
from terminal.rules.phrase import Refused, phrase
from terminal.screens.names import short_name
from terminal.screens.search_dialog import SearchDialog
from terminal.screens.session import Session

_NAME_WIDTH = 40


class FindCustomer(SearchDialog[Match]):
    """Dismisses with the customer; `beside` is left out of what is found."""

    def __init__(self, session: Session, title: str, beside: str = "") -> None:
        _ = session.words.gettext
        super().__init__(
            session, title, _("Card, phone, last 4 digits or name"), _("Scan the card, or type above.")
        )
        self._beside = beside

    def search(self, text: str) -> list[Match] | Refused:
        """As at the counter."""
        found = desk.find(self.session.till, text)
        if isinstance(found, Refused):
            return found
        if isinstance(found, Unknown):
            return Refused(found.reason)
        others = [match for match in found if match.customer_id != self._beside]
        return others or Refused(phrase("These are the same customer."))

    def draw(self, row: Match) -> Content:
        """The name, and the phone below it."""
        phone = show_phone(row.phone) if row.phone else "—"
        return Content.assemble((short_name(row.name, _NAME_WIDTH), "bold"), (f"\n{phone}", "dim"))
