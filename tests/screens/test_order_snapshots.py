"""Pictures of an order's steps and of what managers look at every day, in Ukrainian.

After a change of looks: `pytest tests/screens/test_order_snapshots.py --snapshot-update`, and look at them.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.screens.stand import LARGE, QUICK_GAP_S, SMALL, ShopFloor, Stand, till_app
from tests.screens.test_order_flow import order_in, to_step
from tests.screens.test_targets import cut_labels, low_or_hidden

Steps = Callable[[Stand], Awaitable[None]]


def _step(number: int) -> Steps:
    async def steps(stand: Stand) -> None:
        await to_step(stand, number)

    return steps


async def _orders(stand: Stand) -> None:
    order_in(stand.shop)
    order_in(stand.shop, redeem=0)
    order_in(stand.shop, place=False)
    await stand.press("ctrl+o")


async def _placed(stand: Stand) -> None:
    await to_step(stand, 5)
    await stand.press("f10")


async def _take_back(stand: Stand) -> None:
    await _placed(stand)
    await stand.press("f10", "f4")


async def _menu(stand: Stand, door: str) -> None:
    await stand.press("f9", "f8")
    await stand.click(f"#choice-{door}")
    await stand.rest()


async def _day(stand: Stand) -> None:
    order_in(stand.shop)
    await _menu(stand, "day")


async def _corrections(stand: Stand) -> None:
    await _menu(stand, "correct")
    await stand.serial_scan(stand.shop.customers[5].card)
    await stand.until(lambda: bool(stand.screen.query("#choice-gift")))
    await stand.settle()


STEPS = {f"step-{number}": _step(number) for number in range(1, 6)}
BOTH_SIZES = STEPS | {"orders": _orders, "placed": _placed}
SMALL_ONLY = {"take-back": _take_back, "day": _day, "corrections": _corrections}
CASES = [(name, steps, size) for name, steps in BOTH_SIZES.items() for size in (SMALL, LARGE)]
CASES += [(name, steps, SMALL) for name, steps in SMALL_ONLY.items()]


@pytest.mark.parametrize(
    ("name", "steps", "size"), CASES, ids=[f"{name}-{size[0]}x{size[1]}" for name, _, size in CASES]
)
def test_it_looks_as_it_did(
    shop: ShopFloor, name: str, steps: Steps, size: tuple[int, int], snap_compare: Any
) -> None:
    app = till_app(shop, language="uk", by="manager")

    async def before(pilot: Pilot[None]) -> None:
        stand = Stand(app, pilot, shop, QUICK_GAP_S)
        await stand.rest()
        await steps(stand)
        await stand.rest()
        assert not cut_labels(stand), name
        assert not low_or_hidden(stand), name
        for box in app.screen.query("Input").results():
            box.cursor_blink = False  # type: ignore[attr-defined]
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=before)
