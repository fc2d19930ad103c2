"""The business day at the till: what each cashier booked, opening and closing."""

from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from terminal.desk.business_day import BusinessDay, DayTotals
from terminal.desk.day import DayClosed, close_day, day_totals, open_day
from terminal.ledger import LedgerError
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused, phrase
from terminal.screens.base import Dialog
from terminal.screens.day_text import day_lines
from terminal.screens.messages import LedgerFailed
from terminal.screens.question import Question
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

_STYLES = {"title": "bold $primary", "head": "bold", "definition": "$foreground 70%"}


@dataclass
class DayCounted(Message):
    """The day's totals are there."""

    totals: DayTotals


@dataclass
class DayTurned(Message):
    """The day was opened or closed, or was not."""

    outcome: BusinessDay | DayClosed | Refused


class DayScreen(Dialog[None]):
    """Shows the day that goes on; when it was closed, what was closed."""

    DEFAULT_CSS = """
    DayScreen { align: center middle; }
    DayScreen #box { width: 100%; height: 100%; max-width: 110; background: $surface; border: round $primary; }
    DayScreen VerticalScroll { height: 1fr; padding: 0 1; scrollbar-gutter: stable; }
    DayScreen Horizontal { height: 3; }
    DayScreen Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f6", "open_day", ""), ("f8", "close_day", "")]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._totals: DayTotals | None = None

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        with Vertical(id="box") as box:
            box.border_title = Content(_("The day")).markup
            with VerticalScroll(can_focus=True):
                yield Static(id="totals", markup=False)
            with Horizontal():
                yield Touch(_("Open the day"), "screen.open_day", "F6", id="open", focusable=True)
                close = Touch(_("Close the day"), "screen.close_day", "F8", id="close", focusable=True)
                yield close.add_class("danger")
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    def on_mount(self) -> None:
        """Add the day up."""
        self._count()

    @work(thread=True, exclusive=True, group="ledger")
    def _count(self) -> None:
        try:
            self.post_message(DayCounted(day_totals(self.session.till)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_day_counted(self, message: DayCounted) -> None:
        """Show it."""
        self._totals = message.totals
        self._draw()

    def on_resize(self) -> None:
        """Lay it out anew."""
        self._draw()

    def _draw(self) -> None:
        if self._totals is not None:
            width = max(40, self.query_one(VerticalScroll).scrollable_content_region.width)
            lines = day_lines(self.words, self._totals, width)
            styled = [Content.styled(line.text, _STYLES.get(line.kind, "")) for line in lines]
            self.query_one("#totals", Static).update(Content("\n").join(styled))

    def action_open_day(self) -> None:
        """Write down that the day is open."""
        self._open(self.session.by)

    @work(thread=True, exclusive=True, group="ledger")
    def _open(self, by: Operator) -> None:
        try:
            self.post_message(DayTurned(open_day(self.session.till, by)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def action_close_day(self) -> None:
        """Ask, then close the day."""
        question = phrase("Close the day? All that was booked since the last closing goes on its slip.")
        ask = Question(self.session, self.words.say(question), self.words.gettext("Close the day"))
        self.app.push_screen(ask, self._answered)

    def _answered(self, yes: bool | None) -> None:
        if yes:
            self._close(self.session.by)

    @work(thread=True, exclusive=True, group="ledger")
    def _close(self, by: Operator) -> None:
        try:
            self.post_message(DayTurned(close_day(self.session.till, by)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_day_turned(self, message: DayTurned) -> None:
        """Show how the day is now, or why it is as it was."""
        match message.outcome:
            case Refused():
                self.refuse(message.outcome)
            case BusinessDay():
                self.tell("done", phrase("The day of {day} is open.", day=message.outcome.day))
                self._count()
            case DayClosed():
                self.session.wake_printer()
                self._totals = message.outcome.totals
                self._draw()
                closed = message.outcome.totals.day.day
                self.tell("done", phrase("The day of {day} is closed. Its slip is on its way.", day=closed))
