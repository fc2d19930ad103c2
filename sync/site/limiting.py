"""Rate limits of what could be guessed: so many tries a minute for each who tries, and in all."""

from collections.abc import Callable
from threading import Lock

_MINUTE_MS = 60_000
_MOST_KNOWN = 10_000


class Limit:
    """At most `each` tries a minute by one, and `overall` by everybody; counted per process, by the minute."""

    def __init__(self, clock: Callable[[], int], each: int, overall: int) -> None:
        self._clock = clock
        self._each = each
        self._overall = overall
        self._minute = -1
        self._all = 0
        self._tries: dict[str, int] = {}
        self._lock = Lock()

    def wait_s(self, who: str) -> int | None:
        """Count a try; return None when it may be done, else how many seconds to wait."""
        with self._lock:
            now_ms = self._clock()
            if now_ms // _MINUTE_MS != self._minute:
                self._minute, self._all = now_ms // _MINUTE_MS, 0
                self._tries.clear()
            tries = self._tries.get(who, 0)
            if tries >= self._each or self._all >= self._overall or len(self._tries) >= _MOST_KNOWN:
                return 1 + (_MINUTE_MS - now_ms % _MINUTE_MS) // 1000
            self._tries[who] = tries + 1
            self._all += 1
            return None
