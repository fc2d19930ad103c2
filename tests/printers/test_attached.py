"""Printers that the machine knows: found by the system's own lists, and opened by their USB numbers."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from printers import attached
from printers.attached import AttachedPrinter, cups_queues, device_of_usb, usb_printers
from printers.errors import PrinterRefused, PrinterUnreachable
from printers.ports import open_port, opened
from printers.status import Status, ask, deliver, printer_status

if TYPE_CHECKING:
    from tests.printers.conftest import PrinterLine, Wire


def plug_in(root: Path, name: str, numbers: str, maker: str, product: str) -> None:
    """A printer as Linux lists it: the class's entry leads to an interface of a USB device."""
    usb = root / "devices" / numbers.replace(":", "-")
    (usb / "1-1:1.0").mkdir(parents=True)
    vendor, model = numbers.split(":")
    for key, value in (("idVendor", vendor), ("idProduct", model), ("manufacturer", maker), ("product", product)):
        (usb / key).write_text(value + "\n")
    entry = root / "class" / name
    entry.mkdir(parents=True)
    (entry / "device").symlink_to(usb / "1-1:1.0")


def test_usb_printers_are_known_by_their_numbers(tmp_path: Path) -> None:
    plug_in(tmp_path, "lp0", "04b8:0202", "EPSON", "TM-T20II")
    plug_in(tmp_path, "lp1", "0416:5011", "", "")
    assert usb_printers(tmp_path / "class", Path("/dev/usb")) == [
        AttachedPrinter("EPSON TM-T20II", "usb:04b8:0202", "/dev/usb/lp0"),
        AttachedPrinter("lp1", "usb:0416:5011", "/dev/usb/lp1"),
    ]
    assert device_of_usb("0416:5011", tmp_path / "class", Path("/dev/usb")) == "/dev/usb/lp1"
    assert device_of_usb("0416:5012", tmp_path / "class", Path("/dev/usb")) == ""


def test_a_usb_printer_is_found_again_in_another_socket(
    tmp_path: Path, wire: "Wire", printer_line: "Callable[[Wire], PrinterLine]", monkeypatch: pytest.MonkeyPatch
) -> None:
    line, port = printer_line(wire), open_port("usb:04b8:0202")
    device = {"04b8:0202": ""}
    monkeypatch.setattr("printers.library_ports.device_of_usb", device.__getitem__)
    with pytest.raises(PrinterUnreachable) as missing:
        printer_status(port)
    assert missing.value.reason == "missing"
    device["04b8:0202"] = str(tmp_path / "lp0")
    with pytest.raises(PrinterUnreachable) as missing:
        printer_status(port)
    assert missing.value.reason == "missing"
    device["04b8:0202"] = line.device
    with opened(port) as link:
        assert ask(port, link) == Status("ready")
        deliver(port, link, b"job" * 300, confirm=True)
    assert bytes(line.job) == b"job" * 300


def test_a_serial_adapter_is_found_by_its_numbers(
    wire: "Wire", printer_line: "Callable[[Wire], PrinterLine]", monkeypatch: pytest.MonkeyPatch
) -> None:
    line = printer_line(wire)
    there: list[object] = []
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: there)
    port = open_port("serial:067B:2303?baud=115200")
    with pytest.raises(PrinterUnreachable, match="no serial adapter 067B:2303 is plugged in") as missing:
        printer_status(port)
    assert missing.value.reason == "missing"
    there.append(type("Info", (), {"vid": 0x067B, "pid": 0x2303, "device": line.device}))
    assert printer_status(port) == Status("ready")
    with opened(port), pytest.raises(PrinterRefused) as taken:
        printer_status(open_port(f"serial:{line.device}"))
    assert taken.value.reason == "taken"


@pytest.mark.parametrize(
    ("script", "names"),
    [("printf 'Slips\\nOffice\\n'", ["Slips", "Office"]), ("exit 1", []), ("exec sleep 60", [])],
)
def test_the_queues_of_cups(tmp_path: Path, script: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "lpstat"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(attached, "_ASK_S", 0.5)
    assert cups_queues() == [AttachedPrinter(name, f"cups:{name}") for name in names]


def test_without_cups_there_are_no_queues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cups_queues() == []
