"""A keyboard-wedge scan told from typing."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.config import CardsConfig
from terminal.devices.scan import RefusedScan, Scan, classify
from terminal.devices.wedge import END_KEYS, Held, Scanned, Typed, Wedge, WedgeEvent


def scan_of(text: str) -> Scan:
    return Scan(text, None, "wedge")


def play(wedge: Wedge, keys: list[tuple[str, float]]) -> tuple[list[Scan], str]:
    """Press keys at their times, with the timer always on time; what was scanned, and what was typed."""
    scans: list[Scan] = []
    typed: list[str] = []
    held: deque[str] = deque()
    due: float | None = None
    for char, time in [*keys, (None, float("inf"))]:
        while due is not None and due < time:
            due = take(wedge.expire(due), held, scans, typed)
        if char is not None:
            held.append(char)
            due = take(wedge.feed(char, time), held, scans, typed)
    assert not held
    return scans, "".join(typed)


def take(told: list[WedgeEvent], held: deque[str], scans: list[Scan], typed: list[str]) -> float | None:
    """Do with the held keys what the till does; when the wedge wants to be asked again."""
    due = None
    for event in told:
        match event:
            case Typed(key):
                assert held.popleft() == key, "keys are released in their order"
                typed.append(key)
            case Scanned(scan, taken, leaked):
                assert leaked == 0
                for _ in range(taken):
                    held.popleft()
                scans.append(scan)
            case Held(until):
                due = until
    if due is None:
        assert all(char in END_KEYS for char in held), "only a scan's late end key does nothing"
        held.clear()
    return due


def keys(text: str, start: float, gap: float) -> list[tuple[str, float]]:
    return [(char, start + place * gap) for place, char in enumerate(text)]


def test_a_scan_is_captured_whole_and_nothing_is_typed() -> None:
    assert play(Wedge(), keys("2900000000001\r", 1.0, 0.01)) == ([scan_of("2900000000001")], "")


def test_tab_ends_a_scan_too_and_crlf_leaves_nothing_behind() -> None:
    for end in ("\t", "\r\n", "\n"):
        assert play(Wedge(), keys("SHOP000001" + end, 1.0, 0.005)) == ([scan_of("SHOP000001")], "")


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
    assert scans == [scan_of("2900000000001"), scan_of("4820000000017")]
    assert typed == ""


def test_a_scan_right_after_typing_leaves_the_typing() -> None:
    scans, typed = play(Wedge(), keys("12", 1.0, 0.1) + keys("2900000000001\r", 1.2, 0.01))
    assert scans == [scan_of("2900000000001")]
    assert typed == "12"


def test_a_scanner_without_an_end_key_is_told_by_speed_alone() -> None:
    assert play(Wedge(), keys("2900000000001", 1.0, 0.01)) == ([scan_of("2900000000001")], "")


def test_a_late_end_key_belongs_to_the_scan() -> None:
    late = [*keys("2900000000001", 1.0, 0.01), ("\r", 1.18)]
    assert play(Wedge(), late) == ([scan_of("2900000000001")], "")
    much_later = [*keys("2900000000001", 1.0, 0.01), ("\r", 2.0)]
    assert play(Wedge(), much_later) == ([scan_of("2900000000001")], "\r")


def test_a_scan_handled_late_says_what_leaked() -> None:
    wedge = Wedge()
    wedge.feed("2", 1.0)
    assert wedge.expire(1.5) == [Typed("2")]
    events = [event for char, time in keys("900000000001\r", 1.01, 0.01) for event in wedge.feed(char, time)]
    assert events[-1] == Scanned(scan_of("2900000000001"), held=13, leaked=1)
    assert not any(isinstance(event, Typed) for event in events)


def test_another_key_decides_at_once() -> None:
    wedge = Wedge()
    wedge.feed("a", 1.0)
    assert wedge.flush() == [Typed("a")]
    assert wedge.flush() == []
    assert play(wedge, keys("bcdefghij", 1.01, 0.01))[0] == [scan_of("bcdefghij")]


def test_a_scan_under_a_cyrillic_layout_is_mapped_back() -> None:
    (scan,), typed = play(Wedge(), keys("їС0ІРЩЗ000001\r", 1.0, 0.01))
    assert scan == Scan("SHOP000001", "code128", "wedge")
    assert typed == ""
    assert play(Wedge(), keys("Київ", 1.0, 0.2)) == ([], "Київ")


def test_an_over_long_burst_is_one_refused_scan() -> None:
    (scan,), typed = play(Wedge(), keys("12" * 5000 + "\r", 1.0, 0.001))
    assert typed == ""
    assert classify(scan, CardsConfig()) == RefusedScan("too_long")


def test_a_control_character_in_a_scan_is_kept_to_be_refused() -> None:
    (scan,), typed = play(Wedge(), keys("01048\x1d2000\r", 1.0, 0.001))
    assert typed == ""
    assert classify(scan, CardsConfig()) == RefusedScan("control_character")


CARD = "2900000000001"
STALLS = [0.06, 0.12, 0.2, 0.249]


@pytest.mark.parametrize("stall_s", STALLS)
@pytest.mark.parametrize("end", ["\r", "\t", "\r\n", ""])
@pytest.mark.parametrize("split", [5, 7, 8, 12])
def test_a_stall_does_not_end_a_scan(split: int, end: str, stall_s: float) -> None:
    """The machine was busy: what came before is at 1.0, the rest so much later."""
    for gap in (0.0, 0.01):
        first = keys(CARD[:split], 1.0, gap)
        rest = keys(CARD[split:] + end, first[-1][1] + stall_s, gap)
        assert play(Wedge(), first + rest) == ([scan_of(CARD)], "")


def test_more_stalls_than_one_do_not_end_a_scan() -> None:
    parts = [*keys("29000", 1.0, 0.004), *keys("0000", 1.2, 0.004), *keys("0001", 1.4, 0.004), ("\r", 1.6)]
    assert play(Wedge(), parts) == ([scan_of(CARD)], "")
    between = [*keys("SHOP000001", 1.0, 0.004), ("\r", 1.2), ("\n", 1.4)]
    assert play(Wedge(), between) == ([scan_of("SHOP000001")], "")


def test_a_longer_stall_ends_a_scan() -> None:
    apart = keys(CARD[:8], 1.0, 0.0) + keys(CARD[8:] + "\r", 1.3, 0.0)
    assert play(Wedge(), apart) == ([scan_of(CARD[:8]), scan_of(CARD[8:])], "")
    unended = keys(CARD, 1.0, 0.0) + keys("4820000000017", 1.3, 0.0)
    assert play(Wedge(), unended) == ([scan_of(CARD), scan_of("4820000000017")], "")


def test_a_scan_with_an_end_key_is_told_at_once() -> None:
    wedge = Wedge()
    told = [wedge.feed(char, time)[-1] for char, time in keys(CARD + "\r", 1.0, 0.01)]
    assert all(isinstance(event, Held) for event in told[:-1])
    assert told[-1] == Scanned(scan_of(CARD), held=14, leaked=0)


@pytest.mark.parametrize("end", ["\r", ""])
@pytest.mark.parametrize("wait_s", [0.06, 0.12, 0.2, 0.3])
def test_what_is_typed_right_after_a_scan_is_typing(wait_s: float, end: str) -> None:
    scan = keys(CARD + end, 1.0, 0.01)
    typed = keys("12345\r", scan[-1][1] + wait_s, 0.06)
    assert play(Wedge(), scan + typed) == ([scan_of(CARD)], "12345\r")
    assert play(Wedge(), scan + typed[:1]) == (
        ([scan_of(CARD)], "1") if end or wait_s > 0.25 else ([scan_of(CARD + "1")], "")
    ), "without an end key, one key alone within the stall is the scan's"


@pytest.mark.parametrize("rolled", ["12", "1234", "12345", "1234567"])
@pytest.mark.parametrize("wait_s", [0.06, 0.12, 0.2, 0.3])
def test_keys_that_a_stall_threw_together_are_typing_where_slow_ones_follow(rolled: str, wait_s: float) -> None:
    wedge = Wedge()
    assert play(wedge, keys(rolled, 1.0, 0.0) + keys("89\r", 1.0 + wait_s, 0.06)) == ([], rolled + "89\r")
    assert play(wedge, keys(rolled, 2.0, 0.0)) == ([], rolled)


def test_a_key_that_is_no_character_decides_for_typing_during_a_stall() -> None:
    wedge = Wedge()
    for char, time in [*keys("12345", 1.0, 0.01), ("6", 1.2)]:
        wedge.feed(char, time)
    assert wedge.flush() == [Typed(key) for key in "123456"]
    assert play(wedge, keys(CARD + "\r", 1.21, 0.01)) == ([scan_of(CARD)], "")


def test_two_stalled_scans_in_a_row_are_two_scans() -> None:
    other = "4820000000017"
    halves = keys(CARD[:7], 1.0, 0.0) + keys(CARD[7:] + "\r" + other[:8], 1.2, 0.0)
    assert play(Wedge(), halves + keys(other[8:] + "\r", 1.4, 0.0)) == ([scan_of(CARD), scan_of(other)], "")


def test_a_key_held_down_for_long_is_lost_nowhere() -> None:
    assert play(Wedge(), keys("0" * 500, 1.0, 0.033) + keys("12", 18.0, 0.06)) == ([], "0" * 500 + "12")


CHARS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F), min_size=5, max_size=40)


@given(CHARS, st.floats(0.0, 0.034))
def test_whatever_comes_fast_and_ends_is_a_scan(text: str, gap: float) -> None:
    scans, typed = play(Wedge(), keys(text + "\r", 1.0, gap))
    assert len(scans) == 1
    assert typed == ""


@given(st.lists(st.floats(0.0, 0.03), min_size=13, max_size=13), st.integers(5, 13), st.floats(0.04, 0.249))
def test_wherever_a_scan_stalls_it_is_one(gaps: list[float], split: int, stall_s: float) -> None:
    time, pressed = 1.0, []
    for place, char in enumerate(CARD + "\r"):
        time += stall_s if place == split else gaps[place - 1]
        pressed.append((char, time))
    assert play(Wedge(), pressed) == ([scan_of(CARD)], "")


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
    assert sorted(typed + "".join(scan.text for scan in scans)) == sorted(char for char, _wait in typing)
