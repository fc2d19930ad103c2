"""The till as a cashier meets it, in a pseudo-terminal: its start, a scan's answer, its memory.

Till and minimal app run in turn (A B A B), each in a process of its own.
"""

import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.minimal_app import PLACEHOLDER
from benchmarks.people import Invented, invented
from benchmarks.report import Row
from benchmarks.terminal_screen import TerminalScreen
from benchmarks.till_config import LANGUAGE, config_beside
from benchmarks.timing import Times
from terminal.locale.words import Words

_WORDS = Words(LANGUAGE, "UAH", ZoneInfo("Europe/Kyiv"))
_FITS = 15
_SALES = 20
_SETTLED_S = 0.4
_PACE_S = 0.12
_F5 = "\x1b[15~"
_REPOSITORY = Path(__file__).parent.parent


@dataclass
class Seen:
    """What was seen of one program in all its runs: times in ns, memory in bytes."""

    painted: list[int] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    scans: list[int] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    memory_after_sales: list[int] = field(default_factory=list)


def counter_rows(ledger: Path, folder: Path, rounds: int, scans: int, told: Callable[[str], None]) -> list[Row]:
    """Run both programs `rounds` times in turn, `scans` scans a run."""
    each = scans + _SALES + 1
    everybody = _unlike(each * rounds)
    config = _config(ledger, folder)
    till, minimal = Seen(), Seen()
    for place in range(rounds):
        told(f"the counter in a terminal, {place + 1} of {rounds}")
        # Others each time: of the fifth sale to one customer a day a manager is asked.
        people = everybody[place * each : (place + 1) * each]
        command = [sys.executable, "-m", "benchmarks.till_app", str(config)]
        _run(command, _WORDS.gettext("Card, phone, last 4 digits or name")[:12], people, till, sales=_SALES)
        pairs = [f"{one.card}={one.name}" for one in people]
        _run([sys.executable, "-m", "benchmarks.minimal_app", *pairs], PLACEHOLDER, people, minimal, sales=0)
    return _rows(till, minimal)


def _rows(till: Seen, minimal: Seen) -> list[Row]:
    return [
        Row.compared("scan → customer painted", Times(till.scans), Times(minimal.scans), goal_ratio=1.5),
        Row.compared("start → search box painted", Times(till.painted), Times(minimal.painted), goal_ratio=2.0),
        Row.compared("start → first scan answered", Times(till.answered), Times(minimal.answered), goal_ratio=2.0),
        Row.memory("memory of the till, started", till.memory, minimal.memory, goal_ratio=2.0),
        Row.memory(f"memory of the till, after {_SALES} sales", till.memory_after_sales, minimal.memory, 2.0),
    ]


def _unlike(count: int) -> list[Invented]:
    """Return customers of whom no two have the same name, so that none is found in what another left behind."""
    seen: dict[str, Invented] = {}
    for one in islice(invented(2000), 2000):
        if len(one.name) <= _FITS and "'" not in one.name:
            seen.setdefault(one.name, one)
    return list(seen.values())[:count]


def _config(ledger: Path, folder: Path) -> Path:
    """Write a till's config beside a copy of the ledger: what is sold here stays here."""
    return config_beside(shutil.copyfile(ledger, folder / "counter.ledger"))


def _run(command: list[str], box: str, people: list[Invented], seen: Seen, *, sales: int) -> None:
    first, *others = people
    with TerminalScreen(command, _REPOSITORY) as screen:
        seen.painted.append(screen.wait_for(box) - screen.began_ns)
        seen.answered.append(_scan(screen, first)[1] - screen.began_ns)
        screen.be_quiet(_SETTLED_S)
        seen.memory.append(screen.peak_memory())
        for one in others[: len(others) - _SALES]:
            began, painted = _scan(screen, one)
            seen.scans.append(painted - began)
            time.sleep(_PACE_S)  # a wedge's scan ends by a pause too
            screen.be_quiet(_PACE_S)
        for one in others[:sales]:
            _sell(screen, one)
        if sales:
            screen.be_quiet(_SETTLED_S)
            seen.memory_after_sales.append(screen.peak_memory())


def _scan(screen: TerminalScreen, one: Invented) -> tuple[int, int]:
    """Scan a card; return when it was sent and when the name was painted."""
    began = time.perf_counter_ns()
    screen.send(one.card + "\r")
    return began, screen.wait_for(one.name)


def _sell(screen: TerminalScreen, one: Invented) -> None:
    _scan(screen, one)
    screen.be_quiet(_PACE_S)
    screen.send("123,45")
    screen.be_quiet(_PACE_S)
    screen.send(_F5)
    screen.be_quiet(_PACE_S)
    screen.send("\r")
    screen.wait_for(_WORDS.gettext("Sale No. {number} is booked").split("{number}")[0])
    screen.be_quiet(_PACE_S)
