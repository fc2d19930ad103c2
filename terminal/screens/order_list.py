"""The open orders: those that are being made, own ones and the site's; found by slip, number or customer."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from textual import work
from textual.binding import BindingType
from textual.content import Content

from terminal import desk
from terminal.desk import order_drafts, orders
from terminal.desk.order_drafts import UnfinishedOrder
from terminal.desk.order_making import OrderMaking
from terminal.ledger.orders import Order
from terminal.rules.phrase import Refused, phrase
from terminal.screens.names import short_name
from terminal.screens.order_words import channel_name, state_name, step_title
from terminal.screens.question import Question
from terminal.screens.search_dialog import SearchDialog
from terminal.screens.session import Session
from terminal.screens.touch import Touch

_NAME_WIDTH = 44
FOR_A_MANAGER = Refused(phrase("This is for a manager: lock the till with F12, unlock it as one."))


@dataclass(frozen=True, slots=True)
class NewOrder:
    """The wish to begin one."""


OrderRow: TypeAlias = UnfinishedOrder | Order | NewOrder


class OrderList(SearchDialog[OrderRow]):
    """Dismisses with what was chosen. Unfinished ones come first; they and F2 are for managers."""

    BINDINGS: ClassVar[list[BindingType]] = [("f2", "new", ""), ("f8", "discard", "")]
    LINES = 3

    def __init__(self, session: Session) -> None:
        _ = session.words.gettext
        hint = _("Scan the order's slip, or type number or customer")
        super().__init__(session, _("Orders"), hint, _("No order is open."))
        self.found = self._open_ones()

    def _open_ones(self) -> list[OrderRow]:
        till = self.session.till
        unfinished = order_drafts.unfinished_orders(till)
        numbers = {one.draft.number for one in unfinished}
        waiting = [one for one in orders.open_orders(till) if one.number not in numbers]
        return [*(unfinished if self._is_manager else []), *waiting]

    @property
    def _is_manager(self) -> bool:
        return self.session.by.role == "manager"

    def buttons(self) -> list[Touch]:
        """Begin one, or give one up."""
        _ = self.words.gettext
        return [
            Touch(_("New order"), "screen.new", "F2", id="new", focusable=True),
            Touch(_("Discard"), "screen.discard", "F8", id="discard", classes="danger", focusable=True),
        ]

    def search(self, text: str) -> list[OrderRow] | Refused:
        """By slip, number or customer."""
        found = orders.find_orders(self.session.till, text)
        return found if isinstance(found, Refused) else list(found)

    def draw(self, row: OrderRow) -> Content:
        """What it is and how far; whose; since when and from where: three lines, short beside the number pad."""
        match row:
            case UnfinishedOrder(draft=draft, at_ms=at_ms):
                head = Content.styled(f"… {step_title(self.words, draft.step)}", "bold $warning")
                return Content.assemble(head, self._below(draft.customer_id, at_ms, ""))
            case Order():
                state = state_name(self.words, row.state)
                head = Content.styled(f"{row.number}, {state}: {self.words.money(row.record.pay_minor)}", "bold")
                where = channel_name(self.words, row.channel)
                return Content.assemble(head, self._below(row.customer_id, row.at_ms, where))
            case NewOrder():
                raise AssertionError("a wish is not listed")

    def _below(self, customer_id: str, at_ms: int, where: str) -> Content:
        name = short_name(desk.name_of(self.session.till, customer_id), _NAME_WIDTH) if customer_id else "—"
        return Content.assemble(f"\n{name}", (f"\n{self.words.moment(at_ms)}  {where}", "dim"))

    def action_new(self) -> None:
        """Begin an order, if a manager is at the till."""
        if self._is_manager:
            self.dismiss(NewOrder())
        else:
            self.refuse(FOR_A_MANAGER)

    @work
    async def action_discard(self) -> None:
        """Ask, then give up the unfinished order that is lit."""
        row = self.chosen()
        if not isinstance(row, UnfinishedOrder):
            self.refuse(
                Refused(phrase("Only an unfinished order can be discarded. Open another one and cancel it."))
            )
            return
        question = self.words.gettext("Discard this unfinished order? Bonuses that it holds are freed.")
        if await self.app.push_screen_wait(Question(self.session, question, self.words.gettext("Discard"))):
            with self.asking_ledger():
                session = self.session
                OrderMaking(session.till, lambda: session.by, session.hold_hours, row.draft).give_up()
                self.found = self._open_ones()
                self.fill()
                self.tell("done", phrase("Discarded. Nothing is held for it."))
