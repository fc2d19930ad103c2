"""The one status line: what just happened or what to do, and how the devices are."""

from textual.content import Content
from textual.widgets import Static

from terminal.rules.phrase import Phrase
from terminal.screens.session import Session

_LEAST_HINT = 12
_SIGNS = {"info": " ", "done": "✓", "warn": "!", "error": "✗"}


class StatusLine(Static):
    """One calm line. A sign stands before the words, so that colour is never the only sign."""

    DEFAULT_CSS = """
    StatusLine {
        dock: bottom; height: 1; padding: 0 1; background: $panel; color: $foreground;
        &.done { background: $success-darken-2; }
        &.warn { background: $warning-darken-2; }
        &.error { background: $error-darken-2; text-style: bold; }
    }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(markup=False, id="status")
        self._session = session
        self._kind, self._words = "info", ""

    def tell(self, kind: str, words: Phrase | str) -> None:
        """Show words of a kind: info, done, warn or error."""
        self._kind = kind
        self._words = words if isinstance(words, str) else self._session.words.say(words)
        self.set_classes(kind)
        self.refresh_line()

    def on_mount(self) -> None:
        """Show the devices from the start."""
        self.refresh_line()

    def on_resize(self) -> None:
        """Fit the line to the new width."""
        self.refresh_line()

    def refresh_line(self) -> None:
        """Draw the words at the left and the devices' trouble, if any, at the right."""
        session = self._session
        right = "  ".join(
            f"! {session.words.say(device.words)}"
            for device in (session.site, session.printer, session.scanner)
            if device.trouble
        )
        left = Content(f"{_SIGNS[self._kind]} {self._words}")
        width = max(0, self.content_size.width)
        room = width - len(right) - 2
        if right and self._kind == "info" and _LEAST_HINT <= room < left.cell_length:
            # A hint may be cut; what has just happened may not.
            left = left.truncate(room, ellipsis=True)
        gap = width - left.cell_length - len(right)
        if right and gap > 1:
            self.update(Content.assemble(left, " " * gap, (right, "bold")))
        else:
            self.update(left.truncate(width, ellipsis=True) if width else left)
