"""A serial scanner's bytes, cut into texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.devices.frames import Framer
from terminal.devices.scan import MAX_LENGTH


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"123\r", ["123"]),
        (b"123\n", ["123"]),
        (b"123\r\n", ["123"]),
        (b"123\t", ["123"]),
        (b"\x02123\x03", ["123"]),
        (b"\x02123\x03\r\n", ["123"]),
        (b"\x02123\x02456\x03", ["123", "456"]),
        (b"123\r456\r", ["123", "456"]),
        (b"\r\n\t\x02\x03", []),
        (b"123", []),
        ("]Q1Київ\r".encode(), ["]Q1Київ"]),
        (b"\xff\xfe1\r", ["\ufffd\ufffd1"]),
        (b"1\x1d2\x00\r", ["1\x1d2\x00"]),
    ],
)
def test_frames(data: bytes, texts: list[str]) -> None:
    assert Framer().feed(data, 0.0) == texts


def test_silence_ends_a_text_without_an_end_sign() -> None:
    framer = Framer(idle_s=0.05)
    assert framer.feed(b"12", 1.0) == []
    assert framer.expire(1.04) == []
    assert framer.feed(b"3", 1.04) == []
    assert framer.expire(1.10) == ["123"]
    assert framer.expire(9.0) == []
    assert framer.feed(b"\r\n", 9.0) == []


def test_what_comes_after_silence_is_another_text() -> None:
    framer = Framer(idle_s=0.05)
    assert framer.feed(b"123", 1.0) == []
    assert framer.feed(b"456\r", 2.0) == ["123", "456"]


def test_an_endless_stream_is_one_text_too_long_for_a_scan() -> None:
    framer = Framer()
    for _ in range(100):
        assert framer.feed("ї".encode() * 1000, 0.0) == []
    (text,) = framer.feed(b"\r", 0.0)
    assert MAX_LENGTH < len(text) <= 1024
    assert framer.feed(b"123\r", 0.0) == ["123"]


BODY = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FF), min_size=1, max_size=40)


@given(
    st.lists(st.tuples(BODY, st.sampled_from([b"\r", b"\n", b"\r\n", b"\t", b"\x03"])), max_size=8),
    st.data(),
)
def test_texts_are_the_same_however_the_bytes_arrive(frames: list[tuple[str, bytes]], data: st.DataObject) -> None:
    stream = b"".join(b"\x02" * (end == b"\x03") + text.encode() + end for text, end in frames)
    framer, texts, time = Framer(idle_s=0.05), [], 0.0
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        texts += framer.feed(stream[:size], time)
        stream, time = stream[size:], time + 0.01
    assert texts == [text for text, _end in frames]


@given(st.lists(st.tuples(st.binary(max_size=30), st.floats(0, 1))))
def test_no_bytes_break_the_framer(chunks: list[tuple[bytes, float]]) -> None:
    framer, time = Framer(), 0.0
    for chunk, wait in chunks:
        time += wait
        for text in framer.feed(chunk, time) + framer.expire(time):
            assert text
            assert not set(text) & set("\r\n\t\x02\x03")
