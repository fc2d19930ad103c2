"""`tillmate devices`: what is seen, and the line of the config that would use it."""

import json
import os
from pathlib import Path

import pytest

from printers.attached import AttachedPrinter
from printers.ports import open_port
from terminal.commands.devices import Device, seen_devices
from terminal.commands.faults import Exit
from terminal.config import change_config
from terminal.devices.keyboards import TypingScanner
from terminal.devices.serial_scanner import SerialPort
from tests.commands.installed import Shop

PRINTERS = [
    AttachedPrinter("EPSON TM-T20II", "usb:04b8:0202", "/dev/usb/lp0"),
    AttachedPrinter("Slips", "cups:Slips"),
]
PORTS = [
    SerialPort("/dev/ttyACM0", "0c2e:0cc1", "n/a"),
    SerialPort("/dev/ttyS0", "", "n/a"),
    SerialPort("/dev/ttyUSB0", "067b:2303", "USB-Serial Controller"),
    SerialPort("/dev/ttyUSB1", "1a86:7523", "USB Serial"),
    SerialPort("/dev/ttyUSB2", "1a86:7523", "USB Serial"),
]
KEYBOARDS = [TypingScanner("Honeywell 1450g", "0c2e:0200")]


def lines_of(found: list[Device]) -> dict[str, tuple[str, ...]]:
    return {one.place: one.lines for one in found}


def test_each_device_has_the_line_that_would_use_it() -> None:
    assert lines_of(seen_devices(PRINTERS, PORTS, KEYBOARDS)) == {
        "/dev/usb/lp0": ('[printer] url = "usb:04b8:0202"',),
        "cups:Slips": ('[printer] url = "cups:Slips"',),
        "/dev/ttyACM0": ('[scanner] port = "0c2e:0cc1"',),
        "/dev/ttyS0": ('[printer] url = "serial:/dev/ttyS0"', '[scanner] port = "/dev/ttyS0"'),
        "/dev/ttyUSB0": ('[printer] url = "serial:067b:2303"', '[scanner] port = "067b:2303"'),
        # Two of a kind cannot be told apart by their numbers.
        "/dev/ttyUSB1": ('[printer] url = "serial:/dev/ttyUSB1"', '[scanner] port = "/dev/ttyUSB1"'),
        "/dev/ttyUSB2": ('[printer] url = "serial:/dev/ttyUSB2"', '[scanner] port = "/dev/ttyUSB2"'),
        "0c2e:0200": ("[scanner] wedge = true",),
    }


def test_every_printers_line_is_an_address() -> None:
    for one in seen_devices(PRINTERS, PORTS, []):
        for line in one.lines:
            if line.startswith("[printer]"):
                open_port(line.partition('"')[2].rstrip('"'))


@pytest.fixture
def plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("terminal.commands.devices.attached_printers", lambda: PRINTERS)
    monkeypatch.setattr("terminal.commands.devices.serial_ports", lambda: PORTS)
    monkeypatch.setattr("terminal.commands.devices.typing_scanners", lambda: KEYBOARDS)


@pytest.mark.usefixtures("plugged_in")
def test_what_stands_in_the_config_is_marked(shop: Shop) -> None:
    change_config(shop.config_path, "printer", {"url": "usb:04b8:0202"})
    told = shop.call("devices")
    assert told.exit_code == Exit.OK
    marked = [line.strip() for line in told.output.splitlines() if "✓" in line]
    assert marked == [
        '[printer] url = "usb:04b8:0202"   ✓ in the config',
        "[scanner] wedge = true   ✓ in the config",
    ]
    assert "Scanners:\n  Honeywell 0c2e:0cc1  /dev/ttyACM0\n" in told.output
    assert '[printer] url = "tcp://ADDRESS:9100"' in told.output
    found = json.loads(shop.call("devices", "--json").stdout)["devices"]
    assert [one["place"] for one in found if one["used"]] == ["/dev/usb/lp0", "0c2e:0200"]


def test_a_machine_with_nothing_says_so_and_needs_no_config(no_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("attached_printers", "serial_ports", "typing_scanners"):
        monkeypatch.setattr(f"terminal.commands.devices.{name}", list)
    told = no_shop.call("devices")
    assert told.exit_code == Exit.OK
    assert "No printer and no scanner is seen." in told.output


def test_the_group_to_join_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Shop) -> None:
    import grp

    device = tmp_path / "lp0"
    device.touch()
    group = grp.getgrgid(device.stat().st_gid).gr_name
    real = os.access
    monkeypatch.setattr("os.access", lambda path, mode: str(path) != str(device) and real(path, mode))
    [found] = seen_devices([AttachedPrinter("lp0", f"file:{device}", str(device))], [], [])
    assert found.group == group
    [port] = seen_devices([], [SerialPort(str(device), "", "n/a")], [])
    assert port.group == group
    monkeypatch.setattr(
        "terminal.commands.devices.attached_printers", lambda: [AttachedPrinter("x", "y:", str(device))]
    )
    assert f"add the user to the group {group}" in shop.call("devices").output


def test_the_machines_own_devices_can_be_listed(shop: Shop) -> None:
    assert isinstance(json.loads(shop.spawn("devices", "--json").stdout)["devices"], list)


def test_words_from_a_device_are_data(monkeypatch: pytest.MonkeyPatch, shop: Shop) -> None:
    evil = replace_name(PRINTERS[0], "EPSON\x1b[31m\u202eTM")
    monkeypatch.setattr("terminal.commands.devices.attached_printers", lambda: [evil])
    told = shop.call("devices").output
    assert "\x1b[31m" not in told
    assert "\u202e" not in told


def replace_name(printer: AttachedPrinter, name: str) -> AttachedPrinter:
    return AttachedPrinter(name, printer.address, printer.device)
