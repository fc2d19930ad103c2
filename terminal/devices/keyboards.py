"""Scanners that type like a keyboard, as far as the system tells them from keyboards (Linux)."""

import re
from dataclasses import dataclass
from pathlib import Path

_INPUTS = Path("/proc/bus/input/devices")
_NUMBERS = re.compile(r"^I: .*Vendor=([0-9a-f]{4}) Product=([0-9a-f]{4})", re.MULTILINE)
_NAME = re.compile(r'^N: Name="(.*)"$', re.MULTILINE)
_WORDS = re.compile(r"scan|barcode|bar code|imager|symbol|honeywell|datalogic|newland|zebra|opticon", re.IGNORECASE)

SCANNER_MAKERS = {
    "0536": "Hand Held Products",
    "05e0": "Zebra",
    "05f9": "Datalogic",
    "065a": "Opticon",
    "0c2e": "Honeywell",
    "1eab": "Newland",
    "24ea": "Newland",
}
"""USB vendors whose devices at a counter are barcode scanners."""


@dataclass(frozen=True, slots=True)
class TypingScanner:
    """A scanner among the keyboards; `usb_numbers` is "vid:pid" in hex."""

    name: str
    usb_numbers: str


def typing_scanners(inputs: Path = _INPUTS) -> list[TypingScanner]:
    """The scanners that type, by name; none where the system does not list its keyboards."""
    try:
        blocks = inputs.read_text(encoding="utf-8", errors="replace").split("\n\n")
    except OSError:
        return []
    found = set()
    for block in blocks:
        numbers, name = _NUMBERS.search(block), _NAME.search(block)
        keyboard = re.search(r"^H: Handlers=.*\bkbd\b", block, re.MULTILINE)
        if numbers and name and keyboard and (numbers[1] in SCANNER_MAKERS or _WORDS.search(name[1])):
            found.add((name[1], f"{numbers[1]}:{numbers[2]}"))
    return [TypingScanner(*one) for one in sorted(found)]
