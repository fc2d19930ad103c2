"""A scanner that types on a running till: what it types lands in no box, whenever it comes."""

import importlib

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message
from textual.widgets import Input

from tests.devices.conftest import OpenCounter
from tests.devices.test_layouts import LAYOUTS, US
from tests.printers.emulator import Emulator, needs_emulator


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
        for key in pressed(typed + end, Message().time):
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


def pressed(text: str, time: float) -> list[events.Key]:
    """The keys that type a text, as a terminal hands them on, all pressed at `time`."""
    keys = [key for key in XTermParser().feed(text) if isinstance(key, events.Key)]
    for key in keys:
        key.time = time
    assert len(keys) == len(text)
    return keys


@pytest.mark.parametrize("split", [5, 7, 8, 12])
async def test_a_scan_that_a_busy_machine_halved_finds_its_customer(counter: OpenCounter, split: int) -> None:
    """The keys' times are ahead of the clock: the till waits for the rest for as long as the test wants."""
    async with counter() as stand:
        customer, later = stand.shop.customers[1], Message().time + 3600
        for key in pressed(customer.card[:split], later):
            stand.app.post_message(key)
        await stand.settle()
        assert (stand.stage, stand.box("#search")) == ("idle", "")
        for key in pressed(customer.card[split:] + "\r", later + 0.2):
            stand.app.post_message(key)
        await stand.until(lambda: customer.name in stand.text())
        assert stand.stage == "customer"
        assert all(not box.value for box in stand.screen.query(Input))


async def test_a_key_typed_right_after_a_scan_waits_for_no_stall(counter: OpenCounter) -> None:
    async with counter() as stand:
        customer = stand.shop.customers[1]
        for key in pressed(customer.card + "\r", Message().time + 3600):
            stand.app.post_message(key)
        await stand.until(lambda: customer.name in stand.text())
        stand.app.post_message(events.Key("5", "5"))
        await stand.until(lambda: stand.box("#amount") == "5")


async def test_what_is_typed_behind_a_scan_without_an_end_key_is_kept(counter: OpenCounter) -> None:
    """All of it is handled at once, long after it was pressed: the clock decides nothing."""
    async with counter() as stand:
        customer, long_ago = stand.shop.customers[1], Message().time - 60
        keys = pressed(customer.card, long_ago) + pressed("1", long_ago + 0.5) + pressed("2", long_ago + 0.6)
        for key in keys:
            stand.app.post_message(key)
        await stand.until(lambda: customer.name in stand.text())
        await stand.until(lambda: stand.box("#amount") == "12")


def typed_by_a_scanner(emulator: Emulator, data: str) -> list[events.Key]:
    """The emulator's own keys on a US keyboard, as a terminal hands them on."""
    keys = importlib.import_module("emupos.scanner.keys")
    signs = {(key.usage, key.shift): sign for sign, key in keys.US_LAYOUT.items()}
    typed = []
    for key in emulator.keys_of(data):
        if key["usage"] == keys.ENTER:
            typed.append(events.Key("enter", "\r"))
        else:
            sign = signs[key["usage"], key.get("shift", False)]
            typed.append(events.Key(sign, sign))
    assert len(typed) == len(data) + 1
    at = Message().time  # a terminal reads them all at once, on a busy machine too
    for event in typed:
        event.time = at
    return typed
