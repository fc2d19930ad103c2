"""The bytes of a job, read back by a parser that knows our commands and no others."""

import io
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Canvas

from printers.codepages import encoded
from printers.document import (
    QR,
    Barcode,
    Columns,
    Cut,
    Document,
    DocumentError,
    Drawer,
    Element,
    Feed,
    Image,
    Rule,
    Size,
    Text,
)
from printers.escpos import encode
from printers.layout import Line, lay_out
from printers.printable import printable
from printers.profile import load_profile
from printers.raster import draw_line

FIXED = {
    b"\x1b@": 0,
    b"\x1c.": 0,
    b"\x1bt": 1,
    b"\x1bE": 1,
    b"\x1d!": 1,
    b"\x1ba": 1,
    b"\x1bd": 1,
    b"\x1bp": 3,
    b"\x1dH": 1,
    b"\x1dh": 1,
    b"\x1dw": 1,
}


@dataclass(frozen=True)
class Token:
    """A piece of the stream: `text`, or the name of a command, and its data."""

    name: str
    data: bytes


def parse(stream: bytes) -> list[Token]:
    """The stream as our own commands and text; an assertion for anything else."""
    tokens: list[Token] = []
    at = 0
    while at < len(stream):
        token, at = _token(stream, at)
        tokens.append(token)
    return tokens


def _token(stream: bytes, at: int) -> tuple[Token, int]:
    if stream[at] >= 0x20:
        end = at
        while end < len(stream) and stream[end] >= 0x20:
            assert stream[end] != 0x7F
            end += 1
        return Token("text", stream[at:end]), end
    if stream[at] == 0x0A:
        return Token("LF", b""), at + 1
    head = stream[at : at + 2]
    if head in FIXED:
        end = at + 2 + FIXED[head]
        return Token(head.hex(), stream[at + 2 : end]), end
    if stream.startswith(b"\x1dv0\x00", at):
        width, height = (int.from_bytes(stream[at + n : at + n + 2], "little") for n in (4, 6))
        end = at + 8 + width * height
        assert end <= len(stream)
        return Token("raster", stream[at + 4 : end]), end
    if head == b"\x1dV":
        assert stream[at + 2] in (65, 66)
        assert stream[at + 3] == 0
        return Token("cut", stream[at + 2 : at + 4]), at + 4
    if head == b"\x1dk":
        end = at + 4 + stream[at + 3]
        assert all(byte >= 0x20 for byte in stream[at + 4 : end])
        return Token("barcode", stream[at + 2 : end]), end
    assert stream.startswith(b"\x1d(k1"[:3], at), stream[at : at + 8]
    end = at + 5 + int.from_bytes(stream[at + 3 : at + 5], "little")
    return Token("qr", stream[at + 5 : end]), end


def slip(*elements: Element) -> Document:
    return Document(elements)


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Canvas.linear_gradient("L").resize((width, height)).save(out, "PNG")
    return out.getvalue()


def test_a_plain_slip_byte_by_byte() -> None:
    document = slip(
        Text("Каса 1", "center"),
        Rule("="),
        Columns("Сума", "5", bold=True),
        Text("OK", size="double"),
        Feed(2),
        Cut(),
    )
    assert encode(document, load_profile("80mm")) == b"".join(
        (
            b"\x1b@\x1c.\x1bt\x49",
            b" " * 21 + "Каса 1\n".encode("cp1251"),
            b"=" * 48 + b"\n",
            b"\x1bE\x01" + "Сума".encode("cp1251") + b" " * 43 + b"5\n",
            b"\x1bE\x00\x1d!\x11OK\n",
            b"\x1bd\x02",
            b"\x1d!\x00\x1dV\x42\x00",
        )
    )


def test_plain_latin_leaves_the_page_alone() -> None:
    assert encode(slip(Text("Total")), load_profile("58mm")) == b"\x1b@\x1c.Total\n"


