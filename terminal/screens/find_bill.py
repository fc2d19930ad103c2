"""Finding the bill that comes back: by the slip's QR, by its number, or among the last ones."""

from textual.content import Content

from terminal import desk
from terminal.desk import SoldBill
from terminal.rules.phrase import Money, Refused, phrase
from terminal.rules.text import safe_text
from terminal.screens.names import short_name
from terminal.screens.search_dialog import SearchDialog
from terminal.screens.session import Session

_NAME_WIDTH = 24


class FindBill(SearchDialog[SoldBill]):
    """Of one customer or of all; begins with the newest bills."""

    def __init__(self, session: Session, customer_id: str | None = None) -> None:
        _ = session.words.gettext
        super().__init__(
            session, _("Refund: which bill?"), _("Scan the slip, or type its number"), _("There is no sale yet.")
        )
        self._refunded: dict[str, int] = {}
        self.found = desk.bills_of_customer(session.till, customer_id)

    def rows(self) -> list[SoldBill]:
        """What was found, and what is refunded of it."""
        self._refunded = desk.refunded_minor(self.session.till, [bill.sale for bill in self.found])
        return super().rows()

    def search(self, text: str) -> list[SoldBill] | Refused:
        """By code or number."""
        found = desk.find_bills(self.session.till, text)
        return found if isinstance(found, Refused) else list(found)

    def draw(self, row: SoldBill) -> Content:
        """Number, sum, whose, when and where."""
        words, _, sale = self.words, self.words.gettext, row.sale
        name = short_name(desk.name_of(self.session.till, row.customer_id), _NAME_WIDTH)
        where = "" if row.terminal_id == self.session.till.ledger.terminal_id else f"  {safe_text(row.terminal_id)}"
        state = f"  ✗ {_('voided')}" if sale.voided else ""
        if sale.id in self._refunded:
            state += "  ↩ " + words.say(phrase("refunded {sum}", sum=Money(self._refunded[sale.id])))
        return Content.assemble(
            (f"{_('No.')} {sale.number}  {words.money(sale.total_minor)}", "bold"),
            (state, "bold $warning"),
            (f"\n{words.moment(sale.at_ms)}{where}  {name}", "dim"),
        )
