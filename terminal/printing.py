"""The till's printer: the ledger's queue of slips, the worker that prints it, and its state in words."""

from collections.abc import Callable

from printers.document import document_from_json
from printers.ports import Port, open_port
from printers.profile import Profile, load_profile
from printers.spool import Job, Outcome, Spooler
from terminal.config import PrinterConfig
from terminal.ledger import queues
from terminal.ledger.ledger import Ledger
from terminal.rules.phrase import Phrase, phrase

_WIDTHS = {58: "58mm", 80: "80mm"}
_STATES = {
    "ready": phrase("ready"),
    "paper_out": phrase("out of paper"),
    "cover_open": phrase("cover is open"),
    "offline": phrase("does not answer"),
    "unknown": phrase("gives no state"),
}


class LedgerJobs:
    """The ledger's print jobs as the spooler wants them. `ledger` is asked each time: training swaps it."""

    def __init__(self, ledger: Callable[[], Ledger]) -> None:
        self._ledger = ledger

    def next(self) -> Job | None:
        """The oldest slip that waits."""
        job = queues.next_print(self._ledger())
        return Job(job.id, document_from_json(job.document), job.is_copy) if job else None

    def sending(self, job_id: int) -> None:
        """The first byte is about to leave."""
        queues.set_print_state(self._ledger(), job_id, "sending")

    def done(self, job_id: int) -> None:
        """It is on paper."""
        queues.set_print_state(self._ledger(), job_id, "done")

    def unknown(self, job_id: int, why: str) -> None:
        """A person must look."""
        queues.set_print_state(self._ledger(), job_id, "unknown", why)

    def failed(self, job_id: int, why: str) -> None:
        """Nothing left; it waits on."""
        queues.set_print_state(self._ledger(), job_id, "queued", why)


def printer_of(config: PrinterConfig) -> tuple[Port, Profile]:
    """Return the port and profile that a config names; raises PrinterError."""
    name = _WIDTHS[config.width_mm] if config.profile == "default" else config.profile
    return open_port(config.url), load_profile(name, {"drawer": config.drawer})


def start_printing(config: PrinterConfig, ledger: Callable[[], Ledger], told: Callable[[Outcome], None]) -> Spooler:
    """Start the worker; `told` is called in its thread. Raises PrinterError for an impossible printer."""
    port, profile = printer_of(config)
    spooler = Spooler(LedgerJobs(ledger), port, profile, told)
    spooler.start()
    return spooler


def outcome_in_words(outcome: Outcome) -> tuple[Phrase, bool]:
    """Say how the printer is, and whether somebody should look at it."""
    if outcome.result == "unknown":
        return phrase("did the slip come out? F9, F5"), True
    if outcome.status is None:
        return phrase("ready"), False
    state = outcome.status.state
    trouble = state not in ("ready", "unknown") or (state == "unknown" and outcome.result == "waiting")
    return _STATES[state], trouble
