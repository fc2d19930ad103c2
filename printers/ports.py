"""Where the bytes go: what a port is, and the port that an address names.

An address is one of
    tcp://192.168.1.50:9100
    serial:/dev/ttyUSB0?baud=9600&rtscts=1&xonxoff=0    (or serial:COM3, or an adapter by serial:067b:2303)
    file:/dev/usb/lp0, file:/a/file (appended to), file:/a/folder/ (one file a job)
    usb:04b8:0202?in=82&out=01
    cups:NAME, windows:NAME, memory:
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from printers.errors import BadPort

OPEN_S = 2.0
"""How long a connection for a job may take."""


class Link(Protocol):
    """A port held open for one conversation. Every method raises `OSError` when the line fails."""

    def write(self, data: bytes) -> None:
        """Hand over some hundred bytes, or raise; a printer that takes nothing for 2 s is a failure."""

    def read(self, timeout_s: float) -> bytes:
        """What the printer says, as soon as it says anything; empty when it says nothing for `timeout_s`."""

    def drain(self) -> None:
        """Return when the other side has all that was written, as far as this kind of port can know."""

    def close(self) -> None:
        """Let the port go; never raises."""


class Port(Protocol):
    """A printer's place."""

    answers: bool | None
    """Whether this printer tells how it is: one that does and falls silent is out of order; one that is known not
    to is trusted with what it takes. None: not known yet; `ask` finds out."""

    @property
    def name(self) -> str:
        """The place, as a person would call it."""

    @property
    def two_way(self) -> bool:
        """Whether it can be asked."""

    @property
    def assumed_ready(self) -> bool:
        """What is taken for its state when it cannot be asked: ready, or not known."""

    @property
    def lock(self) -> threading.Lock:
        """Held for one conversation."""

    def open(self, within_s: float = ...) -> Link:
        """A new connection; `PrinterUnreachable` or `PrinterRefused` when there is none to be had.

        `within_s` is how long an address on the network may take; other ports are open at once or not at all.
        """


@contextmanager
def opened(port: Port, within_s: float = OPEN_S) -> Iterator[Link]:
    """One conversation with a port: alone, and closed at its end."""
    with port.lock:
        link = port.open(within_s)
        try:
            yield link
        finally:
            link.close()


def open_port(address: str) -> Port:
    """The port of that address; nothing is connected yet. `BadPort` says what is wrong with the address."""
    scheme, colon, rest = address.partition(":")
    maker = _SCHEMES.get(scheme.lower())
    if not colon or maker is None:
        known = ", ".join(f"{name}:" for name in _SCHEMES)
        raise BadPort(f"{address!r} is no printer address; one starts with {known}")
    place, _, query = rest.partition("?")
    options = dict(part.partition("=")[::2] for part in query.split("&") if part)
    port = maker(place, options)
    if options:
        raise BadPort(f"unknown option {', '.join(sorted(options))} in {address!r}")
    return port


def _tcp(place: str, options: dict[str, str]) -> Port:
    from printers.network import NetworkPort

    host, colon, number = place.strip("/").rpartition(":")
    if not colon:
        host, number = number, "9100"
    return NetworkPort(_named(host.strip("[]"), "a host"), _whole(number, 1, 65535))


def _serial(place: str, options: dict[str, str]) -> Port:
    from printers.serial_port import SerialPort

    return SerialPort(
        _named(place, "a serial port"),
        baud=_whole(options.pop("baud", "9600"), 50, 4_000_000),
        rtscts=bool(_whole(options.pop("rtscts", "0"), 0, 1)),
        xonxoff=bool(_whole(options.pop("xonxoff", "0"), 0, 1)),
    )


def _file(place: str, options: dict[str, str]) -> Port:
    from printers.file_port import FilePort

    return FilePort(_named(place, "a file"))


def _memory(place: str, options: dict[str, str]) -> Port:
    from printers.memory import MemoryPort

    return MemoryPort()


def _usb(place: str, options: dict[str, str]) -> Port:
    from printers.library_ports import UsbPort

    vendor, _, product = place.partition(":")
    ends = (_whole(options.pop("in", "82"), 1, 255, 16), _whole(options.pop("out", "01"), 1, 255, 16))
    return UsbPort(_whole(vendor, 0, 0xFFFF, 16), _whole(product, 0, 0xFFFF, 16), *ends)


def _cups(place: str, options: dict[str, str]) -> Port:
    from printers.library_ports import CupsPort

    return CupsPort(_named(place, "a CUPS queue"))


def _windows(place: str, options: dict[str, str]) -> Port:
    from printers.library_ports import WindowsPort

    return WindowsPort(_named(place, "a Windows printer"))


_SCHEMES: dict[str, Callable[[str, dict[str, str]], Port]] = {
    "tcp": _tcp,
    "serial": _serial,
    "file": _file,
    "usb": _usb,
    "cups": _cups,
    "windows": _windows,
    "memory": _memory,
}


def _named(text: str, what: str) -> str:
    if not text or not text.isprintable():
        raise BadPort(f"the address names no {what.removeprefix('a ')}")
    return text


def _whole(text: str, least: int, most: int, base: int = 10) -> int:
    try:
        number = int(text, base)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise BadPort(f"{text!r} is not a number from {least} to {most}")
    return number
