"""A slip as data, independent of the paper's width; its JSON is what a queue stores."""

from typing import Annotated, Literal

import msgspec

from printers.errors import DocumentError as DocumentError

Align = Literal["left", "center", "right"]
Size = Literal["normal", "tall", "double"]
"""Normal; twice as high; twice as high and as wide."""

_MAX_TEXT = 4_000
_MAX_QR = 1_000
_MAX_CODE128 = 48
_MAX_PNG_BYTES = 512 * 1024
_MAX_ELEMENTS = 2_000


class _Element(msgspec.Struct, frozen=True, tag_field="element", omit_defaults=True, forbid_unknown_fields=True):
    """What every element shares: its name under `element` in the JSON, and no unknown fields."""


class Text(_Element, tag="text", frozen=True):
    """A paragraph; wrapped by words when it is wider than the paper."""

    text: str
    align: Align = "left"
    bold: bool = False
    size: Size = "normal"

    def __post_init__(self) -> None:
        _refuse(len(self.text) > _MAX_TEXT, f"a text of more than {_MAX_TEXT} characters")


class Columns(_Element, tag="columns", frozen=True):
    """A label at the left and its value at the right; the label wraps, the value stands on its last line."""

    left: str
    right: str
    bold: bool = False

    def __post_init__(self) -> None:
        _refuse(len(self.left) + len(self.right) > _MAX_TEXT, f"a text of more than {_MAX_TEXT} characters")


class Rule(_Element, tag="rule", frozen=True):
    """One character repeated across the paper."""

    char: str = "-"

    def __post_init__(self) -> None:
        _refuse(len(self.char) != 1, "a rule is made of one character")


class Barcode(_Element, tag="barcode", frozen=True):
    """A bar code with its characters below, centred. EAN-13 has 13 digits, the last a right check digit."""

    data: str
    kind: Literal["code128", "ean13"] = "code128"

    def __post_init__(self) -> None:
        if self.kind == "ean13":
            _refuse(not _is_ean13(self.data), "an EAN-13 has 13 digits, the last of them its check digit")
        else:
            fits = 0 < len(self.data) <= _MAX_CODE128 and self.data.isascii() and self.data.isprintable()
            _refuse(not fits, f"a Code 128 has 1 to {_MAX_CODE128} printable ASCII characters")


class QR(_Element, tag="qr", frozen=True):
    """A QR code, centred."""

    data: str

    def __post_init__(self) -> None:
        _refuse(
            not 0 < len(self.data.encode("utf-8", "replace")) <= _MAX_QR, f"a QR code holds 1 to {_MAX_QR} bytes"
        )


class Image(_Element, tag="image", frozen=True):
    """A PNG, centred, made smaller where it is wider than the paper, printed in black and white dots."""

    png: bytes

    def __post_init__(self) -> None:
        _refuse(not self.png.startswith(b"\x89PNG\r\n\x1a\n"), "an image that is not a PNG")
        _refuse(len(self.png) > _MAX_PNG_BYTES, f"an image of more than {_MAX_PNG_BYTES} bytes")


class Feed(_Element, tag="feed", frozen=True):
    """Blank lines."""

    lines: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1

    def __post_init__(self) -> None:
        _refuse(not 1 <= self.lines <= 20, "a feed of 1 to 20 lines")


class Cut(_Element, tag="cut", frozen=True):
    """Feed to the knife and cut; only feed where there is no knife."""


class Drawer(_Element, tag="drawer", frozen=True):
    """Open the cash drawer, where the printer's profile allows it."""


Element = Text | Columns | Rule | Barcode | QR | Image | Feed | Cut | Drawer


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A slip: its elements from top to bottom."""

    elements: tuple[Element, ...] = ()

    def __post_init__(self) -> None:
        _refuse(len(self.elements) > _MAX_ELEMENTS, f"a document of more than {_MAX_ELEMENTS} elements")


def document_to_json(document: Document) -> str:
    """The document as JSON, the form in which it is stored."""
    try:
        return msgspec.json.encode(document).decode()
    except UnicodeEncodeError as fault:
        raise DocumentError(f"text with half a character in it: {fault.reason}") from fault


def document_from_json(text: str) -> Document:
    """The document that `document_to_json` wrote; `DocumentError` says what is wrong, and where."""
    try:
        return msgspec.json.decode(text.encode(), type=Document)
    except (msgspec.DecodeError, UnicodeEncodeError) as fault:
        raise DocumentError(str(fault)) from fault


def _refuse(wrong: bool, why: str) -> None:
    if wrong:
        raise DocumentError(why)


def _is_ean13(data: str) -> bool:
    if len(data) != 13 or not data.isascii() or not data.isdigit():
        return False
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(data))
    return total % 10 == 0
