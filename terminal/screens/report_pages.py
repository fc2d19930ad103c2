"""A report on the screen, one section a page, counted beside the till's work."""

from collections.abc import Callable
from importlib import import_module
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from terminal.desk.sections import Report
from terminal.ledger import LedgerError
from terminal.rules.phrase import phrase
from terminal.screens.base import Dialog
from terminal.screens.messages import LedgerFailed
from terminal.screens.report_text import section_lines
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

_STYLES = {"title": "bold $primary", "head": "bold", "note": "$warning", "definition": "$foreground 70%"}


class ReportPages(Dialog[None]):
    """Turns the pages of its `report`. `count` does the work in a thread and posts the message that comes of it."""

    DEFAULT_CSS = """
    ReportPages { align: center middle; }
    ReportPages #box { width: 100%; height: 100%; max-width: 120; background: $surface; border: round $primary; }
    ReportPages #when { padding: 0 1; color: $foreground 70%; height: 1; }
    ReportPages VerticalScroll { height: 1fr; padding: 0 1; scrollbar-gutter: stable; }
    ReportPages Horizontal { height: 3; }
    ReportPages Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f5", "turn(-1)", ""), ("f6", "turn(1)", "")]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session)
        self._title = title
        self.page = 0

    def buttons(self) -> list[Touch]:
        """Return the buttons below the page; for the screen that inherits."""
        raise AssertionError("each report has its own buttons")

    def report(self) -> Report | None:
        """Return what is to be shown, None where nothing is counted yet; for the screen that inherits."""
        raise AssertionError("each screen has its own report")

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(self._title).markup
            yield Static(id="when", markup=False)
            with VerticalScroll(can_focus=True):
                yield Static(id="page", markup=False)
            with Horizontal():
                yield from self.buttons()
                yield Touch(self.words.gettext("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    def turning(self, before: str, after: str) -> list[Touch]:
        """The two buttons that turn pages."""
        return [
            Touch(before, "screen.turn(-1)", "F5", id="before", focusable=True),
            Touch(after, "screen.turn(1)", "F6", id="next", focusable=True),
        ]

    @work(thread=True, exclusive=True, group="ledger")
    def count(self, counted: Callable[[], Message]) -> None:
        """Count beside the till's work, and post what came of it."""
        import_module("plotext")  # it takes long the first time, and the screen must not wait
        try:
            self.post_message(counted())
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_resize(self) -> None:
        """Lay the page out anew."""
        self.draw()

    def action_turn(self, step: int) -> None:
        """Show the page before or after; behind the last comes the first."""
        self.page += step
        self.draw()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def draw(self) -> None:
        """Show the page, as wide as there is room."""
        made = self.report()
        if made is None:
            return
        place = self.page % len(made.sections)
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
