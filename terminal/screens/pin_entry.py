"""A person is chosen from a list and types their PIN: what the lock and the questions for a PIN share."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, OptionList

from terminal.ledger import LedgerError
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused
from terminal.screens.base import TillScreen
from terminal.screens.messages import LedgerFailed, PinChecked
from terminal.screens.number_pad import type_into
from terminal.screens.rows import Rows
from terminal.screens.session import Session

Opened = TypeVar("Opened")


class PinBox(Input):
    """The box for the PIN: what is typed is not shown."""

    DEFAULT_CSS = """
    PinBox { border: tall $primary 60%; text-align: center; }
    PinBox:focus { border: tall $accent; }
    """

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, password=True, id="pin", max_length=8)


class PinEntry(TillScreen[Opened], Generic[Opened]):
    """Dismisses with what the right PIN opens. The PIN box keeps the focus; up and down choose the person."""

    BINDINGS: ClassVar[list[BindingType]] = [("up", "who(-1)", ""), ("down", "who(1)", "")]

    def __init__(self, session: Session, people: Sequence[Operator]) -> None:
        super().__init__(session)
        self.people = people
        self._checking = False

    def face(self, person: Operator) -> Content:
        """Return a person's line in the list; for the screen that inherits."""
        raise AssertionError("each screen draws its own people")

    def try_pin(self, operator_id: str, pin: str) -> Opened | Refused:
        """Try a PIN, in a worker's thread, since it is slow on purpose; for the screen that inherits."""
        raise AssertionError("each screen opens something of its own")

    def people_list(self) -> Rows:
        """Those who may type their PIN."""
        return Rows(map(self.face, self.people), lines=1)

    def on_mount(self) -> None:
        """Begin at the PIN."""
        self.query_one(Rows).can_focus = False
        self.query_one(PinBox).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        self.query_one(PinBox).value = ""
        self.query_one(PinBox).focus()

    def action_who(self, step: int) -> None:
        """Another person."""
        view = self.query_one(Rows)
        if self.people:
            view.highlighted = ((view.highlighted or 0) + step) % len(self.people)
            self.query_one(PinBox).value = ""

    def action_pad(self, name: str) -> None:
        """A key of the number pad."""
        if name != "comma":
            type_into(self.query_one(PinBox), name)

    @on(Input.Submitted, "#pin")
    def action_try(self) -> None:
        """Check the PIN, away from the screen's thread."""
        lit = self.query_one(Rows).highlighted
        pin = self.query_one(PinBox).value
        if lit is not None and pin and not self._checking:
            self._checking = True
            self._try(self.people[lit].id, pin)

    @work(thread=True, exclusive=True, group="pin")
    def _try(self, operator_id: str, pin: str) -> None:
        try:
            self.post_message(PinChecked(self.try_pin(operator_id, pin)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_pin_checked(self, message: PinChecked[Opened]) -> None:
        """Open, or say why not."""
        self._checking = False
        match message.outcome:
            case Refused() as refused:
                self.query_one(PinBox).value = ""
                self.refuse(refused)
            case opened:
                self.dismiss(opened)

    def on_ledger_failed(self, message: LedgerFailed) -> None:
        """The ledger could not count the try, so there is none."""
        message.prevent_default()  # it is said here, and once is enough
        self._checking = False
        super().on_ledger_failed(message)
