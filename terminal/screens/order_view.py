"""One order: what was agreed, how far it is, and what may be done with it now."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Center, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Digits, Static

from terminal import desk
from terminal.desk import Approval, Completed, orders
from terminal.ledger.orders import Order
from terminal.rules.order import NEXT, UNPAID, OrderState
from terminal.rules.order_conflict_words import say_conflicts
from terminal.rules.phrase import Money, Phrase, Points, Refused, phrase
from terminal.rules.watch import Flagged
from terminal.screens.base import Dialog
from terminal.screens.choices import Choices
from terminal.screens.names import short_name
from terminal.screens.order_return import OrderReturn
from terminal.screens.order_words import agreed, channel_name, held_points, reasons, state_name
from terminal.screens.pin_question import PinQuestion
from terminal.screens.session import Session
from terminal.screens.slip_view import SlipView
from terminal.screens.stages import figures
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

_NAME_WIDTH = 40
_DONE_BY: dict[str, OrderState] = {"pay": "paid", "issue": "issued", "close": "closed", "cancel": "cancelled",
                                   "return": "returned"}  # fmt: skip
_MANAGERS = ("cancel", "return", "settle")


class OrderView(Dialog[None]):
    """Buttons are shown where the order's state lets them; a manager alone cancels and takes back."""

    DEFAULT_CSS = """
    OrderView { align: center middle; }
    OrderView #box { width: 100%; height: 100%; max-width: 110; background: $surface; border: round $primary; }
    OrderView #head { height: auto; padding: 0 1; }
    OrderView #both { height: 1fr; }
    OrderView #agreed-box { width: 1fr; padding: 1 1; }
    OrderView #agreed { height: auto; }
    OrderView #sum { width: 30; height: 1fr; align: center middle; background: $panel; }
    OrderView #sum Center { height: auto; margin: 1 0; }
    OrderView #sum Static { width: 100%; text-align: center; }
    OrderView #sum Digits { width: auto; color: $accent; text-style: bold; }
    OrderView #buttons { height: 3; }
    OrderView #buttons Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("f4", "return", ""),
        ("f5", "slip", ""),
        ("f6", "issue", ""),
        ("f7", "close", ""),
        ("f8", "cancel", ""),
        ("f9", "settle", ""),
        ("f10", "pay", ""),
    ]
    AUTO_FOCUS = "#agreed-box"

    def __init__(self, session: Session, number: str, told: Phrase | None = None) -> None:
        """`told` is said at first: that the order was just made."""
        super().__init__(session)
        self._number, self._told = number, told

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        with Vertical(id="box") as box:
            box.border_title = Content(self.words.say(phrase("Order {number}", number=self._number))).markup
            yield Static(id="head", markup=False)
            with Horizontal(id="both"):
                with VerticalScroll(id="agreed-box"):
                    yield Static(id="agreed", markup=False)
                with Vertical(id="sum"):
                    yield Static(_("To pay"), markup=False)
                    with Center():
                        yield Digits("", id="pay-sum")
                    yield Static(id="state", markup=False)
            with Horizontal(id="buttons"):
                yield Touch(
                    _("Paid on the register"), "screen.pay", "F10", id="pay", classes="main", focusable=True
                )
                yield Touch("", "screen.settle", "F9", id="settle", classes="main", focusable=True)
                yield Touch(_("Goods issued"), "screen.issue", "F6", id="issue", focusable=True)
                yield Touch(_("Close order"), "screen.close", "F7", id="close", focusable=True)
                yield Touch(_("Show slip"), "screen.slip", "F5", id="slip", focusable=True)
                yield Touch(_("Take back"), "screen.return", "F4", id="return", classes="danger", focusable=True)
                yield Touch(_("Cancel order"), "screen.cancel", "F8", id="cancel", classes="danger", focusable=True)
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    def on_mount(self) -> None:
        """Draw it as it stands."""
        with self.asking_ledger():
            self._draw()
        if self._told is not None:
            self.tell("done", self._told)

    def _draw(self) -> None:
        order = orders.find_order(self.session.till, self._number)
        if isinstance(order, Refused):
            self.refuse(order)
            return
        words = self.words
        name = short_name(desk.name_of(self.session.till, order.customer_id), _NAME_WIDTH)
        made = f"{channel_name(words, order.channel)}, {words.moment(order.at_ms)}"
        owed = orders.owed_minor(self.session.till, order)
        whose = Content.assemble((name, "bold"), (f"   {made}", "dim"))
        wrongs = say_conflicts(order.conflicts, order.paid_at, owed)
        told = [Content.styled(f"✗ {words.say(wrong)}", "bold $warning") for wrong in wrongs]
        self.query_one("#head", Static).update(Content("\n").join([whose, *told]))
        settle = self.query_one("#settle", Touch)
        settle.display = owed != 0
        settle.say(words.gettext("Given back") if owed > 0 else words.gettext("Money received"))
        self.query_one("#agreed", Static).update(agreed(words, order))
        self.query_one("#pay-sum", Digits).update(figures(words.money(order.record.pay_minor)))
        self.query_one("#state", Static).update(self._state(order))
        for name, state in _DONE_BY.items():
            self.query_one(f"#{name}", Touch).display = state in NEXT[order.state] and (
                name != "cancel" or order.own
            )

    def _state(self, order: Order) -> Content:
        told = Content.styled(state_name(self.words, order.state), "bold $primary")
        if order.state in UNPAID and order.record.redeemed:
            return Content("\n").join([told, Content(held_points(self.words, order))])
        back_minor = orders.refunded_minor(self.session.till, order) if order.state not in UNPAID else 0
        if back_minor:
            back = self.words.say(phrase("Brought back: {sum}", sum=Money(back_minor)))
            return Content("\n").join([told, Content(back)])
        return told

    def _may(self, name: str) -> bool:
        """Tell whether a key may do what it stands for now; say why not."""
        if name in _MANAGERS and self.session.by.role != "manager":
            self.refuse(Refused(phrase("This is for a manager: lock the till with F12, unlock it as one.")))
            return False
        return self.query_one(f"#{name}", Touch).display

    def _done(self, outcome: object, told: Phrase) -> None:
        """Draw what was booked, or say why nothing was."""
        self._draw()
        if isinstance(outcome, Refused):
            self.refuse(outcome)
        else:
            self.session.wake_printer()
            self.tell("done", told)

    def action_pay(self) -> None:
        """The register has the money: the order becomes a sale."""
        if self._may("pay"):
            self._pay(None)

    def _pay(self, approval: Approval | None) -> None:
        session = self.session
        with self.asking_ledger():
            paid = orders.pay_order(session.till, self._number, session.by, approval=approval)
            if isinstance(paid, Flagged):
                question = PinQuestion(session, paid.hits)
                self.app.push_screen(question, lambda given: self._pay(given) if given else None)
                return
            earned = paid.sale.earned if isinstance(paid, Completed) else 0
            self._done(paid, phrase("Paid. Earned: {points}. Now issue the goods.", points=Points(earned)))

    def action_settle(self) -> None:
        """What was paid once too often is given back, or what was paid back once too often is taken."""
        if self._may("settle"):
            with self.asking_ledger():
                order = orders.find_order(self.session.till, self._number)
                owed = 0 if isinstance(order, Refused) else orders.owed_minor(self.session.till, order)
                done = orders.give_money_back(self.session.till, self._number, self.session.by)
                self._done(done, _changed_hands(self._number, owed))

    def action_issue(self) -> None:
        """The customer has the goods."""
        if self._may("issue"):
            with self.asking_ledger():
                done = orders.hand_over_order(self.session.till, self._number, self.session.by)
                self._done(done, phrase("The goods are issued."))

    def action_close(self) -> None:
        """Nothing is left to do."""
        if self._may("close"):
            with self.asking_ledger():
                done = orders.close_order(self.session.till, self._number, self.session.by)
                self._done(done, phrase("Order {number} is closed.", number=self._number))

    @work
    async def action_cancel(self) -> None:
        """Ask why, and free what is held."""
        if not self._may("cancel"):
            return
        why = [(code, self.words.say(told)) for code, told in reasons().items()]
        title = self.words.gettext("Why is it cancelled?")
        reason = await self.app.push_screen_wait(Choices(self.session, title, why))
        if reason is not None:
            with self.asking_ledger():
                done = orders.cancel_order(self.session.till, self._number, self.session.by, reason)
                points = Points(done.record.redeemed if isinstance(done, Order) else 0)
                self._done(done, phrase("Cancelled. {points} are free again.", points=points))

    @work
    async def action_return(self) -> None:
        """Show what comes back, and take the order back."""
        if not self._may("return"):
            return
        with self.asking_ledger():
            shown = orders.show_return(self.session.till, self._number)
            if isinstance(shown, Refused):
                self.refuse(shown)
                return
            done = await self.app.push_screen_wait(OrderReturn(self.session, self._number, shown))
            if done is not None:
                paid = Money(done.shown.refund.back_minor)
                self._done(done, phrase("Taken back. Pay back {sum}.", sum=paid))

    def action_slip(self) -> None:
        """Show what was printed for the order last."""
        order = orders.find_order(self.session.till, self._number)
        document = "" if isinstance(order, Refused) else orders.last_slip(self.session.till, order)
        if document:
            self.app.push_screen(SlipView(self.session, document))
        else:
            self.refuse(Refused(phrase("Nothing was printed here for this order.")))


def _changed_hands(number: str, owed_minor: int) -> Phrase:
    """Say which way the money of an order went; below 0 the customer owed it."""
    if owed_minor < 0:
        return phrase("Order {number}: {sum} received from the customer.", number=number, sum=Money(-owed_minor))
    return phrase("Order {number}: {sum} given back to the customer.", number=number, sum=Money(owed_minor))
