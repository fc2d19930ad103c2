"""The counter sells by `desk.complete` alone: where it is broken, the main job's check fails."""

from typing import Any

import pytest

from terminal import desk
from terminal.desk import Completed, Operator, Till
from terminal.rules.bill import Bill
from terminal.rules.phrase import Refused, phrase
from terminal.rules.quote import Quote
from tests.screens.flows import redeem_all_by_keys, redeem_all_by_mouse
from tests.screens.stand import ShopFloor, at_the_counter

_real = desk.complete


def _refuses(till: Till, shown: Quote, bill: Bill, by: Operator, **_: object) -> Completed | Refused:
    return Refused(phrase("Not today."))


def _books_nothing(till: Till, shown: Quote, bill: Bill, by: Operator, **_: object) -> Completed | Refused:
    class _Undone(Exception):
        pass

    try:
        with till.ledger.atomic():
            done = _real(till, shown, bill, by)
            raise _Undone
    except _Undone:
        return done


def _takes_nothing_off(till: Till, shown: Quote, bill: Bill, by: Operator, **_: object) -> Completed | Refused:
    plain = desk.quote(till, shown.customer_id, bill)
    assert isinstance(plain, Quote)
    return _real(till, plain, bill, by)


def _prints_nothing(till: Till, shown: Quote, bill: Bill, by: Operator, **_: object) -> Completed | Refused:
    done = _real(till, shown, bill, by)
    assert isinstance(done, Completed)
    desk.drop_slip(till, done.print_job_id)
    return done


BROKEN = [_refuses, _books_nothing, _takes_nothing_off, _prints_nothing]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__.strip("_"))
async def test_the_main_job_fails_on_a_broken_desk(
    shop: ShopFloor, monkeypatch: pytest.MonkeyPatch, broken: Any
) -> None:
    monkeypatch.setattr("terminal.desk.complete", broken)
    async with at_the_counter(shop) as stand:
        with pytest.raises(AssertionError):
            await redeem_all_by_keys(stand, shop.customers[5])


async def test_the_mouse_sells_by_the_same_engine(shop: ShopFloor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("terminal.desk.complete", _refuses)
    async with at_the_counter(shop) as stand:
        with pytest.raises(AssertionError):
            await redeem_all_by_mouse(stand, shop.customers[5])
