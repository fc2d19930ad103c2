"""What the steps of an order's making share: where it stands, the way on and back, and the written guide."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from terminal import desk
from terminal.desk.order_drafts import STEPS
from terminal.desk.order_making import OrderMaking
from terminal.screens.base import Dialog
from terminal.screens.guide_view import GuideView
from terminal.screens.names import short_name
from terminal.screens.order_words import step_name, step_number, step_title
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch

Way = Literal["go on", "leave", "placed"]
"""What a step ends with: the order stands at another step now, it was left as it is, or it is placed."""

_NAME_WIDTH = 30


class OrderStepScreen(Dialog[Way]):
    """One step, one screen. Esc goes a step back, F9 leaves the order for later, F10 goes on."""

    DEFAULT_CSS = """
    OrderStepScreen { align: center middle; }
    OrderStepScreen #box { width: 100%; height: 100%; max-width: 110; background: $surface; }
    OrderStepScreen #box { border: round $primary; }
    OrderStepScreen #way { height: 1; padding: 0 1; }
    OrderStepScreen #whose { height: 1; padding: 0 1; }
    OrderStepScreen #step { height: 1fr; }
    OrderStepScreen .buttons { height: 3; }
    OrderStepScreen .buttons Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("f1", "guide", ""),
        ("f9", "later", ""),
        ("f10", "go_on", ""),
    ]

    def __init__(self, session: Session, making: OrderMaking) -> None:
        super().__init__(session)
        self.making = making

    def body(self) -> ComposeResult:
        """What stands between the head and the buttons; for the step that inherits."""
        raise AssertionError("each step has its own body")

    def buttons(self) -> list[Touch]:
        """The step's own buttons; for the step that inherits."""
        return []

    def onward(self) -> str:
        """What stands on the button that goes on; "" where the step's own buttons do."""
        return self.words.gettext("Next")

    def compose(self) -> ComposeResult:
        _, step = self.words.gettext, self.making.step
        with Vertical(id="box") as box:
            box.border_title = Content(step_title(self.words, step)).markup
            yield Static(self._way(), id="way", markup=False)
            yield Static(self._whose(), id="whose", markup=False)
            with Vertical(id="step"):
                yield from self.body()
            own = self.buttons()
            if own:
                with Horizontal(classes="buttons"):
                    yield from own
            with Horizontal(classes="buttons"):
                yield Touch(_("Back"), "screen.leave", "Esc", id="step-back", focusable=True)
                yield Touch(_("Guide"), "screen.guide", "F1", id="guide", focusable=True)
                yield Touch(_("Leave for later"), "screen.later", "F9", id="later", focusable=True)
                label = self.onward()
                if label:
                    yield Touch(label, "screen.go_on", "F10", id="go-on", classes="main", focusable=True)
        yield StatusLine(self.session)

    def _way(self) -> Content:
        """All steps in a line: those done with a tick, the one that is on bold."""
        at = STEPS.index(self.making.step)
        told: list[Content] = []
        for number, step in enumerate(STEPS):
            name = step_name(self.words, step)
            if number < at:
                told.append(Content.styled(f"✓ {name}", "$success"))
            elif number == at:
                told.append(Content.styled(f"▶ {number + 1} {name}", "bold $accent"))
            else:
                told.append(Content.styled(f"{number + 1} {name}", "dim"))
        return Content("  ").join(told)

    def _whose(self) -> Content:
        customer_id = self.making.draft.customer_id
        if not customer_id:
            return Content("")
        name = short_name(desk.name_of(self.session.till, customer_id), _NAME_WIDTH)
        spendable = self.words.points(self.making.serving.profile.spendable)
        return Content.assemble(
            (name, "bold"), (f"   {self.words.gettext('Can be spent now')}: {spendable}", "dim")
        )

    def action_go_on(self) -> None:
        """Go on, or say what is missing here."""
        with self.asking_ledger():
            refused = self.making.go_on()
            if refused is None:
                self.dismiss("go on")
            else:
                self.refuse(refused)

    def action_leave(self) -> None:
        """A step back."""
        with self.asking_ledger():
            self.making.go_back()
            self.dismiss("go on")

    def action_later(self) -> None:
        """Leave the order as it stands; the list of orders goes on with it."""
        self.dismiss("leave")

    def action_guide(self) -> None:
        """Show the written steps, at this one."""
        self.app.push_screen(GuideView(self.session, "manager", step_number(self.making.step)))

    @contextmanager
    def kept(self) -> Iterator[None]:
        """A block that changes the order; what it changed is drawn."""
        with self.asking_ledger():
            yield
            self.draw()

    def draw(self) -> None:
        """Draw what the order is now; for the step that inherits."""
