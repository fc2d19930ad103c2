"""Slices are cut by the time that they take, and leave the ledger to the till in between."""

from itertools import pairwise
from pathlib import Path

import pytest

from sync.pace import CALM_S, GENTLE_S, Pace
from terminal.ledger import Ledger
from tests.shop import new_ledger


class Steady:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def steady() -> Steady:
    return Steady()


def write(pace: Pace, ledger: Ledger, steady: Steady, each_s: float) -> int:
    """Write a slice as large as may be, every row of which takes so long; return how many it had."""
    count = pace.most
    with pace.slice(ledger, count):
        steady.now_s += count * each_s
    return count


@pytest.mark.parametrize("each_s", [0.000_02, 0.000_1, 0.000_5])
def test_slices_come_to_take_as_long_as_they_may(tmp_path: Path, steady: Steady, each_s: float) -> None:
    with new_ledger(tmp_path / "till.db") as ledger:
        pace = Pace(steady=steady, sleep=steady.sleep)
        sizes = [write(pace, ledger, steady, each_s) for _ in range(8)]
        assert all(later <= 2 * before for before, later in pairwise(sizes))
        assert sizes[-1] == pytest.approx(CALM_S / each_s, rel=0.1)
        assert steady.slept == []


def test_while_somebody_sells_slices_are_short_and_the_ledger_is_left_free(tmp_path: Path, steady: Steady) -> None:
    with new_ledger(tmp_path / "till.db") as ledger:
        pace = Pace(steady=steady, sleep=steady.sleep)
        for _ in range(8):
            write(pace, ledger, steady, 0.000_1)
        with ledger.beside() as till, till.atomic():
            till.set_fact("sold", "1")
        write(pace, ledger, steady, 0.000_1)
        assert pace.most == pytest.approx(GENTLE_S / 0.000_1, rel=0.1)
        write(pace, ledger, steady, 0.000_1)
        assert len(steady.slept) == 2
        assert all(slept > GENTLE_S for slept in steady.slept)
        steady.now_s += 60
        write(pace, ledger, steady, 0.000_1)
        assert len(steady.slept) == 2, "nobody sells any more"


def test_alone_everything_goes_in_one_slice(tmp_path: Path, steady: Steady) -> None:
    with new_ledger(tmp_path / "till.db") as ledger:
        pace = Pace(alone=True, steady=steady, sleep=steady.sleep)
        rows = list(range(30_000))
        assert [len(some) for some in pace.slices(rows)] == [30_000]
        with pace.slice(ledger, 30_000):
            steady.now_s += 5.0
        assert [len(some) for some in pace.slices(rows)] == [30_000]
        assert steady.slept == []
