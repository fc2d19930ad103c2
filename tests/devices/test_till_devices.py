"""Printer and scanners wired to a running till: what stands on the screen, what comes out, what is kept."""

import asyncio
import importlib
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import ClassVar, Literal, TypeAlias

import pytest
from PIL import Image as Canvas
from textual import events
from textual._xterm_parser import XTermParser
from textual.widgets import Input

from printers.document import Cut, Document, Text, document_to_json
from printers.errors import PrinterUnreachable, Reason
from printers.memory import MemoryLink, MemoryPort
from printers.profile import load_profile
from printers.spool import Outcome, Spooler, print_next
from printers.status import Status
from terminal import desk
from terminal.config import PrinterConfig, ScannerConfig
from terminal.devices.scan import MAX_LENGTH
from terminal.ledger import queues
from terminal.ledger.ledger import Ledger
from terminal.printing import LedgerJobs, outcome_in_words, printer_of
from tests.devices.test_layouts import LAYOUTS, US
from tests.printers.emulator import Emulator, needs_emulator
from tests.screens.stand import Stand
from tests.shop import new_ledger

OpenCounter: TypeAlias = Callable[..., AbstractAsyncContextManager[Stand]]
PAGES = ("17:CP866", "18:CP852", "46:CP1251")
SLIP = Document((Text("Їжак і ґава"), Cut()))


def queue_slip(ledger: Ledger, document: str = document_to_json(SLIP)) -> int:
    with ledger.atomic():
        return queues.queue_print(ledger, document, 0)


def state_of(ledger: Ledger, job: int) -> str:
    found = queues.print_job(ledger, job)
    assert found is not None
    return found.state


# --- words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "words", "trouble"),
    [
        (Outcome("idle", Status("ready")), "ready", False),
        (Outcome("done", Status("ready"), 1), "ready", False),
        (Outcome("idle"), "ready", False),
        (Outcome("idle", Status("ready", paper_low=True)), "paper is nearly out", True),
        (Outcome("idle", Status("paper_out", paper_low=True)), "out of paper", True),
        (Outcome("waiting", Status("cover_open"), 1), "cover is open", True),
        (Outcome("waiting", Status("offline"), 1), "is offline", True),
        (Outcome("idle", Status("unknown")), "gives no state", False),
        (Outcome("waiting", Status("unknown"), 1), "gives no state", True),
        (Outcome("unknown", Status("ready"), 1), "ready", False),
        (Outcome("waiting", None, None, "disk full"), "the slips waiting cannot be read", True),
    ],
)
def test_how_the_printer_is_in_words(outcome: Outcome, words: str, trouble: bool) -> None:
    told, is_trouble = outcome_in_words(outcome)
    assert (told.text, is_trouble) == (words, trouble)


@pytest.mark.parametrize(
    ("reason", "group", "words"),
    [
        ("missing", "", "not plugged in"),
        ("silent", "", "does not answer"),
        ("no_permission", "", "no permission"),
        ("no_permission", "lp", "no permission: join the group lp"),
        ("taken", "", "used by another program"),
        ("not_writable", "", "cannot be written to"),
        ("no_driver", "", "its driver is not installed"),
        ("other_model", "", "not the model in the config"),
    ],
)
def test_why_nothing_can_be_printed_in_words(reason: Reason, group: str, words: str) -> None:
    told, trouble = outcome_in_words(Outcome("waiting", Status("offline"), 1, "x", reason, group))
    assert (told.text.format(**dict(told.values)), trouble) == (words, True)


@pytest.mark.parametrize(
    ("port", "waiting", "pause_s"),
    [
        (MemoryPort(), False, 1.0),
        (MemoryPort(paper_out=True), False, 1.0),
        (MemoryPort(paper_out=True), True, 1.0),
        (MemoryPort(off=True), True, 1.0),
        (MemoryPort(mute=True), False, 10.0),
        (MemoryPort(mute=True, answers=True), True, 1.0),
    ],
)
def test_a_printer_that_answers_is_asked_every_second_and_a_mute_one_is_left_in_peace(
    ledger: Ledger, port: MemoryPort, waiting: bool, pause_s: float
) -> None:
    if waiting:
        queue_slip(ledger)
    pauses: list[float] = []
    enough, over = threading.Event(), threading.Event()

    def wait(pause_s: float) -> None:
        pauses.append(pause_s)
        if len(pauses) == 3:
            enough.set()
            over.wait()

    spooler = Spooler(LedgerJobs(lambda: ledger), port, load_profile(), lambda _: None, wait=wait)
    spooler.start()
    assert enough.wait(60)
    over.set()
    assert spooler.stop()
    assert pauses[:3] == [pause_s] * 3


