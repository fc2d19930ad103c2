"""Scanners that type, told from keyboards in the system's list."""

from pathlib import Path

from terminal.devices.keyboards import TypingScanner, typing_scanners

INPUTS = """I: Bus=0019 Vendor=0000 Product=0001 Version=0000
N: Name="Power Button"
H: Handlers=kbd event0

I: Bus=0003 Vendor=046d Product=c31c Version=0110
N: Name="Logitech USB Keyboard"
H: Handlers=sysrq kbd event3 leds

I: Bus=0003 Vendor=0c2e Product=0200 Version=0110
N: Name="Metrologic Metrologic 1450g"
H: Handlers=sysrq kbd event4 leds

I: Bus=0003 Vendor=0c2e Product=0200 Version=0110
N: Name="Metrologic Metrologic 1450g"
H: Handlers=event5

I: Bus=0003 Vendor=28e9 Product=03da Version=0110
N: Name="USBScn Chip USBScn Module Barcode"
H: Handlers=sysrq kbd event6 leds

I: Bus=0003 Vendor=04a9 Product=1909 Version=0110
N: Name="Canon Scanner"
H: Handlers=event9
"""


def test_a_scanner_is_known_by_its_maker_or_its_name(tmp_path: Path) -> None:
    (tmp_path / "devices").write_text(INPUTS)
    assert typing_scanners(tmp_path / "devices") == [
        TypingScanner("Metrologic Metrologic 1450g", "0c2e:0200"),
        TypingScanner("USBScn Chip USBScn Module Barcode", "28e9:03da"),
    ]


def test_a_system_without_that_list_has_none(tmp_path: Path) -> None:
    assert typing_scanners(tmp_path / "none") == []
