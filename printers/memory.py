"""A printer in memory: keeps every job, answers as a printer does, and has the faults it is told to have."""

import errno
import threading
from dataclasses import dataclass, field

from printers.errors import PrinterUnreachable


@dataclass
class MemoryPort:
    """What was printed is in `jobs`; `opened` counts connections.

    `mute` answers nothing; `off` is not there; `breaks_after` counts bytes.
    """

    name: str = "memory"
    jobs: list[bytes] = field(default_factory=list)
    paper_out: bool = False
    paper_low: bool = False
    cover_open: bool = False
    offline: bool = False
    mute: bool = False
    off: bool = False
    breaks_after: int | None = None
    two_way: bool = True
    assumed_ready: bool = False
    answers: bool | None = None
    model: str = ""
    opened: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, within_s: float = 2.0) -> "MemoryLink":
        """Connect, unless it is switched off."""
        if self.off:
            raise PrinterUnreachable(f"{self.name} is switched off")
        self.opened += 1
        return MemoryLink(self)

    def answer(self, question: bytes) -> bytes:
        """What a printer in this state answers to DLE EOT n, GS r 1 or GS I 67."""
        if question == b"\x1dIC":
            return b"_" + self.model.encode() + b"\0" if self.model and not self.mute else b""
        stopped = self.paper_out or self.cover_open or self.offline
        answers = {
            b"\x10\x04\x01": 0x12 | 0x08 * stopped,
            b"\x10\x04\x02": 0x12 | 0x04 * self.cover_open | 0x20 * self.paper_out,
            b"\x10\x04\x04": 0x12 | 0x0C * (self.paper_low or self.paper_out) | 0x60 * self.paper_out,
        }
        if not stopped:
            answers[b"\x1dr\x01"] = 0x03 * self.paper_low
        return bytes([answers[question]]) if question in answers and not self.mute else b""


class MemoryLink:
    """One connection; its job is kept when it closes, whole or broken."""

    def __init__(self, port: MemoryPort) -> None:
        self._port = port
        self._job = bytearray()
        self._answers = b""

    def write(self, data: bytes) -> None:
        """Take a question, or a piece of a job."""
        if data.startswith(b"\x10\x04") or data in (b"\x1dr\x01", b"\x1dIC"):
            self._answers += self._port.answer(data)
            return
        room = self._port.breaks_after
        if room is None or len(self._job) + len(data) < room:
            self._job += data
            return
        taken = data[: room - len(self._job)]
        self._job += taken
        raise OSError(errno.EIO if taken else errno.ECONNRESET, "the line broke")

    def read(self, timeout_s: float) -> bytes:
        """The answers so far; nobody waits for memory."""
        answers, self._answers = self._answers, b""
        return answers

    def drain(self) -> None:
        """Nothing to wait for."""

    def close(self) -> None:
        """Keep the job."""
        if self._job:
            self._port.jobs.append(bytes(self._job))
            self._job.clear()
