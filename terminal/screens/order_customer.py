"""An order's first step: whose it is, found or registered."""

from typing import ClassVar

from textual.binding import BindingType

from terminal import desk
from terminal.desk import Match
from terminal.screens.find_customer import FindCustomer
from terminal.screens.guide_view import GuideView
from terminal.screens.new_customer import RegisterCustomer
from terminal.screens.order_words import step_number, step_title
from terminal.screens.session import Session
from terminal.screens.touch import Touch


class OrderCustomer(FindCustomer):
    """Found as at the counter; F2 registers somebody new. Esc leaves: there is no step before."""

    BINDINGS: ClassVar[list[BindingType]] = [("f1", "guide", ""), ("f2", "register", "")]

    def __init__(self, session: Session) -> None:
        super().__init__(session, step_title(session.words, "customer"))

    def buttons(self) -> list[Touch]:
        """Register, and the guide."""
        _ = self.words.gettext
        return [
            Touch(_("New customer"), "screen.register", "F2", id="register", focusable=True),
            Touch(_("Guide"), "screen.guide", "F1", id="guide", focusable=True),
        ]

    def action_register(self) -> None:
        """Register a customer; the order is theirs."""
        self.app.push_screen(RegisterCustomer(self.session), self._registered)

    def _registered(self, customer_id: str | None) -> None:
        if customer_id is not None:
            self.dismiss(Match(customer_id, desk.name_of(self.session.till, customer_id), ""))

    def action_guide(self) -> None:
        """Show the written steps, at this one."""
        self.app.push_screen(GuideView(self.session, "manager", step_number("customer")))
