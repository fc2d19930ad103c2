"""Somebody's PIN for what can't pass unseen: a manager's, or a second person's."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from terminal import desk
from terminal.desk import Approval
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused, phrase
from terminal.rules.watch import Hit
from terminal.screens.base import Dialog
from terminal.screens.names import short_name
from terminal.screens.number_pad import NumberPad
from terminal.screens.pin_entry import PinBox, PinEntry
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

_NAME_WIDTH = 24


class PinQuestion(Dialog[Approval], PinEntry[Approval]):
    """Says what is looked at and who may let it pass; dismisses once their PIN is right."""

    DEFAULT_CSS = """
    PinQuestion { align: center middle; }
    PinQuestion #box {
        width: 80; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $warning; padding: 0 1;
    }
    PinQuestion #both { height: 15; }
    PinQuestion #why { height: auto; max-height: 8; color: $warning; text-style: bold; margin-bottom: 1; }
    PinQuestion #who { width: 1fr; padding-right: 1; }
    PinQuestion #who Rows > .option-list--option { padding: 0 2; }
    PinQuestion #pin-box { width: 30; }
    PinQuestion #buttons { height: 3; margin-top: 1; }
    PinQuestion #buttons Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f10", "try", "")]

    def __init__(self, session: Session, hits: tuple[Hit, ...]) -> None:
        PinEntry.__init__(self, session, desk.approvers(session.till, session.by, hits))
        self._hits = hits

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        alone = any(hit.second_person for hit in self._hits)
        with Vertical(id="box") as box:
            title = _("A second person confirms") if alone else _("A manager has to look")
            box.border_title = Content(title).markup
            with Horizontal(id="both"):
                with Vertical(id="who"):
                    why = "\n".join(f"! {self.words.say(hit.words)}" for hit in self._hits)
                    yield Static(Content(why), id="why", markup=False)
                    yield self.people_list()
                with Vertical(id="pin-box"):
                    yield PinBox(_("PIN"))
                    if self.session.touch:
                        yield NumberPad()
            with Horizontal(id="buttons"):
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
                yield Touch(_("Let it pass"), "screen.try", "F10", id="pass", classes="main", focusable=True)
        yield StatusLine(self.session)

    def face(self, person: Operator) -> Content:
        """The name."""
        return Content.styled(short_name(person.name, _NAME_WIDTH), "bold")

    def on_mount(self) -> None:
        """Say it where nobody can."""
        if not self.people:
            self.refuse(Refused(phrase("Nobody else here can confirm it. Add somebody: tillmate staff add.")))

    def try_pin(self, operator_id: str, pin: str) -> Approval | Refused:
        """Let it pass."""
        return desk.approve(self.session.till, self.session.by, self._hits, operator_id, pin)
