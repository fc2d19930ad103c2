"""An order's bonuses: none, all, or an amount; what is chosen is held at once, so that nobody else spends it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from terminal.rules.money import read_amount
from terminal.rules.phrase import Refused, phrase
from terminal.rules.quote import ALL, Quote
from terminal.screens.order_step import OrderStepScreen
from terminal.screens.order_words import figure
from terminal.screens.text_question import TextQuestion
from terminal.screens.touch import Touch


class OrderBonuses(OrderStepScreen):
    """Each of the three answers holds and goes on; there is no Next beside them."""

    DEFAULT_CSS = """
    OrderBonuses #most-box { height: 1fr; padding: 1 1; }
    OrderBonuses #most { height: auto; }
    """
    AUTO_FOCUS = "#most-box"
    BINDINGS: ClassVar[list[BindingType]] = [("f5", "hold(0)", ""), ("f6", "hold_all", ""), ("f7", "amount", "")]

    def body(self) -> ComposeResult:
        """The most that can be used, and why no more."""
        with VerticalScroll(id="most-box"):
            yield Static(id="most", markup=False)

    def buttons(self) -> list[Touch]:
        """The three answers, with the counter's keys."""
        _ = self.words.gettext
        return [
            Touch(_("Take none"), "screen.hold(0)", "F5", id="hold-none", focusable=True),
            Touch(_("Take all"), "screen.hold_all", "F6", id="hold-all", classes="main", focusable=True),
            Touch(_("A part"), "screen.amount", "F7", id="hold-part", focusable=True),
        ]

    def onward(self) -> str:
        """The answers go on."""
        return ""

    def on_mount(self) -> None:
        """Show the figures."""
        with self.asking_ledger():
            self.draw()
        if self.making.freed:
            self.making.freed = False
            self.tell("warn", phrase("This order was not paid in time: its bonuses are free. Choose again."))

    def draw(self) -> None:
        """Draw the most that can be used."""
        shown = self.making.quote()
        self.query_one("#most", Static).update(
            Content.styled(f"! {self.words.say(shown.reason)}", "$warning")
            if isinstance(shown, Refused)
            else self._figures(shown)
        )

    def _figures(self, shown: Quote) -> Content:
        words, _ = self.words, self.words.gettext
        lines = [
            figure(_("To pay without bonuses"), words.money(shown.pay_minor)),
            figure(_("Bonuses, at most"), words.points_number(shown.max_redeem_points), "bold $accent"),
            figure(_("They take off"), words.money(shown.max_taken_off_minor)),
        ]
        if shown.max_reason is not None:
            lines.append(Content.styled(words.say(shown.max_reason), "dim"))
        lines += [Content(""), Content(_("How many bonuses does the customer use? They are held at once."))]
        if self.making.draft.redeem:
            before = phrase("Chosen before: {number}", number=words.points_number(self.making.draft.redeem))
            lines.append(Content.styled(words.say(before), "dim"))
        return Content("\n").join(lines)

    def action_hold(self, redeem: int) -> None:
        """Hold so many bonuses, and go on."""
        with self.asking_ledger():
            held = self.making.hold(redeem)
            if isinstance(held, Refused):
                self.draw()
                self.refuse(held)
            else:
                self.dismiss("go on")

    def action_hold_all(self) -> None:
        """Hold as many as the order takes."""
        self.action_hold(ALL)

    def action_amount(self) -> None:
        """Ask how many."""
        with self.asking_ledger():
            shown = self.making.quote()
            if isinstance(shown, Refused):
                self.refuse(shown)
                return
            most = self.words.points_number(shown.max_redeem_points)
            title = self.words.gettext("How many bonuses?")
            hint = self.words.say(phrase("up to {number}", number=most))
            ask = TextQuestion(self.session, title, hint, self._read, yes=self.words.gettext("Hold"))
            self.app.push_screen(ask, self._typed)

    def _read(self, typed: str) -> str | Refused:
        points = read_amount(typed, self.words.points_decimals, zero_allowed=True)
        if isinstance(points, Refused):
            return Refused(phrase("Type how many bonuses to take, 0 or more."), "line")
        shown = self.making.serving.requote(points)
        return shown if isinstance(shown, Refused) else typed

    def _typed(self, typed: str | None) -> None:
        points = read_amount(typed or "", self.words.points_decimals, zero_allowed=True)
        if isinstance(points, int):
            self.action_hold(points)

    def action_go_on(self) -> None:
        """Say which keys go on here."""
        self.refuse(Refused(phrase("Choose first: F5 none, F6 all, F7 a part.")))
