"""Advantages of one bill: rewards for bonuses, taken from a list, and promo codes, typed or scanned."""

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList

from terminal.desk import Checkout
from terminal.rules.card import is_payment_card, payment_card_refused
from terminal.rules.offer import Reward
from terminal.rules.phrase import Points, Refused, phrase
from terminal.rules.text import safe_text
from terminal.screens.messages import Scanned
from terminal.screens.rows import Rows
from terminal.screens.session import Session
from terminal.screens.table_dialog import TableDialog
from terminal.screens.text_question import TextQuestion
from terminal.screens.touch import Touch


class AdvantagesList(TableDialog[Reward | str, None]):
    """Lists the codes in use and all rewards; stays open until it is left. What was taken stands in the quote."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("f5", "code", ""),
        ("f6", "take", ""),
        ("f8,delete", "put_back", ""),
    ]

    def __init__(
        self, session: Session, checkout: Checkout, ask: Callable[[Checkout], None] = lambda checkout: None
    ) -> None:
        """`ask` asks the site for what the quote lacks, where it is asked; `site_answered` is called afterwards."""
        _ = session.words.gettext
        super().__init__(session, _("Rewards and promo codes"), _("This programme has no rewards for bonuses."))
        self._checkout, self._ask, self._awaited = checkout, ask, ""

    def rows(self) -> list[Reward | str]:
        """The codes in use, and all rewards: one that is out of reach says so when it is taken."""
        return [*self._checkout.codes, *self._checkout.rewards()]

    def draw(self, row: Reward | str) -> Content:
        """The code; or the reward, how often it was taken, and below it what it costs."""
        if isinstance(row, str):
            return Content.assemble(("✓ ", "bold $accent"), (f"{self.words.gettext('Promo code')} {row}", "bold"))
        taken = self._taken(row)
        marks = (f"  ✓ ×{taken}", "bold $accent") if taken else ""
        cost = phrase("for {points}", points=Points(row.points))
        return Content.assemble((safe_text(row.name), "bold"), marks, "\n", (self.words.say(cost), "dim"))

    def _taken(self, reward: Reward) -> int:
        return sum(claim.times for claim in self._checkout.claims if claim.code == reward.code)

    def buttons(self) -> list[Touch]:
        """A code, a reward, and what is lit away again."""
        _ = self.words.gettext
        return [
            Touch(_("Promo code"), "screen.code", "F5", id="code", focusable=True),
            Touch(_("Take"), "screen.take", "F6", id="take", classes="main", focusable=True),
            Touch(_("Remove"), "screen.put_back", "F8", id="put-back", classes="danger", focusable=True),
        ]

    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Take the reward that is lit; a code is in use already."""
        row = self.chosen()
        if row is None or isinstance(row, str):
            return
        with self.asking_ledger():
            answer = self._checkout.claim(row)
            if isinstance(answer, Refused):
                self.refuse(answer)
            else:
                self.fill(self.query_one(Rows).highlighted or 0)
                self.tell("done", phrase("Taken: {name}", name=row.name))

    def action_put_back(self) -> None:
        """Take the reward that is lit once less, or use the code that is lit no more."""
        row = self.chosen()
        if row is None:
            return
        with self.asking_ledger():
            if isinstance(row, str):
                self._checkout.drop_code(row)
            elif self._taken(row):
                self._checkout.put_back(row)
            else:
                self.refuse(Refused(phrase("{name} was not taken.", name=row.name)))
                return
            self.fill(self.query_one(Rows).highlighted or 0)
            self.tell("info", phrase("Removed: {name}", name=row if isinstance(row, str) else row.name))

    @work
    async def action_code(self) -> None:
        """Ask for a promo code."""
        _ = self.words.gettext
        code = await self.app.push_screen_wait(
            TextQuestion(self.session, _("Promo code"), _("As it is written"), self._use, letters=True)
        )
        if code is not None:
            self.fill()
            self._tell_code(code)

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
                self.fill()
                self._tell_code(used)

    def _tell_code(self, code: str) -> None:
        """Say that a code holds, or that the site is asked about it."""
        if self._checkout.lacks(code) is None:
            self.tell("done", phrase("The code holds: {code}", code=code))
        else:
            self._awaited = code
            self.tell("warn", phrase("Asking the site about {code}…", code=code))
            self._ask(self._checkout)

    def site_answered(self) -> None:
        """Say what became of the code that the site was asked about; one that it does not lease is not kept."""
        left = self._checkout.lacks(self._awaited)
        if self._awaited not in self._checkout.codes or (left and left.needs in self._checkout.awaited):
            return
        code, self._awaited = self._awaited, ""
        if left is None:
            self.tell("done", phrase("The code holds: {code}", code=code))
            return
        with self.asking_ledger():
            self._checkout.drop_code(code)
            self.fill()
        self.refuse(Refused(left.reason, "line"))
