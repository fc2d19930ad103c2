"""USB over the real pyusb; CUPS and the Windows spooler over stand-ins for the drivers that this machine lacks."""

import gc
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import usb.core

from printers.errors import PrinterInterrupted, PrinterRefused, PrinterUnreachable
from printers.library import capabilities
from printers.library_ports import CupsPort, WindowsPort
from printers.ports import Port, open_port, opened
from printers.status import Status, ask, deliver, printer_status
from tests.printers.drivers import CupsServer, UsbBus, WindowsSpooler

if TYPE_CHECKING:
    from tests.printers.conftest import Wire

JOB = b"\x1b@" + b"job" * 2000


def send(port: Port, job: bytes = JOB) -> Status:
    with opened(port) as link:
        status = ask(port, link)
        deliver(port, link, job, confirm=port.two_way)
    return status


# --- USB ------------------------------------------------------------------------------------------------


@pytest.fixture
def bus(wire: "Wire", monkeypatch: pytest.MonkeyPatch) -> UsbBus:
    bus = UsbBus(wire)
    monkeypatch.setattr("printers.library_ports._own_libusb", lambda: {"backend": bus})
    monkeypatch.setattr("printers.library_ports.device_of_usb", lambda numbers: "")
    return bus


def test_a_usb_printer_is_asked_and_gets_its_job(bus: UsbBus, wire: "Wire") -> None:
    port = open_port("usb:04b8:0202")
    assert send(port) == Status("ready")
    assert bytes(bus.job) == JOB
    assert port.answers
    assert not bus.claimed, "the next program finds it free"
    wire.paper_out = True
    assert printer_status(port) == Status("paper_out", paper_low=True)


def test_a_usb_printer_that_says_nothing_is_not_known(bus: UsbBus, wire: "Wire") -> None:
    wire.fault = "mute"
    assert printer_status(open_port("usb:04b8:0202")) == Status("unknown")


@pytest.mark.parametrize("address", ["usb:04b8:0203", "usb:04b9:0202"])
def test_wrong_numbers_are_said_to_be_nobodys(bus: UsbBus, address: str) -> None:
    with pytest.raises(PrinterUnreachable, match=f"there is no {address[4:]}$") as missing:
        printer_status(open_port(address))
    assert missing.value.reason == "missing"


def test_a_plug_pulled_in_a_job_is_an_interruption(bus: UsbBus) -> None:
    port = open_port("usb:04b8:0202")
    with opened(port) as link:
        ask(port, link)
        link.write(b"first")
        bus.plugged_in = False
        with pytest.raises(PrinterUnreachable, match="there is no 04b8:0202") as missing:
            ask(port, link)
    assert missing.value.reason == "missing"
    bus.plugged_in = True
    with opened(port) as link:
        bus.wire.fault = "silent_end"
        real, bus.wire.take = bus.wire.take, lambda *_: pull(bus)  # type: ignore[method-assign]
        with pytest.raises(PrinterInterrupted, match="broke off after 512 of"):
            deliver(port, link, JOB, confirm=True)
        bus.wire.take = real  # type: ignore[method-assign]


def pull(bus: UsbBus) -> bytes:
    bus.plugged_in = False
    return b""


def test_a_usb_printer_that_the_system_keeps_from_us_is_a_matter_of_permission(bus: UsbBus) -> None:
    bus.forbidden = True
    with pytest.raises(PrinterRefused, match="no permission to open 04b8:0202") as refused:
        printer_status(open_port("usb:04b8:0202"))
    assert refused.value.reason == "no_permission"


def test_the_real_libusb_says_that_nothing_is_there() -> None:
    """No machine has a device of these numbers: the vendor is nobody's."""
    with pytest.raises(PrinterUnreachable, match="there is no ffff:fffe") as missing:
        printer_status(open_port("usb:ffff:fffe"))
    assert missing.value.reason == "missing"


def test_without_a_libusb_the_driver_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(**_: object) -> None:
        raise usb.core.NoBackendError("No backend available")

    monkeypatch.setattr("usb.core.find", none)
    with pytest.raises(PrinterUnreachable, match="libusb is not installed") as missing:
        printer_status(open_port("usb:04b8:0202"))
    assert missing.value.reason == "no_driver"


# --- CUPS -----------------------------------------------------------------------------------------------


@pytest.fixture
def cups(monkeypatch: pytest.MonkeyPatch) -> Iterator[CupsServer]:
    server = CupsServer()
    capabilities()
    import escpos.printer.cups as library

    monkeypatch.setitem(sys.modules, "cups", server)
    for name, value in (("cups", server), ("_DEP_PYCUPS", True), ("DEFAULT_HOST", ""), ("DEFAULT_PORT", 631)):
        monkeypatch.setattr(library, name, value, raising=False)
    yield server
    gc.collect()


def test_a_queue_of_cups_gets_the_whole_job_once(cups: CupsServer) -> None:
    port = open_port("cups:Slips")
    assert isinstance(port, CupsPort)
    assert printer_status(port) == Status("unknown")
    assert cups.jobs == [], "a look prints nothing"
    assert send(port) == Status("unknown")
    assert cups.jobs == [("Slips", JOB)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"queues": {"Office": {}}}, "missing"),
        ({"running": False}, "silent"),
        ({"queues": {"Slips": {"printer-type": 0x80000}}}, "not_writable"),
    ],
)
def test_a_queue_that_cannot_be_used_is_seen_before_the_first_byte(
    cups: CupsServer, change: dict[str, object], reason: str
) -> None:
    for name, value in change.items():
        setattr(cups, name, value)
    with pytest.raises((PrinterUnreachable, PrinterRefused), match="Slips") as told:
        send(open_port("cups:Slips"))
    assert told.value.reason == reason
    assert cups.jobs == []


def test_a_job_that_cups_refuses_is_not_sent_again_behind_our_back(cups: CupsServer) -> None:
    cups.refuses = True
    with pytest.raises(PrinterInterrupted, match="The printer or class does not exist"):
        send(open_port("cups:Slips"))
    cups.refuses = False
    gc.collect()  # python-escpos prints what is pending when its object goes
    assert cups.jobs == []


# --- Windows --------------------------------------------------------------------------------------------


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowsSpooler]:
    spooler = WindowsSpooler()
    capabilities()
    import escpos.printer.win32raw as library

    monkeypatch.setitem(sys.modules, "pywintypes", spooler)
    for name in ("win32print", "pywintypes"):
        monkeypatch.setattr(library, name, spooler, raising=False)
    monkeypatch.setattr(library, "_DEP_WIN32PRINT", True)
    yield spooler
    gc.collect()


def test_a_printer_of_windows_gets_the_whole_job_once(windows: WindowsSpooler) -> None:
    port = open_port("windows:XP-80C")
    assert isinstance(port, WindowsPort)
    assert printer_status(port) == Status("unknown")
    assert windows.calls == [], "a look begins no job"
    send(port)
    assert (windows.jobs, windows.calls) == ([JOB], ["start", "end", "close"])


def test_a_printer_that_windows_does_not_know_is_missing(windows: WindowsSpooler) -> None:
    with pytest.raises(PrinterUnreachable, match="there is no XP-58") as missing:
        send(open_port("windows:XP-58"))
    assert missing.value.reason == "missing"


def test_a_job_that_windows_breaks_off_is_left_to_a_person(windows: WindowsSpooler) -> None:
    windows.refuses = True
    with pytest.raises(PrinterInterrupted, match="The RPC server is unavailable"):
        send(open_port("windows:XP-80C"))
    gc.collect()
    assert windows.jobs == []
