"""A keyboard-wedge scanner told from typing by its speed and its end key. Pure: fed with keys and their times.

The first key of a scan looks like any other, so every key is held for some 40 ms: then it is typing and is
released, or it has become part of a scan and no text box ever sees it. On a busy machine keys come late: five
keys at a scanner's speed are the beginning of a scan, which a stall of up to a quarter of a second does not end.
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
_KEPT_LENGTH = MAX_LENGTH + _MIN_LENGTH
_STALL_S = 0.25
_TAIL_S = 0.1


@dataclass(frozen=True, slots=True)
class Typed:
    """The first of the keys that are held was typed by a person: let it do what it does."""

    key: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan. It took the first `held` of the keys that are held; `leaked` before them were released too early."""

    scan: Scan
    held: int
    leaked: int


@dataclass(frozen=True, slots=True)
class Held:
    """A key whose nature is not known yet: call `expire` at `until`, in the seconds of the key's own time."""

    until: float


WedgeEvent: TypeAlias = Typed | Scanned | Held


class Wedge:
    """Keys in, typing and scans out. `gap_s` is the longest time between two keys of a scan without a stall."""

    def __init__(self, gap_s: float = 0.035) -> None:
        self._gap_s = gap_s
        self._burst = ""
        self._released = 0
        self._lone = False
        self._last = 0.0
        self._ended = float("-inf")

    def feed(self, char: str, time: float) -> list[WedgeEvent]:
        """One key, as the character it types, pressed at `time` (the event's own, not when it was handled)."""
        assert len(char) == 1
        pause_s = time - self._last
        if self._burst and pause_s <= self._gap_s:
            return self._end(char, time) if char in END_KEYS else self._hold(char, time)
        if self._begun() and not self._lone and pause_s <= _STALL_S:
            return self._end(char, time) if char in END_KEYS else self._hold(char, time, lone=True)
        # Two keys in a row with time between them are a person's: the lone one before this was no rest of a scan.
        events = self.flush() if pause_s <= _STALL_S else self._close()
        if char not in END_KEYS:
            return events + self._hold(char, time)
        return events if self._is_tail(char, time, events) else [*events, Typed(char)]

    def expire(self, now: float) -> list[WedgeEvent]:
        """What silence until `now` has decided: release what was typed, or end a scan that has no end key."""
        if self._released == len(self._burst) or now < self._until():
            return []
        if self._unended():
            return self._close()
        # The burst is remembered: if the handler was late and more of it comes, the scan is whole, with a leak.
        events = self._typed()
        self._released, self._lone = len(self._burst), False
        return events

    def flush(self) -> list[WedgeEvent]:
        """Decide at once, because a person is at the keys: something came that is no character, or too slowly."""
        if not self._lone:
            return self._close()
        burst, lone = self._burst[:-1], self._burst[-1]
        self._burst = burst
        return [*self._close(), Typed(lone)]

    def _until(self) -> float:
        return self._last + (_STALL_S if self._begun() else self._gap_s) + _HOLD_SLACK_S

    def _begun(self) -> bool:
        # One key again and again is a key held down.
        return len(self._burst) >= _MIN_LENGTH and len(set(self._burst[:_KEPT_LENGTH])) > 1

    def _unended(self) -> bool:
        return len(self._burst) >= _UNENDED_LENGTH and self._begun()

    def _hold(self, char: str, time: float, *, lone: bool = False) -> list[WedgeEvent]:
        self._burst += char
        self._last, self._lone = time, lone
        return [Held(self._until())]

    def _end(self, char: str, time: float) -> list[WedgeEvent]:
        if len(self._burst) >= _MIN_LENGTH:
            self._last = time
            return [self._scanned(end_keys=1)]
        return [*self._close(), Typed(char)]

    def _is_tail(self, char: str, time: float, events: list[WedgeEvent]) -> bool:
        """Tell whether an end key belongs to a scan that is over: it came late, or is the LF after a CR."""
        if events:
            return isinstance(events[-1], Scanned)
        return time - self._ended <= (_STALL_S if char == "\n" else _TAIL_S)

    def _close(self) -> list[WedgeEvent]:
        events: list[WedgeEvent] = [self._scanned()] if self._unended() else self._typed()
        self._forget()
        return events

    def _typed(self) -> list[WedgeEvent]:
        return [Typed(key) for key in self._burst[self._released :]]

    def _scanned(self, end_keys: int = 0) -> Scanned:
        scan = read_scan(as_latin(self._burst[:_KEPT_LENGTH]), "wedge")
        scanned = Scanned(scan, len(self._burst) - self._released + end_keys, self._released)
        self._ended = self._last
        self._forget()
        return scanned

    def _forget(self) -> None:
        self._burst, self._released, self._lone = "", 0, False
