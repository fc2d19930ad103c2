"""The staff: PINs that are no four plain digits in the file, and a wait that no crash and no clock shortens."""

import pytest

from terminal import desk
from terminal.desk import Till
from terminal.ledger.shop import Operator, pin_failures
from terminal.rules.phrase import Refused
from tests.shop import Clock, again, register, said, sell

PIN, WRONG = "4271", "9999"


@pytest.fixture
def oksana(till: Till) -> Operator:
    """A cashier whose PIN is 4271."""
    operator = desk.add_operator(till, "Оксана", "cashier", PIN)
    assert isinstance(operator, Operator)
    return operator


def fail(till: Till, operator: Operator, times: int) -> list[str]:
    return [said(desk.unlock(till, operator.id, WRONG)) for _ in range(times)]


def test_the_right_pin_unlocks(till: Till, oksana: Operator) -> None:
    assert desk.unlock(till, oksana.id, PIN) == oksana
    assert desk.operators(till) == [oksana]
    assert "no longer works" in said(desk.unlock(till, "nobody", PIN))


def test_the_file_holds_no_pin_and_the_hash_needs_the_devices_pepper(till: Till, oksana: Operator) -> None:
    row = till.ledger.row("SELECT pin_hash FROM staff")
    assert row is not None
    assert row[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PIN not in row[0]
    till.pepper = b"another device"
    assert "Wrong PIN" in said(desk.unlock(till, oksana.id, PIN))


def test_two_with_the_same_pin_have_other_hashes(till: Till, oksana: Operator) -> None:
    desk.add_operator(till, "Роман", "manager", PIN)
    rows = till.ledger.rows("SELECT pin_hash FROM staff")
    assert len({row[0] for row in rows}) == 2
    assert [operator.role for operator in desk.operators(till)] == ["cashier", "manager"]


@pytest.mark.parametrize("pin", ["", "427", "427142714", "42a1", "٤٢٧١", "42 71"])
def test_a_pin_has_four_to_eight_digits(till: Till, pin: str) -> None:
    assert said(desk.add_operator(till, "A", "cashier", pin)) == "A PIN has 4 to 8 digits."


@pytest.mark.parametrize("pin", ["0000", "77777777", "1234", "5678", "4321", "98765"])
def test_a_pin_that_is_guessed_at_once_is_refused(till: Till, pin: str) -> None:
    assert "too easy to guess" in said(desk.add_operator(till, "A", "cashier", pin))
    assert desk.operators(till) == []


def test_a_name_is_needed(till: Till) -> None:
    assert said(desk.add_operator(till, " \u202e", "cashier", PIN)) == "Type the name."


def test_the_tries_left_are_counted_down_and_a_right_pin_forgets_them(till: Till, oksana: Operator) -> None:
    assert fail(till, oksana, 2) == ["Wrong PIN. Tries left: 4.", "Wrong PIN. Tries left: 3."]
    assert desk.unlock(till, oksana.id, PIN) == oksana
    assert fail(till, oksana, 1) == ["Wrong PIN. Tries left: 4."]


def test_after_five_wrong_pins_even_the_right_one_waits(till: Till, oksana: Operator, clock: Clock) -> None:
    assert fail(till, oksana, 5)[-1] == "Wrong PIN. Wait 60 s."
    assert desk.locked_for_s(till, oksana.id) == 60
    clock.advance(seconds=59)
    assert said(desk.unlock(till, oksana.id, PIN)) == "Too many wrong PINs. Wait 1 s."
    clock.advance(seconds=1)
    assert desk.unlock(till, oksana.id, PIN) == oksana
    assert desk.locked_for_s(till, oksana.id) == 0


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(till: Till, oksana: Operator, clock: Clock) -> None:
    fail(till, oksana, 5)
    waits = []
    for _ in range(6):
        waits.append(desk.locked_for_s(till, oksana.id))
        clock.advance(seconds=waits[-1])
        fail(till, oksana, 1)
    assert waits == [60, 120, 240, 480, 900, 900]


def test_a_try_while_waiting_neither_counts_nor_helps(till: Till, oksana: Operator, clock: Clock) -> None:
    fail(till, oksana, 5)
    clock.advance(seconds=30)
    assert fail(till, oksana, 3) == ["Too many wrong PINs. Wait 30 s."] * 3


def test_pulling_the_plug_forgets_no_failure(till: Till, oksana: Operator) -> None:
    for left in (4, 3, 2, 1):
        assert fail(till, oksana, 1) == [f"Wrong PIN. Tries left: {left}."]
        till.ledger = again(till.ledger)
    fail(till, oksana, 1)
    till.ledger = again(till.ledger)
    assert "Wait 60 s" in said(desk.unlock(till, oksana.id, PIN))
    till.ledger.close()


def test_a_failure_counts_before_the_pin_is_checked(
    till: Till, oksana: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    from terminal.desk import staff

    def power_fails() -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(staff, "_hasher", power_fails)
    with pytest.raises(KeyboardInterrupt):
        desk.unlock(till, oksana.id, WRONG)
    assert pin_failures(till.ledger, oksana.id)[0] == 1


def test_each_has_tries_of_their_own(till: Till, oksana: Operator) -> None:
    roman = desk.add_operator(till, "Роман", "manager", "8350")
    assert isinstance(roman, Operator)
    fail(till, oksana, 5)
    assert desk.unlock(till, roman.id, "8350") == roman


def test_a_clock_set_back_neither_skips_nor_shortens_the_wait(till: Till, oksana: Operator, clock: Clock) -> None:
    fail(till, oksana, 5)
    clock.advance(days=-1)
    assert desk.locked_for_s(till, oksana.id) == 60
    assert "Wait 60 s" in said(desk.unlock(till, oksana.id, PIN))
    clock.advance(seconds=59)
    assert isinstance(desk.unlock(till, oksana.id, PIN), Refused)


def test_a_clock_that_was_ahead_does_not_lock_the_shop_out_for_days(
    till: Till, oksana: Operator, clock: Clock
) -> None:
    clock.advance(days=30)
    sell(till, register(till), 100_00)
    fail(till, oksana, 5)
    clock.advance(days=-30)
    assert "Wait 60 s" in said(desk.unlock(till, oksana.id, PIN))
    clock.advance(seconds=60)
    assert desk.unlock(till, oksana.id, PIN) == oksana
