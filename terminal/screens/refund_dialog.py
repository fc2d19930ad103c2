"""A refund: choose what comes back, see what it does to money and bonuses, confirm."""

from collections.abc import Callable
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from terminal import desk
from terminal.desk import Approval, RefundDone, RefundShown
from terminal.ledger import LedgerError
from terminal.rules.money import read_amount
from terminal.rules.phrase import Money, Refused, phrase
from terminal.rules.watch import Flagged
from terminal.screens.base import Dialog, TillScreen
from terminal.screens.messages import LedgerFailed, RefundBooked
from terminal.screens.names import short_name
from terminal.screens.pin_question import PinQuestion
from terminal.screens.refund_words import RefundLine, effects, lines_of, title_of
from terminal.screens.rows import Rows
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.text_question import TextQuestion
from terminal.screens.touch import Touch

_NAME_WIDTH = 36


def begin_refund(screen: TillScreen[Any], sale_id: str, then: Callable[[], object] = lambda: None) -> None:
    """Open the refund of a bill over a screen, or say there why it can't be refunded; `then` follows a refund."""
    with screen.asking_ledger():
        shown = desk.show_refund(screen.session.till, sale_id)
        if isinstance(shown, Refused):
            screen.refuse(shown)
            return

        def booked(done: RefundDone | None) -> None:
            if done is not None:
                then()
                paid = phrase("Refund booked. Pay back {sum}.", sum=Money(done.shown.refund.back_minor))
                screen.tell("done", paid)

        screen.app.push_screen(RefundDialog(screen.session, shown), booked)


