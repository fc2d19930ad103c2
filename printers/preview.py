"""A document as it will look: as text, and as a picture of the paper, from the same layout as the bytes."""

from pathlib import Path
from typing import IO, TYPE_CHECKING, assert_never

from printers.cells import text_columns
from printers.document import QR, Barcode, Cut, Document, Drawer, Feed, Image
from printers.layout import Laid, Line, code_lines, indent, lay_out, wrap
from printers.printable import printable
from printers.raster import LINE_HEIGHT_DOTS, draw_line
from printers.symbols import draw_barcode, draw_picture, draw_qr

if TYPE_CHECKING:
    from PIL.Image import Image as Dots

_LETTER_DOTS = 12
_MARGIN_DOTS = 24
_PAPER = 255
_INK = 24


def preview_text(document: Document, columns: int) -> str:
    """The slip in lines of at most `columns`; letters of double width take one column here."""
    lines: list[str] = []
    for item in lay_out(document, columns):
        lines += _as_text(item, columns)
    return "\n".join(lines) + "\n"


def preview_png(document: Document, columns: int, target: str | Path | IO[bytes]) -> None:
    """The slip as a PNG, a dot of the printer a pixel: white paper with margins, written to a path or file."""
    from PIL import Image as Canvas

    width = columns * _LETTER_DOTS
    strips = [strip for item in lay_out(document, columns) for strip in _as_dots(item, columns, width)]
    height = sum(strip.height for strip in strips)
    paper = Canvas.new("L", (width + 2 * _MARGIN_DOTS, height + 2 * _MARGIN_DOTS), _PAPER)
    top = _MARGIN_DOTS
    for strip in strips:
        paper.paste(_INK, (_MARGIN_DOTS + (width - strip.width) // 2, top), strip)
        top += strip.height
    paper.save(target, format="PNG", optimize=True)


def _as_text(item: Laid, columns: int) -> list[str]:
    match item:
        case Line():
            return [" " * indent(text_columns(item.text), item.align, columns) + item.text]
        case Barcode():
            return _boxed(f"||| {item.data} |||", columns)
        case QR():
            return _boxed(f"[QR] {printable(item.data)}", columns)
        case Image():
            return _boxed("[ # ]", columns)
        case Feed():
            return [""] * item.lines
        case Cut():
            return [("- " * (columns // 2)).rstrip()]
        case Drawer():
            return []
        case _:
            assert_never(item)


def _boxed(text: str, columns: int) -> list[str]:
    return [" " * indent(text_columns(line), "center", columns) + line for line in wrap(text, columns)]


def _as_dots(item: Laid, columns: int, width: int) -> list["Dots"]:
    match item:
        case Line():
            return [draw_line(item, columns, _LETTER_DOTS)]
        case Barcode():
            drawn = draw_barcode(item, width, _LETTER_DOTS)
            if drawn is None:
                return [draw_line(line, columns, _LETTER_DOTS) for line in code_lines(item.data, columns)]
        case QR():
            drawn = draw_qr(item.data, width)
        case Image():
            drawn = draw_picture(item, width)
        case Feed():
            drawn = _blank(width, item.lines * LINE_HEIGHT_DOTS)
        case Cut():
            drawn = draw_line(Line("- " * (columns // 2)), columns, _LETTER_DOTS)
        case Drawer():
            drawn = None
        case _:
            assert_never(item)
    return [] if drawn is None else [drawn]


def _blank(width: int, height: int) -> "Dots":
    from PIL import Image as Canvas

    return Canvas.new("1", (width, height), 0)
