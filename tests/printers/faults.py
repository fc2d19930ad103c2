"""A proxy between the till and a printer that has a line's faults: on TCP, and on a serial line."""

import contextlib
import os
import pty
import select
import socket
import threading
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal

Fault = Literal["none", "mute", "slow", "reset", "half_open", "garbage", "refused"]

_RESET = b"\x01\x00\x00\x00\x00\x00\x00\x00"
_GARBAGE_BYTES = 3


@dataclass
class Line:
    """One connection's fault: it begins once `after` bytes of the till's have gone through."""

    fault: Fault = "none"
    after: int = 0
    delay_s: float = 0.02


@dataclass
class FaultProxy:
    """A TCP proxy in front of a printer; `choose` says what is wrong with each new connection.

    *mute*: the printer's answers do not come back. *slow*: every answer is late. *reset*: the connection is cut off
    in the middle of a job. *half_open*: nothing goes through any more, and nobody is told. *garbage*: answers come
    back as other bytes. *refused*: the connection is closed at once.
    """

    upstream: int
    choose: Callable[[], Line]
    chance: Random
    seen: list[Fault] = field(default_factory=list)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "FaultProxy":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, name="fault-proxy")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        self._listener.close()

    @property
    def address(self) -> str:
        """Where the till prints."""
        return f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        while not self._stopped.is_set():
            if not select.select([self._listener], [], [], 0.02)[0]:
                continue
            till, _ = self._listener.accept()
            line = self.choose()
            self.seen.append(line.fault)
            with till:
                if line.fault == "refused":
                    continue
                with (
                    socket.create_connection(("127.0.0.1", self.upstream), 5) as printer,
                    contextlib.suppress(OSError),
                ):
                    self._carry(till, printer, line)

    def _carry(self, till: socket.socket, printer: socket.socket, line: Line) -> None:
        passed = 0
        printer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        till.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while not self._stopped.is_set():
            _acknowledge_at_once(till)
            ready = select.select([till, printer], [], [], 0.02)[0]
            begun = passed >= line.after
            if till in ready:
                data = till.recv(4096)
                if not data:
                    return
                if line.fault in ("reset", "half_open") and passed + len(data) > line.after:
                    printer.sendall(data[: line.after - passed])
                    self._break(till, line)
                    return
                printer.sendall(data)
                passed += len(data)
            if printer in ready:
                answer = printer.recv(4096)
                if not answer:
                    return
                self._answer(till, answer, line if begun else Line())

    def _answer(self, till: socket.socket, answer: bytes, line: Line) -> None:
        match line.fault:
            case "mute":
                return
            case "slow":
                time.sleep(line.delay_s)
            case "garbage":
                answer = self.chance.randbytes(_GARBAGE_BYTES)
        till.sendall(answer)

    def _break(self, till: socket.socket, line: Line) -> None:
        """Cut off with a reset, or keep the till waiting until it gives up."""
        if line.fault == "reset":
            till.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            return
        till.settimeout(0.02)
        while not self._stopped.is_set():
            with contextlib.suppress(TimeoutError):
                if not till.recv(4096):
                    return


def _acknowledge_at_once(connection: socket.socket) -> None:
    """Hundreds of slips are not to wait 40 ms each for a late acknowledgement, where the system lets us say so."""
    if hasattr(socket, "TCP_QUICKACK"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


class SerialProxy:
    """A serial line in front of another one; its plug is pulled once `after` bytes have gone to the printer."""

    def __init__(self, printer: str, after: int | None = None) -> None:
        self._printer_path = printer
        self.after = after

    def __enter__(self) -> "SerialProxy":
        self._till, slave = pty.openpty()
        tty.setraw(slave)
        self.device = os.ttyname(slave)
        os.close(slave)
        self._printer = os.open(self._printer_path, os.O_RDWR | os.O_NOCTTY)
        self.pulled = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._carry, name="serial-proxy")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        if not self.pulled.is_set():
            os.close(self._till)
        os.close(self._printer)

    def _carry(self) -> None:
        passed = 0
        while not self._stopped.is_set():
            ready = select.select([self._till, self._printer], [], [], 0.02)[0]
            if self._printer in ready:
                os.write(self._till, os.read(self._printer, 4096))
            if self._till not in ready:
                continue
            try:
                data = os.read(self._till, 4096)
            except OSError:  # nobody has the till's end open
                time.sleep(0.01)
                continue
            room = len(data) if self.after is None else max(self.after - passed, 0)
            os.write(self._printer, data[:room])
            passed += len(data[:room])
            if len(data) > room:
                os.close(self._till)
                self.pulled.set()
                return
