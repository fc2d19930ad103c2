"""The lock: who works here, and the PIN."""

from textual.app import ComposeResult
from textual.containers import Center, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from terminal import desk
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused, phrase
from terminal.rules.text import safe_text
from terminal.screens.messages import Scanned
from terminal.screens.number_pad import NumberPad
from terminal.screens.pin_entry import PinBox, PinEntry
from terminal.screens.rows import Rows
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.top_bar import TopBar
from terminal.screens.touch import Touch


class Lock(PinEntry[Operator]):
    """Dismisses with who unlocked it. Covers all that is below."""

    DEFAULT_CSS = """
    Lock { background: $background; }
    Lock #lock-body { align: center middle; height: 1fr; }
    Lock #who { width: 36; height: 18; padding: 0 1; }
    Lock #who Rows > .option-list--option { padding: 0 2; }
    Lock #pin-box { width: 32; height: 18; padding: 0 1; }
    Lock #unlock { width: 100%; }
    Lock #lock-title { text-style: bold; width: 100%; text-align: center; height: 1; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session, desk.operators(session.till))

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        yield TopBar(self.session)
        with Horizontal(id="lock-body"):
            with Vertical(id="who"):
                yield Static(Content(_("Who works at the till?")), id="lock-title", markup=False)
                with VerticalScroll(can_focus=False):
                    yield self.people_list()
            with Vertical(id="pin-box"):
                yield PinBox(_("PIN"))
                yield NumberPad()
                with Center():
                    yield Touch(_("Unlock"), "screen.try", "Enter", id="unlock", classes="main")
        yield StatusLine(self.session)

    def face(self, person: Operator) -> Content:
        """The name and what they are."""
        role = self.words.gettext("manager") if person.role == "manager" else self.words.gettext("cashier")
        return Content.assemble((safe_text(person.name), "bold"), (f"  {role}", "dim"))

    def on_mount(self) -> None:
        """Begin with the one who worked last."""
        last = self.session.operator
        lit = next((place for place, person in enumerate(self.people) if last and person.id == last.id), 0)
        self.query_one(Rows).highlighted = lit

    def try_pin(self, operator_id: str, pin: str) -> Operator | Refused:
        """Unlock the till."""
        return desk.unlock(self.session.till, operator_id, pin)

    def on_scanned(self, message: Scanned) -> None:
        """A scan opens nothing here."""
        message.stop()
        self.refuse(Refused(phrase("The till is locked. Type your PIN first.")))
