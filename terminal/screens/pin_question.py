"""Somebody's PIN for what can't pass unseen: a manager's, or a second person's."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, ListItem, ListView, Static

from terminal import desk
from terminal.desk import Approval
from terminal.ledger import LedgerError
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused, phrase
from terminal.rules.watch import Hit
from terminal.screens.base import Dialog
from terminal.screens.messages import Approved, LedgerFailed
from terminal.screens.names import short_name
from terminal.screens.number_pad import NumberPad, type_into
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

_NAME_WIDTH = 24


class PinQuestion(Dialog[Approval]):
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
    PinQuestion #who ListView { height: 1fr; background: transparent; }
    PinQuestion #who ListItem { height: 3; padding: 1 2; background: transparent; }
    PinQuestion #who ListItem.-highlight { background: $primary 50%; text-style: bold; }
    PinQuestion #pin-box { width: 30; }
    PinQuestion #pin { border: tall $primary 60%; text-align: center; }
    PinQuestion #pin:focus { border: tall $accent; }
    PinQuestion #buttons { height: 3; margin-top: 1; }
    PinQuestion #buttons Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("up", "who(-1)", ""), ("down", "who(1)", ""), ("f10", "pass", "")]

    def __init__(self, session: Session, hits: tuple[Hit, ...]) -> None:
        super().__init__(session)
        self._hits = hits
        self._people = desk.approvers(session.till, session.by, hits)
        self._checking = False

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
                    yield ListView(*[ListItem(Static(self._face(person), markup=False)) for person in self._people])
                with Vertical(id="pin-box"):
                    yield Input(placeholder=_("PIN"), password=True, id="pin", max_length=8)
                    if self.session.touch:
                        yield NumberPad()
            with Horizontal(id="buttons"):
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
                yield Touch(_("Let it pass"), "screen.pass", "F10", id="pass", classes="main", focusable=True)
        yield StatusLine(self.session)

    def _face(self, person: Operator) -> Content:
        return Content.styled(short_name(person.name, _NAME_WIDTH), "bold")

    def on_mount(self) -> None:
        """Begin at the PIN."""
        self.query_one(ListView).can_focus = False
        self.query_one("#pin", Input).focus()
        if not self._people:
            self.refuse(Refused(phrase("Nobody else here can confirm it. Add somebody: tillmate staff add.")))

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
    def action_pass(self) -> None:
        """Check the PIN, away from the screen's thread: it is slow on purpose."""
        index = self.query_one(ListView).index
        pin = self.query_one("#pin", Input).value
        if index is not None and self._people and pin and not self._checking:
            self._checking = True
            self._check(self._people[index].id, pin)

    @work(thread=True, exclusive=True, group="pin")
    def _check(self, operator_id: str, pin: str) -> None:
        till, by = self.session.till, self.session.by
        try:
            self.post_message(Approved(desk.approve(till, by, self._hits, operator_id, pin)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_approved(self, message: Approved) -> None:
        """Let it pass, or say why not."""
        self._checking = False
        match message.outcome:
            case Refused():
                self.query_one("#pin", Input).value = ""
                self.refuse(message.outcome)
            case approval:
                self.dismiss(approval)

    def on_ledger_failed(self, message: LedgerFailed) -> None:
        """The ledger could not count the try, so there is none."""
        self._checking = False
        super().on_ledger_failed(message)
