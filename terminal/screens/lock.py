"""The lock: who works here, and the PIN."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Center, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, ListItem, ListView, Static

from terminal import desk
from terminal.ledger import LedgerError
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused, phrase
from terminal.rules.text import safe_text
from terminal.screens.base import TillScreen
from terminal.screens.messages import LedgerFailed, PinChecked, Scanned
from terminal.screens.number_pad import NumberPad, type_into
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.top_bar import TopBar
from terminal.screens.touch import Touch


class Lock(TillScreen[Operator]):
    """Dismisses with who unlocked it. Covers all that is below."""

    DEFAULT_CSS = """
    Lock { background: $background; }
    Lock #lock-body { align: center middle; height: 1fr; }
    Lock #who { width: 36; height: 18; padding: 0 1; }
    Lock #who ListView { height: 1fr; background: $surface; }
    Lock ListItem { height: 3; padding: 1 2; background: transparent; }
    Lock ListItem.-highlight { background: $primary 50%; text-style: bold; }
    Lock #pin-box { width: 32; height: 18; padding: 0 1; }
    Lock #pin { border: tall $primary 60%; text-align: center; }
    Lock #pin:focus { border: tall $accent; }
    Lock #unlock { width: 100%; }
    Lock #lock-title { text-style: bold; width: 100%; text-align: center; height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("up", "who(-1)", ""), ("down", "who(1)", "")]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._people = desk.operators(session.till)
        self._checking = False

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        yield TopBar(self.session)
        with Horizontal(id="lock-body"):
            with Vertical(id="who"):
                yield Static(Content(_("Who works at the till?")), id="lock-title", markup=False)
                with VerticalScroll(can_focus=False):
                    yield ListView(*[ListItem(Static(self._face(person), markup=False)) for person in self._people])
            with Vertical(id="pin-box"):
                yield Input(placeholder=_("PIN"), password=True, id="pin", max_length=8)
                yield NumberPad()
                with Center():
                    yield Touch(_("Unlock"), "screen.unlock", "Enter", id="unlock", classes="main")
        yield StatusLine(self.session)

    def _face(self, person: Operator) -> Content:
        role = self.words.gettext("manager") if person.role == "manager" else self.words.gettext("cashier")
        return Content.assemble((safe_text(person.name), "bold"), (f"  {role}", "dim"))

    def on_mount(self) -> None:
        """Begin at the PIN, with the one who worked last."""
        self.query_one(ListView).can_focus = False
        last = self.session.operator
        index = next((place for place, person in enumerate(self._people) if last and person.id == last.id), 0)
        self.query_one(ListView).index = index
        self.query_one("#pin", Input).focus()

    @on(ListView.Selected)
    def _chosen(self) -> None:
        self.query_one("#pin", Input).value = ""
        self.query_one("#pin", Input).focus()

    def action_who(self, step: int) -> None:
        """Another person."""
        view = self.query_one(ListView)
        if self._people:
            view.index = ((view.index or 0) + step) % len(self._people)
            self.query_one("#pin", Input).value = ""

    def action_pad(self, name: str) -> None:
        """A key of the number pad."""
        if name != "comma":
            type_into(self.query_one("#pin", Input), name)

    @on(Input.Submitted, "#pin")
    def action_unlock(self) -> None:
        """Check the PIN, away from the screen's thread: it is slow on purpose."""
        index = self.query_one(ListView).index
        pin = self.query_one("#pin", Input).value
        if index is not None and pin and not self._checking:
            self._checking = True
            self._check(self._people[index].id, pin)

    @work(thread=True, exclusive=True, group="pin")
    def _check(self, operator_id: str, pin: str) -> None:
        try:
            self.post_message(PinChecked(desk.unlock(self.session.till, operator_id, pin)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_pin_checked(self, message: PinChecked) -> None:
        """In, or why not."""
        self._checking = False
        match message.outcome:
            case Refused():
                self.query_one("#pin", Input).value = ""
                self.refuse(message.outcome)
            case operator:
                self.dismiss(operator)

    def on_ledger_failed(self, message: LedgerFailed) -> None:
        """The ledger could not count the try, so there is none."""
        self._checking = False
        super().on_ledger_failed(message)

    def on_scanned(self, message: Scanned) -> None:
        """A scan opens nothing here."""
        message.stop()
        self.refuse(Refused(phrase("The till is locked. Type your PIN first.")))
