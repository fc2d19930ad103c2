"""How much to write at once: slices that never hold the ledger for long, with room between for the till."""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from terminal.ledger.ledger import Ledger
from terminal.ledger.loading import fold_log

_T = TypeVar("_T")

CALM_S = 0.010
"""How long writing a slice should take while nobody sells, in seconds, besides what the disk takes to sync."""
GENTLE_S = 0.002
"""The same while somebody does."""

_SELLING_S = 5.0
_FIRST = 64
_LEAST = 8
_MOST = 600
"""Rows that lie far apart dirty a page or two each: more could take too long, however fast the last ones were."""
_MOST_UNFOLDED = 2000
_SYNCS = 16
_FOLDED_PAGES = 600
"""A till whose commit finds more than 1,000 pages in the log folds them itself, while the cashier waits."""


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
        self._syncs: deque[float] = deque(maxlen=_SYNCS)
        self._unfolded, self._fold_every = 0, _FIRST
        self._others: int | None = None
        self._sold_at = float("-inf")

    def slices(self, rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
        """Yield all rows, in slices."""
        start = 0
        while start < len(rows):
            size = self.most
            yield rows[start : start + size]
            start += size

    @property
    def most(self) -> int:
        """How many rows may be written in one go now."""
        return sys.maxsize if self.alone else self._size

    @contextmanager
    def slice(self, ledger: Ledger, count: int) -> Iterator[None]:
        """Write a slice of so many rows in one transaction, then leave the ledger free for as long.

        The next slice is measured by what the last one took beyond the disk's own time to sync, which does not
        depend on the size: the shortest of the last commits.
        """
        with ledger.atomic():
            begun = self._steady()
            self._notice(ledger.others_wrote())
            yield
            written = self._steady()
        took = self._steady() - begun
        if self.alone:
            return
        self._syncs.append(begun + took - written)
        selling = self._steady() - self._sold_at < _SELLING_S
        if count:
            fit = int(count * (GENTLE_S if selling else CALM_S) / max(took - min(self._syncs), 1e-6))
            self._size = max(_LEAST, min(_MOST, fit, self._size * 3 // 2))
        self._fold(ledger, count)
        if selling:
            self._sleep(max(took, 3 * GENTLE_S))

    def _notice(self, others: int) -> None:
        """Notice, from a mark that changes when others write, whether somebody sells."""
        if self._others is not None and others != self._others:
            self._sold_at = self._steady()
        self._others = others

    def _fold(self, ledger: Ledger, count: int) -> None:
        """Fold the log before it is so long that the till would; how soon that is shows in what was folded."""
        self._unfolded += count
        if self._unfolded >= self._fold_every:
            pages = fold_log(ledger)
            self._fold_every = max(_FIRST, min(_MOST_UNFOLDED, self._unfolded * _FOLDED_PAGES // max(pages, 1)))
            self._unfolded = 0
