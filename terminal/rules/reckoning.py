"""Reckoning: a bill while it is worked out, what is left of each line after every step, and the steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from terminal.rules.adjustment import Adjustment, Rule
from terminal.rules.bill import Bill
from terminal.rules.money import split
from terminal.rules.phrase import Phrase


class Part(NamedTuple):
    """What is taken off one line: minor units, and how many of its pieces cost nothing by that."""

    place: int
    minor: int
    free_pieces: int = 0


@dataclass(frozen=True, slots=True)
class PaidByPoints:
    """What points paid of each line: minor units, and whole pieces."""

    minor: Sequence[int]
    pieces: Sequence[int]


class Reckoning:
    """Minor units a line: `left` to pay, taken off `by_offers`, and `by_points`; free pieces likewise.

    No step takes more than is left of a line, nor more than is left of the bill (which lines below 0 make smaller).
    """

    def __init__(self, bill: Bill) -> None:
        self.bill = bill
        self.left = [line.total_minor for line in bill.lines]
        self.left_minor = sum(self.left)
        self.by_offers = [0] * len(self.left)
        self.by_points = [0] * len(self.left)
        self.free_by_offers = [0] * len(self.left)
        self.free_by_points = [0] * len(self.left)
        self.adjustments: list[Adjustment] = []

    def payable(self, places: Iterable[int]) -> int:
        """What is left of some lines, lines below 0 not counted."""
        return sum([left for left in map(self.left.__getitem__, places) if left > 0])

    def unfree(self, place: int) -> int:
        """Pieces of a line that no step has made free."""
        return self.bill.lines[place].pieces - self.free_by_offers[place] - self.free_by_points[place]

    def spread(self, minor: int, places: Iterable[int]) -> list[Part]:
        """Split a sum over lines in proportion to what is left of each, exactly."""
        left = self.left
        priced = [place for place in places if left[place] > 0]
        if len(priced) == 1:
            return [Part(priced[0], minor)] if minor else []
        shares = split(minor, [left[place] for place in priced])
        return [Part(place, share) for place, share in zip(priced, shares, strict=True) if share]

    def at_most(self, parts: list[Part], most_minor: int | None) -> list[Part]:
        """Cut parts down to a cap and to what is left of the bill, each in proportion."""
        whole = sum([part.minor for part in parts])
        most = self.left_minor if most_minor is None else min(most_minor, self.left_minor)
        if whole <= most:
            return parts
        shares = split(most, [part.minor for part in parts])
        return [Part(part.place, share) for part, share in zip(parts, shares, strict=True)]

    def paid_by_points(self, parts: Sequence[Part] = ()) -> "PaidByPoints":
        """What points have paid, and would have paid with these parts too."""
        minor, pieces = self.by_points.copy(), self.free_by_points.copy()
        for part in parts:
            minor[part.place] += part.minor
            pieces[part.place] += part.free_pieces
        return PaidByPoints(minor, pieces)

    def take_off(
        self,
        rule: Rule,
        words: Phrase,
        parts: Sequence[Part],
        *,
        code: str = "",
        points: int = 0,
        by_points: bool = False,
    ) -> None:
        """Take parts off the bill, and keep the step; `points` (signed) are what it cost."""
        lines = [0] * len(self.left)
        off, free = (self.by_points, self.free_by_points) if by_points else (self.by_offers, self.free_by_offers)
        minor = 0
        for part in parts:
            lines[part.place] = part.minor
            off[part.place] += part.minor
            free[part.place] += part.free_pieces
            self.left[part.place] -= part.minor
            minor += part.minor
        self.left_minor -= minor
        assert self.left_minor >= 0, "a bill never goes below 0"
        self.adjustments.append(Adjustment(rule, words, minor, points, code, tuple(lines) if minor else ()))
