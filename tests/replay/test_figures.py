"""The replay earns, redeems and lets expire what plain arithmetic says, to the last customer's balance."""

from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.replay.independent import Result, Row, compute, read_cdnow, wants
from tests.replay.played import CDNOW, Played, replay, write_csv
from tests.replay.programmes import BUILT_IN, PROGRAMMES

PAGE = Path(__file__).parent.parent.parent / "docs" / "replay.md"
START = date(1999, 12, 20)
ROWS = st.lists(
    st.builds(
        Row,
        st.integers(0, 40).map(lambda days: START + timedelta(days=days)),
        st.sampled_from(["7", "12", "00012", "ANNA", "Оля", "o'neil@x"]),
        st.sampled_from([0, 1, 499, 500, 999, 1000, 1500]) | st.integers(0, 30_000),
    ),
    min_size=1,
    max_size=50,
)


def assert_equal(played: Played, expected: Result) -> None:
    """Compare the figures and every balance."""
    figures = played.figures
    assert figures["ok"] is True
    assert (figures["verify"], figures["voided"]) == ("ok", 0)
    assert figures["customers"] == len(expected.balances)
    assert figures["taken_off_minor"] == expected.taken_off
    assert (figures["earned"], figures["redeemed"], figures["expired"]) == (
        expected.earned,
        expected.redeemed,
        expected.expired,
    )
    assert figures["outstanding"] == sum(expected.balances.values())
    assert played.balances() == expected.balances


def test_the_whole_of_cdnow(whole_cdnow: Played) -> None:
    rows = read_cdnow(CDNOW)
    assert len(rows) == 69_659
    assert sum(row.cents for row in rows) == 2_500_315_63
    assert sum(row.cents == 0 for row in rows) == 80
    assert sum(count > 1 for count in Counter((row.customer, row.day) for row in rows).values()) == 1_774
    played = whole_cdnow
    assert played.figures["sales"] == 69_659
    assert played.figures["customers"] == 23_570
    assert (played.figures["total_minor"], played.figures["total"]) == (2_500_315_63, "2500315.63")
    expected = compute(rows, BUILT_IN, "sometimes", 1)
    assert min(expected.earned, expected.redeemed, expected.expired, len(expected.balances)) > 0
    assert_equal(played, expected)
    left = expected.earned - expected.redeemed - expected.expired
    told = " | ".join(
        f"{parts // 10:,}.{parts % 10}" for parts in (expected.earned, expected.redeemed, expected.expired, left)
    )
    assert f"| `sometimes` | {told} |" in PAGE.read_text(encoding="utf-8")


def test_the_example_of_the_page() -> None:
    assert sha256(b"1:00001:1997-01-01:1").digest()[0] == 0x81 == 129
    assert wants("sometimes", 1, Row(date(1997, 1, 1), "00001", 11_77), 1)
    assert "`1:00001:1997-01-01:1`\nit is 0x81 = 129" in PAGE.read_text(encoding="utf-8")


@settings(max_examples=100)
@given(ROWS, st.sampled_from(sorted(PROGRAMMES)), st.sampled_from(["none", "all", "sometimes"]), st.integers(0, 9))
def test_small_files(rows: list[Row], name: str, policy: str, seed: int) -> None:
    document, terms = PROGRAMMES[name]
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        programme = folder / "programme.toml"
        programme.write_text(document, encoding="utf-8")
        file = write_csv(folder / "purchases.csv", rows)
        options = ("--programme", programme, "--redeem", policy, "--seed", str(seed))
        assert_equal(replay(folder, file, *options), compute(rows, terms, policy, seed))


@pytest.mark.parametrize("name", sorted(PROGRAMMES))
def test_a_programme_is_worth_testing(name: str) -> None:
    """Each of them, on a file made for it, earns and redeems; those with an end let expire."""
    _, terms = PROGRAMMES[name]
    days = [START + timedelta(days=days) for days in (0, 4, 8, 30, 250)]
    result = compute([Row(day, "7", 200_00) for day in days], terms, "all", 1)
    assert result.earned > 0
    assert result.redeemed > 0
    assert (result.expired > 0) == (terms.life is not None)


def test_the_same_seed_gives_the_same_figures_and_another_one_others(tmp_path: Path) -> None:
    rows = [Row(START + timedelta(days=20 * n), "7", 50_00) for n in range(9)]
    file = write_csv(tmp_path / "purchases.csv", rows)
    told = []
    for number, seed in enumerate(("1", "1", "2")):
        folder = tmp_path / str(number)
        folder.mkdir()
        told.append(replay(folder, file, "--seed", seed).result.stdout)
    assert told[0] == told[1] != told[2]
