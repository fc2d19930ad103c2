"""The till's printer: the ledger's queue of slips, the worker that prints it, and its state in words."""

from collections.abc import Callable
from pathlib import Path

from printers.document import Document, Image, document_from_json
from printers.errors import DocumentError, Reason
from printers.ports import Port, open_port
from printers.profile import Profile, load_profile
from printers.spool import UNHEARD, Job, Outcome, Spooler
from printers.symbols import load_logo
from terminal.config import PrinterConfig
from terminal.ledger import queues
from terminal.ledger.ledger import Ledger
from terminal.rules.phrase import Phrase, phrase

_WIDTHS = {58: "58mm", 80: "80mm"}
_LETTER_DOTS = 12
_ANSWERS = {"yes": True, "no": False, "learn": None}
_HABIT = "printer_answers"
_CUT_OFF = "the till ended while it was being sent"
_STATES = {
    "ready": phrase("ready"),
    "paper_out": phrase("out of paper"),
    "cover_open": phrase("cover is open"),
    "offline": phrase("is offline"),
    "unknown": phrase("gives no state"),
}
_REASONS: dict[Reason, Phrase] = {
    "missing": phrase("not plugged in"),
    "silent": phrase("does not answer"),
    "no_permission": phrase("no permission"),
    "taken": phrase("used by another program"),
    "not_writable": phrase("cannot be written to"),
    "no_driver": phrase("its driver is not installed"),
    "other_model": phrase("not the model in the config"),
}
_PAPER_LOW = phrase("paper is nearly out")


class LedgerJobs:
    """The ledger's print jobs as the spooler wants them.

    `ledger` is asked for each job, since training swaps it; a job is told of in the ledger that it came from. What
    `port` turns out to answer is kept there too, for the next start.
    """

    def __init__(
        self, ledger: Callable[[], Ledger], logo: Image | None = None, port: Port | None = None, url: str = ""
    ) -> None:
        """Print what waits, each slip under the logo. What was being sent when the till ended is unknown now."""
        self._ledger = ledger
        self._logo = logo
        self._of_job = ledger()
        self._habit = Habit(port, url) if port is not None else None
        for job in queues.open_prints(self._of_job):
            if job.state == "sending":
                self.unknown(job.id, _CUT_OFF)

    def next(self) -> Job | None:
        """The oldest slip that waits; one that is none does not stop those behind it."""
        self._of_job = self._ledger()
        if self._habit is not None:
            self._habit.learn(self._of_job)
        while (job := queues.next_print(self._of_job)) is not None:
            try:
                return Job(job.id, under_logo(document_from_json(job.document), self._logo), job.is_copy)
            except DocumentError as fault:
                self.unknown(job.id, str(fault))
        return None

    def sending(self, job_id: int) -> None:
        """The first byte is about to leave."""
        queues.set_print_state(self._of_job, job_id, "sending")

    def done(self, job_id: int) -> None:
        """It is on paper."""
        queues.set_print_state(self._of_job, job_id, "done")

    def unknown(self, job_id: int, why: str) -> None:
        """A person must look."""
        queues.set_print_state(self._of_job, job_id, "unknown", why)

    def failed(self, job_id: int, why: str) -> None:
        """Nothing left; it waits on."""
        queues.set_print_state(self._of_job, job_id, "queued", why)


class Habit:
    """Whether the printer at an address tells how it is, as it was seen at earlier starts of this till."""

    def __init__(self, port: Port, url: str) -> None:
        self._port, self._url = port, url
        self._kept: bool | None = None

    def learn(self, ledger: Ledger) -> None:
        """Take over what is known, and keep what is new: an answer, or a person's word that a mute one prints."""
        port = self._port
        if port.answers is None:
            known = {f"{self._url} yes": True, f"{self._url} no": False}.get(ledger.fact(_HABIT) or "")
            port.answers = False if known is None and ledger.fact(queues.SEEN) == UNHEARD else known
            self._kept = known
        if port.answers is not None and port.answers != self._kept:
            with ledger.atomic():
                ledger.set_fact(_HABIT, f"{self._url} {'yes' if port.answers else 'no'}")
                ledger.set_fact(queues.SEEN, "")
            self._kept = port.answers


def under_logo(document: Document, logo: Image | None) -> Document:
    """The document with the shop's logo on top. It is put there when it is printed: the queue need not hold it."""
    return document if logo is None else Document((logo, *document.elements))


def printer_of(config: PrinterConfig) -> tuple[Port, Profile]:
    """Return the port and profile that a config names; raises PrinterError."""
    port = open_port(config.url)
    port.answers = _ANSWERS[config.answers]
    return port, profile_of(config)


def profile_of(config: PrinterConfig) -> Profile:
    """Return the profile that a config names, with what the owner knows better; raises BadProfile."""
    name = _WIDTHS[config.width_mm] if config.profile == "default" else config.profile
    settings: dict[str, object] = {"drawer": config.drawer}
    if config.columns:
        settings |= {"columns": config.columns, "width_dots": config.columns * _LETTER_DOTS}
    if config.pages:
        settings["pages"] = dict(page.split(":", 1) for page in config.pages)
    return load_profile(name, settings)


def logo_of(config: PrinterConfig, profile: Profile) -> Image | None:
    """Return the shop's logo, if it has one; raises BadLogo."""
    return load_logo(Path(config.logo), profile.width_dots) if config.logo else None


def start_printing(config: PrinterConfig, ledger: Callable[[], Ledger], told: Callable[[Outcome], None]) -> Spooler:
    """Start the worker; `told` is called in its thread. Raises PrinterError for an impossible printer."""
    port, profile = printer_of(config)
    jobs = LedgerJobs(ledger, logo_of(config, profile), port, config.url)
    spooler = Spooler(jobs, port, profile, told)
    spooler.start()
    return spooler


def outcome_in_words(outcome: Outcome) -> tuple[Phrase, bool]:
    """Say how the printer is, and whether somebody should look at it. Slips in doubt are the ledger's to tell."""
    if outcome.reason == "no_permission" and outcome.group:
        return phrase("no permission: join the group {group}", group=outcome.group), True
    if outcome.reason is not None:
        return _REASONS[outcome.reason], True
    if outcome.status is None:
        failed = outcome.result == "waiting"
        return (phrase("the slips waiting cannot be read") if failed else phrase("ready")), failed
    state = outcome.status.state
    if state == "ready" and outcome.status.paper_low:
        return _PAPER_LOW, True
    trouble = state not in ("ready", "unknown") or (state == "unknown" and outcome.result == "waiting")
    return _STATES[state], trouble
