"""USB, CUPS and the Windows spooler as python-escpos gives them, without more."""

import threading
from typing import Any

from printers.attached import device_of_usb
from printers.errors import PrinterUnreachable
from printers.file_port import FileLink, open_device
from printers.library import capabilities
from printers.refusal import why_not_opened

_TIMEOUT_MS = 2000


class UsbPort:
    """A USB printer by vendor and product, in whatever socket; it can answer.

    Where the system's own driver has it (/dev/usb/lp*), through that; otherwise directly through libusb.
    """

    two_way = True
    assumed_ready = False

    def __init__(self, vendor: int, product: int, in_end: int = 0x82, out_end: int = 0x01) -> None:
        self.name = f"{vendor:04x}:{product:04x}"
        self.heard = False
        self.lock = threading.Lock()
        self._arguments: tuple[Any, ...] = (vendor, product, {}, _TIMEOUT_MS, in_end, out_end)

    def open(self) -> "LibraryLink | FileLink":
        """Find the device and claim it."""
        if device := device_of_usb(self.name):
            try:
                return open_device(device)
            except OSError as fault:
                raise why_not_opened(device, fault) from fault
        capabilities()
        from escpos.printer import Usb

        return _opened(Usb, self.name, *self._arguments)


class CupsPort:
    """A raw queue of CUPS; it takes the job and tells nothing."""

    two_way = False
    assumed_ready = False

    def __init__(self, queue: str) -> None:
        self.name = queue
        self.heard = False
        self.lock = threading.Lock()

    def open(self) -> "LibraryLink":
        """Find the queue."""
        capabilities()
        from escpos.printer import CupsPrinter

        return _opened(CupsPrinter, self.name, self.name)


class WindowsPort:
    """A printer of the Windows spooler, written raw; it takes the job and tells nothing."""

    two_way = False
    assumed_ready = False

    def __init__(self, printer: str) -> None:
        self.name = printer
        self.heard = False
        self.lock = threading.Lock()

    def open(self) -> "LibraryLink":
        """Begin a raw document."""
        capabilities()
        from escpos.printer import Win32Raw

        return _opened(Win32Raw, self.name, self.name)


def _opened(kind: Any, name: str, *arguments: Any) -> "LibraryLink":
    from escpos.exceptions import Error

    if not kind.is_usable():
        raise PrinterUnreachable(
            f"{name}: the driver that {kind.__name__} printers need is not installed", "no_driver"
        )
    printer = kind(*arguments)
    try:
        printer.open()
    except Error as fault:
        cause = fault.__context__
        if isinstance(cause, OSError):
            raise why_not_opened(name, cause) from fault
        raise PrinterUnreachable(str(fault)) from fault
    return LibraryLink(printer)


class LibraryLink:
    """A printer object of python-escpos, open."""

    def __init__(self, printer: Any) -> None:
        self._printer = printer

    def write(self, data: bytes) -> None:
        """Hand over the data."""
        self._printer._raw(data)

    def read(self, timeout_s: float) -> bytes:
        """What the printer says; the library's own timeout stands."""
        try:
            return bytes(self._printer._read())
        except TimeoutError:
            return b""

    def drain(self) -> None:
        """The library keeps nothing back before `close`."""

    def close(self) -> None:
        """Let go; a spooler prints what it was given now."""
        self._printer.close()
