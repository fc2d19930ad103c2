"""More about one customer: history, balance slip, phone, cards."""

from collections.abc import Callable

from textual import work
from textual.content import Content
from textual.widgets import Static

from terminal import desk
from terminal.rules.phone import show_phone
from terminal.rules.phrase import Refused, phrase
from terminal.rules.text import safe_text
from terminal.screens.choices import Choices
from terminal.screens.corrections_menu import CorrectionsMenu
from terminal.screens.history_list import HistoryList
from terminal.screens.question import Question
from terminal.screens.sales_list import SalesList
from terminal.screens.session import Session
from terminal.screens.text_question import TextQuestion


class CustomerMenu(Choices):
    """Stays open until it is left, so that several things can be done."""

    def __init__(self, session: Session, customer_id: str) -> None:
        _ = session.words.gettext
        self._customer_id = customer_id
        super().__init__(
            session,
            safe_text(desk.name_of(session.till, customer_id)),
            [
                ("history", _("History")),
                ("sales", _("Sales")),
                ("balance", _("Print balance")),
                ("phone", _("Change phone")),
                ("bind", _("Give a card")),
                ("replace", _("Replace card")),
                ("block", _("Block card")),
                ("note", _("Note")),
                ("correct", _("For the manager")),
            ],
            _told(session, customer_id),
        )

    def action_choose(self, name: str) -> None:
        """Open what was chosen over this menu."""
        self._open(name)

    @work
    async def _open(self, name: str) -> None:
        _, session = self.words.gettext, self.session
        till, by, customer_id = session.till, session.by, self._customer_id
        match name:
            case "history":
                await self.app.push_screen_wait(HistoryList(session, customer_id))
            case "sales":
                await self.app.push_screen_wait(SalesList(session, customer_id))
            case "balance":
                self._print_balance()
            case "phone":
                await self._ask(_("New phone"), lambda line: desk.change_phone(till, customer_id, line, by))
            case "bind":
                await self._ask(_("Scan the new card"), lambda line: desk.bind_card(till, customer_id, line, by))
            case "replace":
                await self._replace()
            case "block":
                await self._block()
            case "note":
                await self._ask(_("Note"), lambda line: desk.change_note(till, customer_id, line, by), letters=True)

            case "correct":
                await self._correct()

    async def _correct(self) -> None:
        if self.session.by.role != "manager":
            self.refuse(Refused(phrase("This is for a manager: lock the till with F12, unlock it as one.")))
            return
        await self.app.push_screen_wait(CorrectionsMenu(self.session, self._customer_id))
        self._refresh_told()

    async def _ask(self, title: str, answer: Callable[[str], str | Refused], *, letters: bool = False) -> None:
        done = await self.app.push_screen_wait(TextQuestion(self.session, title, title, answer, letters=letters))
        if done is not None:
            self._refresh_told()
            self.tell("done", phrase("Saved: {what}", what=done))

    def _print_balance(self) -> None:
        with self.asking_ledger():
            printed = desk.print_balance(self.session.till, self._customer_id, self.session.by)
            if isinstance(printed, Refused):
                self.refuse(printed)
            else:
                self.session.wake_printer()
                self.tell("done", phrase("The balance is on its way to the printer."))

    async def _replace(self) -> None:
        till, by, old = self.session.till, self.session.by, self._active_card()
        if old:
            title = self.words.gettext("Scan the new card")
            await self._ask(title, lambda line: desk.replace_card(till, old, line, by))

    async def _block(self) -> None:
        number = self._active_card()
        if not number:
            return
        question = phrase("Block card {number}? It will find nobody any more.", number=number)
        ask = Question(self.session, self.words.say(question), self.words.gettext("Block card"))
        if not await self.app.push_screen_wait(ask):
            return
        with self.asking_ledger():
            blocked = desk.block_card(self.session.till, number, self.session.by)
            if isinstance(blocked, Refused):
                self.refuse(blocked)
            else:
                self._refresh_told()
                self.tell("done", phrase("Card {number} is blocked", number=number))

    def _refresh_told(self) -> None:
        for told in self.query("#told").results(Static):
            told.update(Content(_told(self.session, self._customer_id)))

    def _active_card(self) -> str:
        cards = [card.number for card in desk.cards(self.session.till, self._customer_id) if card.state == "active"]
        if not cards:
            self.refuse(Refused(phrase("This customer has no active card.")))
        return cards[0] if cards else ""


def _told(session: Session, customer_id: str) -> str:
    profile = desk.profile(session.till, customer_id)
    if isinstance(profile, Refused):
        return ""
    _ = session.words.gettext
    phone = show_phone(profile.person.phone) if profile.person.phone else "—"
    cards = ", ".join(card.number for card in desk.cards(session.till, customer_id) if card.state == "active")
    return f"{_('Phone')}: {phone}   {_('Card')}: {safe_text(cards) or '—'}"