class RefundDialog(Dialog[RefundDone]):
    """Begins with all that is left of the bill; Enter takes a line in or out, F6 a part of it."""

    DEFAULT_CSS = """
    RefundDialog { align: center middle; }
    RefundDialog #box { width: 100%; height: 100%; max-width: 120; background: $surface; border: round $primary; }
    RefundDialog #whose { height: auto; padding: 0 1; }
    RefundDialog #both { height: 1fr; }
    RefundDialog Rows { width: 1fr; }
    RefundDialog #effects-box { width: 42; padding: 0 1; background: $panel; }
    RefundDialog #effects { height: auto; }
    RefundDialog #buttons { height: 3; }
    RefundDialog #buttons Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f5", "whole", ""), ("f6", "part", ""), ("f10", "confirm", "")]
    AUTO_FOCUS = "Rows"

    def __init__(self, session: Session, begun: RefundShown) -> None:
        """`begun` is the refund of all that is left, as the desk shows it."""
        super().__init__(session)
        self._begun = begun
        self._left = begun.refund.line_minor
        self._line_minor = begun.refund.line_minor
        self._shown: RefundShown | Refused = begun
        self._booking = False

    def compose(self) -> ComposeResult:
        _, words = self.words.gettext, self.words
        with Vertical(id="box") as box:
            box.border_title = Content(words.say(title_of(self._begun))).markup
            name = desk.name_of(self.session.till, self._begun.customer_id)
            yield Static(Content.styled(short_name(name, _NAME_WIDTH), "bold"), id="whose", markup=False)
            with Horizontal(id="both"):
                yield Rows(map(self._draw, self._lines()))
                with VerticalScroll(id="effects-box", can_focus=False):
                    yield Static(id="effects", markup=False)
            with Horizontal(id="buttons"):
                yield Touch(_("In or out"), "screen.in_or_out", "Enter", id="toggle", focusable=True)
                yield Touch(_("Everything"), "screen.whole", "F5", id="whole", focusable=True)
                yield Touch(_("A part"), "screen.part", "F6", id="part", focusable=True)
                yield Touch(_("Refund"), "screen.confirm", "F10", id="confirm", classes="main", focusable=True)
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    def on_mount(self) -> None:
        """Show what all that is left would do."""
        self._show()

    def _lines(self) -> list[RefundLine]:
        return lines_of(self.words, self._begun, self._left, self._line_minor)

    def _draw(self, line: RefundLine) -> Content:
        words = self.words
        sign = "✗" if not line.left_minor else "✓" if line.chosen_minor else "–"
        told = phrase("back {sum} of {left}", sum=Money(line.chosen_minor), left=Money(line.left_minor))
        return Content.assemble(
            (f"{sign} {short_name(line.name, _NAME_WIDTH)}", "bold"),
            (f"\n  {words.say(told)}", "bold" if line.chosen_minor else "dim"),
        )

    def _show(self) -> None:
        """Ask the desk what the choice would do, and draw lines and effects."""
        with self.asking_ledger():
            self._shown = desk.show_refund(self.session.till, self._begun.sale.id, self._line_minor)
        self.query_one(Rows).draw_again(map(self._draw, self._lines()))
        self.query_one("#effects", Static).update(effects(self.words, self._shown))

    @on(OptionList.OptionSelected)
    def action_in_or_out(self) -> None:
        """Take the line that is lit in as a whole, or leave it out."""
        index = self.query_one(Rows).highlighted
        if index is not None and not self._booking:
            self._choose(index, 0 if self._line_minor[index] else self._left[index])

    def action_whole(self) -> None:
        """Take all that is left."""
        if not self._booking:
            self._line_minor = self._left
            self._show()

    def action_part(self) -> None:
        """Ask how much of the line that is lit comes back."""
        index = self.query_one(Rows).highlighted
        if index is None or self._booking:
            return
        left = self.words.money(self._left[index])
        hint = self.words.say(phrase("Sum brought back, up to {left}", left=left))
        ask = TextQuestion(self.session, hint, hint, lambda typed: self._read_part(index, typed))
        self.app.push_screen(ask, lambda typed: self._part_typed(index, typed))

    def _read_part(self, index: int, typed: str) -> str | Refused:
        minor = read_amount(typed)
        if isinstance(minor, Refused):
            return minor
        chosen = (*self._line_minor[:index], minor, *self._line_minor[index + 1 :])
        shown = desk.show_refund(self.session.till, self._begun.sale.id, chosen)
        return typed if isinstance(shown, RefundShown) or minor <= self._left[index] else shown

    def _part_typed(self, index: int, typed: str | None) -> None:
        minor = read_amount(typed or "")
        if isinstance(minor, int):
            self._choose(index, minor)

    def _choose(self, index: int, minor: int) -> None:
        self._line_minor = (*self._line_minor[:index], minor, *self._line_minor[index + 1 :])
        self._show()

    def action_confirm(self) -> None:
        """Book it as it is shown."""
        if isinstance(self._shown, Refused):
            self.refuse(self._shown)
        elif not self._booking:
            self._book(self._shown)

    def _book(self, shown: RefundShown, approval: Approval | None = None) -> None:
        self._booking = True
        self._refund(shown, approval)

    @work(thread=True, exclusive=True, group="ledger")
    def _refund(self, shown: RefundShown, approval: Approval | None) -> None:
        try:
            self.post_message(RefundBooked(desk.refund(self.session.till, shown, self.session.by, approval)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_refund_booked(self, message: RefundBooked) -> None:
        """Leave with what was booked, ask for a PIN, or say why nothing was."""
        self._booking = False
        match message.outcome:
            case Flagged(hits=hits):
                shown = self._shown
                assert isinstance(shown, RefundShown)
                self.app.push_screen(
                    PinQuestion(self.session, hits),
                    lambda approval: self._book(shown, approval) if approval else None,
                )
            case Refused():
                self._show()
                self.refuse(message.outcome)
            case done:
                self.session.wake_printer()
                self.dismiss(done)

    def on_ledger_failed(self, message: LedgerFailed) -> None:
        """Nothing was booked; the same press may try again."""
        self._booking = False
        super().on_ledger_failed(message)

    def action_leave(self) -> None:
        """Leave without a refund, unless one is being booked."""
        if not self._booking:
            self.dismiss(None)
