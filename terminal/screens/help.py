"""Help: the way of a sale in five steps, and the keys."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from terminal.screens.base import Dialog
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch


class Help(Dialog[None]):
    """One page, in the cashier's language."""

    DEFAULT_CSS = """
    Help { align: center middle; }
    Help #box {
        width: 76; max-width: 100%; height: 100%; max-height: 34;
        background: $surface; border: round $primary; padding: 0 1;
    }
    Help VerticalScroll { height: 1fr; }
    Help Horizontal { height: 3; }
    Help Touch { width: 1fr; }
    """

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        steps = (
            _("Scan the card, or type the phone and press Enter."),
            _("Type the bill's sum, or scan the goods."),
            _("F6 takes all bonuses, F7 a part, F5 or Enter none."),
            _("Take the sum shown off on the register."),
            _("Enter: done. The slip is printed, the next card can be scanned."),
        )
        keys = (
            ("F2", _("New customer")),
            ("F3", _("Bills put aside")),
            ("F4", _("Sales: show, print again, void")),
            ("Ctrl+O", _("Orders: make, pay, issue")),
            ("F8", _("Hold the bill")),
            ("F9", _("More about the customer, or about the till")),
            ("F10", _("Void the sale just booked")),
            ("F12", _("Lock the till")),
            ("Ctrl+R", _("Rewards for bonuses, promo codes")),
            ("Ctrl+N", _("Number pad")),
            ("Esc", _("One step back")),
            ("Ctrl+Q", _("Close the till; nothing is lost")),
        )
        lines = [Content(f"{number}. {step}") for number, step in enumerate(steps, 1)]
        lines += [Content("")] + [Content.assemble((f"{key:<8}", "bold $primary"), text) for key, text in keys]
        with Vertical(id="box") as box:
            box.border_title = Content(_("Help")).markup
            with VerticalScroll(can_focus=True):
                yield Static(Content("\n").join(lines), markup=False)
            with Horizontal():
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)
