"""A keyboard-wedge scanner told from typing by its speed and its end key. Pure: fed with keys and their times.

The first key of a scan looks like any other, so every key is held for some 40 ms: then it is typing and is
released, or it has become part of a scan and no text box ever sees it.
"""

from dataclasses import dataclass
from typing import TypeAlias

from terminal.devices.layouts import as_latin
from terminal.devices.scan import MAX_LENGTH, Scan, read_scan

END_KEYS = "\r\n\t"
"""The keys that end a scan: Enter and Tab."""

_HOLD_SLACK_S = 0.005
_MIN_LENGTH = 5
_UNENDED_LENGTH = 8
_UNENDED_S = 0.1
_TAIL_S = 0.1


@dataclass(frozen=True, slots=True)
class Typed:
    """A key that a person typed: let it do what it does."""

    key: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan. The last `leaked` keys before it were released too early and are to be taken back."""

    scan: Scan
    leaked: int


@dataclass(frozen=True, slots=True)
class Held:
    """A key whose nature is not known yet: call `expire` at `until`, in the seconds of the key's own time."""

    until: float


WedgeEvent: TypeAlias = Typed | Scanned | Held


class Wedge:
    """Keys in, typing and scans out. `gap_s` is the longest time between two keys of a scan."""

    def __init__(self, gap_s: float = 0.035) -> None:
        self._gap_s = gap_s
        self._burst = ""
        self._released = 0
        self._last = 0.0
        self._swallow_until = float("-inf")

    def feed(self, char: str, time: float) -> list[WedgeEvent]:
        """One key, as the character it types, pressed at `time` (the event's own, not when it was handled)."""
        assert len(char) == 1
        if self._burst and time - self._last <= self._gap_s:
            return self._end(char, time) if char in END_KEYS else self._hold(char, time)
        events = self._close()
        if char not in END_KEYS:
            return events + self._hold(char, time)
        if any(isinstance(event, Scanned) for event in events) or time <= self._swallow_until:
            return events  # the end key of a scan that came late, or its LF after CR
        return [*events, Typed(char)]

    def expire(self, now: float) -> list[WedgeEvent]:
        """What silence until `now` has decided: release what was typed, or end a scan that has no end key."""
        if self._released == len(self._burst) or now < self._until():
            return []
        if self._unended():
            return self._close()
        # The burst is remembered: if the handler was late and more of it comes, the scan is whole, with a leak.
        events = self._typed()
        self._released = len(self._burst)
        return events

    def flush(self) -> list[WedgeEvent]:
        """Decide at once, because something that is no character happened: an arrow, a click."""
        return self._close()

    def _until(self) -> float:
        return self._last + (_UNENDED_S if self._unended() else self._gap_s + _HOLD_SLACK_S)

    def _unended(self) -> bool:
        # One key again and again is a key held down.
        return len(self._burst) >= _UNENDED_LENGTH and len(set(self._burst)) > 1

    def _hold(self, char: str, time: float) -> list[WedgeEvent]:
        if len(self._burst) <= MAX_LENGTH + _MIN_LENGTH:
            self._burst += char
        self._last = time
        return [Held(self._until())]

    def _end(self, char: str, time: float) -> list[WedgeEvent]:
        if len(self._burst) >= _MIN_LENGTH:
            self._last = time
            return [self._scanned()]
        return [*self._close(), Typed(char)]

    def _close(self) -> list[WedgeEvent]:
        if self._unended():
            return [self._scanned()]
        events = self._typed()
        self._burst, self._released = "", 0
        return events

    def _typed(self) -> list[WedgeEvent]:
        return [Typed(key) for key in self._burst[self._released :]]

    def _scanned(self) -> Scanned:
        scanned = Scanned(read_scan(as_latin(self._burst), "wedge"), self._released)
        self._burst, self._released = "", 0
        self._swallow_until = self._last + _TAIL_S
        return scanned
