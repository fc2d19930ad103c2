"""One contract over every port that can run here, and the addresses that name them."""

import os
import re
import socket
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from printers.errors import BadPort, PrinterInterrupted, PrinterRefused, PrinterUnreachable
from printers.file_port import FilePort
from printers.library_ports import CupsPort, UsbPort, WindowsPort
from printers.memory import MemoryPort
from printers.network import NetworkPort
from printers.ports import Port, open_port, opened
from printers.refusal import why_not_opened
from printers.serial_port import SerialPort
from printers.status import Status, ask, deliver, printer_status

if TYPE_CHECKING:
    from tests.printers.conftest import PrinterLine, PrinterServer, Wire


@dataclass
class Place:
    """A port, what arrived at its other end, and that end's faults."""

    port: Port
    received: Callable[[], bytes]
    paper_out: Callable[[bool], None] | None


@pytest.fixture(params=["network", "serial", "file", "folder", "memory"])
def place(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    wire: "Wire",
    printer_server: "Callable[[Wire], PrinterServer]",
    printer_line: "Callable[[Wire], PrinterLine]",
) -> Place:
    def paper_out(out: bool) -> None:
        wire.paper_out = out

    match request.param:
        case "network":
            return Place(open_port(printer_server(wire).address), lambda: b"".join(wire.jobs), paper_out)
        case "serial":
            line = printer_line(wire)
            return Place(open_port(line.address), lambda: bytes(line.job), paper_out)
        case "file":
            path = tmp_path / "slips.bin"
            return Place(open_port(f"file:{path}"), path.read_bytes, None)
        case "folder":
            folder = tmp_path / "slips"
            return Place(
                open_port(f"file:{folder}/"),
                lambda: b"".join(path.read_bytes() for path in sorted(folder.iterdir())),
                None,
            )
    memory = MemoryPort()

    def memory_paper_out(out: bool) -> None:
        memory.paper_out = out

    return Place(memory, lambda: b"".join(memory.jobs), memory_paper_out)


def arrived(place: Place, data: bytes) -> bool:
    """Whether the other end has it all, give or take a moment."""
    for _ in range(1_000):
        if place.received() == data:
            return True
        time.sleep(0.02)
    return False


def test_a_job_arrives_byte_for_byte_and_the_next_after_it(place: Place) -> None:
    first, second = bytes(range(256)) * 9 + b"\x1b@end", b"second\n"
    first = first.replace(b"\x10\x04", b"").replace(b"\x1dr", b"")
    for job in (first, second):
        with opened(place.port) as link:
            assert ask(place.port, link) == Status("ready")
            deliver(place.port, link, job, confirm=place.port.two_way)
    assert arrived(place, first + second)
    assert bool(place.port.answers) == place.port.two_way


def test_a_stopped_printer_says_so_and_recovers(place: Place) -> None:
    if place.paper_out is None:
        assert printer_status(place.port) == Status("ready")
        return
    place.paper_out(True)
    assert printer_status(place.port) == Status("paper_out", paper_low=True)
    place.paper_out(False)
    assert printer_status(place.port) == Status("ready")


def test_a_port_is_for_one_conversation_at_a_time(place: Place) -> None:
    with opened(place.port):
        assert place.port.lock.locked()
    assert not place.port.lock.locked()


def test_a_folder_gets_a_file_a_job(tmp_path: Path) -> None:
    port = FilePort(f"{tmp_path}/")
    for job in (b"one", b"two", b"three"):
        with opened(port) as link:
            deliver(port, link, job, confirm=False)
    files = sorted(tmp_path.iterdir())
    assert [(file.name, file.read_bytes()) for file in files] == [
        ("000001.bin", b"one"),
        ("000002.bin", b"two"),
        ("000003.bin", b"three"),
    ]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_a_look_at_a_folder_leaves_no_file(tmp_path: Path) -> None:
    port = open_port(f"file:{tmp_path}/slips/")
    assert printer_status(port) == Status("ready")
    assert list((tmp_path / "slips").iterdir()) == []


def test_a_device_file_is_asked_and_written(wire: "Wire", printer_line: "Callable[[Wire], PrinterLine]") -> None:
    line = printer_line(wire)
    port = FilePort(line.device)
    assert (port.two_way, port.assumed_ready) == (True, False)
    with opened(port) as link:
        assert ask(port, link) == Status("ready")
        deliver(port, link, b"job" * 1000, confirm=True)
    assert bytes(line.job) == b"job" * 1000


@pytest.mark.parametrize(
    ("state", "fault"), [("unknown", "mute"), ("unknown", "garbage"), ("ready", "none"), ("ready", "silent_end")]
)
def test_no_answer_or_nonsense_is_not_fine(
    state: str, fault: str, wire: "Wire", printer_server: "Callable[[Wire], PrinterServer]"
) -> None:
    wire.fault = fault  # type: ignore[assignment]
    port = open_port(printer_server(wire).address)
    assert printer_status(port).state == state
    assert port.answers == (True if state == "ready" else None)


def test_a_web_server_is_no_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryPort, "answer", lambda *_: b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")
    port = MemoryPort()
    assert printer_status(port) == Status("unknown")
    assert port.answers is None


def test_a_reset_in_the_middle_of_a_job_is_an_interruption(
    wire: "Wire", printer_server: "Callable[[Wire], PrinterServer]"
) -> None:
    wire.fault = "reset"
    port = open_port(printer_server(wire).address)
    with opened(port) as link:
        assert ask(port, link) == Status("ready")
        with pytest.raises(PrinterInterrupted, match="broke off after"):
            deliver(port, link, b"x" * 5000, confirm=True)


