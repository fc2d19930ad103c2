"""The till's state: ledger, printer, scanner, site and what waits; training mode is switched here."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from terminal import desk
from terminal.rules.phrase import Refused, phrase
from terminal.screens.base import Dialog
from terminal.screens.manager_menu import ManagerMenu
from terminal.screens.messages import DevicesChanged
from terminal.screens.print_jobs import PrintJobs
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch


class TillStatus(Dialog[None]):
    """Looked at when something is wrong, so every line says whether it is."""

    DEFAULT_CSS = """
    TillStatus { align: center middle; }
    TillStatus #box {
        width: 76; max-width: 100%; height: auto;
        background: $surface; border: round $primary; padding: 1 2;
    }
    TillStatus Horizontal { height: 3; margin-top: 1; }
    TillStatus Touch { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("f5", "prints", ""),
        ("f6", "orders", ""),
        ("f7", "training", ""),
        ("f8", "manager", ""),
    ]

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        leave = self.session.till.training
        with Vertical(id="box") as box:
            box.border_title = Content(_("The till")).markup
            yield Static(id="facts", markup=False)
            with Horizontal():
                yield Touch(_("Slips waiting"), "screen.prints", "F5", id="prints", focusable=True)
                yield Touch(_("Orders"), "screen.orders", "F6", id="orders", focusable=True)
                label = _("End training") if leave else _("Training")
                yield Touch(label, "screen.training", "F7", id="training", focusable=True)
                yield Touch(_("Manager"), "screen.manager", "F8", id="manager", focusable=True)
                yield Touch(_("Back"), "screen.leave", "Esc", focusable=True)
        yield StatusLine(self.session)

    def on_mount(self) -> None:
        """Draw the facts."""
        self.refresh_facts()

    def on_devices_changed(self, message: DevicesChanged) -> None:
        """Draw them again."""
        message.stop()
        self.refresh_facts()

    def refresh_facts(self) -> None:
        """Draw every fact with its sign."""
        words, _, session = self.words, self.words.gettext, self.session
        state = desk.state(session.till)
        last = words.moment(state.last_entry_ms) if state.last_entry_ms else "—"
        rows = [
            (_("Ledger"), words.say(phrase("entry {seq}, {moment}", seq=state.last_seq, moment=last)), False),
            (_("Programme"), state.programme_name, not state.programme_name),
            (_("Printer"), words.say(session.printer.words), session.printer.trouble),
            (_("Slips waiting"), str(state.slips_waiting), state.slips_waiting > 0),
            (_("Slips to ask about"), str(state.slips_unknown), state.slips_unknown > 0),
            (_("Scanner"), words.say(session.scanner.words), session.scanner.trouble),
            (_("Site"), words.say(session.site.words), session.site.trouble),
            (_("Entries not sent"), _("nothing to send to") if not state.has_site else str(state.unsent), False),
            (_("Clock"), _("behind the last sale") if state.clock_is_back else _("set right"), state.clock_is_back),
        ]
        lines = [
            Content.assemble(
                ("! " if wrong else "✓ ", "bold $warning" if wrong else "$success"), f"{label:<24} ", value
            )
            for label, value, wrong in rows
        ]
        self.query_one("#facts", Static).update(Content("\n").join(lines))

    def action_prints(self) -> None:
        """Show the slips that are not on paper for certain."""
        self.app.push_screen(PrintJobs(self.session), lambda _: self.refresh_facts())

    @work
    async def action_orders(self) -> None:
        """Show the open orders: anybody takes their payment."""
        from terminal.screens.order_flow import show_orders  # late: it brings many screens along

        await show_orders(self)

    def action_training(self) -> None:
        """Begin or end training; only a manager may."""
        if self.session.by.role != "manager" and not self.session.till.training:
            self.refuse(Refused(phrase("Only a manager can begin training.")))
            return
        with self.asking_ledger():
            self.session.switch_training()
            self.dismiss(None)

    def action_manager(self) -> None:
        """Open the manager's doors, for a manager."""
        if self.session.by.role != "manager":
            self.refuse(Refused(phrase("This is for a manager: lock the till with F12, unlock it as one.")))
            return
        self.app.push_screen(ManagerMenu(self.session), lambda _: self.refresh_facts())
