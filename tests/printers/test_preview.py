"""The previews: the same lines as on paper, as text and as dots."""

import io
from pathlib import Path

import pytest
from PIL import Image as Canvas

from printers.document import QR, Barcode, Columns, Cut, Document, Drawer, Element, Feed, Image, Rule, Size, Text
from printers.layout import Line
from printers.preview import preview_png, preview_text
from printers.raster import draw_line


def drawn(columns: int, *elements: Element) -> Canvas.Image:
    """The paper without its margins, ink dark on white."""
    out = io.BytesIO()
    preview_png(Document(elements), columns, out)
    picture = Canvas.open(io.BytesIO(out.getvalue()))
    return picture.crop((24, 24, picture.width - 24, picture.height - 24))


def ink_box(picture: Canvas.Image) -> tuple[int, int, int, int]:
    box = picture.point(lambda shade: 255 if shade < 128 else 0).getbbox()
    assert box is not None
    return box


def test_the_text_of_a_slip() -> None:
    document = Document(
        (
            Text("Ґанок", "center", size="double"),
            Rule(),
            Columns("Сума", "12,50 ₴"),
            Barcode("CARD-1"),
            QR("https://x.example"),
            Feed(1),
            Drawer(),
            Text("Дякуємо", "right"),
            Cut(),
        )
    )
    assert preview_text(document, 32).splitlines() == [
        "             Ґанок",
        "-" * 32,
        "Сума                     12,50 ₴",
        "         ||| CARD-1 |||",
        "     [QR] https://x.example",
        "",
        "                         Дякуємо",
        "- - - - - - - - - - - - - - - -",
    ]


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_the_picture_has_the_papers_measures(columns: int, tmp_path: Path) -> None:
    path = tmp_path / "slip.png"
    preview_png(Document((Text("a"), Text("b", size="double"), Feed(2))), columns, path)
    with Canvas.open(path) as picture:
        assert picture.size == (columns * 12 + 48, 30 + 48 + 60 + 48)
        assert picture.getpixel((0, 0)) == 255


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        (Text("HHHH"), 0, 48),
        (Text("HHHH", "center"), 168, 216),
        (Text("HHHH", "right"), 336, 384),
        (Text("HHHH", "right", size="double"), 288, 384),
        (Text("HHHH", "center", size="tall"), 168, 216),
    ],
)
def test_letters_stand_in_their_cells(text: Text, left: int, right: int) -> None:
    box = ink_box(drawn(32, text))
    assert left <= box[0] <= left + 5
    assert right - 5 <= box[2] <= right


def test_bold_has_more_ink() -> None:
    plain, bold = (draw_line(Line("Баланс", bold=bold), 32, 12) for bold in (False, True))
    assert sum(bold.convert("L").tobytes()) > 1.2 * sum(plain.convert("L").tobytes())


@pytest.mark.parametrize("size", ["normal", "tall", "double"])
def test_no_letter_of_ours_is_cut_or_missing(size: Size) -> None:
    missing = draw_line(Line("\U0010fffe", size=size), 32, 12).tobytes()
    for letter in "ҐЇЄІґїєіЩщЙйЁёĄĘŁŻźżçŚÓӘҒҚҢӨҰҮҺәғқңөұүһ₴€₸₽№«»–—ʼ’":
        picture = draw_line(Line(letter, size=size), 32, 12)
        box = picture.getbbox()
        assert box is not None
        assert box[1] >= 0
        assert box[3] < picture.height
        assert picture.tobytes() != missing


def test_marks_stand_on_their_letter() -> None:
    plain, marked = draw_line(Line("а"), 32, 12), draw_line(Line("а\u0301"), 32, 12)
    plain_box, marked_box = plain.getbbox(), marked.getbbox()
    assert plain_box is not None
    assert marked_box is not None
    assert marked_box[1] < plain_box[1]
    assert marked_box[2] <= 12


def test_codes_are_drawn_within_the_paper() -> None:
    for element in (QR("https://x.example/" + "y" * 200), Barcode("4820000000017", "ean13"), Barcode("CARD-1")):
        left, _, right, _ = ink_box(drawn(32, element))
        assert right - left > 150
        assert abs((left + right) - 384) <= 12


@pytest.mark.parametrize("data", ["0" * 300, "0" * 146, "A" * 1000, "щ" * 500, " x"])
def test_a_code_of_any_data_is_drawn(data: str) -> None:
    """The library fails at long rows of zeros unless it is told not to pack them."""
    left, _, right, _ = ink_box(drawn(32, QR(data)))
    assert 60 < right - left <= 384


def test_bars_too_many_for_the_paper_leave_their_characters() -> None:
    assert ink_box(drawn(32, Barcode("X" * 40))) == ink_box(drawn(32, Text("X" * 32), Text("X" * 8, "center")))


def test_a_picture_is_drawn_smaller() -> None:
    out = io.BytesIO()
    Canvas.new("L", (1000, 500), 0).save(out, "PNG")
    assert ink_box(drawn(32, Image(out.getvalue()))) == (0, 0, 384, 192)
