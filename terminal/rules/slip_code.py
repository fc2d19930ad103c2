"""What the QR on a slip says: which slip of which sale this is, at whatever till it is scanned."""

import re
from dataclasses import dataclass
from typing import Literal

SlipKind = Literal["sale", "refund", "void", "order"]

_LETTERS: dict[SlipKind, str] = {"sale": "S", "refund": "R", "void": "V", "order": "O"}
_KINDS: dict[str, SlipKind] = {letter: kind for kind, letter in _LETTERS.items()}
_CODE = re.compile(r"TM:([SRVO]):([A-Z0-9-]{1,64}):([0-9]{1,12}):([0-9A-F]{32})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class SlipCode:
    """A slip by its sale: the till that made the sale (in small letters), its number there, and its id (a UUID)."""

    kind: SlipKind
    terminal_id: str
    number: int
    sale_id: str


def slip_code(kind: SlipKind, terminal_id: str, number: int, sale_id: str) -> str:
    """Return the QR's text; scanners that type get it through any keyboard layout, and capitals make it small."""
    return f"TM:{_LETTERS[kind]}:{terminal_id}:{number}:{sale_id.replace('-', '')}".upper()


def read_slip_code(text: str) -> SlipCode | None:
    """Read what a scanner read; None when it is no slip's. Capitals do not matter: Caps Lock turns them round."""
    found = _CODE.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[4].lower()
    sale_id = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return SlipCode(_KINDS[found[1].upper()], found[2].lower(), int(found[3]), sale_id)
