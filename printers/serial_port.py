"""A printer on a serial line or a USB serial adapter, through pyserial."""

import re
import threading
import time
from typing import Any

from printers.errors import PrinterUnreachable
from printers.refusal import why_not_opened

_USB_NUMBERS = re.compile("[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}")
_STALL_S = 2.0
_POLL_S = 0.02


class SerialPort:
    """A serial port by its name or its adapter's USB numbers, with its speed in baud and its flow control."""

    two_way = True
    assumed_ready = False

    def __init__(self, device: str, *, baud: int = 9600, rtscts: bool = False, xonxoff: bool = False) -> None:
        self.name = device
        self.answers: bool | None = None
        self.lock = threading.Lock()
        self._settings: dict[str, Any] = {"baudrate": baud, "rtscts": rtscts, "xonxoff": xonxoff}

    def open(self, within_s: float = 2.0) -> "SerialLink":
        """Open for us alone."""
        import serial

        device = _device(self.name)
        try:
            line = serial.Serial(device, write_timeout=_STALL_S, exclusive=True, **self._settings)
        except (OSError, ValueError) as fault:
            cause = fault if isinstance(fault, OSError) else OSError(str(fault))
            raise why_not_opened(device, cause) from fault
        return SerialLink(line)


def _device(named: str) -> str:
    """The port's path; an adapter named by its USB numbers is found again in any socket."""
    if not _USB_NUMBERS.fullmatch(named):
        return named
    from serial.tools import list_ports

    vendor, product = (int(part, 16) for part in named.split(":"))
    for port in list_ports.comports():
        if (port.vid, port.pid) == (vendor, product):
            return str(port.device)
    raise PrinterUnreachable(f"no serial adapter {named} is plugged in", "missing")


class SerialLink:
    """The open line."""

    def __init__(self, line: Any) -> None:
        self._line = line

    def write(self, data: bytes) -> None:
        """Send; the printer's flow control may hold it for 2 s."""
        with _as_os_error():
            self._line.write(data)

    def read(self, timeout_s: float) -> bytes:
        """What came."""
        with _as_os_error():
            self._line.timeout = timeout_s
            first: bytes = self._line.read(1)
            return first + self._line.read(self._line.in_waiting) if first else b""

    def drain(self) -> None:
        """Wait until the system's buffer is empty; a buffer that does not move for 2 s is a failure.

        Not `flush()`, which waits for ever for a printer that holds its flow control.
        """
        still, before = 0.0, -1
        while True:
            with _as_os_error():
                waiting = self._line.out_waiting
            if waiting == 0:
                return
            still = still + _POLL_S if waiting == before else 0.0
            before = waiting
            if still > _STALL_S:
                raise TimeoutError(f"{waiting} bytes were not taken")
            time.sleep(_POLL_S)

    def close(self) -> None:
        """Let go; what a dead line still holds is thrown away, for closing would wait for it."""
        import serial

        try:
            if self._line.out_waiting:
                self._line.reset_output_buffer()
            self._line.close()
        except (OSError, serial.SerialException, *_termios_errors()):
            return


class _as_os_error:  # noqa: N801 - reads as a word in a `with`
    """Termios has an error of its own, which is no OSError, for a line that is gone."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> None:
        if isinstance(fault, _termios_errors()):
            raise OSError(*fault.args) from fault


def _termios_errors() -> tuple[type[Exception], ...]:
    try:
        import termios
    except ImportError:
        return ()
    return (termios.error,)
