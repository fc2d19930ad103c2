"""What the doctor says of a printer or scanner that cannot be used, and of settings that cannot be."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image as Canvas

from printers.errors import PrinterRefused
from printers.memory import MemoryPort
from printers.refusal import why_not_opened
from terminal.commands.checks import Finding, Mark
from terminal.commands.device_checks import check_printer, check_scanner
from terminal.config import PrinterConfig, ScannerConfig
from tests.printers.conftest import PrinterLine, Wire, printer_line, wire
from tests.printers.emulator import MODEL, needs_emulator, running_emulator

__all__ = ["printer_line", "wire"]


def english(found: Finding) -> str:
    """The finding in a line: mark, words, how to mend it, the technical part."""
    parts = [
        phrase.text.format(**dict(phrase.values)) for phrase in (found.words, found.mend) if phrase is not None
    ]
    return " | ".join([found.mark.value, *parts, found.detail])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"url": "http://192.168.1.50"}, "settings are wrong. | Correct the section [printer]"),
        ({"profile": "TM-T20"}, "near it: TM-T20II"),
        ({"profile": "SP2000"}, "Star's own commands"),
        ({"pages": ("46:KLINGON",)}, "no code page 'KLINGON'"),
        ({"columns": 8}, "columns is a whole number from 16 to 80"),
        ({"logo": "none.png"}, "the logo none.png cannot be read: No such file"),
        ({"logo": "wide.png"}, "is 600 dots wide and the paper 576; make it smaller"),
        ({"logo": "text.png"}, "that is not a PNG"),
        ({"logo": "huge.png"}, "a picture of more than 4000000 pixels"),
    ],
)
def test_settings_that_cannot_be(
    settings: dict[str, object], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Canvas.new("L", (600, 10)).save("wide.png")
    Canvas.new("1", (2001, 2001)).save("huge.png")
    (tmp_path / "text.png").write_text("<svg/>")
    found = check_printer(PrinterConfig(**{"url": "memory:", **settings}))  # type: ignore[arg-type]
    assert found.mark is Mark.BAD
    assert said in english(found)


def test_a_port_that_is_not_there() -> None:
    found = check_printer(PrinterConfig("serial:/dev/no-such-port"))
    assert english(found).startswith("✗ | The printer is not plugged in: serial:/dev/no-such-port. | Plug it in")
    assert "✗ | The printer does not answer" in english(check_printer(PrinterConfig("tcp://127.0.0.1:1")))
    assert "driver" in english(check_printer(PrinterConfig("cups:Slips")))


def test_no_permission_names_the_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import grp

    (tmp_path / "lp0").touch()
    group = grp.getgrgid((tmp_path / "lp0").stat().st_gid).gr_name
    fault = why_not_opened(str(tmp_path / "lp0"), PermissionError(13, "Permission denied"))
    assert isinstance(fault, PrinterRefused)

    def refused(*_: object) -> object:
        raise fault

    monkeypatch.setattr(MemoryPort, "open", refused)
    told = english(check_printer(PrinterConfig("memory:")))
    assert f"✗ | There is no permission for the printer: memory:. | Add the user to the group {group}" in told


def test_a_port_taken_by_another_program(printer_line: Callable[[Wire], PrinterLine], wire: Wire) -> None:
    import serial

    line = printer_line(wire)
    with serial.Serial(line.device, exclusive=True):
        found = english(check_printer(PrinterConfig(f"serial:{line.device}")))
        assert f"✗ | Another program uses the printer: serial:{line.device}." in found
        scanner = english(check_scanner(ScannerConfig(port=line.device)))
        assert f"! | Another program uses the scanner: {line.device}." in scanner


@needs_emulator
def test_another_model_than_the_configs(tmp_path: Path) -> None:
    with running_emulator(tmp_path) as emulator:
        found = english(check_printer(PrinterConfig(emulator.address, profile="TM-T88V")))
        assert f"✗ | The printer says that it is {MODEL}; the profile in the config is TM-T88V." in found
        assert "tillmate printer test" in found
        assert check_printer(PrinterConfig(emulator.address, profile=MODEL)).mark is Mark.GOOD
        assert check_printer(PrinterConfig(emulator.address)).mark is Mark.GOOD


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("learn", "! | The printer is there and does not tell how it is. | Find out whether it prints"),
        ("no", "✓ | The printer is there and does not tell how it is. | "),
        ("yes", "✗ | The printer does not answer: memory:. | Switch it off and on."),
    ],
)
def test_a_printer_that_says_nothing(
    answers: Literal["learn", "yes", "no"], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemoryPort, "answer", lambda *_: b"")
    assert english(check_printer(PrinterConfig("memory:", answers=answers))).startswith(said)


def test_a_scanner_that_is_there_and_one_that_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scanner, till = os.openpty()
    path = os.ttyname(till)
    assert english(check_scanner(ScannerConfig(port=path))).startswith(f"✓ | The scanner is plugged in: {path}.")
    for port in ("/dev/no-scanner", "ffff:ffff"):
        assert english(check_scanner(ScannerConfig(port=port))).startswith("✗ | The scanner is not plugged in")
    (tmp_path / "file").touch()
    assert "✗ | This is no scanner's port" in english(check_scanner(ScannerConfig(port=str(tmp_path / "file"))))
    monkeypatch.setattr("serial.Serial", lambda *_, **__: (_ for _ in ()).throw(PermissionError(13, "denied")))
    found = check_scanner(ScannerConfig(port=path))
    assert "There is no permission for the scanner" in english(found)
    assert "Add the user to the group" in english(found)
    os.close(scanner)
    os.close(till)
