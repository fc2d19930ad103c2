"""The demo's printer on the screen: each slip that was printed, the newest on top."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

_KEPT = 20


class Paper(VerticalScroll):
    """Paper that comes out of a printer; shown beside the counter where there is room."""

    DEFAULT_CSS = """
    Paper { width: 46; height: 1fr; padding: 0 1; background: $panel; scrollbar-size-vertical: 1; }
    Paper .slip { width: 44; height: auto; background: #f4f1e8; color: #1d1d1b; padding: 1 1; margin-bottom: 1; }
    """

    def __init__(self, waiting: str) -> None:
        super().__init__(id="paper", can_focus=False)
        self._waiting = waiting

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(self._waiting, "dim"), id="paper-empty", markup=False)

    async def print_slip(self, text: str) -> None:
        """Put a printed slip on top."""
        self.query_one("#paper-empty").display = False
        await self.mount(Static(Content(text), classes="slip", markup=False), before=0)
        for old in list(self.query(".slip"))[_KEPT:]:
            await old.remove()
        self.scroll_home(animate=False)
