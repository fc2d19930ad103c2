"""Drivers that this machine lacks: a USB bus under the real pyusb, and stand-ins for pycups and pywin32."""

import array
import errno
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

from tests.printers.conftest import Wire

_ACCESS, _NO_DEVICE, _TIMEOUT = -3, -4, -7


@dataclass(eq=False)
class UsbBus(usb.backend.IBackend):  # type: ignore[misc]
    """A bus with one printer; pyusb finds, opens, writes and reads it as it does over libusb."""

    wire: Wire
    vendor: int = 0x04B8
    product: int = 0x0202
    plugged_in: bool = True
    forbidden: bool = False
    job: bytearray = field(default_factory=bytearray)
    claimed: bool = False
    _answers: bytes = b""

    def enumerate_devices(self) -> list[str]:
        return ["printer"] if self.plugged_in else []

    def get_parent(self, dev: str) -> None:
        return None

    def get_device_descriptor(self, dev: str) -> object:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=self.vendor, idProduct=self.product, bcdDevice=0x100, iManufacturer=0,
            iProduct=0, iSerialNumber=0, bNumConfigurations=1, address=1, bus=1, port_number=1,
            port_numbers=(1,), speed=3, extra_descriptors=[],
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: str, config: int) -> object:
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: str, intf: int, alt: int, config: int) -> object:
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2,
            bInterfaceClass=7, bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: str, ep: int, intf: int, alt: int, config: int) -> object:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(0x01, 0x82)[ep], bmAttributes=2, wMaxPacketSize=64,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: str) -> str:
        if self.forbidden:
            raise usb.core.USBError("Access denied (insufficient permissions)", _ACCESS, errno.EACCES)
        return dev

    def close_device(self, dev_handle: str) -> None:
        pass

    def set_configuration(self, dev_handle: str, config_value: int) -> None:
        pass

    def get_configuration(self, dev_handle: str) -> int:
        return 1

    def set_interface_altsetting(self, dev_handle: str, intf: int, altsetting: int) -> None:
        pass

    def claim_interface(self, dev_handle: str, intf: int) -> None:
        self.claimed = True

    def release_interface(self, dev_handle: str, intf: int) -> None:
        self.claimed = False

    def reset_device(self, dev_handle: str) -> None:
        pass

    def bulk_write(self, dev_handle: str, ep: int, intf: int, data: "array.array[int]", timeout: int) -> int:
        self._still_there()
        self._answers += self.wire.take(bytes(data), self.job)
        return len(data)

    def bulk_read(self, dev_handle: str, ep: int, intf: int, buff: "array.array[int]", timeout: int) -> int:
        self._still_there()
        if not self._answers:
            raise usb.core.USBTimeoutError("Operation timed out", _TIMEOUT, errno.ETIMEDOUT)
        answers, self._answers = self._answers, b""
        buff[: len(answers)] = array.array("B", answers)
        return len(answers)

    def _still_there(self) -> None:
        if not self.plugged_in:
            raise usb.core.USBError("No such device (it may have been disconnected)", _NO_DEVICE, errno.ENODEV)


@dataclass
class CupsServer:
    """What python-escpos calls of pycups; `jobs` is what the server took."""

    queues: dict[str, dict[str, int]] = field(default_factory=lambda: {"Slips": {"printer-type": 0}})
    jobs: list[tuple[str, bytes]] = field(default_factory=list)
    refuses: bool = False
    running: bool = True
    CUPS_FORMAT_RAW: str = "application/vnd.cups-raw"

    class IPPError(Exception):
        """As pycups raises it: a status and its words; it is no `OSError`."""

    class HTTPError(Exception):
        """As pycups raises it."""

    def setServer(self, host: str) -> None:  # noqa: N802
        pass

    def setPort(self, port: int) -> None:  # noqa: N802
        pass

    def Connection(self) -> "CupsServer":  # noqa: N802
        if not self.running:
            raise RuntimeError("failed to connect to server")
        return self

    def getPrinters(self) -> dict[str, dict[str, int]]:  # noqa: N802
        return self.queues

    def printFile(self, queue: str, path: str, title: str, options: dict[str, str]) -> None:  # noqa: N802
        if self.refuses:
            raise self.IPPError(1030, "The printer or class does not exist.")
        assert options == {"document-format": self.CUPS_FORMAT_RAW}
        with open(path, "rb") as file:  # noqa: PTH123
            self.jobs.append((queue, file.read()))


@dataclass
class WindowsSpooler:
    """What python-escpos calls of win32print; `calls` is the order of its calls."""

    names: tuple[str, ...] = ("XP-80C",)
    calls: list[str] = field(default_factory=list)
    jobs: list[bytes] = field(default_factory=list)
    refuses: bool = False
    PRINTER_ENUM_NAME: int = 8

    class error(Exception):  # noqa: N801
        """As pywintypes raises it: a number, a call and its words; it is no `OSError`."""

    def EnumPrinters(self, flags: int, name: str = "", level: int = 1) -> tuple[Any, ...]:  # noqa: N802
        return tuple({"pPrinterName": each} for each in self.names)

    def OpenPrinter(self, name: str) -> str:  # noqa: N802
        return name

    def StartDocPrinter(self, handle: str, level: int, info: tuple[str, str, str]) -> int:  # noqa: N802
        assert info[2] == "RAW"
        self.calls.append("start")
        return 1

    def StartPagePrinter(self, handle: str) -> None:  # noqa: N802
        pass

    def WritePrinter(self, handle: str, data: bytes) -> int:  # noqa: N802
        if self.refuses:
            raise self.error(1722, "WritePrinter", "The RPC server is unavailable.")
        self.jobs.append(data)
        return len(data)

    def EndPagePrinter(self, handle: str) -> None:  # noqa: N802
        pass

    def EndDocPrinter(self, handle: str) -> None:  # noqa: N802
        self.calls.append("end")

    def ClosePrinter(self, handle: str) -> None:  # noqa: N802
        self.calls.append("close")
