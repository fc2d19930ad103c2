"""A new customer: name, phone, card and consent on one page."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus
from textual.widgets import Input

from terminal import desk
from terminal.desk import NewCustomer
from terminal.devices.scan import CardScan, classify
from terminal.ledger import LedgerError
from terminal.rules.phone import show_phone
from terminal.rules.phrase import Refused
from terminal.screens.base import Dialog
from terminal.screens.keyboard import Keyboard
from terminal.screens.messages import LedgerFailed, Scanned
from terminal.screens.number_pad import NumberPad
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.tick import Tick
from terminal.screens.touch import Touch

_NUMBERS = ("phone", "card")


class RegisterCustomer(Dialog[str]):
    """Dismisses with the new customer's id. Enter goes from box to box and, at the last one, saves."""

    DEFAULT_CSS = """
    RegisterCustomer { align: center top; layers: base keys; }
    RegisterCustomer #box {
        width: 100%; max-width: 110; height: auto;
        background: $surface; border: round $primary; padding: 0 1;
    }
    RegisterCustomer .row { height: 3; }
    RegisterCustomer Input { width: 1fr; border: tall $primary 60%; }
    RegisterCustomer Input:focus { border: tall $accent; }
    RegisterCustomer Tick { width: 1fr; border: tall $primary 30%; background: transparent; }
    RegisterCustomer Tick:focus { border: tall $accent; }
    RegisterCustomer .row Touch { width: 1fr; }
    RegisterCustomer #keys { layer: keys; dock: bottom; height: 12; margin-bottom: 1; background: $surface; }
    RegisterCustomer #keys Keyboard { display: none; }
    RegisterCustomer #keys NumberPad { display: none; width: 40; }
    RegisterCustomer #keys.letters Keyboard { display: block; }
    RegisterCustomer #keys.numbers NumberPad { display: block; }
    RegisterCustomer #keys.numbers { align-horizontal: right; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f10", "save", ""), ("ctrl+n", "toggle_keys", "")]

    def __init__(self, session: Session, phone: str = "", card: str = "") -> None:
        super().__init__(session)
        self._phone, self._card = show_phone(phone) if phone else "", card

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        with Vertical(id="box") as box:
            box.border_title = Content(_("New customer")).markup
            with Horizontal(classes="row"):
                yield Input(placeholder=_("Name"), id="name", max_length=100)
                yield Input(self._phone, placeholder=_("Phone"), id="phone", max_length=30)
            with Horizontal(classes="row"):
                yield Input(self._card, placeholder=_("Card: scan it, or leave empty"), id="card", max_length=64)
                yield Tick(_("Agrees to the terms"), id="agreed")
            with Horizontal(classes="row"):
                yield Tick(_("Wants messages"), id="messages")
                yield Touch(_("Keyboard"), "screen.toggle_keys", "Ctrl+N", id="toggle")
                yield Touch(_("Back"), "screen.leave", "Esc")
                yield Touch(_("Save"), "screen.save", "F10", id="save", classes="main")
        with Container(id="keys"):
            yield Keyboard(self.words.language)
            yield NumberPad()
        yield StatusLine(self.session)

    def on_mount(self) -> None:
        """Begin with the name; a phone that was searched for is filled in already."""
        self.query_one("#keys").display = self.session.touch
        self.query_one("#name", Input).focus()

    @on(DescendantFocus)
    def _offer_keys(self, event: DescendantFocus) -> None:
        keys = self.query_one("#keys")
        keys.set_class(event.widget.id == "name", "letters")
        keys.set_class(event.widget.id in _NUMBERS, "numbers")

    def action_toggle_keys(self) -> None:
        """Show or hide the on-screen keys."""
        keys = self.query_one("#keys")
        keys.display = not keys.display

    @on(Input.Submitted)
    def _next_box(self, event: Input.Submitted) -> None:
        order = ("name", "phone", "card", "agreed")
        following = order[order.index(event.input.id or "card") + 1]
        self.query_one(f"#{following}").focus()

    def action_save(self) -> None:
        """Register, or say what is missing and go there."""
        new = NewCustomer(
            name=self.query_one("#name", Input).value,
            phone=self.query_one("#phone", Input).value,
            card=self.query_one("#card", Input).value,
            agreed=self.query_one("#agreed", Tick).value,
            messages_agreed=self.query_one("#messages", Tick).value,
        )
        try:
            outcome = desk.register(self.session.till, new, self.session.by)
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))
            return
        if isinstance(outcome, Refused):
            self.refuse(outcome)
            if outcome.field:
                self.query_one(f"#{outcome.field}").focus()
        else:
            self.dismiss(outcome)

    def on_scanned(self, message: Scanned) -> None:
        """A card that is scanned here is the new customer's."""
        message.stop()
        meaning = classify(message.scan, self.session.cards)
        if isinstance(meaning, CardScan):
            self.query_one("#card", Input).value = meaning.number
            self.query_one("#agreed").focus()
        else:
            self.app.bell()
            self.tell("warn", self.words.gettext("This is not a customer's card."))
