"""Advantages of one bill: rewards for bonuses, taken from a list, and promo codes, typed or scanned."""

from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import ListView

from terminal.desk import Checkout
from terminal.rules.card import is_payment_card, payment_card_refused
from terminal.rules.offer import Reward
from terminal.rules.phrase import Points, Refused, phrase
from terminal.rules.text import safe_text
from terminal.screens.messages import Scanned
from terminal.screens.session import Session
from terminal.screens.table_dialog import TableDialog
from terminal.screens.text_question import TextQuestion
from terminal.screens.touch import Touch


class AdvantagesList(TableDialog[Reward, None]):
    """Stays open until it is left; what was taken stands in the counter's quote."""

    BINDINGS: ClassVar[list[BindingType]] = [("f5", "code", ""), ("f6", "take", ""), ("f8", "drop", "")]

    def __init__(self, session: Session, checkout: Checkout) -> None:
        _ = session.words.gettext
        super().__init__(session, _("Rewards and promo codes"), _("This programme has no rewards for bonuses."))
        self._checkout = checkout

    def rows(self) -> list[Reward]:
        """All rewards: one that is out of reach says so when it is taken."""
        return list(self._checkout.rewards())

    def draw(self, row: Reward) -> Content:
        """The reward and how often it was taken; below it what it costs."""
        taken = sum(claim.times for claim in self._checkout.claims if claim.code == row.code)
        marks = (f"  ✓ ×{taken}", "bold $accent") if taken else ""
        cost = phrase("for {points}", points=Points(row.points))
        return Content.assemble((safe_text(row.name), "bold"), marks, "\n", (self.words.say(cost), "dim"))

    def buttons(self) -> list[Touch]:
        """A code, a reward, and neither after all."""
        _ = self.words.gettext
        return [
            Touch(_("Promo code"), "screen.code", "F5", id="code", focusable=True),
            Touch(_("Take"), "screen.take", "F6", id="take", classes="main", focusable=True),
            Touch(_("Take none"), "screen.drop", "F8", id="drop", focusable=True),
        ]

    @on(ListView.Selected)
    async def action_take(self) -> None:
        """Take the reward that is lit."""
        row = self.chosen()
        if row is None:
            return
        with self.asking_ledger():
            answer = self._checkout.claim(row)
            if isinstance(answer, Refused):
                self.refuse(answer)
            else:
                index = self.query_one(ListView).index
                await self.fill()
                self.query_one(ListView).index = index
                self.tell("done", phrase("Taken: {name}", name=row.name))

    async def action_drop(self) -> None:
        """Take no reward and use no code."""
        with self.asking_ledger():
            self._checkout.give_up_advantages()
            await self.fill()
            self.tell("info", phrase("No reward and no code on this bill."))

    @work
    async def action_code(self) -> None:
        """Ask for a promo code."""
        _ = self.words.gettext
        code = await self.app.push_screen_wait(
            TextQuestion(self.session, _("Promo code"), _("As it is written"), self._use, letters=True)
        )
        if code is not None:
            self.tell("done", phrase("The code holds: {code}", code=code))

    def _use(self, typed: str) -> str | Refused:
        answer = self._checkout.use_code(typed)
        return answer if isinstance(answer, Refused) else safe_text(typed)

    def on_scanned(self, message: Scanned) -> None:
        """A scan is a promo code, unless it is a bank card's."""
        message.stop()
        if is_payment_card(message.scan.text):
            self.refuse(payment_card_refused("line"))
            return
        with self.asking_ledger():
            used = self._use(message.scan.text)
            if isinstance(used, Refused):
                self.refuse(used)
            else:
                self.tell("done", phrase("The code holds: {code}", code=used))
