"""The replay has no engine of its own: a use-case that is broken breaks it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from terminal import desk
from terminal.desk import Till
from terminal.rules.bill import Bill
from terminal.rules.phrase import Refused, phrase
from terminal.rules.quote import Quote
from tests.replay.independent import Row, compute
from tests.replay.played import call, replay, write_csv
from tests.replay.programmes import BUILT_IN

ROWS = [Row(date(1997, 1, 1) + timedelta(days=15 * n), "7", 40_00) for n in range(6)]
Complete = Callable[..., Any]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "purchases.csv", ROWS)


def one_more(complete: Complete) -> Complete:
    """Book a part of a point more than was quoted."""

    def wrong(till: Till, shown: Quote, bill: Bill, *args: Any) -> Any:
        with till.ledger.atomic():
            done = complete(till, shown, bill, *args)
            payload = {"lot": {"points": 1, "available_from": shown.on.isoformat()}}
            at_ms = till.now_ms()
            till.ledger.append(till.draft("earn", "x", at_ms, payload, points=1, customer_id=shown.customer_id))
        return done

    return wrong


def nothing_booked(complete: Complete) -> Complete:
    return lambda till, shown, bill, *args: None


def booked_twice(complete: Complete) -> Complete:
    def wrong(till: Till, shown: Quote, bill: Bill, *args: Any) -> Any:
        complete(till, shown, bill, *args)
        again = desk.quote(till, shown.customer_id, bill)
        return complete(till, again, bill, *args)

    return wrong


@pytest.mark.parametrize("broken", [one_more, nothing_booked, booked_twice])
def test_a_wrong_booking_is_found(broken: Any, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert replay(tmp_path, file).figures["earned"] == compute(ROWS, BUILT_IN, "sometimes", 1).earned
    monkeypatch.setattr(desk, "complete", broken(desk.complete))
    result = call(tmp_path, file)
    assert result.exit_code == 1, result.output
    assert "was told" in result.stderr
    assert '"verify":"failed","ok":false' in result.stdout


def test_a_refusal_stops_it_with_the_line(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "complete", lambda *args: Refused(phrase("This bill was taken already.")))
    result = call(tmp_path, file)
    assert result.exit_code == 1
    assert "Line 2: This bill was taken already." in result.stderr
    assert "0 of 6 purchases were replayed." in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("name", ["register", "quote", "complete", "expire"])
def test_a_use_case_that_fails_fails_the_replay(
    name: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> object:
        raise ZeroDivisionError(name)

    monkeypatch.setattr(desk, name, broken)
    result = call(tmp_path, file)
    assert result.exit_code == 1
    assert isinstance(result.exception, ZeroDivisionError)


def test_expiry_left_out_is_found_by_the_figures(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*ROWS, Row(date(1998, 6, 1), "7", 1_00)]
    expected = compute(rows, BUILT_IN, "none", 1)
    assert expected.expired > 0
    monkeypatch.setattr(desk, "expire", lambda till: 0)
    played = replay(tmp_path, write_csv(file, rows), "--redeem", "none")
    assert played.figures["expired"] == 0
    assert played.balances() != expected.balances
