"""A keyboard-wedge scan told from typing."""

from hypothesis import given
from hypothesis import strategies as st

from terminal.config import CardsConfig
from terminal.devices.scan import RefusedScan, Scan, classify
from terminal.devices.wedge import Held, Scanned, Typed, Wedge, WedgeEvent


def scan_of(text: str) -> Scan:
    return Scan(text, None, "wedge")


def play(wedge: Wedge, keys: list[tuple[str, float]]) -> tuple[list[Scanned], str]:
    """Press keys at their times, with the timer always on time; what was scanned, and what was typed."""
    events: list[WedgeEvent] = []
    due: float | None = None
    for char, time in [*keys, (None, float("inf"))]:
        while due is not None and due < time:
            later = wedge.expire(due)
            events += later
            due = next((event.until for event in later if isinstance(event, Held)), None)
        if char is not None:
            new = wedge.feed(char, time)
            due = next((event.until for event in new if isinstance(event, Held)), None)
            events += new
    scans = [event for event in events if isinstance(event, Scanned)]
    return scans, "".join(event.key for event in events if isinstance(event, Typed))


def keys(text: str, start: float, gap: float) -> list[tuple[str, float]]:
    return [(char, start + place * gap) for place, char in enumerate(text)]


def test_a_scan_is_captured_whole_and_nothing_is_typed() -> None:
    assert play(Wedge(), keys("2900000000001\r", 1.0, 0.01)) == ([Scanned(scan_of("2900000000001"), 0)], "")


def test_tab_ends_a_scan_too_and_crlf_leaves_nothing_behind() -> None:
    for end in ("\t", "\r\n", "\n"):
        assert play(Wedge(), keys("SHOP000001" + end, 1.0, 0.005)) == ([Scanned(scan_of("SHOP000001"), 0)], "")


def test_typing_passes_key_by_key() -> None:
    assert play(Wedge(), keys("0671234567\r", 1.0, 0.06)) == ([], "0671234567\r")


def test_a_key_is_held_for_forty_milliseconds() -> None:
    wedge = Wedge()
    (held,) = wedge.feed("5", 1.0)
    assert isinstance(held, Held)
    assert 1.035 < held.until <= 1.041
    assert wedge.expire(1.03) == []
    assert wedge.expire(held.until) == [Typed("5")]
    assert wedge.expire(2.0) == []


def test_two_keys_rolled_together_are_typing() -> None:
    assert play(Wedge(), [("a", 1.0), ("b", 1.02), ("\r", 1.05)]) == ([], "ab\r")


def test_a_key_held_down_is_typing() -> None:
    assert play(Wedge(), keys("0" * 30, 1.0, 0.033)) == ([], "0" * 30)


def test_two_scans_in_a_row_are_two_scans() -> None:
    scans, typed = play(Wedge(), keys("2900000000001\r4820000000017\r", 1.0, 0.004))
    assert [event.scan.text for event in scans] == ["2900000000001", "4820000000017"]
    assert typed == ""


def test_a_scan_right_after_typing_leaves_the_typing() -> None:
    scans, typed = play(Wedge(), keys("12", 1.0, 0.1) + keys("2900000000001\r", 1.2, 0.01))
    assert [event.scan.text for event in scans] == ["2900000000001"]
    assert typed == "12"


def test_a_scanner_without_an_end_key_is_told_by_speed_alone() -> None:
    assert play(Wedge(), keys("2900000000001", 1.0, 0.01)) == ([Scanned(scan_of("2900000000001"), 0)], "")


def test_a_late_end_key_belongs_to_the_scan() -> None:
    late = [*keys("2900000000001", 1.0, 0.01), ("\r", 1.18)]
    assert play(Wedge(), late) == ([Scanned(scan_of("2900000000001"), 0)], "")
    much_later = [*keys("2900000000001", 1.0, 0.01), ("\r", 2.0)]
    assert play(Wedge(), much_later) == ([Scanned(scan_of("2900000000001"), 0)], "\r")


def test_a_scan_handled_late_says_what_leaked() -> None:
    wedge = Wedge()
    wedge.feed("2", 1.0)
    assert wedge.expire(1.5) == [Typed("2")]
    events = [event for char, time in keys("900000000001\r", 1.01, 0.01) for event in wedge.feed(char, time)]
    assert events[-1] == Scanned(scan_of("2900000000001"), 1)
    assert not any(isinstance(event, Typed) for event in events)


def test_another_key_decides_at_once() -> None:
    wedge = Wedge()
    wedge.feed("a", 1.0)
    assert wedge.flush() == [Typed("a")]
    assert wedge.flush() == []
    assert play(wedge, keys("bcdefghij", 1.01, 0.01))[0] == [Scanned(scan_of("bcdefghij"), 0)]


def test_a_scan_under_a_cyrillic_layout_is_mapped_back() -> None:
    (event,), typed = play(Wedge(), keys("їС0ІРЩЗ000001\r", 1.0, 0.01))
    assert event.scan == Scan("SHOP000001", "code128", "wedge")
    assert typed == ""
    assert play(Wedge(), keys("Київ", 1.0, 0.2)) == ([], "Київ")


def test_an_over_long_burst_is_one_refused_scan() -> None:
    (event,), typed = play(Wedge(), keys("12" * 5000 + "\r", 1.0, 0.001))
    assert typed == ""
    assert classify(event.scan, CardsConfig()) == RefusedScan("too_long")


def test_a_control_character_in_a_scan_is_kept_to_be_refused() -> None:
    (event,), typed = play(Wedge(), keys("01048\x1d2000\r", 1.0, 0.001))
    assert typed == ""
    assert classify(event.scan, CardsConfig()) == RefusedScan("control_character")


CHARS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F), min_size=5, max_size=40)


@given(CHARS, st.floats(0.0, 0.034))
def test_whatever_comes_fast_and_ends_is_a_scan(text: str, gap: float) -> None:
    scans, typed = play(Wedge(), keys(text + "\r", 1.0, gap))
    assert len(scans) == 1
    assert typed == ""


@given(st.lists(st.tuples(st.characters(codec="utf-8"), st.floats(0.05, 3.0)), max_size=30))
def test_no_key_typed_by_a_person_is_lost_or_moved(typing: list[tuple[str, float]]) -> None:
    time, pressed = 0.0, []
    for char, wait in typing:
        time += wait
        pressed.append((char, time))
    assert play(Wedge(), pressed) == ([], "".join(char for char, _wait in typing))


@given(st.lists(st.tuples(st.sampled_from("01ab"), st.floats(0.0, 0.2)), max_size=60))
def test_every_key_is_typed_or_scanned_once(typing: list[tuple[str, float]]) -> None:
    time, pressed = 0.0, []
    for char, wait in typing:
        time += wait
        pressed.append((char, time))
    scans, typed = play(Wedge(), pressed)
    assert sum(event.leaked for event in scans) == 0
    assert sorted(typed + "".join(event.scan.text for event in scans)) == sorted(char for char, _wait in typing)