def test_a_till_that_nobody_uses_lets_its_printer_rest_until_somebody_does(ledger: Ledger) -> None:
    """Three pauses in use, one after five minutes without a touch, and one after the touch that ended them."""
    now, pauses = [0.0], []
    over = threading.Event()

    def wait(pause_s: float) -> None:
        pauses.append(pause_s)
        now[0] = (1.0, 299.9, 300.0, 300.0, 301.0)[min(len(pauses), 5) - 1]
        if len(pauses) == 4:
            spooler.wake()
        if len(pauses) == 6:
            over.set()
            threading.Event().wait(0.01)

    jobs = LedgerJobs(lambda: ledger)
    spooler = Spooler(jobs, MemoryPort(), load_profile(), lambda _: None, wait=wait, clock=lambda: now[0])
    spooler.start()
    assert over.wait(60)
    assert spooler.stop()
    assert pauses[:6] == [1.0, 1.0, 1.0, 10.0, 1.0, 1.0]


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


class SlowNetwork(MemoryPort):
    """An address that drops what it is sent: every connection takes as long as it may."""

    asked: ClassVar[list[float]] = []

    def open(self, within_s: float = 2.0) -> MemoryLink:
        self.asked.append(within_s)
        raise PrinterUnreachable("nothing comes back")


def test_an_address_that_drops_everything_is_told_within_two_seconds(ledger: Ledger) -> None:
    pauses: list[float] = []
    enough = threading.Event()

    def wait(pause_s: float) -> None:
        pauses.append(pause_s)
        if len(pauses) == 2:
            enough.set()

    port = SlowNetwork()
    spooler = Spooler(LedgerJobs(lambda: ledger), port, load_profile(), lambda _: None, wait=wait)
    spooler.start()
    assert enough.wait(60)
    assert spooler.stop()
    assert pauses[0] + port.asked[1] < 2.0
    queue_slip(ledger)
    print_next(LedgerJobs(lambda: ledger), port, load_profile())
    assert port.asked[-1] == 2.0, "a job is more patient"


# --- what a printer is known to answer -------------------------------------------------------------------


def test_what_a_printer_answers_is_known_at_the_next_start(ledger: Ledger) -> None:
    jobs = LedgerJobs(lambda: ledger, None, port := MemoryPort(), "memory:")
    queue_slip(ledger)
    assert print_next(jobs, port, load_profile()).result == "done"
    assert print_next(jobs, port, load_profile()).result == "idle"
    again = MemoryPort(mute=True)
    job = queue_slip(ledger)
    outcome = print_next(LedgerJobs(lambda: ledger, None, again, "memory:"), again, load_profile())
    assert (outcome.result, state_of(ledger, job), again.jobs) == ("waiting", "queued", [])
    elsewhere = MemoryPort(mute=True)
    LedgerJobs(lambda: ledger, None, elsewhere, "tcp://192.168.1.51:9100").next()
    assert elsewhere.answers is None, "of another printer nothing is known"


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


@pytest.mark.parametrize(("told", "known"), [("yes", True), ("no", False), ("learn", None)])
def test_the_configs_word_on_a_printer(told: Literal["yes", "no", "learn"], known: bool | None) -> None:
    port, _ = printer_of(PrinterConfig("memory:", answers=told))
    assert port.answers is known


# --- the queue ------------------------------------------------------------------------------------------


def test_a_slip_that_was_being_sent_when_the_till_ended_is_asked_about(ledger: Ledger) -> None:
    job = queue_slip(ledger)
    LedgerJobs(lambda: ledger).sending(job)
    assert LedgerJobs(lambda: ledger).next() is None
    assert state_of(ledger, job) == "unknown"


def test_a_slip_that_cannot_be_read_does_not_stop_those_behind_it(ledger: Ledger) -> None:
    broken, good = queue_slip(ledger, '{"elements":[{"element":"hologram"}]}'), queue_slip(ledger)
    found = LedgerJobs(lambda: ledger).next()
    assert found is not None
    assert (found.id, found.document) == (good, SLIP)
    assert state_of(ledger, broken) == "unknown"


def test_a_slip_is_told_of_in_the_ledger_that_it_came_from(ledger: Ledger, tmp_path: Path) -> None:
    training = new_ledger(tmp_path / "training.ledger")
    now = [ledger]
    jobs = LedgerJobs(lambda: now[0])
    job, other = queue_slip(ledger), queue_slip(training)
    assert jobs.next() is not None
    jobs.sending(job)
    now[0] = training
    jobs.done(job)
    assert (state_of(ledger, job), state_of(training, other)) == ("done", "queued")
    training.close()


# --- the printer of a running till ----------------------------------------------------------------------


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


# --- scanners of a running till -------------------------------------------------------------------------


async def read(stand: Stand, emulator: Emulator, data: str, seen: Callable[[], bool]) -> None:
    """Pull the trigger and wait for what it does."""
    await asyncio.to_thread(emulator.scan, data)
    await stand.until(seen)


