"""The counter's frame: what stands where, and what is shown at which stage."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.reactive import var
from textual.widgets import ContentSwitcher, Input

from terminal.screens.base import TillScreen
from terminal.screens.customer_pane import CustomerPane
from terminal.screens.help import Help
from terminal.screens.messages import DevicesChanged
from terminal.screens.number_pad import NumberPad
from terminal.screens.paper import Paper
from terminal.screens.session import Session
from terminal.screens.stages import DonePane, IdlePane, MatchesPane, TakeOffPane
from terminal.screens.status_line import StatusLine
from terminal.screens.top_bar import TopBar
from terminal.screens.touch import Touch

_PAD_BESIDE = 110
_PAPER_BESIDE = 130
_TALL = 40
_QUIET = ("idle", "matches", "done")


class CounterFrame(TillScreen[None]):
    """Stages: idle, matches, customer, take-off, done. Buttons of class `at-STAGE` show at that stage alone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", show=False),
        Binding("f2", "new_customer", show=False),
        Binding("f3", "held_bills", show=False),
        Binding("f4", "sales", show=False),
        Binding("f5", "take_none", show=False),
        Binding("f6", "take_all", show=False),
        Binding("f7", "take_part", show=False),
        Binding("f8", "hold", show=False),
        Binding("f9", "more", show=False),
        Binding("f10", "void", show=False),
        Binding("f12", "lock", show=False),
        Binding("ctrl+o", "orders", show=False),
        Binding("ctrl+r", "advantages", show=False),
        Binding("ctrl+n", "toggle_pad", show=False),
        Binding("escape", "back", show=False),
    ]
    DEFAULT_CSS = """
    CounterFrame { layers: base pad; }
    CounterFrame #search-row { height: 3; }
    CounterFrame #search { width: 1fr; border: tall $primary 60%; }
    CounterFrame #search:focus { border: tall $accent; }
    CounterFrame #search-row Touch { width: 9; }
    CounterFrame #body { height: 1fr; }
    CounterFrame #stage { width: 1fr; height: 1fr; }
    CounterFrame #actions { height: 3; background: $surface; }
    CounterFrame #actions Touch { width: 1fr; }
    CounterFrame #pad-box { layer: pad; dock: right; width: 30; height: 15; margin-top: 4; display: none; }
    CounterFrame #pad-box Horizontal { height: 3; }
    CounterFrame #pad-box Horizontal Touch { width: 1fr; }
    CounterFrame.-wide #main { padding: 1 3; }
    CounterFrame.-wide #details { width: 36; padding: 1 2; }
    CounterFrame.-tall #actions, CounterFrame.-tall #actions Touch { height: 5; }
    CounterFrame.-tall #pad-box { height: 25; }
    CounterFrame.-tall #pad-box Horizontal, CounterFrame.-tall #pad-box Touch { height: 5; }
    CounterFrame.-tall NumberPad { height: 20; }
    """
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (_PAD_BESIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-short"), (_TALL, "-tall")]  # noqa: RUF012
    stage: var[str] = var("idle", init=False)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._pad_for_bills = session.touch
        self._pad_for_finding = False
        self.scanning_goods = False

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        yield TopBar(self.session)
        with Horizontal(id="search-row"):
            yield Input(placeholder=_("Card, phone, last 4 digits or name"), id="search", max_length=200)
            yield Touch(_("Find"), "screen.find", "Enter")
            yield Touch("123", "screen.toggle_pad", "Ctrl+N")
        with Horizontal(id="body"):
            with ContentSwitcher(id="stage", initial="idle"):
                yield IdlePane(self.session)
                yield MatchesPane(self.session)
                yield CustomerPane(self.session)
                yield TakeOffPane(self.session)
                yield DonePane(self.session)
            if self.session.paper:
                yield Paper(_("Here the demo prints its slips (Ctrl+P)"))
        with Container(id="pad-box"):
            yield NumberPad()
            with Horizontal():
                yield Touch(_("Take all"), "screen.take_all", "F6", id="pad-all", classes="main at-customer")
                yield Touch(_("Take none"), "screen.take_none", "F5", id="pad-none", classes="at-customer")
                find = "main at-idle at-matches at-done"
                yield Touch(_("Find"), "screen.find", "Enter", id="pad-find", classes=find)
        with Horizontal(id="actions"):
            yield from self._actions()
        yield StatusLine(self.session)

    def _actions(self) -> ComposeResult:
        _ = self.words.gettext
        yield Touch(_("Void sale"), "screen.void", "F10", id="void", classes="danger at-done")
        yield Touch(_("New customer"), "screen.new_customer", "F2", classes="at-idle at-matches at-done")
        yield Touch(_("Held bills"), "screen.held_bills", "F3", id="held", classes="at-idle at-done")
        yield Touch(_("Sales"), "screen.sales", "F4", classes="at-idle at-done")
        yield Touch(_("Take none"), "screen.take_none", "F5", id="none", classes="at-customer")
        yield Touch(_("Take all"), "screen.take_all", "F6", id="all", classes="main at-customer")
        yield Touch(_("A part"), "screen.take_part", "F7", id="part", classes="at-customer")
        yield Touch(_("Hold bill"), "screen.hold", "F8", id="hold", classes="at-customer")
        yield Touch(_("More"), "screen.more", "F9", id="more", classes="at-customer")
        yield Touch(_("Till"), "screen.more", "F9", id="till", classes="at-idle at-done")
        yield Touch(_("Help"), "screen.help", "F1", classes="at-idle")
        yield Touch(_("Lock"), "screen.lock", "F12", id="lock", classes="at-idle")
        yield Touch(_("Back"), "screen.back", "Esc", id="back", classes="at-customer at-take-off at-matches")
        done = _("Done on the register")
        yield Touch(done, "screen.confirm", "Enter", id="confirm", classes="main at-take-off", focusable=True)

    def on_resize(self) -> None:
        """Fit pad and paper to the width: over the rest on small screens, beside it on wide ones."""
        self._place_pad()
        for paper in self.query(Paper):
            paper.display = self.size.width >= _PAPER_BESIDE

    def show_stage(self, stage: str) -> None:
        """Show a stage with its buttons, and put the focus, at once, where the next key belongs."""
        self.stage = stage
        self.query_one(ContentSwitcher).current = stage
        for button in self.query(Touch):
            stages = [name for name in button.classes if name.startswith("at-")]
            if stages:
                button.display = f"at-{stage}" in stages
        self._place_pad()
        match stage:
            case "customer":
                self.set_focus(self.query_one("#amount", Input))
            case "take-off":
                self.set_focus(self.query_one("#confirm", Touch))
            case _:
                self.set_focus(self.query_one("#search", Input))

    def scan_goods(self, scanning: bool) -> None:
        """Make room for the lines of a bill that is scanned: its sum is not typed."""
        self.scanning_goods = scanning
        self._place_pad()

    def _place_pad(self) -> None:
        beside = self.size.width >= _PAD_BESIDE
        match self.stage:
            case "customer":
                shown = self._pad_for_bills and (beside or not self.scanning_goods)
            case "take-off":
                shown = False
            case _:
                shown = self._pad_for_finding or (self.session.touch and beside)
        # Not by a class: the styles of every button on it would be worked out anew at each scan.
        self.query_one("#pad-box").display = shown
        # An overlay hides the details on the right, never the figures on the left.
        self.query_one("#body").styles.padding = (0, 31 if shown and beside else 0, 0, 0)

    def action_toggle_pad(self) -> None:
        """Show or hide the number pad."""
        if self.stage in _QUIET:
            self._pad_for_finding = not self._pad_for_finding
        elif self.scanning_goods:
            self._pad_for_bills, self.scanning_goods = True, False
        else:
            self._pad_for_bills = not self._pad_for_bills
        self._place_pad()

    def toggle_paper(self) -> None:
        """Show or hide the demo's paper."""
        for paper in self.query(Paper):
            paper.display = not paper.display

    async def print_on_paper(self, text: str) -> None:
        """Print a slip on the demo's paper."""
        for paper in self.query(Paper):
            await paper.print_slip(text)

    def action_help(self) -> None:
        """The way of a sale, and every key."""
        self.app.push_screen(Help(self.session))

    async def action_lock(self) -> None:
        """Lock the till; a sale that is open stays as it is."""
        await self.app.run_action("app.lock")

    def on_devices_changed(self, message: DevicesChanged) -> None:
        """Say on the status line how the printer and the scanner are."""
        message.stop()
        self.query_one(StatusLine).refresh_line()

    def refresh_top(self) -> None:
        """Draw the top line again: somebody else works, or training began."""
        self.query_one(TopBar).refresh_line()
