"""An order's offers: what applies, what was left out and why; promo codes and rewards."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from terminal.rules.card import is_payment_card, payment_card_refused
from terminal.rules.phrase import Refused, phrase
from terminal.rules.text import safe_text
from terminal.screens.advantages_list import AdvantagesList
from terminal.screens.messages import Scanned
from terminal.screens.order_step import OrderStepScreen
from terminal.screens.order_words import applied
from terminal.screens.text_question import TextQuestion
from terminal.screens.touch import Touch


class OrderOffers(OrderStepScreen):
    """Everything that applies is said; a scan is a promo code."""

    DEFAULT_CSS = """
    OrderOffers #applied-box { height: 1fr; padding: 1 1; }
    OrderOffers #applied { height: auto; }
    """
    AUTO_FOCUS = "#applied-box"
    BINDINGS: ClassVar[list[BindingType]] = [("f5", "code", ""), ("f6", "rewards", ""), ("f8", "none", "")]

    def body(self) -> ComposeResult:
        """What applies."""
        with VerticalScroll(id="applied-box"):
            yield Static(id="applied", markup=False)

    def buttons(self) -> list[Touch]:
        """A code, rewards, and neither after all."""
        _ = self.words.gettext
        return [
            Touch(_("Promo code"), "screen.code", "F5", id="code", focusable=True),
            Touch(_("Rewards"), "screen.rewards", "F6", id="rewards", focusable=True),
            Touch(_("Use none"), "screen.none", "F8", id="none", focusable=True),
        ]

    def on_mount(self) -> None:
        """Show what applies by itself."""
        with self.asking_ledger():
            self.draw()

    def draw(self) -> None:
        """Quote, and say every step."""
        shown = self.making.quote()
        told = self.words
        self.query_one("#applied", Static).update(
            Content.styled(f"! {told.say(shown.reason)}", "$warning")
            if isinstance(shown, Refused)
            else applied(told, shown)
        )

    def action_code(self) -> None:
        """Ask for a promo code."""
        _ = self.words.gettext
        ask = TextQuestion(
            self.session, _("Promo code"), _("As it is written"), self._use, letters=True, yes=_("Use the code")
        )
        self.app.push_screen(ask, self._used)

    def _use(self, typed: str) -> str | Refused:
        answer = self.making.serving.use_code(typed)
        if isinstance(answer, Refused):
            return answer
        self.making.keep_advantages()
        return safe_text(typed)

    def _used(self, code: str | None) -> None:
        with self.asking_ledger():
            self.draw()
        if code is not None:
            self.tell("done", phrase("The code holds: {code}", code=code))

    def action_rewards(self) -> None:
        """Choose rewards for bonuses."""
        self.app.push_screen(AdvantagesList(self.session, self.making.serving), self._rewards_left)

    def _rewards_left(self, left: None) -> None:
        with self.kept():
            self.making.keep_advantages()

    def action_none(self) -> None:
        """Use no code and take no reward after all."""
        with self.kept():
            self.making.serving.give_up_advantages()
            self.making.keep_advantages()
            self.tell("info", phrase("No reward and no code on this order."))

    def on_scanned(self, message: Scanned) -> None:
        """A scan is a promo code, unless it is a bank card's."""
        message.stop()
        if is_payment_card(message.scan.text):
            self.refuse(payment_card_refused("line"))
            return
        with self.kept():
            used = self._use(message.scan.text)
            if isinstance(used, Refused):
                self.refuse(used)
            else:
                self.tell("done", phrase("The code holds: {code}", code=used))
