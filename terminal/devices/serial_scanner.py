"""A serial barcode scanner: a thread that reads its port, and finds it again after it was unplugged."""

import errno
import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from terminal.config import ScannerConfig
from terminal.devices.frames import IDLE_S, Framer
from terminal.devices.scan import Scan, read_scan

if sys.platform == "win32":
    _PORT_FAULTS: tuple[type[Exception], ...] = (OSError, ValueError)
else:
    import termios

    _PORT_FAULTS: tuple[type[Exception], ...] = (OSError, ValueError, termios.error)

_log = logging.getLogger(__name__)
_USB_NUMBERS = re.compile("[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}")

ScannerStatus: TypeAlias = Literal["connected", "missing", "no_permission", "busy", "failed"]


@dataclass(frozen=True, slots=True)
class ScannerState:
    """How the scanner stands.

    `port` is as the config names it; `detail` is the path it was found at, or the system's words of what is wrong;
    `group` is the one to join where permission is missing, "" where the system tells none.
    """

    status: ScannerStatus
    port: str
    detail: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A serial port of this machine; `usb_numbers` is "vid:pid" in hex, "" when it is not on USB."""

    path: str
    usb_numbers: str
    description: str


def serial_ports() -> list[SerialPort]:
    """The serial ports that are there now, by name."""
    from serial.tools import list_ports

    seen = [
        SerialPort(
            port.device,
            f"{port.vid:04x}:{port.pid:04x}" if port.vid is not None and port.pid is not None else "",
            port.description or "",
        )
        for port in list_ports.comports()
    ]
    return sorted(seen, key=lambda port: port.path)


def find_port(named: str, ports: Callable[[], Iterable[SerialPort]] = serial_ports) -> str | None:
    """The path of the port that the config names by path or by "vid:pid"; None when no such USB device is there."""
    if not _USB_NUMBERS.fullmatch(named):
        return named
    return next((port.path for port in ports() if port.usb_numbers == named.lower()), None)


def look_at_port(settings: ScannerConfig) -> ScannerState:
    """How the scanner's port stands, by opening it for a moment."""
    import serial

    path = find_port(settings.port)
    if path is None:
        return ScannerState("missing", settings.port, "")
    try:
        serial.Serial(path, settings.baud, timeout=IDLE_S, exclusive=True).close()
    except _PORT_FAULTS as error:
        status = _status(error)
        return ScannerState(status, settings.port, str(error), _group(path) if status == "no_permission" else "")
    return ScannerState("connected", settings.port, path)


class SerialScanner:
    """Reads scans on a thread of its own; both callbacks are called on that thread and must only post."""

    def __init__(
        self,
        settings: ScannerConfig,
        on_scan: Callable[[Scan], None],
        on_state: Callable[[ScannerState], None],
        *,
        ports: Callable[[], Iterable[SerialPort]] = serial_ports,
        clock: Callable[[], float] = time.monotonic,
        retry_s: float = 1.0,
    ) -> None:
        assert settings.port, "no serial scanner is configured"
        self._settings = settings
        self._on_scan = on_scan
        self._on_state = on_state
        self._ports = ports
        self._clock = clock
        self._retry_s = retry_s
        self._state: ScannerState | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="serial-scanner", daemon=True)

    def start(self) -> None:
        """Start reading; the first state is told as soon as it is known."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and close the port."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._read_until_lost()
            except _PORT_FAULTS as error:
                lost = self._state is not None and self._state.status == "connected"
                self._tell("missing" if lost else _status(error), str(error))
            except Exception as error:  # the worker's boundary: the scanner must come back
                _log.exception("scanner on %s", self._settings.port)
                self._tell("failed", type(error).__name__)
            self._stopping.wait(self._retry_s)

    def _read_until_lost(self) -> None:
        import serial

        path = find_port(self._settings.port, self._ports)
        if path is None:
            self._tell("missing", "")
            return
        framer = Framer()
        with serial.Serial(path, self._settings.baud, timeout=IDLE_S, exclusive=True) as port:
            self._tell("connected", path)
            while not self._stopping.is_set():
                data = port.read(port.in_waiting or 1)
                now = self._clock()
                for text in framer.feed(data, now) if data else framer.expire(now):
                    self._on_scan(read_scan(text, "serial"))

    def _tell(self, status: ScannerStatus, detail: str) -> None:
        path = find_port(self._settings.port, self._ports) if status == "no_permission" else None
        state = ScannerState(status, self._settings.port, detail, _group(path) if path else "")
        known = self._state
        self._state = state
        if known is None or known.status != status or (status == "connected" and known.detail != detail):
            self._on_state(state)


def _group(path: str) -> str:
    """The group that may use a port; "" where the system has no groups or does not tell."""
    try:
        import grp

        return grp.getgrgid(Path(path).stat().st_gid).gr_name
    except (ImportError, OSError, KeyError):
        return ""


def _status(error: Exception) -> ScannerStatus:
    """Why a port cannot be opened. Windows says it in the text alone, and "permission" when the port is taken."""
    text = str(error)
    if sys.platform == "win32":
        return "busy" if "PermissionError" in text else "missing" if "FileNotFoundError" in text else "failed"
    match getattr(error, "errno", None):
        case errno.EACCES | errno.EPERM:
            return "no_permission"
        case errno.EAGAIN | errno.EBUSY:
            return "busy"
        case errno.ENOENT | errno.ENXIO | errno.ENODEV | errno.EIO:
            return "missing"
        case _:
            return "failed"
