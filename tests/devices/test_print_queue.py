"""A till's print queue and its spooler: how often a printer is asked, what it is known to answer, what is kept."""

import threading
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from printers.errors import PrinterUnreachable
from printers.memory import MemoryLink, MemoryPort
from printers.profile import load_profile
from printers.spool import Spooler, print_next
from terminal.config import PrinterConfig
from terminal.ledger.ledger import Ledger
from terminal.printing import LedgerJobs, printer_of
from tests.devices.slips import SLIP, queue_slip, state_of
from tests.shop import new_ledger


@pytest.mark.parametrize(
    ("port", "waiting", "pause_s"),
    [
        (MemoryPort(), False, 1.0),
        (MemoryPort(paper_out=True), False, 1.0),
        (MemoryPort(paper_out=True), True, 1.0),
        (MemoryPort(off=True), True, 1.0),
        (MemoryPort(mute=True), False, 10.0),
        (MemoryPort(mute=True, answers=True), True, 1.0),
    ],
)
def test_a_printer_that_answers_is_asked_every_second_and_a_mute_one_is_left_in_peace(
    ledger: Ledger, port: MemoryPort, waiting: bool, pause_s: float
) -> None:
    if waiting:
        queue_slip(ledger)
    pauses: list[float] = []
    enough, over = threading.Event(), threading.Event()

    def wait(pause_s: float) -> None:
        pauses.append(pause_s)
        if len(pauses) == 3:
            enough.set()
            over.wait()

    spooler = Spooler(LedgerJobs(lambda: ledger), port, load_profile(), lambda _: None, wait=wait)
    spooler.start()
    assert enough.wait(60)
    over.set()
    assert spooler.stop()
    assert pauses[:3] == [pause_s] * 3


def test_a_till_that_nobody_uses_lets_its_printer_rest_until_somebody_does(ledger: Ledger) -> None:
    """Three pauses in use, one after five minutes without a touch, and one after the touch that ended them."""
    now, pauses = [0.0], []
    over = threading.Event()

    def wait(pause_s: float) -> None:
        pauses.append(pause_s)
        now[0] = (1.0, 299.9, 300.0, 300.0, 301.0)[min(len(pauses), 5) - 1]
        if len(pauses) == 4:
            spooler.wake()
        if len(pauses) == 6:
            over.set()
            threading.Event().wait(0.01)

    jobs = LedgerJobs(lambda: ledger)
    spooler = Spooler(jobs, MemoryPort(), load_profile(), lambda _: None, wait=wait, clock=lambda: now[0])
    spooler.start()
    assert over.wait(60)
    assert spooler.stop()
    assert pauses[:6] == [1.0, 1.0, 1.0, 10.0, 1.0, 1.0]


class SlowNetwork(MemoryPort):
    """An address that drops what it is sent: every connection takes as long as it may."""

    asked: ClassVar[list[float]] = []

    def open(self, within_s: float = 2.0) -> MemoryLink:
        self.asked.append(within_s)
        raise PrinterUnreachable("nothing comes back")


def test_an_address_that_drops_everything_is_told_within_two_seconds(ledger: Ledger) -> None:
    pauses: list[float] = []
    enough = threading.Event()

    def wait(pause_s: float) -> None:
        pauses.append(pause_s)
        if len(pauses) == 2:
            enough.set()

    port = SlowNetwork()
    spooler = Spooler(LedgerJobs(lambda: ledger), port, load_profile(), lambda _: None, wait=wait)
    spooler.start()
    assert enough.wait(60)
    assert spooler.stop()
    assert pauses[0] + port.asked[1] < 2.0
    queue_slip(ledger)
    print_next(LedgerJobs(lambda: ledger), port, load_profile())
    assert port.asked[-1] == 2.0, "a job is more patient"


def test_what_a_printer_answers_is_known_at_the_next_start(ledger: Ledger) -> None:
    jobs = LedgerJobs(lambda: ledger, None, port := MemoryPort(), "memory:")
    queue_slip(ledger)
    assert print_next(jobs, port, load_profile()).result == "done"
    assert print_next(jobs, port, load_profile()).result == "idle"
    again = MemoryPort(mute=True)
    job = queue_slip(ledger)
    outcome = print_next(LedgerJobs(lambda: ledger, None, again, "memory:"), again, load_profile())
    assert (outcome.result, state_of(ledger, job), again.jobs) == ("waiting", "queued", [])
    elsewhere = MemoryPort(mute=True)
    LedgerJobs(lambda: ledger, None, elsewhere, "tcp://192.168.1.51:9100").next()
    assert elsewhere.answers is None, "of another printer nothing is known"


@pytest.mark.parametrize(("told", "known"), [("yes", True), ("no", False), ("learn", None)])
def test_the_configs_word_on_a_printer(told: Literal["yes", "no", "learn"], known: bool | None) -> None:
    port, _ = printer_of(PrinterConfig("memory:", answers=told))
    assert port.answers is known


def test_a_slip_that_was_being_sent_when_the_till_ended_is_asked_about(ledger: Ledger) -> None:
    job = queue_slip(ledger)
    LedgerJobs(lambda: ledger).sending(job)
    assert LedgerJobs(lambda: ledger).next() is None
    assert state_of(ledger, job) == "unknown"


def test_a_slip_that_cannot_be_read_does_not_stop_those_behind_it(ledger: Ledger) -> None:
    broken, good = queue_slip(ledger, '{"elements":[{"element":"hologram"}]}'), queue_slip(ledger)
    found = LedgerJobs(lambda: ledger).next()
    assert found is not None
    assert (found.id, found.document) == (good, SLIP)
    assert state_of(ledger, broken) == "unknown"


def test_a_slip_is_told_of_in_the_ledger_that_it_came_from(ledger: Ledger, tmp_path: Path) -> None:
    training = new_ledger(tmp_path / "training.ledger")
    now = [ledger]
    jobs = LedgerJobs(lambda: now[0])
    job, other = queue_slip(ledger), queue_slip(training)
    assert jobs.next() is not None
    jobs.sending(job)
    now[0] = training
    jobs.done(job)
    assert (state_of(ledger, job), state_of(training, other)) == ("done", "queued")
    training.close()