def test_an_indent_is_of_normal_letters() -> None:
    data = encode(slip(Text("ab", "right", size="double")), load_profile("58mm"))
    assert data == b"\x1b@\x1c." + b" " * 28 + b"\x1d!\x11ab\n\x1d!\x00"


def test_a_letter_outside_the_page_draws_its_line_and_no_other() -> None:
    tokens = parse(encode(slip(Text("Сума"), Text("100 ₴"), Text("Каса")), load_profile("80mm")))
    assert [token.name for token in tokens] == ["1b40", "1c2e", "1b74", "text", "LF", "raster", "text", "LF"]
    width, height = tokens[5].data[0], tokens[5].data[2]
    assert (width, height) == (8, 30)
    drawn = draw_line(Line("100 ₴"), 48, 12)
    assert tokens[5].data[4:] == drawn.crop((0, 0, 64, 30)).tobytes()


def test_one_page_for_a_job_of_two_alphabets() -> None:
    tokens = parse(encode(slip(Text("Żółć"), Text("Їжак"), Text("Ґава"), Text("Śnieg")), load_profile("80mm")))
    assert [token.data for token in tokens if token.name == "1b74"] == [b"\x49"]
    assert [token.name for token in tokens[3:]] == ["raster", "text", "LF", "text", "LF", "raster"]


@pytest.mark.parametrize(("size", "height"), [("normal", 30), ("tall", 48), ("double", 48)])
def test_drawn_lines_are_as_high_as_printed_ones(size: Size, height: int) -> None:
    tokens = parse(encode(slip(Text("₴", size=size)), load_profile("58mm")))
    [raster] = [token for token in tokens if token.name == "raster"]
    assert int.from_bytes(raster.data[2:4], "little") == height


def test_the_drawer_opens_only_when_the_slip_says_so_and_the_profile_allows() -> None:
    closed, open_2, open_5 = (
        load_profile("80mm", settings) for settings in ({}, {"drawer": True}, {"drawer": True, "drawer_pin": 5})
    )
    assert b"\x1bp" not in encode(slip(Drawer()), closed)
    assert b"\x1bp" not in encode(slip(Text("\x1bp\x00\x19\xfa"), QR("\x1bp0"), Cut()), open_2)
    assert b"\x1bp\x00" in encode(slip(Drawer()), open_2)
    assert b"\x1bp\x01" in encode(slip(Drawer()), open_5)


@pytest.mark.parametrize(
    ("cut", "tail"), [("part", b"\x1dV\x42\x00"), ("full", b"\x1dV\x41\x00"), ("feed", b"\x1bd\x04")]
)
def test_the_knife(cut: str, tail: bytes) -> None:
    assert encode(slip(Text("x"), Cut()), load_profile("80mm", {"cut": cut})).endswith(b"x\n" + tail)


def test_codes_are_native_where_the_printer_has_them_and_drawn_where_not() -> None:
    document = slip(QR("https://shop.example/щ"), Barcode("4820000000017", "ean13"), Barcode("CARD{42"))
    native = {token.name: token.data for token in parse(encode(document, load_profile("TM-T20II")))}
    assert native["barcode"] == b"\x49\x0a{BCARD{{42"
    assert "https://shop.example/щ".encode() in encode(document, load_profile("TM-T20II"))
    assert b"\x1dk\x43\x0d4820000000017" in encode(document, load_profile("80mm"))
    drawn = [token.name for token in parse(encode(document, load_profile("58mm")))]
    assert drawn == ["1b40", "1c2e", *["1b61", "raster", "1b61"] * 3]


def test_bars_too_many_for_the_paper_are_printed_as_characters() -> None:
    data = "X" * 40
    tokens = parse(encode(slip(Barcode(data)), load_profile("58mm")))
    assert b"".join(token.data for token in tokens if token.name == "text").replace(b" ", b"") == data.encode()


