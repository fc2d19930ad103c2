"""A written guide on the screen, in the language of the till."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content

from terminal.locale.guides import guide_text
from terminal.screens.base import Dialog
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

if TYPE_CHECKING:
    from textual.widgets import Markdown

_SECTION = 2
"""The level of the headings: one for what comes before the steps, then one a step."""


class GuideView(Dialog[None]):
    """The text that `tillmate guide` prints, open at the step that the reader stands at, to be scrolled."""

    DEFAULT_CSS = """
    GuideView { align: center middle; }
    GuideView #box { width: 100%; max-width: 90; height: 100%; background: $surface; border: round $primary; }
    GuideView VerticalScroll { height: 1fr; padding: 0 1; }
    GuideView Horizontal { height: 3; }
    GuideView Touch { width: 1fr; }
    """

    def __init__(self, session: Session, name: str, step: int) -> None:
        """`step` counts from 1."""
        super().__init__(session)
        self._guide, self._step = name, step

    def compose(self) -> ComposeResult:
        from textual.widgets import Markdown  # late: its parser is needed for nothing else

        _ = self.words.gettext
        with Vertical(id="box") as box:
            box.border_title = Content(_("Guide")).markup
            with VerticalScroll(can_focus=True):
                yield Markdown(guide_text(self._guide, self.words.language))
            with Horizontal():
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    def on_markdown_table_of_contents_updated(self, event: "Markdown.TableOfContentsUpdated") -> None:
        """The text stands there: turn to the step's heading."""
        headings = [place for level, _, place in event.table_of_contents if level == _SECTION]
        event.markdown.query_one(f"#{headings[self._step]}").scroll_visible(animate=False, top=True)
