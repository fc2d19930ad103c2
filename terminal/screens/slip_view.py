"""A slip on the screen, as it is on paper."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from terminal.screens.base import Dialog
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch


class SlipView(Dialog[None]):
    """Shows a slip's JSON document as text in the printer's width."""

    DEFAULT_CSS = """
    SlipView { align: center middle; }
    SlipView #box { width: 56; max-width: 100%; height: 100%; background: $surface; border: round $primary; }
    SlipView #paper { width: auto; background: #f4f1e8; color: #1d1d1b; padding: 1 2; }
    SlipView VerticalScroll { height: 1fr; align-horizontal: center; }
    SlipView Horizontal { height: 3; }
    SlipView Touch { width: 1fr; }
    """

    def __init__(self, session: Session, document: str) -> None:
        super().__init__(session)
        self._document = document

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        with Vertical(id="box") as box:
            box.border_title = Content(_("Slip")).markup
            with VerticalScroll():
                yield Static(Content(self.session.preview(self._document)), id="paper", markup=False)
            with Horizontal():
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)
