"""Do write-offs work, at the till: its last 7 or 30 days, checked beside the till's work; one section a page."""

from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from terminal.desk import Till
from terminal.desk.sections import Report
from terminal.desk.write_off_report import write_off_report
from terminal.desk.write_off_tally import Tally
from terminal.desk.write_offs import check_orders, orders_made
from terminal.ledger import LedgerError
from terminal.rules.phrase import phrase
from terminal.rules.reporting import Period
from terminal.screens.base import Dialog
from terminal.screens.messages import LedgerFailed
from terminal.screens.report_text import section_lines
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

_STYLES = {"title": "bold $primary", "head": "bold", "note": "$warning", "definition": "$foreground 70%"}
_WEEK, _MONTH = 7, 30


@dataclass
class Verified(Message):
    """So many last days were checked."""

    days: int
    report: Report


def verify_days(till: Till, days: int) -> Report:
    """Check the till's own orders of so many days, from a connection of its own."""
    with till.ledger.beside() as ledger, ledger.snapshot():
        beside = replace(till, ledger=ledger)
        last = beside.today()
        period = Period(last - timedelta(days=days - 1), last)
        tally = Tally(first=period.first, last=period.last)
        for checked in check_orders(beside, orders_made(beside, period)):
            tally.add(checked)
        return write_off_report(beside, tally)


class WriteOffsScreen(Dialog[None]):
    """Checks a week at once; a month when asked."""

    DEFAULT_CSS = """
    WriteOffsScreen { align: center middle; }
    WriteOffsScreen #box {
        width: 100%; height: 100%; max-width: 120; background: $surface; border: round $primary;
    }
    WriteOffsScreen #when { padding: 0 1; color: $foreground 70%; height: 1; }
    WriteOffsScreen VerticalScroll { height: 1fr; padding: 0 1; scrollbar-gutter: stable; }
    WriteOffsScreen Horizontal { height: 3; }
    WriteOffsScreen Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("f2", f"check({_WEEK})", ""),
        ("f3", f"check({_MONTH})", ""),
        ("f5", "turn(-1)", ""),
        ("f6", "turn(1)", ""),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._page = 0
        self._days = _WEEK
        self._report: Report | None = None

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        with Vertical(id="box") as box:
            box.border_title = Content(_("Do write-offs work?")).markup
            yield Static(id="when", markup=False)
            with VerticalScroll(can_focus=True):
                yield Static(id="page", markup=False)
            with Horizontal():
                yield Touch(_("7 days"), f"screen.check({_WEEK})", "F2", id="week", focusable=True)
                yield Touch(_("30 days"), f"screen.check({_MONTH})", "F3", id="month", focusable=True)
                yield Touch(_("Before"), "screen.turn(-1)", "F5", id="before", focusable=True)
                yield Touch(_("Next"), "screen.turn(1)", "F6", id="next", focusable=True)
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    def on_mount(self) -> None:
        """Begin with the week."""
        self.call_after_refresh(self.action_check, _WEEK)

    def action_check(self, days: int) -> None:
        """Check the last so many days."""
        self._days = days
        self.tell("info", phrase("Checking. Selling goes on meanwhile."))
        self._check(self.session.till, days)

    @work(thread=True, exclusive=True, group="ledger")
    def _check(self, till: Till, days: int) -> None:
        import_module("plotext")  # it takes long the first time, and the screen must not wait
        try:
            self.post_message(Verified(days, verify_days(till, days)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_verified(self, message: Verified) -> None:
        """Show the first page; an answer to what was asked before comes too late."""
        if message.days == self._days:
            self._report, self._page = message.report, 0
            self.tell("info", "")
            self._draw()

    def on_resize(self) -> None:
        """Lay the page out anew."""
        self._draw()

    def action_turn(self, step: int) -> None:
        """Show the page before or after; behind the last comes the first."""
        self._page += step
        self._draw()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _draw(self) -> None:
        made = self._report
        if made is None:
            return
        place = self._page % len(made.sections)
        when = phrase(
            "Page {page} of {pages}. {first} to {last}, counted on {moment}",
            page=place + 1,
            pages=len(made.sections),
            first=made.period.first,
            last=made.period.last,
            moment=made.made,
        )
        self.query_one("#when", Static).update(Content(self.words.say(when)))
        width = max(40, self.query_one(VerticalScroll).scrollable_content_region.width)
        lines = section_lines(self.words, made.sections[place], width)
        styled = [Content.styled(line.text, _STYLES.get(line.kind, "")) for line in lines]
        self.query_one("#page", Static).update(Content("\n").join(styled))
