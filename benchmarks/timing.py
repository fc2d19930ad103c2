"""Times of many calls, and how two sides are measured beside each other."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

_T = TypeVar("_T")


def median(values: Iterable[int]) -> int:
    """Return the middle value."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


@dataclass
class Times:
    """Nanoseconds of each call by the wall's clock, and by the thread's own (0 where another process worked)."""

    wall: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)

    def call(self, work: Callable[[], _T]) -> _T:
        """Time one call, and return what it returned."""
        own, wall = time.thread_time_ns(), time.perf_counter_ns()
        answer = work()
        self.wall.append(time.perf_counter_ns() - wall)
        self.own.append(time.thread_time_ns() - own)
        return answer

    @property
    def median_ns(self) -> int:
        """The median by the wall's clock."""
        return median(self.wall)

    def p99_ns(self, values: list[int]) -> int:
        """The 99th percentile."""
        ordered = sorted(values)
        return ordered[len(ordered) * 99 // 100]


@dataclass
class Pair:
    """Ours and the baseline, call by call in turn, so that a slow moment of the machine meets both."""

    ours: Times = field(default_factory=Times)
    baseline: Times = field(default_factory=Times)

    def run(self, baseline: Callable[[], object], ours: Callable[[], object]) -> None:
        """Time one call of each."""
        self.baseline.call(baseline)
        self.ours.call(ours)
