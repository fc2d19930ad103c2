"""How much to write at once: slices that never hold the ledger for long, with room between for the till."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from terminal.ledger.ledger import Ledger
from terminal.ledger.loading import fold_log

_T = TypeVar("_T")

CALM_S = 0.025
"""The longest that a slice should hold the write lock while nobody sells, in seconds."""
GENTLE_S = 0.005
"""The same while somebody does."""

_SELLING_S = 5.0
_FIRST = 64
_LEAST = 8
_FOLD_EVERY = 200
_MOST = 2000


class Pace:
    """Cuts rows into slices by the time that the last one took. `alone` means that no till is open."""

    def __init__(
        self,
        *,
        alone: bool = False,
        steady: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.alone = alone
        self._steady, self._sleep = steady, sleep
        self._size = _FIRST
        self._unfolded = 0
        self._others: int | None = None
        self._sold_at = float("-inf")

    def slices(self, rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
        """Yield all rows, in slices."""
        start = 0
        while start < len(rows):
            size = len(rows) if self.alone else self._size
            yield rows[start : start + size]
            start += size

    def notice(self, others: int) -> None:
        """Notice, from a mark that changes when others write, whether somebody sells."""
        if self._others is not None and others != self._others:
            self._sold_at = self._steady()
        self._others = others

    @property
    def most(self) -> int:
        """How many rows may be written in one go now."""
        return _MOST if self.alone else self._size

    @contextmanager
    def slice(self, ledger: Ledger, count: int) -> Iterator[None]:
        """Write a slice of so many rows in one transaction, then leave the ledger free for as long.

        The next slice is measured by the work alone: how long the disk takes to sync does not depend on its size.
        """
        with ledger.atomic():
            begun = self._steady()
            yield
            worked = self._steady() - begun
        took = self._steady() - begun
        if self.alone:
            return
        self._unfolded += count
        if self._unfolded >= _FOLD_EVERY:
            fold_log(ledger)
            self._unfolded = 0
        selling = self._steady() - self._sold_at < _SELLING_S
        budget = GENTLE_S if selling else CALM_S
        if count:
            fit = int(count * budget / max(worked, 1e-6))
            self._size = max(_LEAST, min(_MOST, fit, self._size * 2))
        if selling:
            self._sleep(max(took, 2 * GENTLE_S))
