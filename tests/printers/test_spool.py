"""The worker between queue and printer, over two stores and every fault: never lost, never silently twice."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from printers.document import Cut, Document, Image, Text
from printers.folder_store import FolderStore
from printers.memory import MemoryPort
from printers.ports import Port, open_port
from printers.profile import load_profile
from printers.spool import UNHEARD, Job, Outcome, Spooler, print_next
from printers.status import Status
from terminal.ledger import open_ledger
from tests.printers.stores import AskingStore, LedgerStore, SqliteStore
from tests.shop import KEY, new_ledger

if TYPE_CHECKING:
    from tests.printers.conftest import PrinterLine, PrinterServer, Wire

PROFILE = load_profile("58mm")


def slip(number: int, *, copy: bool = False) -> Document:
    return Document((Text(f"slip {number} {'COPY' if copy else 'FIRST'} end"), Cut()))


Opener = Callable[[], AskingStore]


@pytest.fixture(params=["folder", "sqlite", "ledger"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Open the same store again and again, as a restarted program does."""
    opened: list[SqliteStore | LedgerStore] = []

    def open_it() -> AskingStore:
        if request.param == "folder":
            return FolderStore(tmp_path / "queue")
        store: SqliteStore | LedgerStore
        if request.param == "sqlite":
            store = SqliteStore(tmp_path / "queue.db")
        else:
            path = tmp_path / "till.ledger"
            store = LedgerStore(open_ledger(path, KEY) if path.exists() else new_ledger(path, durable=True))
        opened.append(store)
        return store

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Opener) -> AskingStore:
    """A fresh store."""
    return open_store()


def text_of(jobs: list[bytes]) -> list[str]:
    return [job.split(b".", 1)[1].split(b"\n")[0].decode() for job in jobs if b"end" in job]


def test_an_empty_queue_leaves_the_printer_alone(store: AskingStore) -> None:
    assert print_next(store, MemoryPort(off=True), PROFILE) == Outcome("idle")


def test_jobs_are_printed_in_their_order(store: AskingStore) -> None:
    port = MemoryPort()
    numbers = [store.add(slip(number)) for number in range(3)]
    outcomes = [print_next(store, port, PROFILE) for _ in range(4)]
    assert [(outcome.result, outcome.job_id) for outcome in outcomes] == [
        *(("done", number) for number in numbers),
        ("idle", None),
    ]
    assert text_of(port.jobs) == ["slip 0 FIRST end", "slip 1 FIRST end", "slip 2 FIRST end"]


@pytest.mark.parametrize(
    ("fault", "state"),
    [("paper_out", "paper_out"), ("cover_open", "cover_open"), ("offline", "offline"), ("off", "offline")],
)
def test_a_stopped_printer_keeps_the_job_waiting(store: AskingStore, fault: str, state: str) -> None:
    port = MemoryPort()
    number = store.add(slip(1))
    setattr(port, fault, True)
    outcome = print_next(store, port, PROFILE)
    assert (outcome.result, outcome.job_id, outcome.status and outcome.status.state) == ("waiting", number, state)
    assert (port.jobs, store.doubtful()) == ([], [])
    setattr(port, fault, False)
    assert print_next(store, port, PROFILE).result == "done"
    assert len(port.jobs) == 1


def test_a_printer_that_is_known_to_be_mute_is_trusted_with_what_it_takes(store: AskingStore) -> None:
    port = MemoryPort(mute=True, answers=False)
    store.add(slip(1))
    outcome = print_next(store, port, PROFILE)
    assert (outcome.result, outcome.status) == ("done", Status("unknown"))


def test_a_slip_that_a_printer_took_without_a_word_is_asked_about_until_it_is_known_to_be_mute(
    store: AskingStore,
) -> None:
    port = MemoryPort(mute=True)
    number = store.add(slip(1))
    outcome = print_next(store, port, PROFILE)
    assert (outcome.result, outcome.why) == ("unknown", UNHEARD)
    assert store.doubtful() == [(number, UNHEARD)]
    assert len(port.jobs) == 1
    assert print_next(store, port, PROFILE) == Outcome("idle"), "it is never sent again by itself"


