"""What the till's screens and dialogs share: the session, and the way to a status line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Generic, TypeVar

from textual.binding import BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from terminal.ledger import LedgerError
from terminal.rules.phrase import Phrase, Refused
from terminal.screens.keyboard import Keyboard
from terminal.screens.messages import LedgerFailed, Scanned
from terminal.screens.number_pad import type_into
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine

Result = TypeVar("Result")


class TillScreen(Screen[Result], Generic[Result]):
    """A screen with a status line."""

    AUTO_FOCUS = ""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.words = session.words

    def tell(self, kind: str, words: Phrase | str) -> None:
        """Put words on the status line."""
        self.query_one(StatusLine).tell(kind, words)

    def refuse(self, refused: Refused) -> None:
        """Say a refusal, with a sound."""
        self.app.bell()
        self.tell("warn", refused.reason)

    @contextmanager
    def asking_ledger(self) -> Iterator[None]:
        """Let a block use the ledger; where its file fails, say so, and let the same press try again."""
        try:
            yield
        except LedgerError as fault:
            self.on_ledger_failed(LedgerFailed(fault.reason))

    def action_pad(self, name: str) -> None:
        """A key of the number pad."""
        if isinstance(self.focused, Input):
            type_into(self.focused, name)

    def on_ledger_failed(self, message: LedgerFailed) -> None:
        """The ledger could not; say why and what to do."""
        self.app.bell()
        self.tell("error", message.reason)


class Dialog(ModalScreen[Result], TillScreen[Result]):
    """A dialog over the counter: it dismisses with a result, None when it was left.

    Nothing below shines through: that would be drawn again with everything that changes here.
    """

    DEFAULT_CSS = "Dialog { background: $background; }"
    AUTO_FOCUS = "*"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave", "")]

    def __init__(self, session: Session) -> None:
        TillScreen.__init__(self, session)

    def action_letter(self, row: int, place: int) -> None:
        """A letter of the on-screen keyboard."""
        if isinstance(self.focused, Input):
            self.query_one(Keyboard).type_letter(self.focused, row, place)

    def action_letter_key(self, name: str) -> None:
        """Another key of the on-screen keyboard."""
        if isinstance(self.focused, Input):
            self.query_one(Keyboard).type_key(self.focused, name)

    def action_leave(self) -> None:
        """Leave without a result."""
        self.dismiss(None)

    def on_scanned(self, message: Scanned) -> None:
        """A scan during a dialog does nothing but say so, unless the dialog wants it."""
        message.stop()
        self.app.bell()
        self.tell("warn", self.words.gettext("Finish here first, then scan."))
