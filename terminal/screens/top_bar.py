"""The top line: shop, till, who works, and the shop's time."""

from textual.content import Content
from textual.widgets import Static

from terminal.rules.text import safe_text
from terminal.screens.session import Session


class TopBar(Static):
    """One line; in training it says so over its whole width."""

    DEFAULT_CSS = """
    TopBar {
        dock: top; height: 1; padding: 0 1; background: $primary-darken-2; color: $foreground;
        &.training { background: $warning; color: $background; text-style: bold; }
    }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(markup=False, id="top")
        self._session = session

    def on_mount(self) -> None:
        """Keep the clock going."""
        self.refresh_line()
        self.set_interval(10, self.refresh_line)

    def on_resize(self) -> None:
        """Fit the line to the new width."""
        self.refresh_line()

    def refresh_line(self) -> None:
        """Draw the line anew."""
        session = self._session
        _ = session.words.gettext
        operator = safe_text(session.operator.name) if session.operator else _("locked")
        left = Content(f"{safe_text(session.till.shop.name)} · {session.till.ledger.terminal_id} · {operator}")
        right = f"{session.words.local(session.till.now_ms()):%H:%M}"
        if session.till.training:
            right = f"{_('TRAINING - NOTHING COUNTS')}  {right}"
        self.set_class(session.till.training, "training")
        width = max(0, self.content_size.width)
        gap = max(1, width - len(right) - left.cell_length)
        self.update(
            Content.assemble(left.truncate(max(0, width - len(right) - 1), ellipsis=True), " " * gap, right)
        )
