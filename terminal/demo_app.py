"""The demo's app: the till, a printer on the screen beside it, a scanner in a list, and a cable to pull."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from terminal.app import TillApp
from terminal.demo_network import Network, State
from terminal.devices.scan import read_scan
from terminal.ledger import queues
from terminal.rules.phrase import Phrase, phrase
from terminal.screens.lock import Lock
from terminal.screens.scan_list import ScanList
from terminal.screens.session import Session

if TYPE_CHECKING:
    from printers.spool import Outcome

_CABLE_IN = phrase("Ctrl+L pulls the network cable.")
_CABLE_OUT = phrase("The network cable is out. Ctrl+L plugs it in again.")
_NO_SITE = phrase("The demo runs without a site. To have one: pip install 'tillmate[site]'")
_FAILED = phrase("The demo's site could not be started.")
_AGREES = phrase("In step again: the site agrees with every balance.")
_DIFFERS = phrase("The site does not agree yet.")


@dataclass
class NetworkTold(Message):
    """The demo's site is at work, or its cable was pulled or plugged in."""

    state: State


class DemoApp(TillApp):
    """The till with a printer on the screen and a scanner in a list; `network` is its way to a site, if any."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f11", "demo_scan", show=False, priority=True),
        Binding("ctrl+p", "paper", show=False, priority=True),
        Binding("ctrl+l", "cable", show=False, priority=True),
    ]

    def __init__(self, session: Session, codes: list[tuple[str, str]], *, theme: str = "dark") -> None:
        """`codes` are (barcode, what it is on) for the demo's scanner."""
        super().__init__(session, theme=theme)
        self._codes = codes
        self._hints = session.hints
        self.network: Network | None = None

    def on_mount(self) -> None:
        """Start the network once the counter is painted."""
        if self.network is not None:
            self.call_after_refresh(self.network.start)

    def action_demo_scan(self) -> None:
        """Choose a card or goods to scan, for whatever is on the screen."""
        if self.session.operator is not None and not isinstance(self.screen, Lock | ScanList):
            self.push_screen(ScanList(self.session, self._codes), self._demo_scanned)

    def _demo_scanned(self, barcode: str | None) -> None:
        if barcode is not None:
            self.scanned(read_scan(barcode, "demo"))

    def action_paper(self) -> None:
        """Show or hide the paper."""
        self.counter.toggle_paper()

    def action_cable(self) -> None:
        """Pull the network cable, or plug it in."""
        if self.network is not None:
            self.network.switch()

    def tell_network(self, state: State) -> None:
        """The network is in another state; called in its thread."""
        self.post_message(NetworkTold(state))

    def on_network_told(self, message: NetworkTold) -> None:
        """Say how the network is, and which key changes that."""
        match message.state:
            case "absent":
                self.counter.tell("info", _NO_SITE)
            case "failed":
                self.counter.tell("warn", _FAILED)
            case "in":
                self._hint(_CABLE_IN)
            case "out":
                # Nothing is said beside it: the line has to have room for how long the site is gone.
                self.counter.tell("info", "")
                self._hint(_CABLE_OUT)
            case "agrees":
                self.counter.tell("done", _AGREES)
            case "differs":
                self.counter.tell("warn", _DIFFERS)

    def _hint(self, cable: Phrase) -> None:
        self.session.hints = (*self._hints, cable)
        self.counter.note_hints()

    async def printer_told(self, outcome: "Outcome") -> None:
        """Show what came out of the printer."""
        if outcome.result == "done" and outcome.job_id is not None:
            job = queues.print_job(self.session.till.ledger, outcome.job_id)
            if job is not None:
                await self.counter.print_on_paper(self.session.preview(job.document))