def test_a_spooler_of_the_system_is_trusted_with_what_it_takes(store: AskingStore) -> None:
    store.add(slip(1))
    assert print_next(store, MemoryPort(two_way=False), PROFILE).result == "done"


def test_a_printer_that_used_to_answer_and_is_silent_is_not(store: AskingStore) -> None:
    port = MemoryPort()
    store.add(slip(1))
    store.add(slip(2))
    assert print_next(store, port, PROFILE).result == "done"
    port.mute = True
    assert print_next(store, port, PROFILE).result == "waiting"
    port.mute = False
    assert print_next(store, port, PROFILE).result == "done"
    assert len(port.jobs) == 2


def test_a_line_that_breaks_in_a_job_leaves_it_to_a_person(store: AskingStore) -> None:
    port = MemoryPort(breaks_after=10)
    number = store.add(slip(1))
    outcome = print_next(store, port, PROFILE)
    assert (outcome.result, outcome.job_id) == ("unknown", number)
    assert [job_id for job_id, _ in store.doubtful()] == [number]
    port.breaks_after = None
    assert print_next(store, port, PROFILE) == Outcome("idle")


def test_a_line_that_breaks_before_the_first_byte_leaves_the_job_in_the_queue(store: AskingStore) -> None:
    port = MemoryPort(breaks_after=0)
    store.add(slip(1))
    assert print_next(store, port, PROFILE).result == "waiting"
    assert (port.jobs, store.doubtful()) == ([], [])
    port.breaks_after = None
    assert print_next(store, port, PROFILE).result == "done"


def test_a_job_that_no_printer_prints_does_not_stop_the_queue(store: AskingStore) -> None:
    port = MemoryPort()
    broken = store.add(Document((Image(b"\x89PNG\r\n\x1a\nxx"),)))
    store.add(slip(2))
    assert print_next(store, port, PROFILE).result == "unknown"
    assert print_next(store, port, PROFILE).result == "done"
    assert [job_id for job_id, _ in store.doubtful()] == [broken]


class PowerLoss(BaseException):
    """The plug is out."""


