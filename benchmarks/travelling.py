"""One change from till to site to another till, beside one round trip over the same loopback."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import requests

from benchmarks.changing import gift
from benchmarks.ledgers import customer_id_of
from benchmarks.report import Row
from benchmarks.site_stand import Joined, Site
from benchmarks.timing import Pair
from terminal.ledger.ledger import Ledger

_GOAL = 5.0
_GOAL_P99_MS = 1000.0
_CUSTOMERS = 500
_WARM_UP = 10
_PAUSE_S = 0.03
_LOOK_EVERY_S = 0.0005
_GIVEN_UP_S = 60.0


def travelling_row(folder: Path, changes: int) -> Row:
    """Book changes one by one at a till and wait for each at another; both keep in step by themselves."""
    pair, chance, http = Pair(), Random(8), requests.Session()
    with Site(folder, _CUSTOMERS) as site:
        here, there = site.join("here"), site.join("there")
        health = f"{site.url}/v1/health"
        with _in_step(here), _in_step(there), here.link() as link, there.link() as other:
            for place in range(changes + _WARM_UP):
                if place == _WARM_UP:
                    pair = Pair()
                customer_id = customer_id_of(chance.randrange(_CUSTOMERS))
                before = _points(other.ledger, customer_id)
                with link.ledger.atomic():
                    booked = link.ledger.append(gift(link.now_ms(), customer_id, chance))
                expected = before + booked.points
                pair.ours.call(lambda: _wait(other.ledger, customer_id, expected))  # noqa: B023
                pair.baseline.call(lambda: http.get(health, timeout=_GIVEN_UP_S).raise_for_status())
                time.sleep(_PAUSE_S)
        http.close()
    return Row.compared(
        "a change: till → site → other till",
        pair.ours,
        pair.baseline,
        goal_ratio=_GOAL,
        goal_p99=_GOAL_P99_MS,
    )


@contextmanager
def _in_step(joined: Joined) -> Iterator[None]:
    """Run the sync beside a till, as the till does."""
    command = [sys.executable, "-m", "sync", "run", "--child", "--config", str(joined.config_path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        yield
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(_GIVEN_UP_S)


def _points(ledger: Ledger, customer_id: str) -> int:
    found = ledger.row("SELECT points FROM customer WHERE id = ?", (customer_id,))
    assert found is not None
    return int(found[0])


def _wait(ledger: Ledger, customer_id: str, points: int) -> None:
    """Look until a customer has so many points."""
    until = time.monotonic() + _GIVEN_UP_S
    while _points(ledger, customer_id) != points:
        assert time.monotonic() < until, "the change never came"
        time.sleep(_LOOK_EVERY_S)
