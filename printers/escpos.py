"""Document and profile to the bytes of an ESC/POS printer.

Text is only ever bytes of one code page, 0x20 and above; every byte below that is a command of ours.
"""

from typing import TYPE_CHECKING, Protocol, assert_never

from printers.codepages import CodePage, best_page, encoded
from printers.document import QR, Barcode, Cut, Document, Drawer, Feed, Image
from printers.layout import Laid, Line, code_lines, lay_out
from printers.library import capabilities
from printers.printable import printable
from printers.profile import Profile
from printers.raster import draw_line
from printers.symbols import draw_barcode, draw_picture, draw_qr

if TYPE_CHECKING:
    from PIL.Image import Image as Dots

_ESC, _FS, _GS = b"\x1b", b"\x1c", b"\x1d"
_STRIP_DOTS = 240
"""Pictures go in strips of this height, so that a printer with a small buffer can start on the first."""
_TEAR_OFF_LINES = 4
_BAR_HEIGHT_DOTS = 80
_BAR_DOTS = 2


class _Carrier(Protocol):
    """What is used of python-escpos's printer object."""

    output: bytes

    def _raw(self, msg: bytes) -> None: ...
    def hw(self, hw: str) -> None: ...
    def cut(self, mode: str = ..., feed: bool = ...) -> None: ...
    def cashdraw(self, pin: int) -> None: ...
    def qr(self, content: str, ec: int = ..., size: int = ..., *, native: bool = ...) -> None: ...


def encode(document: Document, profile: Profile) -> bytes:
    """The whole job, from the printer's reset to the cut. `DocumentError` for a picture that cannot be read."""
    capabilities()
    from escpos.printer import Dummy  # late, for it takes its time

    laid = lay_out(document, profile.columns)
    page = best_page((item.text for item in laid if isinstance(item, Line)), profile.pages)
    job = _Job(Dummy(profile=profile.base), profile, page)
    for item in laid:
        job.put(item)
    return job.finish()


class _Job:
    """One job being written: the carrier, and the style the printer is in."""

    def __init__(self, carrier: _Carrier, profile: Profile, page: CodePage) -> None:
        self._carrier = carrier
        self._profile = profile
        self._page = page
        self._bold = False
        self._size = 0
        carrier.hw("INIT")
        self._raw(_FS + b".")  # out of the two-byte Chinese mode in which cheap printers wake up
        if page.codec != "ascii":
            self._raw(_ESC + b"t" + bytes([page.slot]))

    def put(self, item: Laid) -> None:
        """Write one line or block."""
        match item:
            case Line():
                self._line(item)
            case Barcode():
                self._barcode(item)
            case QR():
                self._qr(item)
            case Image():
                self._centred(draw_picture(item, self._profile.width_dots))
            case Feed():
                self._raw(_ESC + b"d" + bytes([item.lines]))
            case Cut():
                self._cut()
            case Drawer():
                if self._profile.drawer:
                    self._carrier.cashdraw(self._profile.drawer_pin)
            case _:
                assert_never(item)

    def finish(self) -> bytes:
        """Back to plain letters, and the bytes of the job."""
        self._style(False, 0)
        return self._carrier.output

    def _raw(self, data: bytes) -> None:
        self._carrier._raw(data)

    def _line(self, line: Line) -> None:
        data = encoded(line.text, self._page)
        if data is None:
            self._dots(draw_line(line, self._profile.columns, self._profile.letter_dots))
            return
        if blank := line.indent(self._profile.columns) if data else 0:
            self._style(self._bold, 0)
            self._raw(b" " * blank)
        if data:
            self._style(line.bold, (line.wide - 1) << 4 | (line.high - 1))
        self._raw(data + b"\n")

    def _style(self, bold: bool, size: int) -> None:
        if bold != self._bold:
            self._raw(_ESC + b"E" + bytes([bold]))
        if size != self._size:
            self._raw(_GS + b"!" + bytes([size]))
        self._bold, self._size = bold, size

    def _dots(self, dots: "Dots") -> None:
        """Ink as raster strips; the white at the right is left out, for a serial line is slow."""
        box = dots.getbbox()
        self._strips(dots, box[2] if box else 1)

    def _strips(self, dots: "Dots", width: int) -> None:
        width = width + 7 & ~7
        for top in range(0, dots.height, _STRIP_DOTS):
            strip = dots.crop((0, top, width, min(top + _STRIP_DOTS, dots.height)))
            size = (width // 8).to_bytes(2, "little") + strip.height.to_bytes(2, "little")
            self._raw(_GS + b"v0\x00" + size + strip.tobytes())

    def _centred(self, dots: "Dots") -> None:
        """The printer moves it: white at the left, as dots, would be half of all bytes."""
        self._raw(_ESC + b"a\x01")
        self._strips(dots, dots.width)
        self._raw(_ESC + b"a\x00")

    def _qr(self, element: QR) -> None:
        data = printable(element.data)
        if data and self._profile.native_qr:
            self._raw(b"\n" + _ESC + b"a\x01")  # a blank line is the quiet zone that printers leave out
            self._carrier.qr(data, ec=1, size=6 if len(data.encode()) < 100 else 4, native=True)
            self._raw(_ESC + b"a\x00\n")
        elif dots := draw_qr(data, self._profile.width_dots):
            self._centred(dots)

    def _barcode(self, element: Barcode) -> None:
        modules = 95 if element.kind == "ean13" else 11 * len(element.data) + 35
        if self._profile.native_barcode and modules * _BAR_DOTS <= self._profile.width_dots:
            self._native_barcode(element)
        elif dots := draw_barcode(element, self._profile.width_dots, self._profile.letter_dots):
            self._centred(dots)
        else:
            for line in code_lines(element.data, self._profile.columns):
                self._line(line)

    def _native_barcode(self, element: Barcode) -> None:
        if element.kind == "ean13":
            kind, data = 67, element.data.encode("ascii")
        else:
            kind, data = 73, b"{B" + element.data.encode("ascii").replace(b"{", b"{{")
        below = _GS + b"H\x02" + _GS + b"h" + bytes([_BAR_HEIGHT_DOTS]) + _GS + b"w" + bytes([_BAR_DOTS])
        self._raw(_ESC + b"a\x01" + below + _GS + b"k" + bytes([kind, len(data)]) + data + _ESC + b"a\x00")

    def _cut(self) -> None:
        self._style(False, 0)
        match self._profile.cut:
            case "part":
                self._carrier.cut(feed=False)
            case "full":
                self._raw(_GS + b"V\x41\x00")
            case "feed":
                self._raw(_ESC + b"d" + bytes([_TEAR_OFF_LINES]))
