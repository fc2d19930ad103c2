"""The demo's app: the till, a printer on the screen beside it, and a scanner in a list."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from terminal.app import TillApp
from terminal.devices.scan import read_scan
from terminal.ledger import queues
from terminal.screens.scan_list import ScanList
from terminal.screens.session import Session

if TYPE_CHECKING:
    from printers.spool import Outcome


class DemoApp(TillApp):
    """The till with a printer on the screen and a scanner in a list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f11", "demo_scan", show=False),
        Binding("ctrl+p", "paper", show=False, priority=True),
    ]

    def __init__(self, session: Session, codes: list[tuple[str, str]], *, theme: str = "dark") -> None:
        """`codes` are (barcode, what it is on) for the demo's scanner."""
        super().__init__(session, theme=theme)
        self._codes = codes

    def action_demo_scan(self) -> None:
        """Choose a card or goods to scan."""
        if self.session.operator is not None and self.screen is self.counter:
            self.push_screen(ScanList(self.session, self._codes), self._demo_scanned)

    def _demo_scanned(self, barcode: str | None) -> None:
        if barcode is not None:
            self.scanned(read_scan(barcode, "demo"))

    def action_paper(self) -> None:
        """Show or hide the paper."""
        self.counter.toggle_paper()

    async def printer_told(self, outcome: "Outcome") -> None:
        """Show what came out of the printer."""
        if outcome.result == "done" and outcome.job_id is not None:
            job = queues.print_job(self.session.till.ledger, outcome.job_id)
            if job is not None:
                await self.counter.print_on_paper(self.session.preview(job.document))
