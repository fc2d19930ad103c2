"""QR codes, bar codes and pictures as dots, for paper and preview alike. Ink is 1 on 0."""

import io
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from printers.document import Barcode
from printers.document import Image as Picture
from printers.errors import BadLogo, DocumentError
from printers.layout import Line
from printers.printable import printable
from printers.raster import draw_line

if TYPE_CHECKING:
    from PIL.Image import Image

_QR_MODULE_DOTS = 4
"""Half a millimetre: twice what hand scanners need, and under half the bytes of the 6 dots that printers draw."""
_QR_QUIET_MODULES = 4
_QR_MASK = 3
"""Any of the eight can be read; to find out which looks best takes six milliseconds of seven."""
_BAR_DOTS = 2
_BAR_HEIGHT_DOTS = 80
_MAX_PIXELS = 4_000_000


def draw_qr(data: str, width_dots: int) -> "Image | None":
    """The code with its quiet zone, its modules as large as the paper allows up to 4 dots; None for no data."""
    from PIL import Image

    if not (clean := printable(data)):
        return None
    rows = _qr_modules(clean.encode())
    bits = bytes(255 * bit for row in rows for bit in row)
    side = len(rows) * max(min(_QR_MODULE_DOTS, width_dots // len(rows)), 1)
    image = Image.frombytes("L", (len(rows), len(rows)), bits)
    return image.resize((side, side), Image.Resampling.NEAREST).convert("1")


def _qr_modules(data: bytes) -> list[list[bool]]:
    """The code's modules by rows, with its quiet zone."""
    import qrcode  # heavy, and not every slip carries one
    from qrcode.util import MODE_8BIT_BYTE, QRData

    # Digits and capitals are packed. Qrcode 8.2 fails where that gives a block of zeros; a byte a letter has none.
    for told in (data, QRData(data, mode=MODE_8BIT_BYTE)):
        code = qrcode.QRCode(
            border=_QR_QUIET_MODULES, error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=_QR_MASK
        )
        code.add_data(told)
        with suppress(ValueError):
            return [list(map(bool, row)) for row in code.get_matrix()]
    raise DocumentError("a QR code that cannot be drawn")


def draw_barcode(element: Barcode, width_dots: int, letter_dots: int) -> "Image | None":
    """The bars with their characters below; None when the paper is too narrow for a scanner to read them."""
    import barcode  # heavy, and few slips carry one
    from PIL import Image

    [modules] = barcode.get_barcode_class(element.kind)(element.data).build()
    width = len(modules) * _BAR_DOTS
    if width > width_dots:
        return None
    bars = Image.frombytes("L", (len(modules), 1), bytes(255 * int(module) for module in modules))
    words = draw_line(Line(element.data), len(element.data), letter_dots)
    paper = Image.new("1", (max(width, words.width), _BAR_HEIGHT_DOTS + words.height), 0)
    bars = bars.resize((width, _BAR_HEIGHT_DOTS - 4), Image.Resampling.NEAREST).convert("1")
    paper.paste(bars, ((paper.width - width) // 2, 0))
    paper.paste(words, ((paper.width - words.width) // 2, _BAR_HEIGHT_DOTS))
    return paper


@lru_cache(maxsize=4)
def draw_picture(element: Picture, width_dots: int) -> "Image":
    """The picture dithered to black and white, made smaller where it is wider than the paper."""
    from escpos.image import EscposImage
    from PIL import Image

    try:
        with Image.open(io.BytesIO(element.png), formats=["PNG"]) as opened:
            if opened.width * opened.height > _MAX_PIXELS:
                raise DocumentError(f"a picture of more than {_MAX_PIXELS} pixels")
            picture = opened.convert("RGBA")
        if picture.width > width_dots:
            height = max(picture.height * width_dots // picture.width, 1)
            picture = picture.resize((width_dots, height))
        source = EscposImage(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise DocumentError(f"a picture that cannot be read: {fault}") from fault
    return Image.frombytes("1", (source.width, source.height), source.to_raster_format())


def load_logo(path: Path, width_dots: int) -> Picture:
    """The shop's logo from a PNG file; `BadLogo` when it is none, or is wider than the paper."""
    from PIL import Image

    try:
        logo = Picture(path.read_bytes())
        with Image.open(io.BytesIO(logo.png), formats=["PNG"]) as opened:
            width = opened.width
        draw_picture(logo, width_dots)
    except OSError as fault:
        told = f"cannot be read: {fault.strerror}" if fault.errno else "is no PNG that can be read"
        raise BadLogo(f"the logo {path} {told}") from fault
    except (DocumentError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise BadLogo(f"the logo {path} cannot be printed: {fault}") from fault
    if width > width_dots:
        raise BadLogo(f"the logo {path} is {width} dots wide and the paper {width_dots}; make it smaller")
    return logo
