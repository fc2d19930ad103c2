"""A printer on the network: raw TCP, 2 s for everything, one connection for one job."""

import array
import socket
import sys
import threading
import time
from typing import Any

from printers.library import capabilities
from printers.refusal import why_not_opened

_TIMEOUT_S = 2.0
_POLL_S = 0.01
_SIOCOUTQ = 0x5411


class NetworkPort:
    """A printer at a host and port."""

    two_way = True
    assumed_ready = False

    def __init__(self, host: str, port: int = 9100) -> None:
        self.name = f"{host}:{port}"
        self.answers: bool | None = None
        self.lock = threading.Lock()
        self._host = host
        self._port = port

    def open(self, within_s: float = 2.0) -> "NetworkLink":
        """Connect; a name may take longer, until the system has looked it up."""
        capabilities()
        from escpos.printer import Network

        printer = Network(self._host, self._port, timeout=_TIMEOUT_S)
        try:  # not `printer.open()`: it knows IPv4 only, and leaves the socket of a failed attempt open
            printer.device = socket.create_connection((self._host, self._port), within_s)
            # A slip is a few short writes and questions: none is to wait until the one before is acknowledged.
            printer.device.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as fault:
            raise why_not_opened(self.name, fault) from fault
        return NetworkLink(printer)


class NetworkLink:
    """One connection."""

    def __init__(self, printer: Any) -> None:
        self._printer = printer
        self._socket = printer.device

    def write(self, data: bytes) -> None:
        """Send."""
        self._socket.settimeout(_TIMEOUT_S)
        self._printer._raw(data)

    def read(self, timeout_s: float) -> bytes:
        """What came; a connection closed from the other side is a failure."""
        self._socket.settimeout(timeout_s)
        try:
            data: bytes = self._printer._read()
        except TimeoutError:
            return b""
        if not data:
            raise ConnectionAbortedError("the printer closed the connection")
        return data

    def drain(self) -> None:
        """Wait until the printer's side has acknowledged every byte, where the system can tell (Linux)."""
        if not sys.platform.startswith("linux"):
            return
        import fcntl

        pending = array.array("i", [0])
        for _ in range(int(_TIMEOUT_S / _POLL_S)):
            if code := self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(code, "the connection broke")
            fcntl.ioctl(self._socket.fileno(), _SIOCOUTQ, pending)
            if pending[0] == 0:
                return
            time.sleep(_POLL_S)
        raise TimeoutError(f"{pending[0]} bytes were not taken")

    def close(self) -> None:
        """Hang up."""
        self._printer.close()
