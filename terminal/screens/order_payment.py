"""An order's last step: what the customer will pay, large, and their yes."""

from textual.app import ComposeResult
from textual.containers import Center, Vertical
from textual.content import Content
from textual.widgets import Digits, Static

from terminal.rules.phrase import Refused, phrase
from terminal.screens.order_step import OrderStepScreen
from terminal.screens.order_words import held_points
from terminal.screens.stages import figures


class OrderPayment(OrderStepScreen):
    """The bonuses are held; F10 makes it an order with a number and a slip."""

    DEFAULT_CSS = """
    OrderPayment #pay-box { height: 1fr; align: center middle; }
    OrderPayment #pay-box Static { width: auto; text-align: center; }
    OrderPayment Center { height: auto; }
    OrderPayment Digits { width: auto; color: $accent; text-style: bold; margin: 1 0; }
    OrderPayment #pay-title { text-style: bold; }
    """

    AUTO_FOCUS = ""  # an Enter too many must not answer for the customer

    def body(self) -> ComposeResult:
        """The sum, and what is held for it."""
        words, order = self.words, self.making.held()
        assert order is not None, "the bonuses are held"
        pay = words.money(order.record.pay_minor)
        bill = phrase(
            "Bill {sum}, taken off {off}",
            sum=words.money(order.record.total_minor),
            off=words.money(order.record.taken_off_minor),
        )
        with Vertical(id="pay-box"):
            with Center():
                title = words.say(phrase("The customer pays {sum}", sum=pay))
                yield Static(Content(title), id="pay-title", markup=False)
            with Center():
                yield Digits(figures(pay), id="pay-sum")
            with Center():
                yield Static(Content(words.say(bill)), markup=False)
            with Center():
                yield Static(Content.styled(held_points(words, order), "$primary"), id="pay-held", markup=False)
            with Center():
                yield Static(Content(words.gettext("Does the customer agree? Then F10.")), markup=False)

    def onward(self) -> str:
        """The customer's yes."""
        return self.words.gettext("Make the order")

    def action_go_on(self) -> None:
        """Make the order: it has its number and its slip."""
        with self.asking_ledger():
            placed = self.making.place()
            if isinstance(placed, Refused):
                self.refuse(placed)
            else:
                self.session.wake_printer()
                self.dismiss("placed")
