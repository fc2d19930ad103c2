"""The night's local work: what is over expires, once, however often and however far it runs."""

from datetime import date, timedelta

import pytest

from terminal import desk
from terminal.desk import Till, night
from terminal.ledger.verify import verify_ledger
from tests.shop import Clock, balance, journal_kinds, register, sell


def test_points_expire_after_their_last_day_and_only_once(till: Till, customer: str, clock: Clock) -> None:
    sell(till, customer, 300_00)
    clock.advance(days=1)
    sell(till, customer, 100_00, redeem=10)
    clock.advance(days=99)  # the first lot's last day
    assert till.today() == date(2026, 5, 4) + timedelta(days=100)
    assert desk.expire(till) == 0
    clock.advance(days=1)
    assert balance(till, customer) == 29
    assert desk.expire(till) == 20
    assert balance(till, customer) == 9
    assert journal_kinds(till.ledger)[-1] == "expire"
    entry = till.ledger.entries()[-1]
    assert (entry.points, entry.operator, entry.customer_id) == (-20, night.OPERATOR, customer)
    assert desk.expire(till) == 0
    clock.advance(days=1)
    assert desk.expire(till) == 9
    assert balance(till, customer) == 0
    assert verify_ledger(till.ledger).ok


def test_a_night_that_was_stopped_goes_on(till: Till, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(night, "_PAGE", 2)
    customers = [register(till, f"Іван {number}", f"067 000 00 0{number}") for number in range(5)]
    for customer in customers:
        sell(till, customer, 100_00)
    clock.advance(days=101)
    append, left = till.ledger.append, 3

    def stops(draft: object) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return append(draft)  # type: ignore[arg-type]

    monkeypatch.setattr(till.ledger, "append", stops)
    with pytest.raises(KeyboardInterrupt):
        desk.expire(till)
    monkeypatch.setattr(till.ledger, "append", append)
    assert sum(balance(till, customer) for customer in customers) == 30, (
        "one page is booked, the next one not at all"
    )
    assert desk.expire(till) == 30
    assert [balance(till, customer) for customer in customers] == [0] * 5
    assert journal_kinds(till.ledger).count("expire") == 5
    assert verify_ledger(till.ledger).ok


def test_what_never_expires_stays(till: Till, customer: str, clock: Clock) -> None:
    sell(till, customer, 300_00)
    with till.ledger.atomic():
        lot = {"lot": {"points": 5, "available_from": "2026-05-04"}}
        till.ledger.append(till.draft("gift", "m-1", till.now_ms(), lot, points=5, customer_id=customer))
    clock.advance(days=3650)
    assert desk.expire(till) == 30
    assert balance(till, customer) == 5
