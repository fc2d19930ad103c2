"""Waiting longer after each failure, and never all tills in step."""

from random import Random

_FIRST_S = 0.5
_LONGEST_S = 60.0


class Backoff:
    """How long to wait after failures in a row: doubling up to a minute, any part of it by chance."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._failures = 0

    def failed(self, at_least_s: float = 0.0) -> float:
        """Count a failure and return the seconds to wait; `at_least_s` is what the site asks for."""
        longest = min(_LONGEST_S, _FIRST_S * (1 << min(self._failures, 10)))
        self._failures += 1
        return max(at_least_s, longest * (0.5 + self._chance.random() / 2))

    def worked(self) -> None:
        """Begin anew."""
        self._failures = 0