def test_a_printer_that_takes_no_more_is_an_interruption(
    wire: "Wire", printer_server: "Callable[[Wire], PrinterServer]"
) -> None:
    wire.fault = "stall"
    port = open_port(printer_server(wire).address)
    with opened(port) as link, pytest.raises(PrinterInterrupted, match="broke off after"):
        deliver(port, link, b"x" * 8_000_000, confirm=False)


def test_a_serial_line_unplugged_in_a_job_is_an_interruption(
    wire: "Wire", printer_line: "Callable[[Wire], PrinterLine]"
) -> None:
    line = printer_line(wire)
    port = open_port(line.address)
    with opened(port) as link:
        assert ask(port, link) == Status("ready")
        line.unplugged.set()
        with pytest.raises(PrinterInterrupted):
            deliver(port, link, b"x" * 400_000, confirm=True)


def test_a_printer_without_the_end_report_that_stays_ready_has_printed(
    wire: "Wire", printer_server: "Callable[[Wire], PrinterServer]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("printers.status._FINISH_S", 0.01)
    wire.fault = "silent_end"
    port = open_port(printer_server(wire).address)
    with opened(port) as link:
        ask(port, link)
        deliver(port, link, b"x", confirm=True)
    wire.paper_out = True
    with opened(port) as link, pytest.raises(PrinterInterrupted, match="paper_out"):
        deliver(port, link, b"x", confirm=True)


def test_nobody_there(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        free = closed.getsockname()[1]
    for address in (f"tcp://127.0.0.1:{free}", f"serial:{tmp_path}/ttyUSB0", f"file:{tmp_path}/no/such/file"):
        with pytest.raises(PrinterUnreachable):
            printer_status(open_port(address))
    with pytest.raises(PrinterUnreachable, match="switched off"):
        printer_status(MemoryPort(off=True))


def test_a_line_taken_by_another_program(wire: "Wire", printer_line: "Callable[[Wire], PrinterLine]") -> None:
    line = printer_line(wire)
    with (
        opened(open_port(line.address)),
        pytest.raises(PrinterRefused, match="taken by another program"),
        opened(open_port(line.address)),
    ):
        pass


def test_a_refusal_names_the_group(tmp_path: Path) -> None:
    import grp

    place = tmp_path / "lp0"
    place.touch()
    group = grp.getgrgid(place.stat().st_gid).gr_name
    fault = why_not_opened(str(place), PermissionError(13, "Permission denied"))
    assert isinstance(fault, PrinterRefused)
    assert f"add the user to the group {group}" in str(fault)
    assert "no permission to open lpt9" in str(why_not_opened("lpt9", PermissionError(13, "Permission denied")))
    assert isinstance(why_not_opened("x", OSError(28, os.strerror(28))), PrinterRefused)
    assert isinstance(why_not_opened("x", TimeoutError("timed out")), PrinterUnreachable)


@pytest.mark.parametrize("address", ["cups:Slips", "windows:Slips"])
def test_a_driver_that_is_not_installed_is_said_to_be_missing(address: str) -> None:
    port = open_port(address)
    with pytest.raises(PrinterUnreachable, match=re.escape(port.name)) as missing:
        printer_status(port)
    assert missing.value.reason == "no_driver"


@pytest.mark.parametrize(
    ("address", "kind", "name"),
    [
        ("tcp://192.168.1.50:9100", NetworkPort, "192.168.1.50:9100"),
        ("tcp://printer.local", NetworkPort, "printer.local:9100"),
        ("serial:/dev/ttyUSB0", SerialPort, "/dev/ttyUSB0"),
        ("serial:COM3?baud=115200&rtscts=1&xonxoff=0", SerialPort, "COM3"),
        ("file:/dev/usb/lp0", FilePort, "/dev/usb/lp0"),
        ("FILE:C:\\slips\\", FilePort, "C:\\slips\\"),
        ("usb:04b8:0202?in=81&out=02", UsbPort, "04b8:0202"),
        ("cups:Slips", CupsPort, "Slips"),
        ("windows:XP-80C", WindowsPort, "XP-80C"),
        ("memory:", MemoryPort, "memory"),
    ],
)
def test_addresses(address: str, kind: type, name: str) -> None:
    port = open_port(address)
    assert isinstance(port, kind)
    assert port.name == name


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "is no printer address"),
        ("192.168.1.50", "is no printer address"),
        ("http://x", "is no printer address"),
        ("tcp://", "names no host"),
        ("tcp://host:0", "'0' is not a number from 1 to 65535"),
        ("tcp://host:x", "'x' is not a number"),
        ("serial:", "names no serial port"),
        ("serial:/dev/ttyS0?baud=fast", "'fast' is not a number"),
        ("serial:/dev/ttyS0?speed=9600", "unknown option speed"),
        ("file:", "names no file"),
        ("usb:04b8", "'' is not a number"),
        ("usb:zz:0202", "'zz' is not a number"),
        ("cups:", "names no CUPS queue"),
    ],
)
def test_what_is_no_address(address: str, why: str) -> None:
    with pytest.raises(BadPort, match=re.escape(why)):
        open_port(address)


@pytest.mark.parametrize(
    ("faults", "status"),
    [
        ({}, Status("ready")),
        ({"paper_low": True}, Status("ready", paper_low=True)),
        ({"paper_out": True}, Status("paper_out", paper_low=True)),
        ({"cover_open": True}, Status("cover_open")),
        ({"cover_open": True, "paper_out": True}, Status("cover_open", paper_low=True)),
        ({"offline": True}, Status("offline")),
        ({"mute": True}, Status("unknown")),
        ({"two_way": False}, Status("unknown")),
        ({"two_way": False, "assumed_ready": True}, Status("ready")),
    ],
)
def test_status_words(faults: dict[str, bool], status: Status) -> None:
    assert printer_status(MemoryPort(**faults)) == status  # type: ignore[arg-type]
