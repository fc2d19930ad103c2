"""What a manager may do for one customer: refund, give, take, present, merge, help with a lost card, look back."""

from collections.abc import Callable

from textual import work
from textual.content import Content
from textual.widgets import Static

from terminal import desk
from terminal.desk import Approval
from terminal.rules.money import read_amount
from terminal.rules.phrase import Phrase, Points, Refused, phrase
from terminal.rules.watch import Flagged
from terminal.screens.audit_list import AuditList
from terminal.screens.choices import Choices
from terminal.screens.find_bill import FindBill
from terminal.screens.find_customer import FindCustomer
from terminal.screens.merge_dialog import MergeDialog
from terminal.screens.names import short_name
from terminal.screens.pin_question import PinQuestion
from terminal.screens.question import Question
from terminal.screens.refund_dialog import begin_refund
from terminal.screens.session import Session
from terminal.screens.text_question import TextQuestion

_NAME_WIDTH = 40


class CorrectionsMenu(Choices):
    """Stays open until it is left; managers alone get here."""

    def __init__(self, session: Session, customer_id: str) -> None:
        _ = session.words.gettext
        self._customer_id = customer_id
        self._whose = short_name(desk.name_of(session.till, customer_id), _NAME_WIDTH)
        choices = [
            ("refund", _("Refund")),
            ("give", _("Give bonuses")),
            ("take", _("Take bonuses")),
            ("gift", _("Present bonuses")),
            ("merge", _("Merge customers")),
            ("lost", _("Lost card")),
            ("audit", _("Audit")),
        ]
        super().__init__(session, self._whose, choices, _told(session, customer_id))

    def action_choose(self, name: str) -> None:
        """Open what was chosen over this menu."""
        self._open(name)

    @work
    async def _open(self, name: str) -> None:
        match name:
            case "refund":
                bill = await self.app.push_screen_wait(FindBill(self.session, self._customer_id))
                if bill is not None:
                    begin_refund(self, bill.sale.id, self._refresh_told)
            case "give" | "take":
                await self._adjust(1 if name == "give" else -1)
            case "gift":
                await self._gift()
            case "merge":
                title = self.words.gettext("Who is the same customer?")
                other = await self.app.push_screen_wait(FindCustomer(self.session, title, self._customer_id))
                if other is not None:
                    await self._merge(other.customer_id)
            case "lost":
                await self._lost_card()
            case "audit":
                await self.app.push_screen_wait(AuditList(self.session, self._customer_id))

    # --- points -----------------------------------------------------------------------------------------

    async def _adjust(self, sign: int) -> None:
        _, till, by = self.words.gettext, self.session.till, self.session.by
        title = _("How many bonuses to give?") if sign > 0 else _("How many bonuses to take?")
        points = await self._ask_points(title)
        if points is None:
            return
        reasons = [(code, self.words.say(words)) for code, words in desk.REASONS.items()]
        reason = await self.app.push_screen_wait(Choices(self.session, _("Why?"), reasons))
        if reason is None:
            return
        note = await self._ask_note(needed=reason == "other")
        if note is None:
            return
        question = (
            phrase("Give {points} to {name}?", points=Points(points), name=self._whose)
            if sign > 0
            else phrase("Take {points} from {name}?", points=Points(points), name=self._whose)
        )
        if await self._sure(question):
            await self._book(
                lambda approval: desk.adjust(
                    till, self._customer_id, sign * points, reason, by, note=note, approval=approval
                )
            )

    async def _gift(self) -> None:
        till, by = self.session.till, self.session.by
        points = await self._ask_points(self.words.gettext("How many bonuses to present?"))
        if points is None:
            return
        note = await self._ask_note(needed=False)
        if note is None:
            return
        if await self._sure(phrase("Present {points} to {name}?", points=Points(points), name=self._whose)):
            await self._book(
                lambda approval: desk.give(till, self._customer_id, points, note, by, approval=approval)
            )

    async def _ask_points(self, title: str) -> int | None:
        decimals = self.words.points_decimals

        def read(typed: str) -> str | Refused:
            points = read_amount(typed, decimals)
            return Refused(phrase("Type how many bonuses, more than 0.")) if isinstance(points, Refused) else typed

        typed = await self.app.push_screen_wait(TextQuestion(self.session, title, title, read))
        points = read_amount(typed or "", decimals)
        return points if isinstance(points, int) else None

    async def _ask_note(self, *, needed: bool) -> str | None:
        def read(typed: str) -> str | Refused:
            return typed if typed.strip() or not needed else Refused(phrase("Write a note: what happened?"))

        _ = self.words.gettext
        hint = _("What happened?") if needed else _("What happened? (may stay empty)")
        return await self.app.push_screen_wait(TextQuestion(self.session, _("Note"), hint, read, letters=True))

    # --- accounts and cards -------------------------------------------------------------------------------

    async def _merge(self, other_id: str) -> None:
        till, by = self.session.till, self.session.by
        with self.asking_ledger():
            shown = desk.show_merge(till, other_id, self._customer_id)
            if isinstance(shown, Refused):
                self.refuse(shown)
            elif await self.app.push_screen_wait(MergeDialog(self.session, shown)):
                await self._book(
                    lambda approval: desk.merge(till, other_id, self._customer_id, by, approval=approval)
                )

    async def _lost_card(self) -> None:
        title = self.words.gettext("Scan the card they have now")
        card = await self.app.push_screen_wait(TextQuestion(self.session, title, title, self._read_card))
        if card is None:
            return
        with self.asking_ledger():
            owner = desk.card_owner(self.session.till, card)
            if isinstance(owner, str):
                # A card with an account of its own: the two accounts become one.
                await self._merge(owner)
                return
            question = phrase(
                "Block the old cards of {name} and give card {number}?", name=self._whose, number=card
            )
            if await self._sure(question):
                given = desk.replace_lost_card(self.session.till, self._customer_id, card, self.session.by)
                if isinstance(given, Refused):
                    self.refuse(given)
                else:
                    self._refresh_told()
                    self.tell("done", phrase("Card {number} is theirs now; the bonuses stayed.", number=given))

    def _read_card(self, line: str) -> str | Refused:
        owner = desk.card_owner(self.session.till, line)
        if isinstance(owner, Refused):
            return owner
        if owner == self._customer_id:
            return Refused(phrase("This card is theirs already. Scan another one."))
        return line

    # --- booking ----------------------------------------------------------------------------------------

    async def _sure(self, question: Phrase) -> bool:
        ask = Question(self.session, self.words.say(question), self.words.gettext("Yes"))
        answer = await self.app.push_screen_wait(ask)
        return answer is True

    async def _book(self, act: Callable[[Approval | None], int | Refused]) -> None:
        """Do it; where the watch asks for somebody else, ask for their PIN and do it again."""
        with self.asking_ledger():
            outcome = act(None)
            if isinstance(outcome, Flagged):
                approval = await self.app.push_screen_wait(PinQuestion(self.session, outcome.hits))
                if approval is None:
                    self.tell("warn", phrase("Nothing was changed."))
                    return
                outcome = act(approval)
            if isinstance(outcome, Refused):
                self.refuse(outcome)
                return
            self._refresh_told()
            self.tell("done", phrase("Booked. The balance is {points} now.", points=Points(outcome)))

    def _refresh_told(self) -> None:
        for told in self.query("#told").results(Static):
            told.update(Content(_told(self.session, self._customer_id)))


def _told(session: Session, customer_id: str) -> str:
    profile = desk.profile(session.till, customer_id)
    if isinstance(profile, Refused):
        return ""
    return session.words.say(
        phrase(
            "Balance: {known}, can be spent: {spendable}",
            known=Points(profile.known),
            spendable=Points(profile.spendable),
        )
    )
