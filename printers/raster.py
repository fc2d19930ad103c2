"""Lines drawn as dots in the bundled font, on the same grid of cells as the printer's own letters."""

from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from printers.cells import cluster_columns, clusters
from printers.layout import Line

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

LETTER_HEIGHT_DOTS = 24
LINE_HEIGHT_DOTS = 30
"""A printer's own line: letters of 24 dots, and six of white."""
_BASELINE_DOTS = 19


def draw_line(line: Line, columns: int, letter_dots: int) -> "Image":
    """The line as wide as the paper, ink 1 on 0; as high as the printer's own line of that size."""
    from PIL import Image  # a slip without dots needs none of it

    height = LINE_HEIGHT_DOTS if line.high == 1 else LETTER_HEIGHT_DOTS * line.high
    paper = Image.new("1", (columns * letter_dots, height), 0)
    left = line.indent(columns) * letter_dots
    for cluster in clusters(line.text):
        if cluster != " ":
            paper.paste(1, (left, 0), _glyph(cluster, line.bold, line.wide, line.high, letter_dots))
        left += cluster_columns(cluster) * line.wide * letter_dots
    return paper


@lru_cache(maxsize=4096)
def _glyph(cluster: str, bold: bool, wide: int, high: int, letter_dots: int) -> "Image":
    """One letter in its cell, ink 1 on 0."""
    from PIL import Image, ImageDraw

    cell_dots = cluster_columns(cluster) * letter_dots
    scale = min(wide, high)
    cell = Image.new("1", (cell_dots * scale, LETTER_HEIGHT_DOTS * scale), 0)
    font = _font(bold, letter_dots * scale)
    left = (cell.width - font.getlength(cluster)) / 2
    ImageDraw.Draw(cell).text((round(left), _BASELINE_DOTS * scale), cluster, fill=1, font=font, anchor="ls")
    if wide == high:
        return cell
    return cell.resize((cell_dots * wide, LETTER_HEIGHT_DOTS * high), Image.Resampling.NEAREST)


@lru_cache(maxsize=16)
def _font(bold: bool, letter_dots: int) -> "FreeTypeFont":
    """The largest size whose letters are not wider than the cell."""
    from PIL import ImageFont

    name = "DejaVuSansMono-Bold.ttf" if bold else "DejaVuSansMono.ttf"
    with as_file(files("printers") / "fonts" / name) as path:
        size = letter_dots
        while ImageFont.truetype(path, size + 1).getlength("M") <= letter_dots + 0.25:
            size += 1
        return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