@needs_emulator
async def test_a_serial_scanners_frames_reach_the_screen(counter: OpenCounter, emulator: Emulator) -> None:
    async with counter(scanner=ScannerConfig(port=emulator.scanner)) as stand:
        await stand.until(lambda: not stand.app.session.scanner.trouble)
        first, second = stand.shop.customers[:2]
        await read(stand, emulator, f"]E0{first.card}", lambda: first.name in stand.text())
        # A second card is the next customer's; two in a row lose none.
        await asyncio.to_thread(emulator.scan, second.card)
        await read(stand, emulator, first.card, lambda: first.name in stand.text())
        await read(stand, emulator, f"]Q1tel:+{second.phone}", lambda: second.name in stand.text())
        assert stand.stage == "customer"


@needs_emulator
@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("4111111111111111", "This is a bank card"),
        ("2900000000013", "The code was not read right"),
        ("29000\x0100000018", "holds control characters"),
        ("X" * (MAX_LENGTH + 1), "too long"),
        ("4820000000017", "These are goods. Scan the customer's card first."),
        ("nonsense", "neither a card nor goods"),
    ],
)
async def test_what_is_no_card_is_refused_with_a_sound_and_does_nothing(
    counter: OpenCounter, emulator: Emulator, data: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counter(scanner=ScannerConfig(port=emulator.scanner)) as stand:
        bells: list[int] = []
        monkeypatch.setattr(stand.app, "bell", lambda: bells.append(1))
        await stand.until(lambda: not stand.app.session.scanner.trouble)
        entries = stand.shop.till.ledger.last_seq()
        await read(stand, emulator, data, lambda: words in stand.text())
        assert (stand.stage, stand.box("#search"), len(bells)) == ("idle", "", 1)
        assert data not in stand.text()
        assert stand.shop.till.ledger.last_seq() == entries


@needs_emulator
async def test_a_scan_during_a_dialog_waits_for_its_end(counter: OpenCounter, emulator: Emulator) -> None:
    async with counter(scanner=ScannerConfig(port=emulator.scanner)) as stand:
        await stand.until(lambda: not stand.app.session.scanner.trouble)
        await stand.press("f4")
        sales = stand.screen
        await read(stand, emulator, stand.shop.customers[0].card, lambda: "Finish here first" in stand.told())
        assert stand.screen is sales
        await stand.press("escape")
        assert stand.stage == "idle"


@needs_emulator
@pytest.mark.parametrize("focus", ["#search", "#amount"])
async def test_what_a_typing_scanner_types_lands_in_no_box(
    counter: OpenCounter, emulator: Emulator, focus: str
) -> None:
    async with counter() as stand:
        first, second = stand.shop.customers[:2]
        if focus == "#amount":
            await stand.wedge_scan(first.card)
        stand.one(focus, Input).focus()
        for key in typed_by_a_scanner(emulator, second.card):
            stand.app.post_message(key)
        await stand.until(lambda: second.name in stand.text())
        assert stand.stage == "customer"
        assert all(second.card not in box.value for box in stand.screen.query(Input))


@pytest.mark.parametrize("language", LAYOUTS)
@pytest.mark.parametrize(("sent", "end"), [("{card}", "\r"), ("]E0{card}", "\t"), ("]Q1tel:+{phone}", "\r")])
async def test_a_scan_typed_under_a_cyrillic_layout_finds_its_customer(
    counter: OpenCounter, language: str, sent: str, end: str
) -> None:
    """The bytes of a terminal for the scanner's keys under that layout, through Textual's own reader."""
    async with counter() as stand:
        customer = stand.shop.customers[1]
        meant = sent.format(card=customer.card, phone=customer.phone)
        typed = meant.translate(str.maketrans(US, LAYOUTS[language]))
        assert typed != meant or (sent == "{card}" and language != "kk")
        for key in XTermParser().feed(typed + end):
            stand.app.post_message(key)
        await stand.until(lambda: customer.name in stand.text())
        assert stand.stage == "customer"
        assert all(not box.value for box in stand.screen.query(Input))


@pytest.mark.parametrize("language", LAYOUTS)
async def test_a_name_typed_under_a_cyrillic_layout_stays_what_was_typed(
    counter: OpenCounter, language: str
) -> None:
    async with counter() as stand:
        name = "щит" if language != "kk" else "щың"
        await stand.type_text(name)
        assert stand.box("#search") == name


def typed_by_a_scanner(emulator: Emulator, data: str) -> list[events.Key]:
    """The emulator's own keys on a US keyboard, as a terminal hands them on."""
    keys = importlib.import_module("emupos.scanner.keys")
    signs = {(key.usage, key.shift): sign for sign, key in keys.US_LAYOUT.items()}
    pressed = []
    for key in emulator.keys_of(data):
        if key["usage"] == keys.ENTER:
            pressed.append(events.Key("enter", "\r"))
        else:
            sign = signs[key["usage"], key.get("shift", False)]
            pressed.append(events.Key(sign, sign))
    assert len(pressed) == len(data) + 1
    return pressed