@pytest.mark.parametrize("moment", ["sending", "byte", "done"])
def test_power_lost_at_any_moment_neither_loses_nor_repeats(
    open_store: Opener, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, port = open_store(), MemoryPort()
    number = store.add(slip(1))
    with monkeypatch.context() as patch:
        cut_power_at(moment, store, patch)
        with pytest.raises(PowerLoss):
            print_next(store, port, PROFILE)
    again = open_store()
    outcome = print_next(again, port, PROFILE)
    if moment == "sending":
        assert (outcome.result, outcome.job_id) == ("done", number)
        assert len(port.jobs) == 1
    else:
        assert outcome.result == "idle"
        assert [job_id for job_id, _ in again.doubtful()] == [number]
        assert len(port.jobs) == (1 if moment == "done" else 0)


def cut_power_at(moment: str, store: AskingStore, patch: pytest.MonkeyPatch) -> None:
    def lost(*_: object, **__: object) -> None:
        raise PowerLoss

    if moment == "byte":
        patch.setattr("printers.spool.deliver", lost)
    else:
        patch.setattr(store, moment, lost)


def test_five_hundred_slips_under_faults_each_once_or_as_a_copy(tmp_path: Path) -> None:
    """A person who is asked always reprints; then every slip is on paper whole, and twice only as a copy."""
    chance, port, store = random.Random(7), MemoryPort(), SqliteStore(tmp_path / "queue.db")
    numbers = {store.add(slip(number)): number for number in range(500)}
    copies = 0
    for _ in range(20_000):
        trouble(port, chance)
        outcome = print_next(store, port, PROFILE)
        if outcome.result == "unknown":
            assert outcome.job_id is not None
            number = numbers[outcome.job_id]
            store.done(outcome.job_id)
            numbers[store.add(slip(number, copy=True), copy=True)] = number
            copies += 1
        if outcome.result == "idle":
            break
    store.close()
    printed = Counter(text_of(port.jobs))
    assert copies > 50
    assert {text.split()[1] for text in printed} == {str(number) for number in range(500)}
    assert all(printed[f"slip {number} FIRST end"] <= 1 for number in range(500))


def trouble(port: MemoryPort, chance: random.Random) -> None:
    port.paper_out, port.cover_open, port.off, port.mute = (chance.random() < 0.05 for _ in range(4))
    port.breaks_after = chance.choice((0, 1, 5, 20, 38)) if chance.random() < 0.2 else None


@pytest.mark.parametrize("fault", ["none", "reset"])
def test_over_the_network(
    store: AskingStore, fault: str, wire: "Wire", printer_server: "Callable[[Wire], PrinterServer]"
) -> None:
    wire.fault = fault  # type: ignore[assignment]
    wire.reset_after = 10
    port = open_port(printer_server(wire).address)
    store.add(slip(1))
    assert print_next(store, port, PROFILE).result == ("done" if fault == "none" else "unknown")
    assert len(store.doubtful()) == (0 if fault == "none" else 1)


def test_unplugged_serial_line(
    store: AskingStore, wire: "Wire", printer_line: "Callable[[Wire], PrinterLine]"
) -> None:
    line = printer_line(wire)
    port = open_port(line.address)
    store.add(slip(1))
    store.add(slip(2))
    assert print_next(store, port, PROFILE).result == "done"
    line.unplugged.set()
    assert print_next(store, port, PROFILE).result == "waiting"
    assert store.doubtful() == []


class Watcher:
    """Collects what the spooler tells, and waits for it."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self._changed = threading.Condition()

    def __call__(self, outcome: Outcome) -> None:
        with self._changed:
            self.outcomes.append(outcome)
            self._changed.notify_all()

    def until(self, result: str, state: str | None = None) -> Outcome:
        def seen() -> Outcome | None:
            found = [
                outcome
                for outcome in self.outcomes
                if outcome.result == result
                and (state is None or (outcome.status and outcome.status.state == state))
            ]
            return found[-1] if found else None

        with self._changed:
            assert self._changed.wait_for(lambda: seen() is not None, timeout=20), self.outcomes
            found = seen()
            assert found is not None
            return found

    def until_reason(self, reason: str) -> None:
        with self._changed:
            told = self._changed.wait_for(lambda: any(each.reason == reason for each in self.outcomes), timeout=20)
            assert told, self.outcomes


def test_the_spooler_tells_what_changes_and_prints_when_it_is_mended(tmp_path: Path) -> None:
    store, port, watcher = FolderStore(tmp_path), MemoryPort(paper_out=True), Watcher()
    spooler = Spooler(store, port, PROFILE, watcher, retry_s=0.01, watch_s=0.01)
    spooler.start()
    watcher.until("idle", "paper_out")
    number = store.add(slip(1))
    spooler.wake()
    assert watcher.until("waiting", "paper_out").job_id == number
    port.paper_out = False
    assert watcher.until("done").job_id == number
    watcher.until("idle", "ready")
    port.off = True
    assert "switched off" in watcher.until("idle", "offline").why
    assert spooler.stop()
    assert text_of(port.jobs) == ["slip 1 FIRST end"]
    assert not any(first == second for first, second in zip(watcher.outcomes, watcher.outcomes[1:], strict=False))


def test_a_new_job_wakes_a_waiting_spooler(tmp_path: Path) -> None:
    store, port, watcher = FolderStore(tmp_path), MemoryPort(), Watcher()
    spooler = Spooler(store, port, PROFILE, watcher, retry_s=1000, watch_s=1000)
    spooler.start()
    watcher.until("idle", "ready")
    store.add(slip(1))
    spooler.wake()
    watcher.until("done")
    assert spooler.stop()


@pytest.mark.parametrize(("model", "printed"), [("TM-T88V", 0), ("TM-T20II", 1), ("SRP-350", 1), ("", 1)])
def test_a_printer_that_is_switched_on_later_is_asked_for_its_model_before_the_first_slip(
    tmp_path: Path, model: str, printed: int
) -> None:
    store, watcher = FolderStore(tmp_path), Watcher()
    port = MemoryPort(off=True, model=model)
    store.add(slip(1))
    spooler = Spooler(store, port, load_profile("80mm"), watcher, retry_s=0.01, watch_s=0.01)
    spooler.start()
    watcher.until("waiting", "offline")
    port.off = False
    if printed:
        watcher.until("done")
    else:
        watcher.until_reason("other_model")
    assert spooler.stop()
    assert len(port.jobs) == printed


def test_a_mute_printer_is_asked_for_its_model_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Port] = []
    monkeypatch.setattr("printers.spool.other_model", lambda port, profile: asked.append(port))
    store, port, watcher = FolderStore(tmp_path), MemoryPort(mute=True, answers=False), Watcher()
    numbers = [store.add(slip(number)) for number in range(3)]
    spooler = Spooler(store, port, load_profile("80mm"), watcher, retry_s=0.01, watch_s=0.01, mute_watch_s=0.01)
    spooler.start()
    while watcher.until("done").job_id != numbers[-1]:
        pass
    assert spooler.stop()
    assert len(asked) == 1


def test_a_store_that_fails_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store, port, watcher = FolderStore(tmp_path), MemoryPort(), Watcher()
    store.add(slip(1))
    real, faults = store.sending, [OSError(28, "No space left on device")]

    def full_once(job_id: int) -> None:
        if faults:
            raise faults.pop()
        real(job_id)

    monkeypatch.setattr(store, "sending", full_once)
    spooler = Spooler(store, port, PROFILE, watcher, retry_s=0.01, watch_s=1000, mute_watch_s=1000)
    spooler.start()
    assert "No space left" in watcher.until("waiting").why
    watcher.until("done")
    assert spooler.stop()
    assert len(port.jobs) == 1
    assert "the print queue failed" in caplog.text


def test_a_broken_line_that_cannot_be_asked_is_not_fed_the_whole_queue(tmp_path: Path) -> None:
    store, port, watcher = FolderStore(tmp_path), MemoryPort(mute=True, answers=False, breaks_after=10), Watcher()
    first, second = store.add(slip(1)), store.add(slip(2))
    spooler = Spooler(store, port, PROFILE, watcher, retry_s=0.01, watch_s=1000, mute_watch_s=1000)
    spooler.start()
    assert watcher.until("unknown").job_id == first
    port.breaks_after = None
    spooler.wake()
    assert watcher.until("done").job_id == second
    assert spooler.stop()


def test_a_spooler_that_never_started_can_be_stopped(tmp_path: Path) -> None:
    assert Spooler(FolderStore(tmp_path), MemoryPort(), PROFILE, Watcher()).stop()


def test_the_folder_store_asks_a_person_and_does_what_is_said(tmp_path: Path) -> None:
    store, port = FolderStore(tmp_path), MemoryPort(breaks_after=10)
    first, second = store.add(slip(1)), store.add(slip(2))
    for _ in (first, second):
        print_next(store, port, PROFILE)
    assert [number for number, _ in store.doubtful()] == [first, second]
    store.again(first)
    store.drop(second)
    job = FolderStore(tmp_path).next()
    assert job == Job(first, slip(1), copy=True)
    store.done(first)
    assert store.add(slip(3)) == 3
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["000000003.json", "last"]
