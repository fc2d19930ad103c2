"""A slip as data: its JSON there and back, and what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Text,
    document_from_json,
    document_to_json,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
elements: st.SearchStrategy[Element] = st.one_of(
    st.builds(
        Text,
        words,
        st.sampled_from(("left", "center", "right")),
        st.booleans(),
        st.sampled_from(("normal", "tall", "double")),
    ),
    st.builds(Columns, words, words, st.booleans()),
    st.builds(Rule, st.sampled_from("-=─*")),
    st.builds(Barcode, st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=48)),
    st.builds(QR, words.filter(bool)),
    st.builds(Image, st.just(PNG)),
    st.builds(Feed, st.integers(1, 20)),
    st.just(Cut()),
    st.just(Drawer()),
)


@given(st.lists(elements, max_size=12))
def test_json_there_and_back(parts: list[Element]) -> None:
    document = Document(tuple(parts))
    assert document_from_json(document_to_json(document)) == document


def test_the_json_that_queues_hold() -> None:
    document = Document(
        (Text("Баланс", "center", True), Columns("Сума", "12,50"), Barcode("4820000000017", "ean13"), Cut())
    )
    assert json.loads(document_to_json(document)) == {
        "elements": [
            {"element": "text", "text": "Баланс", "align": "center", "bold": True},
            {"element": "columns", "left": "Сума", "right": "12,50"},
            {"element": "barcode", "data": "4820000000017", "kind": "ean13"},
            {"element": "cut"},
        ]
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "truncated"),
        ("{", "truncated"),
        ("[]", "Expected `object`"),
        ('{"elements": [{"element": "shell", "text": "x"}]}', "shell"),
        ('{"elements": [{"element": "text"}]}', "missing required field `text`"),
        ('{"elements": [{"element": "text", "text": 5}]}', "Expected `str`, got `int`"),
        ('{"elements": [{"element": "text", "text": "x", "align": "up"}]}', "Invalid enum value 'up'"),
        ('{"elements": [{"element": "text", "text": "x", "raw": "y"}]}', "unknown field `raw`"),
        ('{"elements": [{"element": "feed", "lines": 1000}]}', "<= 20"),
        ('{"elements": [{"element": "rule", "char": "--"}]}', "one character"),
        ('{"elements": [{"element": "barcode", "data": "4820000000018", "kind": "ean13"}]}', "check digit"),
        ('{"elements": [{"element": "barcode", "data": "картка"}]}', "printable ASCII"),
        ('{"elements": [{"element": "image", "png": "AAAA"}]}', "not a PNG"),
        ('{"elements": []} x', "trailing characters"),
        ('{"elements": [{"element": "text", "text": "\udc80"}]}', "surrogates"),
    ],
)
def test_what_is_no_document(text: str, why: str) -> None:
    with pytest.raises(DocumentError, match=why):
        document_from_json(text)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Text("x" * 4001),
        lambda: Columns("x" * 4000, "y"),
        lambda: Rule(""),
        lambda: Barcode(""),
        lambda: Barcode("a\n"),
        lambda: Barcode("x" * 49),
        lambda: Barcode("482000000001", "ean13"),
        lambda: QR(""),
        lambda: QR("щ" * 501),
        lambda: Feed(0),
        lambda: Image(b"GIF89a"),
        lambda: Image(PNG + bytes(600_000)),
        lambda: Document((Cut(),) * 2001),
    ],
)
def test_what_cannot_be_made(make: object) -> None:
    assert callable(make)
    with pytest.raises(DocumentError):
        make()


def test_half_a_character_cannot_be_stored() -> None:
    with pytest.raises(DocumentError, match="half a character"):
        document_to_json(Document((Text("\ud83d"),)))
