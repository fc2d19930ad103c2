"""The byte stream of a serial scanner, cut into the texts it read. Pure: fed with bytes and their time."""

_ENDS = b"\r\n\t\x03"
_START = 0x02
_MAX_BYTES = 1024

IDLE_S = 0.05
"""Silence, in seconds, that ends a text of a scanner which sends no end sign."""


class Framer:
    """Cuts at CR, LF, CRLF, TAB, STX and ETX, and at silence.

    What is over-long is cut short but still too long for a scan, so that it is refused as one piece.
    """

    def __init__(self, idle_s: float = IDLE_S) -> None:
        self._idle_s = idle_s
        self._pending = bytearray()
        self._last = 0.0

    def feed(self, data: bytes, time: float) -> list[str]:
        """The texts that are complete once `data` has come at `time` (seconds on any steady clock)."""
        texts = self.expire(time)
        for byte in data:
            if byte in _ENDS or byte == _START:
                texts += self._cut()
            elif len(self._pending) < _MAX_BYTES:
                self._pending.append(byte)
        self._last = time
        return texts

    def expire(self, now: float) -> list[str]:
        """The text that silence has ended, if one was pending."""
        return self._cut() if now - self._last >= self._idle_s else []

    def _cut(self) -> list[str]:
        if not self._pending:
            return []
        text = self._pending.decode("utf-8", "replace")
        self._pending.clear()
        return [text]
