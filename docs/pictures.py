"""Makes the pictures in the README: the counter and a slip, drawn by the project itself.

python docs/pictures.py            writes docs/counter.png and docs/slip.png
"""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.color import ColorTriplet
from rich.segment import Segment
from textual.app import App
from textual.strip import Strip

from printers.document import document_from_json
from printers.preview import preview_png
from terminal import desk
from terminal.demo_app import DemoApp
from terminal.devices.scan import read_scan
from terminal.running import demo_app

FONTS = Path(__file__).parent.parent / "printers" / "fonts"
CELL = (10, 20)


def draw_screen(app: App[None], target: Path) -> None:
    """Draw what the app shows now as a PNG, cell by cell, in the bundled font."""
    regular = ImageFont.truetype(str(FONTS / "DejaVuSansMono.ttf"), 16)
    bold = ImageFont.truetype(str(FONTS / "DejaVuSansMono-Bold.ttf"), 16)
    strips: list[Strip] = app.screen._compositor.render_strips()
    width = max(strip.cell_length for strip in strips)
    picture = Image.new("RGB", (width * CELL[0], len(strips) * CELL[1]), "black")
    pen = ImageDraw.Draw(picture)
    for row, strip in enumerate(strips):
        column = 0
        for segment in strip:
            for character in segment.text:
                _draw_cell(pen, column, row, character, segment, bold if _is_bold(segment) else regular)
                column += 1
    picture.save(target, optimize=True)


def _draw_cell(
    pen: ImageDraw.ImageDraw,
    column: int,
    row: int,
    character: str,
    segment: Segment,
    font: ImageFont.FreeTypeFont,
) -> None:
    left, top = column * CELL[0], row * CELL[1]
    ink, ground = (232, 236, 239), (16, 23, 28)
    if segment.style is not None:
        ink = _triplet(segment.style.color and segment.style.color.get_truecolor(), ink)
        ground = _triplet(segment.style.bgcolor and segment.style.bgcolor.get_truecolor(), ground)
        if segment.style.reverse:
            ink, ground = ground, ink
    pen.rectangle((left, top, left + CELL[0] - 1, top + CELL[1] - 1), fill=ground)
    pen.text((left, top), character, font=font, fill=ink)


def _triplet(color: ColorTriplet | None, default: tuple[int, int, int]) -> tuple[int, int, int]:
    return (color.red, color.green, color.blue) if color is not None else default


def _is_bold(segment: Segment) -> bool:
    return segment.style is not None and bool(segment.style.bold)


async def _pictures(folder: Path, scratch: Path) -> None:
    moment = datetime(2026, 5, 4, 12, 4, tzinfo=UTC)
    app, _ = demo_app(scratch, "uk", 1, "dark", lambda: moment)
    async with app.run_test(size=(100, 30)) as pilot:
        await _serve(app, pilot)
        draw_screen(app, folder / "counter.png")
        await pilot.press("f6")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause(0.5)
        last = desk.last_sale(app.session.till)
        assert last is not None
        slip = document_from_json(desk.slip_of(app.session.till, last.id))
    preview_png(slip, 42, folder / "slip.png")


async def _serve(app: DemoApp, pilot) -> None:  # type: ignore[no-untyped-def]
    app.scanned(read_scan("2900000000155", "demo"))
    await pilot.pause(0.3)
    await pilot.press(*"612,50")
    await pilot.pause(0.3)


def main() -> int:
    """Draw both pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(_pictures(Path(__file__).parent, Path(scratch)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
