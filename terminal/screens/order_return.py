"""Taking a paid order back: what it does to money and bonuses, before it is done."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from terminal.desk import Approval, RefundDone, RefundShown, orders
from terminal.rules.phrase import Refused, phrase
from terminal.rules.watch import Flagged
from terminal.screens.base import Dialog
from terminal.screens.pin_question import PinQuestion
from terminal.screens.refund_words import effects
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch


class OrderReturn(Dialog[RefundDone]):
    """The whole order comes back; F10 books it as it is shown."""

    DEFAULT_CSS = """
    OrderReturn { align: center middle; }
    OrderReturn #box { width: 60; max-width: 100%; height: auto; max-height: 100%; background: $surface; }
    OrderReturn #box { border: round $warning; padding: 1 2; }
    OrderReturn VerticalScroll { height: auto; max-height: 14; }
    OrderReturn #effects { height: auto; }
    OrderReturn Horizontal { height: 3; margin-top: 1; }
    OrderReturn Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f10", "confirm", "")]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, session: Session, number: str, shown: RefundShown) -> None:
        super().__init__(session)
        self._number, self._shown = number, shown

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        with Vertical(id="box") as box:
            title = phrase("Take back order {number}", number=self._number)
            box.border_title = Content(self.words.say(title)).markup
            with VerticalScroll():
                yield Static(effects(self.words, self._shown), id="effects", markup=False)
            with Horizontal():
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
                yield Touch(_("Take back"), "screen.confirm", "F10", id="confirm", classes="danger", focusable=True)
        yield StatusLine(self.session)

    def action_confirm(self) -> None:
        """Book it."""
        self._book(None)

    def _book(self, approval: Approval | None) -> None:
        session = self.session
        with self.asking_ledger():
            done = orders.return_order(session.till, self._number, self._shown, session.by, approval)
            match done:
                case Flagged(hits=hits):
                    self.app.push_screen(
                        PinQuestion(session, hits), lambda given: self._book(given) if given else None
                    )
                case Refused():
                    self._look_again()
                    self.refuse(done)
                case RefundDone():
                    self.dismiss(done)

    def _look_again(self) -> None:
        shown = orders.show_return(self.session.till, self._number)
        if not isinstance(shown, Refused):
            self._shown = shown
            self.query_one("#effects", Static).update(effects(self.words, shown))
