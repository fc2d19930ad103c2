"""The worker between a durable queue of jobs and one printer.

A job is marked as being sent, durably, before its first byte leaves. After that it is done when the printer took
it, back in the queue when nothing left, and otherwise unknown: a person is asked; it is never sent again by itself.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from printers.document import Document
from printers.errors import DocumentError, PortFault, PrinterInterrupted, PrinterUnreachable, Reason
from printers.escpos import encode
from printers.identity import other_model
from printers.ports import Port, opened
from printers.profile import Profile
from printers.status import Status, ask, deliver, printer_status

_log = logging.getLogger(__name__)
UNHEARD = "the printer has never answered: whether it prints must be seen"
"""Why a job is unknown that a printer took without a word, and nobody has said yet that it prints so."""
_LOOK_S = 0.9
"""How long an idle printer's address may take: with the pause before it, within the 2 s to tell a fault in."""


@dataclass(frozen=True, slots=True)
class Job:
    """A slip in the queue; `copy` says that it is one of a slip that may be on paper already."""

    id: int
    document: Document
    copy: bool = False


class JobStore(Protocol):
    """A durable queue. Each call has happened for good when it returns.

    A job that is found being sent when the program starts was cut off by a power loss: it is unknown, and `next`
    never offers it.
    """

    def next(self) -> Job | None:
        """The oldest job that waits, and stays where it is."""

    def sending(self, job_id: int) -> None:
        """The first byte is about to leave."""

    def done(self, job_id: int) -> None:
        """It is on paper, as far as this printer can tell."""

    def unknown(self, job_id: int, why: str) -> None:
        """Nobody can know whether it is on paper, or no printer can print it; a person decides."""

    def failed(self, job_id: int, why: str) -> None:
        """Nothing left; back into the queue, at its place."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one turn did: nothing to print; the printer cannot now; printed; or nobody knows.

    `status` is None where the printer was not asked. `why` is for the log and for a person, in English; `reason`
    says why the port cannot be used, and `group` which one to join where permission is missing.
    """

    result: Literal["idle", "waiting", "done", "unknown"]
    status: Status | None = None
    job_id: int | None = None
    why: str = ""
    reason: Reason | None = None
    group: str = ""


def print_next(store: JobStore, port: Port, profile: Profile) -> Outcome:
    """Print the oldest waiting job, if there is one and the printer can."""
    job = store.next()
    if job is None:
        return Outcome("idle")
    try:
        data = encode(job.document, profile)
    except DocumentError as fault:
        store.unknown(job.id, str(fault))
        return Outcome("unknown", None, job.id, str(fault))
    try:
        return _print(job, data, store, port)
    except PortFault as fault:
        return Outcome("waiting", Status("offline"), job.id, str(fault), fault.reason, fault.group)


def _print(job: Job, data: bytes, store: JobStore, port: Port) -> Outcome:
    with opened(port) as link:
        status = ask(port, link)
        if status.state not in ("ready", "unknown") or (status.state == "unknown" and port.answers):
            return Outcome("waiting", status, job.id, f"{port.name}: {status.state.replace('_', ' ')}")
        store.sending(job.id)
        try:
            deliver(port, link, data, confirm=port.two_way and status.state == "ready")
        except PrinterInterrupted as fault:
            store.unknown(job.id, str(fault))
            return Outcome("unknown", status, job.id, str(fault))
        except PrinterUnreachable as fault:
            store.failed(job.id, str(fault))
            raise
    if port.two_way and port.answers is None:
        store.unknown(job.id, UNHEARD)
        return Outcome("unknown", status, job.id, UNHEARD)
    store.done(job.id)
    return Outcome("done", status, job.id)


class Spooler:
    """A thread that prints what is queued, retries what waits, and tells what changed."""

    def __init__(
        self,
        store: JobStore,
        port: Port,
        profile: Profile,
        on_change: Callable[[Outcome], None],
        *,
        retry_s: float = 1.0,
        watch_s: float = 1.0,
        mute_watch_s: float = 10.0,
        rest_after_s: float = 300.0,
        wait: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Print from `store` through `port`; `on_change` is called in the spooler's thread.

        A waiting job is tried every `retry_s`, an idle printer asked every `watch_s`. One that gives no answer is
        asked every `mute_watch_s`, and so is any once nobody called `wake` for `rest_after_s`. `wait` takes seconds
        and stands for the wait between two turns, which `wake` ends early.
        """
        self._store, self._port, self._profile, self._on_change = store, port, profile, on_change
        self._retry_s, self._watch_s, self._mute_watch_s = retry_s, watch_s, mute_watch_s
        self._rest_after_s, self._clock, self._woken_at = rest_after_s, clock, clock()
        self._model_is_known = profile.tried
        self._model_was_asked = False
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._wait = wait or self._woken.wait
        self._told: Outcome | None = None
        self._thread = threading.Thread(target=self._run, name="spooler", daemon=True)

    def start(self) -> None:
        """Begin; once."""
        self._thread.start()

    def wake(self) -> None:
        """There is a new job, or somebody at the till: look at the printer now."""
        self._woken_at = self._clock()
        self._woken.set()

    def stop(self, timeout_s: float = 20.0) -> bool:
        """Finish the job that is being sent, and end; False when that takes longer than `timeout_s`."""
        self._stopped.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._woken.clear()
            outcome = self._turn()
            self._tell(outcome)
            if not self._stopped.is_set() and (pause_s := self._pause_s(outcome)):
                self._wait(pause_s)

    def _pause_s(self, outcome: Outcome) -> float:
        """None while the queue moves; a printer that broke off and cannot be asked is not fed the next at once."""
        match outcome.result:
            case "waiting":
                return self._retry_s
            case "idle":
                mute = outcome.status is not None and outcome.status.state == "unknown"
                resting = self._clock() - self._woken_at >= self._rest_after_s
                return self._mute_watch_s if mute or resting else self._watch_s
            case "unknown" if outcome.status == Status("unknown"):
                return self._mute_watch_s
            case _:
                return 0.0

    def _turn(self) -> Outcome:
        try:
            asks = not self._model_is_known and (self._port.answers or not self._model_was_asked)
            if asks and (told := self._other_model()) is not None:
                return told
            outcome = print_next(self._store, self._port, self._profile)
            return self._watched() if outcome.result == "idle" else outcome
        except Exception as fault:  # the worker's boundary: the store's faults are not of this package
            _log.exception("the print queue failed")
            return Outcome("waiting", None, None, f"the print queue failed: {fault}")

    def _other_model(self) -> Outcome | None:
        """Refuse another model than the profile names; a printer that keeps its name to itself is fine."""
        try:
            found = other_model(self._port, self._profile)
        except PortFault:
            return None
        if found:
            why = f"{self._port.name} says that it is {found}; the config's profile is {self._profile.name}"
            return Outcome("waiting", None, None, why, "other_model")
        self._model_is_known = found is not None
        self._model_was_asked = True  # a mute printer is not kept waiting for it each time
        return None

    def _watched(self) -> Outcome:
        try:
            return Outcome("idle", printer_status(self._port, _LOOK_S))
        except PortFault as fault:
            return Outcome("idle", Status("offline"), None, str(fault), fault.reason, fault.group)

    def _tell(self, outcome: Outcome) -> None:
        if outcome.result in ("idle", "waiting") and outcome == self._told:
            return
        self._told = outcome
        self._on_change(outcome)
