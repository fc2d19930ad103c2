"""The owner's figures at the till: one section a page, counted beside the till's work."""

from dataclasses import dataclass
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
from terminal.desk.figures import Asked, Figures, figures, usual_period
from terminal.desk.report import report
from terminal.ledger import LedgerError
from terminal.rules.phrase import phrase
from terminal.screens.base import Dialog
from terminal.screens.messages import LedgerFailed
from terminal.screens.report_text import section_lines
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

_STYLES = {"title": "bold $primary", "head": "bold", "note": "$warning", "definition": "$foreground 70%"}


@dataclass
class Counted(Message):
    """The figures of a till are there."""

    till: Till
    figures: Figures


class ReportScreen(Dialog[None]):
    """Shows at once what was counted last, and counts anew when anything was booked since."""

    DEFAULT_CSS = """
    ReportScreen { align: center middle; }
    ReportScreen #box { width: 100%; height: 100%; max-width: 120; background: $surface; border: round $primary; }
    ReportScreen #when { padding: 0 1; color: $foreground 70%; height: 1; }
    ReportScreen VerticalScroll { height: 1fr; padding: 0 1; scrollbar-gutter: stable; }
    ReportScreen Horizontal { height: 3; }
    ReportScreen Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f5", "turn(-1)", ""), ("f6", "turn(1)", "")]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._till = session.till
        self._page = 0

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        with Vertical(id="box") as box:
            box.border_title = Content(_("Report")).markup
            yield Static(id="when", markup=False)
            with VerticalScroll(can_focus=True):
                yield Static(id="page", markup=False)
            with Horizontal():
                yield Touch(_("Page before"), "screen.turn(-1)", "F5", id="before", focusable=True)
                yield Touch(_("Next page"), "screen.turn(1)", "F6", id="next", focusable=True)
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    def on_mount(self) -> None:
        """Show what is known, and count what is not."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        with self.asking_ledger():
            kept = self._kept()
            self._draw()
            fresh = kept is not None and kept.health.state.last_seq == self._till.ledger.last_seq()
            if kept is None or not fresh or kept.on != self._till.today():
                self.tell("info", phrase("Counting. Selling goes on meanwhile."))
                self._count(Asked(usual_period(self._till), last_backup=self.session.last_backup()))

    def _kept(self) -> Figures | None:
        kept = self.session.counted
        return kept[1] if kept is not None and kept[0] is self._till else None

    @work(thread=True, exclusive=True, group="ledger")
    def _count(self, asked: Asked) -> None:
        import_module("plotext")  # it takes long the first time, and the screen must not wait
        try:
            self.post_message(Counted(self._till, figures(self._till, asked)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_counted(self, message: Counted) -> None:
        """Keep the figures for the next look, and show them."""
        self.session.counted = (message.till, message.figures)
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
        kept = self._kept()
        if kept is None:
            return
        made = report(kept, self._till.shop.name, self._till.ledger.terminal_id)
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
