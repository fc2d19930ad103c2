"""Five hundred slips over a bad line: each comes out once, or the second time as a copy, by counting."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, get_args

import pytest

from printers.document import Cut, Document, Text
from printers.ports import open_port
from printers.profile import load_profile
from printers.spool import print_next
from tests.printers.emulator import needs_emulator, running_emulator
from tests.printers.faults import Fault, FaultProxy, Line
from tests.printers.stores import SqliteStore

if TYPE_CHECKING:
    from tests.printers.conftest import PrinterServer, Wire

SLIPS = 500
PROFILE = load_profile("80mm", {"pages": {46: "CP1251"}})
_FAULTS: list[Fault] = [fault for fault in get_args(Fault) if fault != "none"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a fortieth of what a till waits: on a busy machine that is one more fault, and changes nothing else."""
    monkeypatch.setattr("printers.status._ANSWER_S", 0.05)
    monkeypatch.setattr("printers.status._FINISH_S", 0.05)


def slip(number: int, *, copy: bool = False) -> Document:
    name = "COPY" if copy else "FIRST"
    return Document(
        (Text(f"slip {number} {name} begins"), Text("Їжак і ґава. " * 3), Text(f"{number} {name} ends"), Cut())
    )


class BadLine:
    """Every seventh connection has a fault, at some byte of it; the first is sound, as when it was set up."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._connections = 0

    def __call__(self) -> Line:
        self._connections += 1
        if self._connections == 1 or self._chance.random() > 0.15:
            return Line()
        return Line(self._chance.choice(_FAULTS), after=self._chance.choice((0, 3, 9, 12, 60, 150)))


def run(address_of: int, folder: Path, trouble: Callable[[int], None]) -> tuple[int, Counter[Fault]]:
    """Print all slips; a person who is asked always prints a copy. Returns the copies and the faults there were."""
    chance, store, copies, turns = Random(11), SqliteStore(folder / "queue.db"), 0, 0
    numbers = {store.add(slip(number)): number for number in range(SLIPS)}
    with FaultProxy(address_of, BadLine(chance), chance) as proxy:
        port = open_port(proxy.address)
        while (outcome := print_next(store, port, PROFILE)).result != "idle":
            turns += 1
            assert turns < 20 * SLIPS, "it never ends"
            trouble(turns)
            if outcome.result == "unknown":
                assert outcome.job_id is not None
                number = numbers[outcome.job_id]
                store.done(outcome.job_id)
                numbers[store.add(slip(number, copy=True), copy=True)] = number
                copies += 1
    store.close()
    return copies, Counter(proxy.seen)


def check(papers: list[str], copies: int, faults: Counter[Fault]) -> None:
    """Count what came out whole: every slip, no first one twice, and a second one only as a copy."""
    firsts = Counter(number for paper in papers for number in range(SLIPS) if f"\n{number} FIRST ends" in paper)
    copied = Counter(number for paper in papers for number in range(SLIPS) if f"\n{number} COPY ends" in paper)
    assert set(firsts) | set(copied) == set(range(SLIPS)), "a slip is lost"
    assert max(firsts.values()) == 1, "a slip came out twice and does not say so"
    assert sum(copied.values()) <= copies
    assert set(faults) == set(get_args(Fault))
    assert copies >= 10


@needs_emulator
def test_five_hundred_slips_on_the_emulator_each_once_or_marked_as_a_copy(tmp_path: Path) -> None:
    with running_emulator(tmp_path) as emulator:

        def trouble(turn: int) -> None:
            """Now and then paper, cover or line stop the printer too, for a few turns."""
            place = turn % 100
            if place in (10, 40, 70):
                emulator.call("PUT", f"/devices/front/faults/{STOPS[place]}")
            if place in (14, 44, 74):
                emulator.call("DELETE", f"/devices/front/faults/{STOPS[place - 4]}")

        copies, faults = run(emulator.port, tmp_path, trouble)
        for stop in STOPS.values():
            emulator.call("DELETE", f"/devices/front/faults/{stop}")
        papers = ["\n" + path.read_text(encoding="utf-8") for path in (tmp_path / "receipts").glob("*.txt")]
    check(papers, copies, faults)


STOPS = {10: "paper-out", 40: "cover-open", 70: "offline"}


def test_five_hundred_slips_on_a_printer_of_our_own(
    tmp_path: Path, wire: "Wire", printer_server: "Callable[[Wire], PrinterServer]"
) -> None:
    server = printer_server(wire)

    def trouble(turn: int) -> None:
        wire.paper_out, wire.cover_open = turn % 100 in range(10, 14), turn % 100 in range(40, 44)

    copies, faults = run(server.port, tmp_path, trouble)
    check(["\n" + job.decode("cp1251", "replace") for job in wire.jobs], copies, faults)
