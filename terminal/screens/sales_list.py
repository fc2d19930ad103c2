"""The till's last sales: look, print again, void the last one."""

from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content

from terminal import desk
from terminal.desk import Approval
from terminal.ledger import LedgerError
from terminal.ledger.sales import Sale
from terminal.rules.phrase import Money, Points, Refused, phrase
from terminal.rules.watch import Flagged
from terminal.screens.messages import LedgerFailed, SaleVoided
from terminal.screens.names import short_name
from terminal.screens.pin_question import PinQuestion
from terminal.screens.question import Question
from terminal.screens.refund_dialog import begin_refund
from terminal.screens.session import Session
from terminal.screens.slip_view import SlipView
from terminal.screens.table_dialog import TableDialog
from terminal.screens.touch import Touch

_NAME_WIDTH = 30


class SalesList(TableDialog[Sale, None]):
    """Newest first, of one customer or of the whole till."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("f5", "view", ""),
        ("f6", "reprint", ""),
        ("f7", "refund", ""),
        ("f8", "void", ""),
    ]

    def __init__(self, session: Session, customer_id: str | None = None) -> None:
        _ = session.words.gettext
        super().__init__(session, _("Sales"), _("There is no sale yet."))
        self._customer_id = customer_id
        self._refunded: dict[str, int] = {}

    def rows(self) -> list[Sale]:
        """The newest sales."""
        sales = desk.recent_sales(self.session.till, self._customer_id)
        self._refunded = desk.refunded_minor(self.session.till, sales)
        return sales

    def draw(self, row: Sale) -> Content:
        """Number, time, customer, sums."""
        words, _ = self.words, self.words.gettext
        name = desk.name_of(self.session.till, row.customer_id)
        state = f"  ✗ {_('voided')}" if row.voided else ""
        if row.id in self._refunded:
            state += "  ↩ " + words.say(phrase("refunded {sum}", sum=Money(self._refunded[row.id])))
        taken = phrase(
            "taken off {sum}, earned {points}", sum=words.money(row.taken_off_minor), points=Points(row.earned)
        )
        return Content.assemble(
            (f"{_('No.')} {row.number}  {words.money(row.total_minor)}", "bold"),
            f"  {short_name(name, _NAME_WIDTH)}",
            (state, "bold $warning"),
            (f"\n{words.moment(row.at_ms)}  {words.say(taken)}", "dim"),
        )

    def buttons(self) -> list[Touch]:
        """What may be done with a sale."""
        _ = self.words.gettext
        return [
            Touch(_("Show slip"), "screen.view", "F5", id="view", focusable=True),
            Touch(_("Print again"), "screen.reprint", "F6", id="reprint", focusable=True),
            Touch(_("Refund"), "screen.refund", "F7", id="refund", focusable=True),
            Touch(_("Void sale"), "screen.void", "F8", id="void", classes="danger", focusable=True),
        ]

    def action_view(self) -> None:
        """Show what was printed for a sale."""
        row = self.chosen()
        if row is not None:
            self.app.push_screen(SlipView(self.session, desk.slip_of(self.session.till, row.id)))

    def action_reprint(self) -> None:
        """Print a sale's slip again, marked as a copy."""
        row = self.chosen()
        if row is not None:
            self._reprint(row)

    def _reprint(self, row: Sale, approval: Approval | None = None) -> None:
        with self.asking_ledger():
            copy = desk.reprint(self.session.till, row.id, self.session.by, approval=approval)
            if isinstance(copy, Flagged):
                self.app.push_screen(
                    PinQuestion(self.session, copy.hits),
                    lambda approval: self._reprint(row, approval) if approval else None,
                )
                return
            if isinstance(copy, Refused):
                self.refuse(copy)
                return
            self.session.wake_printer()
            self.tell("done", phrase("A copy of slip {number} is on its way to the printer.", number=row.number))

    def action_refund(self) -> None:
        """Take all or a part of a sale back."""
        row = self.chosen()
        if row is not None:
            begin_refund(self, row.id, self.fill)

    def action_void(self) -> None:
        """Ask, then take the sale back."""
        row = self.chosen()
        if row is None:
            return
        _ = self.words.gettext
        question = phrase("Void sale No. {number}? Its bonuses go back to how they were.", number=row.number)
        self.app.push_screen(
            Question(self.session, self.words.say(question), _("Void sale")),
            lambda yes: self._answered(row.id, yes),
        )

    def _answered(self, sale_id: str, yes: bool | None) -> None:
        if yes:
            self._void(sale_id)

    @work(thread=True, exclusive=True, group="ledger")
    def _void(self, sale_id: str) -> None:
        try:
            self.post_message(SaleVoided(desk.void(self.session.till, sale_id, self.session.by)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_sale_voided(self, message: SaleVoided) -> None:
        """Show the list as it is now."""
        match message.outcome:
            case Refused():
                self.refuse(message.outcome)
            case done:
                self.session.wake_printer()
                self.fill()
                self.tell("done", phrase("Sale No. {number} is voided", number=done.sale.number))
