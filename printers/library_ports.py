"""USB, CUPS and the Windows spooler as python-escpos gives them, without more."""

import errno
import threading
from contextlib import suppress
from typing import Any

from printers.attached import device_of_usb
from printers.errors import PrinterRefused, PrinterUnreachable
from printers.file_port import FileLink, open_device
from printers.library import capabilities
from printers.refusal import why_not_opened

_TIMEOUT_MS = 2000
_ANSWER_BYTES = 512
"""The largest packet of USB: a shorter buffer would lose a printer's whole answer."""
_TIMED_OUT = frozenset((errno.ETIMEDOUT, 10060))
"""Nothing came: on Linux, and as libusb says it on Windows."""

_REJECTING = 0x80000
"""CUPS_PRINTER_REJECTED: the queue was told to take no jobs."""


class UsbPort:
    """A USB printer by vendor and product, in whatever socket; it can answer.

    Where the system's own driver has it (/dev/usb/lp*), through that; otherwise directly through libusb.
    """

    two_way = True
    assumed_ready = False

    def __init__(self, vendor: int, product: int, in_end: int = 0x82, out_end: int = 0x01) -> None:
        self.name = f"{vendor:04x}:{product:04x}"
        self.answers: bool | None = None
        self.lock = threading.Lock()
        self._numbers = (vendor, product)
        self._ends = (in_end, out_end)

    def open(self, within_s: float = 2.0) -> "UsbLink | FileLink":
        """Find the device and claim it."""
        if device := device_of_usb(self.name):
            try:
                return open_device(device)
            except OSError as fault:
                raise why_not_opened(device, fault) from fault
        capabilities()
        from escpos.printer import Usb

        return UsbLink(_opened(Usb, self.name, *self._numbers, _own_libusb(), _TIMEOUT_MS, *self._ends))


def _own_libusb() -> dict[str, Any]:
    """Libusb as it comes with the `usb` extra; without it pyusb looks for the system's."""
    try:
        import libusb_package
    except ImportError:
        return {}
    return {"backend": libusb_package.get_libusb1_backend()}


class UsbLink:
    """A USB printer that is claimed."""

    def __init__(self, printer: Any) -> None:
        self._printer = printer

    def write(self, data: bytes) -> None:
        """Hand over the data."""
        self._printer._raw(data)

    def read(self, timeout_s: float) -> bytes:
        """What the printer says. Pyusb's timeout is an `OSError` of its own."""
        try:
            return bytes(self._printer.device.read(self._printer.in_ep, _ANSWER_BYTES, int(timeout_s * 1000)))
        except OSError as fault:
            if fault.errno in _TIMED_OUT:
                return b""
            raise

    def drain(self) -> None:
        """The device has what it took."""

    def close(self) -> None:
        """Let go, of a device that is gone too."""
        with suppress(OSError):
            self._printer.close()


class CupsPort:
    """A raw queue of CUPS; it takes the job and tells nothing."""

    two_way = False
    assumed_ready = False

    def __init__(self, queue: str) -> None:
        self.name = queue
        self.answers: bool | None = None
        self.lock = threading.Lock()

    def open(self, within_s: float = 2.0) -> "SpoolerLink":
        """Find the queue."""
        capabilities()
        from escpos.printer import CupsPrinter

        printer = _opened(CupsPrinter, self.name, self.name)
        if printer.printers[self.name].get("printer-type", 0) & _REJECTING:
            _drop(printer)
            raise PrinterRefused(f"the queue {self.name} takes no jobs now", "not_writable")
        import cups

        return SpoolerLink(printer, (cups.IPPError, cups.HTTPError, RuntimeError))


class WindowsPort:
    """A printer of the Windows spooler, written raw; it takes the job and tells nothing."""

    two_way = False
    assumed_ready = False

    def __init__(self, printer: str) -> None:
        self.name = printer
        self.answers: bool | None = None
        self.lock = threading.Lock()

    def open(self, within_s: float = 2.0) -> "SpoolerLink":
        """Find the printer. Nothing is begun yet: python-escpos's `open` begins a job at once."""
        capabilities()
        from escpos.printer import Win32Raw

        _usable(Win32Raw, self.name)
        import pywintypes

        printer = Win32Raw(self.name)
        if self.name not in printer.printers:
            raise PrinterUnreachable(f"there is no {self.name}", "missing")
        return SpoolerLink(printer, (pywintypes.error,))


class SpoolerLink:
    """A job for a spooler: kept here until it is whole, then handed over at once."""

    def __init__(self, printer: Any, driver_faults: tuple[type[Exception], ...]) -> None:
        self._printer = printer
        self._driver_faults = driver_faults
        self._job = bytearray()

    def write(self, data: bytes) -> None:
        """Keep the data."""
        self._job += data

    def read(self, timeout_s: float) -> bytes:
        """A spooler says nothing of its printer."""
        return b""

    def drain(self) -> None:
        """Hand the job over, once; the drivers' own faults are no `OSError`."""
        from escpos.exceptions import Error

        try:
            self._printer.open()
            self._printer._raw(bytes(self._job))
            self._printer.close()
        except (Error, *self._driver_faults) as fault:
            self._printer.device = False  # python-escpos would send it again when the object is thrown away
            raise OSError(errno.EIO, f"the spooler did not take it: {fault}") from fault

    def close(self) -> None:
        """What was not handed over is dropped."""
        _drop(self._printer)


def _usable(kind: Any, name: str) -> None:
    if not kind.is_usable():
        raise PrinterUnreachable(
            f"{name}: the driver that {kind.__name__} printers need is not installed", "no_driver"
        )


def _opened(kind: Any, name: str, *arguments: Any) -> Any:
    """A printer object of python-escpos, open; its faults in this package's words."""
    from escpos.exceptions import Error

    _usable(kind, name)
    printer = kind(*arguments)
    try:
        printer.open()
    except Error as fault:
        _drop(printer)
        match fault.__context__:
            case OSError() as cause:
                raise why_not_opened(name, cause) from fault
            case AssertionError():
                raise PrinterUnreachable(f"there is no {name}", "missing") from fault
            case cause:
                raise PrinterUnreachable(f"{name} does not answer: {cause}") from fault
    except ValueError as fault:  # pyusb without a libusb
        raise PrinterUnreachable(f"{name}: {fault}; libusb is not installed", "no_driver") from fault
    return printer


def _drop(printer: Any) -> None:
    """Close the file in which python-escpos gathers a job for CUPS."""
    if (gathered := getattr(printer, "tmpfile", None)) is not None:
        gathered.close()
