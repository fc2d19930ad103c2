"""Two customers side by side, before they become one."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from terminal.desk import MergeShown, Profile
from terminal.rules.phone import show_phone
from terminal.rules.phrase import Money, Points, phrase
from terminal.rules.text import safe_text
from terminal.screens.base import Dialog
from terminal.screens.names import short_name
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

_NAME_WIDTH = 32


class MergeDialog(Dialog[bool]):
    """Dismisses with True when they are one; it can't be undone, so nothing is lit on the way in."""

    DEFAULT_CSS = """
    MergeDialog { align: center middle; }
    MergeDialog #box {
        width: 78; max-width: 100%; height: auto;
        background: $surface; border: round $warning; padding: 0 1;
    }
    MergeDialog #both { height: auto; }
    MergeDialog .side { width: 1fr; height: auto; padding: 1; }
    MergeDialog #stays { background: $primary 20%; }
    MergeDialog #ends { background: $warning 20%; }
    MergeDialog #after { margin-top: 1; text-style: bold; }
    MergeDialog #buttons { height: 3; margin-top: 1; }
    MergeDialog #buttons Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f10", "merge", "")]

    def __init__(self, session: Session, shown: MergeShown) -> None:
        super().__init__(session)
        self._shown = shown

    def compose(self) -> ComposeResult:
        _, words, shown = self.words.gettext, self.words, self._shown
        with Vertical(id="box") as box:
            box.border_title = Content(_("Are these one customer?")).markup
            with Horizontal(id="both"):
                yield Static(self._side(_("STAYS"), shown.stays), id="stays", classes="side", markup=False)
                yield Static(self._side(_("ENDS"), shown.ends), id="ends", classes="side", markup=False)
            after = phrase(
                "Afterwards: one account with {points}. Name and phone at the right are erased.",
                points=Points(shown.stays.known + shown.ends.known),
            )
            yield Static(Content(words.say(after)), id="after", markup=False)
            if shown.cards:
                cards = phrase("Their cards go along: {cards}", cards=", ".join(shown.cards))
                yield Static(Content(words.say(cards)), markup=False)
            with Horizontal(id="buttons"):
                yield Touch(_("Back"), "screen.leave", "Esc", id="no", focusable=True)
                yield Touch(_("Merge"), "screen.merge", "F10", id="merge", classes="danger", focusable=True)
        yield StatusLine(self.session)

    def _side(self, title: str, whose: Profile) -> Content:
        words = self.words
        phone = show_phone(whose.person.phone) if whose.person.phone else "—"
        visits = phrase("purchases: {number}, {sum}", number=whose.visits, sum=Money(whose.spend_minor))
        return Content.assemble(
            (f"{title}\n", "dim"),
            (f"{short_name(whose.person.name, _NAME_WIDTH)}\n", "bold"),
            f"{safe_text(phone)}\n",
            f"{words.points(whose.known)}\n",
            (words.say(visits), "dim"),
        )

    def on_mount(self) -> None:
        """Rest on the answer that changes nothing."""
        self.query_one("#no", Touch).focus()

    def action_merge(self) -> None:
        """They are one."""
        self.dismiss(True)
