"""A printer wired to a running till: what stands on the screen, what comes out, what is kept."""

from pathlib import Path

import pytest
from PIL import Image as Canvas

from printers.memory import MemoryPort
from terminal import desk
from terminal.config import PrinterConfig
from terminal.printing import LedgerJobs
from tests.devices.conftest import OpenCounter
from tests.devices.slips import queue_slip, state_of
from tests.printers.emulator import Emulator, needs_emulator

PAGES = ("17:CP866", "18:CP852", "46:CP1251")


@needs_emulator
@pytest.mark.parametrize(
    ("fault", "words"),
    [("paper-out", "out of paper"), ("cover-open", "cover is open"), ("offline", "Printer: is offline")],
)
async def test_a_stopped_printer_stands_on_the_screen_and_prints_once_it_is_mended(
    counter: OpenCounter, emulator: Emulator, fault: str, words: str
) -> None:
    known = emulator.receipts()
    async with counter(PrinterConfig(emulator.address, pages=PAGES)) as stand:
        ledger = stand.shop.till.ledger
        with emulator.fault(fault):
            await stand.until(lambda: words in stand.text())
            job = queue_slip(ledger)
            stand.app.session.wake_printer()
            await stand.wedge_scan(stand.shop.customers[0].card)
            assert stand.stage == "customer", "the till goes on"
            assert words in stand.text()
            assert state_of(ledger, job) == "queued"
        await stand.until(lambda: state_of(ledger, job) == "done")
        await stand.until(lambda: words not in stand.text())
    assert emulator.text_after(known) == ["Їжак і ґава"]


@needs_emulator
async def test_another_model_than_the_configs_is_said_and_the_slips_are_kept(
    counter: OpenCounter, emulator: Emulator
) -> None:
    known = emulator.receipts()
    async with counter(PrinterConfig(emulator.address, profile="TM-T88V")) as stand:
        job = queue_slip(stand.shop.till.ledger)
        stand.app.session.wake_printer()
        await stand.until(lambda: "not the model in the config" in stand.text())
        assert state_of(stand.shop.till.ledger, job) == "queued"
    assert emulator.receipts() == known


def picture(folder: Path, width: int) -> str:
    Canvas.new("L", (width, 40), 0).save(folder / "logo.png")
    return str(folder / "logo.png")


async def test_the_logo_stands_above_every_slip(counter: OpenCounter, tmp_path: Path) -> None:
    settings = PrinterConfig(f"file:{tmp_path}/paper", logo=picture(tmp_path, 200))
    async with counter(settings) as stand:
        job = queue_slip(stand.shop.till.ledger)
        stand.app.session.wake_printer()
        await stand.until(lambda: state_of(stand.shop.till.ledger, job) == "done")
    paper = (tmp_path / "paper").read_bytes()
    assert b"\x1ba\x01\x1dv0\x00" + bytes([200 // 8, 0, 40, 0]) in paper, "centred by the printer"
    assert paper.index(b"\x1dv0") < paper.index("Їжак".encode("cp1251"))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"logo": "no-such.png"}, "cannot be read"),
        ({"logo": "text.png"}, "that is not a PNG"),
        ({"logo": "broken.png"}, "is no PNG that can be read"),
        ({"logo": "wide.png"}, "is 577 dots wide and the paper 576"),
        ({"profile": "TM-T20"}, "no printer profile 'TM-T20'; near it: TM-T20II"),
        ({"profile": "TSP600"}, "Star's own commands"),
        ({"pages": ("46:KLINGON",)}, "no code page 'KLINGON' is known"),
        ({"pages": ("999:CP866",)}, "the slot of CP866 is a whole number from 0 to 255"),
        ({"url": "http://192.168.1.50"}, "is no printer address"),
        ({"url": "serial:/dev/ttyUSB0?speed=9600"}, "unknown option speed"),
    ],
)
async def test_impossible_settings_are_said_at_the_start_and_the_slips_are_kept(
    counter: OpenCounter, tmp_path: Path, settings: dict[str, object], words: str
) -> None:
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nxx")
    Canvas.new("L", (577, 40), 0).save(tmp_path / "wide.png")
    if "logo" in settings:
        settings = {"logo": str(tmp_path / str(settings["logo"]))}
    config = PrinterConfig(**{"url": f"file:{tmp_path}/paper", **settings})  # type: ignore[arg-type]
    async with counter(config) as stand:
        await stand.until(lambda: stand.app.session.printer.trouble)
        assert words in stand.say(stand.app.session.printer.words)
        job = queue_slip(stand.shop.till.ledger)
        stand.app.session.wake_printer()
        await stand.wedge_scan(stand.shop.customers[0].card)
        assert stand.stage == "customer", "the till goes on"
        assert state_of(stand.shop.till.ledger, job) == "queued"
    assert not (tmp_path / "paper").exists()


@pytest.mark.parametrize(
    ("url", "words"), [("serial:/dev/no-such-port", "not plugged in"), ("tcp://127.0.0.1:1", "does not answer")]
)
async def test_a_port_that_is_not_there_is_said_on_the_screen(counter: OpenCounter, url: str, words: str) -> None:
    async with counter(PrinterConfig(url)) as stand:
        await stand.until(lambda: f"Printer: {words}" in stand.text())


async def test_a_touch_after_a_minute_looks_at_the_printer_at_once(counter: OpenCounter) -> None:
    async with counter() as stand:
        looks: list[int] = []
        stand.app.session.wake_printer = lambda: looks.append(1)
        await stand.press("f1")
        assert looks == []
        stand.app._printer_woken -= 60
        await stand.press("escape")
        await stand.press("f1")
        assert looks == [1]


async def test_a_person_says_once_that_a_mute_printer_prints(
    counter: OpenCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = MemoryPort(mute=True)
    monkeypatch.setattr("terminal.printing.open_port", lambda url: port)
    async with counter(PrinterConfig("tcp://192.168.1.50:9100")) as stand:
        ledger = stand.shop.till.ledger
        first = queue_slip(ledger)
        stand.app.session.wake_printer()
        await stand.until(lambda: "did the slip come out? F9, F5" in stand.text())
        assert (state_of(ledger, first), len(port.jobs)) == ("unknown", 1)
        looked = port.opened
        stand.app.session.wake_printer()
        await stand.until(lambda: port.opened > looked)
        await stand.settle()
        assert "did the slip come out? F9, F5" in stand.text(), "asked until it is answered"
        desk.drop_slip(stand.shop.till, first)  # F8 in the list of slips: printed
        await stand.until(lambda: "did the slip come out?" not in stand.text())
        second = queue_slip(ledger)
        stand.app.session.wake_printer()
        await stand.until(lambda: state_of(ledger, second) == "done")
        assert len(port.jobs) == 2
    restarted = MemoryPort(mute=True)
    LedgerJobs(lambda: ledger, None, restarted, "tcp://192.168.1.50:9100").next()
    assert restarted.answers is False
