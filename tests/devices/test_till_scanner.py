"""A serial scanner wired to a running till."""

import asyncio
from collections.abc import Callable

import pytest

from terminal.config import ScannerConfig
from terminal.devices.scan import MAX_LENGTH
from tests.devices.conftest import OpenCounter
from tests.printers.emulator import Emulator, needs_emulator
from tests.screens.stand import Stand


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
