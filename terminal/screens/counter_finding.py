"""Finding the customer at the counter: one box for card, phone and name, and a list when several fit."""

from textual import on, work
from textual.widgets import Input, OptionList

from terminal import desk
from terminal.desk import Match, Unknown, orders
from terminal.ledger import LedgerError
from terminal.rules.bill import Bill
from terminal.rules.phrase import Refused, phrase
from terminal.rules.slip_code import read_slip_code
from terminal.screens.counter_asking import CounterAsking
from terminal.screens.messages import LedgerFailed
from terminal.screens.refund_dialog import begin_refund
from terminal.screens.session import Session
from terminal.screens.stages import MatchesPane

_SEARCHED_FROM = 3
FINISH_FIRST = Refused(phrase("Finish this sale first: confirm it, or go back with Esc."))
"""What is said while a sum waits for the register."""


class CounterFinding(CounterAsking):
    """The way from the box to a customer who is served; `unknown` is what a new one would be registered with."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.unknown: Unknown | None = None

    def serve(self, customer_id: str, bill: Bill | None = None) -> None:
        """Begin a customer's checkout; the counter does."""
        raise AssertionError("the counter serves")

    @on(Input.Changed, "#search")
    def _offer_names(self, event: Input.Changed) -> None:
        """Offer names while they are typed; numbers wait for Enter, since each digit changes whom they find."""
        text = event.value.strip()
        if self.stage not in ("idle", "matches", "done") or len(text) < _SEARCHED_FROM:
            return
        if not any(character.isdigit() for character in text):
            found = desk.find(self.session.till, text)
            if isinstance(found, tuple):
                self._offer(found)

    @on(Input.Submitted, "#search")
    def action_find(self) -> None:
        """Find what stands in the box; Enter on a list of one takes that one."""
        if self.stage == "take-off":
            self.refuse(FINISH_FIRST)
            return
        found = self.query_one(MatchesPane).found
        if self.stage == "matches" and len(found) == 1:
            self.serve(found[0].customer_id)
        else:
            self.find(self.query_one("#search", Input).value)

    def find(self, text: str) -> None:
        """Find by what was typed or scanned: one is served, several are offered, nobody is said."""
        try:
            found = desk.find(self.session.till, text)
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))
            return
        match found:
            case Refused():
                self.refuse(found)
            case Unknown():
                self.unknown = found
                self.app.bell()
                self.tell("warn", self.words.say(found.reason) + " " + self.words.gettext("F2: new customer."))
                self.ask_who(found)
            case (only,):
                self.serve(only.customer_id)
            case _:
                self._offer(found)

    def _offer(self, found: tuple[Match, ...]) -> None:
        self.query_one(MatchesPane).show(found)
        if self.stage != "matches":
            self.show_stage("matches")
        self.tell("info", phrase("Found: {number}. Choose the customer.", number=len(found)))

    @on(OptionList.OptionSelected, "#match-list")
    def _match_chosen(self, event: OptionList.OptionSelected) -> None:
        self.serve(self.query_one(MatchesPane).found[event.option_index].customer_id)

    def key_down(self) -> None:
        """From the box into the list of those found."""
        if self.stage == "matches":
            self.query_one("#match-list").focus()

    def scan_slip(self, text: str) -> None:
        """A slip that comes back: an order is opened, a bill may be refunded while nobody is served."""
        code = read_slip_code(text)
        if code is not None and code.kind == "order":
            self._open_order(text)
            return
        if self.stage in ("customer", "take-off"):
            self.refuse(FINISH_FIRST)
            return
        with self.asking_ledger():
            found = desk.find_bills(self.session.till, text)
            if isinstance(found, Refused):
                self.refuse(found)
            else:
                begin_refund(self, found[0].sale.id)

    def _open_order(self, text: str) -> None:
        with self.asking_ledger():
            found = orders.find_order(self.session.till, text)
            if isinstance(found, Refused):
                self.refuse(found)
            else:
                from terminal.screens.order_view import OrderView  # late: seldom needed

                self.app.push_screen(OrderView(self.session, found.number), self.order_left)

    def order_left(self, left: None) -> None:
        """An order was looked at: who is served may have other bonuses now; for the counter."""

    @work
    async def action_orders(self) -> None:
        """The open orders: make, pay, issue."""
        if self.stage in ("customer", "take-off"):
            self.refuse(FINISH_FIRST)
            return
        from terminal.screens.order_flow import show_orders  # late: it brings many screens along

        await show_orders(self)
