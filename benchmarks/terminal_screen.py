"""A program in a pseudo-terminal of 80x24: what a cashier's keys send, and when what they wait for is painted."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

COLUMNS, ROWS = 80, 24
_PATIENCE_S = 60.0


class TerminalScreen(AbstractContextManager["TerminalScreen"]):
    """One program, begun when the block is entered and killed when it is left."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._command = command
        self._folder = folder
        self._shown = bytearray()
        self._process = -1
        self._screen = -1
        self.began_ns = 0

    def __enter__(self) -> Self:
        self.began_ns = time.perf_counter_ns()
        self._process, self._screen = pty.fork()
        if self._process == 0:
            self._run()
        fcntl.ioctl(self._screen, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        return self

    def _run(self) -> None:
        """Become the program; this is the child."""
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.chdir(self._folder)
            environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            for name in ("COLUMNS", "LINES"):
                environment.pop(name, None)
            os.execve(self._command[0], self._command, environment)
        finally:
            os._exit(127)

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._screen)

    def send(self, keys: str) -> None:
        """Press keys."""
        os.write(self._screen, keys.encode())

    def wait_for(self, text: str) -> int:
        """Return the time (ns of the performance counter) when `text` is painted; what came before is let go."""
        wanted, until = text.encode(), time.monotonic() + _PATIENCE_S
        while (place := self._shown.find(wanted)) < 0:
            ready, _, _ = select.select([self._screen], [], [], max(0.0, until - time.monotonic()))
            try:
                more = os.read(self._screen, 65536) if ready else b""
            except OSError:
                more = b""
            if not more:
                raise RuntimeError(f"{text!r} was not painted. Painted was: {_plain(self._shown)}")
            self._shown += more
        now = time.perf_counter_ns()
        del self._shown[: place + len(wanted)]
        return now

    def be_quiet(self, seconds: float) -> None:
        """Read and forget until nothing is painted for some seconds."""
        while select.select([self._screen], [], [], seconds)[0]:
            os.read(self._screen, 65536)
        self._shown.clear()

    def peak_memory(self) -> int:
        """Return the most memory the program has had so far, in bytes."""
        status = Path(f"/proc/{self._process}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024


def _plain(painted: bytearray) -> str:
    """Return the letters of what was painted."""
    letters = re.sub(r"\x1b\[[0-9;?<>$]*[A-Za-z]", "", painted.decode(errors="replace"))
    return " ".join(letters.split())[:1500]
