"""Printers to print on: a wire's other end that behaves as printers do, on TCP and on a pty."""

import os
import pty
import re
import select
import socket
import threading
import tty
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest

from printers.memory import MemoryPort

Fault = Literal["none", "mute", "reset", "stall", "garbage", "silent_end"]

_QUESTION = re.compile(rb"\x10\x04[\x01-\x04]|\x1dr\x01|\x1dIC")


@dataclass
class Wire:
    """What a printer makes of the bytes that arrive, one connection at a time."""

    fault: Fault = "none"
    paper_out: bool = False
    cover_open: bool = False
    reset_after: int = 40
    jobs: list[bytes] = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, data: bytes, job: bytearray) -> bytes:
        """Keep what is part of a job; the answers to what is a question."""
        questions = _QUESTION.findall(data)
        with self.lock:
            job += _QUESTION.sub(b"", data)
        return b"".join(map(self._answer, questions))

    def keep(self, job: bytearray) -> None:
        """The connection is over."""
        with self.lock:
            if job:
                self.jobs.append(bytes(job))
                job.clear()

    def _answer(self, question: bytes) -> bytes:
        if self.fault in ("mute", "stall") or (self.fault == "silent_end" and question == b"\x1dr\x01"):
            return b""
        if self.fault == "garbage":
            return b"\x00\xff\x11"
        printer = MemoryPort(paper_out=self.paper_out, cover_open=self.cover_open)
        return b"\x11" + printer.answer(question)


@dataclass
class PrinterServer:
    """A printer on 127.0.0.1."""

    wire: Wire
    port: int
    listener: socket.socket
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """Its address as `open_port` takes it."""
        return f"tcp://127.0.0.1:{self.port}"

    def serve(self) -> None:
        """Take one connection after another until stopped."""
        while not self.stopped.is_set():
            if select.select([self.listener], [], [], 0.02)[0]:
                connection, _ = self.listener.accept()
                with connection:
                    self.wire.connections += 1
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        job = bytearray()
        while not self.stopped.is_set():
            if self.wire.fault == "stall" or not select.select([connection], [], [], 0.02)[0]:
                if self.wire.fault == "stall" and self.stopped.wait(0.02):
                    break
                continue
            try:
                data = connection.recv(4096)
                connection.sendall(self.wire.take(data, job))
            except OSError:
                break
            if not data:
                break
            if self.wire.fault == "reset" and len(job) >= self.wire.reset_after:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                break
        self.wire.keep(job)


@pytest.fixture
def printer_server() -> Iterator[Callable[[Wire], PrinterServer]]:
    """Make printers on the network."""
    servers: list[tuple[PrinterServer, threading.Thread]] = []

    def make(wire: Wire) -> PrinterServer:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = PrinterServer(wire, listener.getsockname()[1], listener)
        thread = threading.Thread(target=server.serve)
        thread.start()
        servers.append((server, thread))
        return server

    yield make
    for server, thread in servers:
        server.stopped.set()
        thread.join()
        server.listener.close()


@dataclass
class PrinterLine:
    """A printer at the far end of a serial line."""

    wire: Wire
    device: str
    master: int
    slave: int
    unplugged: threading.Event = field(default_factory=threading.Event)
    job: bytearray = field(default_factory=bytearray)

    @property
    def address(self) -> str:
        """Its address as `open_port` takes it."""
        return f"serial:{self.device}?baud=115200"

    def serve(self) -> None:
        """Read and answer until unplugged."""
        while not self.unplugged.is_set():
            if select.select([self.master], [], [], 0.02)[0]:
                os.write(self.master, self.wire.take(os.read(self.master, 4096), self.job))


@pytest.fixture
def printer_line() -> Iterator[Callable[[Wire], PrinterLine]]:
    """Make printers on a serial line."""
    lines: list[tuple[PrinterLine, threading.Thread]] = []

    def make(wire: Wire) -> PrinterLine:
        master, slave = pty.openpty()
        tty.setraw(slave)
        line = PrinterLine(wire, os.ttyname(slave), master, slave)
        thread = threading.Thread(target=line.serve)
        thread.start()
        lines.append((line, thread))
        return line

    yield make
    for line, thread in lines:
        line.unplugged.set()
        thread.join()
        os.close(line.slave)
        os.close(line.master)


@pytest.fixture
def wire() -> Wire:
    """A printer's behaviour, to be changed while it runs."""
    return Wire()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were not run, and why: a silent `s` is easily taken for a pass."""
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} tests were not run: {reason.removeprefix('Skipped: ')}")