def test_a_wide_logo_is_made_smaller_and_goes_in_strips() -> None:
    tokens = parse(encode(slip(Image(png(2000, 1600))), load_profile("58mm")))
    strips = [token.data for token in tokens if token.name == "raster"]
    assert sum(int.from_bytes(strip[2:4], "little") for strip in strips) == 1600 * 384 // 2000
    assert all(strip[0] <= 48 and int.from_bytes(strip[2:4], "little") <= 240 for strip in strips)


def test_a_small_logo_is_centred() -> None:
    out = io.BytesIO()
    Canvas.new("L", (8, 8), 0).save(out, "PNG")
    [raster] = [
        token
        for token in parse(encode(slip(Image(out.getvalue())), load_profile("58mm")))
        if token.name == "raster"
    ]
    assert raster.data == bytes([1, 0, 8, 0]) + b"\xff" * 8, "its own dots alone, which the printer moves"
    assert b"\x1ba\x01\x1dv0" in encode(slip(Image(out.getvalue()), Text("x")), load_profile("58mm"))
    assert b"\xff\x1ba\x00x\n" in encode(slip(Image(out.getvalue()), Text("x")), load_profile("58mm"))


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", png(50, 50)[:60], b"\x89PNG\r\n\x1a\n" + b"x" * 500])
def test_a_broken_picture_is_said_to_be_one(data: bytes) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        encode(slip(Image(data)), load_profile("80mm"))


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    out = io.BytesIO()
    Canvas.new("1", (3000, 3000)).save(out, "PNG")
    with pytest.raises(DocumentError, match="pixels"):
        encode(slip(Image(out.getvalue())), load_profile("80mm"))


def test_a_slip_in_the_right_page_is_little_more_than_its_text() -> None:
    document = slip(
        Text("Крамниця біля дому", "center", bold=True),
        *(Columns(f"Позиція номер {number} зі знижкою", "1 234,50") for number in range(20)),
        Columns("До сплати", "24 690,00", bold=True),
        Text("Дякуємо, що ви з нами!", "center"),
        Cut(),
    )
    profile = load_profile("80mm")
    bare = sum(len(line.text) + 1 for line in lay_out(document, 48) if isinstance(line, Line))
    assert len(encode(document, profile)) <= bare * 1.3


anything = st.text(st.characters(), max_size=80) | st.binary(max_size=80).map(lambda data: data.decode("latin-1"))
untrusted = st.one_of(
    st.builds(
        Text,
        anything,
        st.sampled_from(("left", "center", "right")),
        st.booleans(),
        st.sampled_from(("normal", "double")),
    ),
    st.builds(Columns, anything, anything),
    st.builds(QR, anything.filter(lambda text: 0 < len(text.encode("utf-8", "replace")) < 200)),
    st.builds(Barcode, st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20)),
    st.builds(Rule, st.characters()),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(untrusted, max_size=4), st.sampled_from(("58mm", "80mm-dots", "TM-T20II", "TM-T88IV", "KR-306")))
def test_nothing_in_the_data_becomes_a_command(elements: list[Element], name: str) -> None:
    tokens = parse(encode(Document(tuple(elements)), load_profile(name, {"drawer": True})))
    names = {token.name for token in tokens}
    assert names <= {
        "1b40",
        "1c2e",
        "1b74",
        "1b45",
        "1d21",
        "1b61",
        "1d48",
        "1d68",
        "1d77",
        "text",
        "LF",
        "raster",
        "qr",
        "barcode",
    }
    assert all(min(token.data) >= 0x20 for token in tokens if token.name == "text")


def test_no_character_there_is_becomes_a_control_byte_on_any_page() -> None:
    pages = load_profile("TM-T20II").pages
    assert len(pages) > 20
    for start in range(0, 0x110000, 0x1000):
        for char in printable("".join(map(chr, range(start, start + 0x1000)))):
            for page in pages[:: 1 if start < 0x3000 else 8]:
                data = encoded(char, page)
                assert data is None or (len(data) == 1 and data[0] >= 0x20 and data[0] != 0x7F)
