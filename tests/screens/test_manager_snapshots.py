"""Pictures of a refund, of the question for a PIN and of the audit in two sizes, in Ukrainian.

After a change of looks: `pytest tests/screens/test_manager_snapshots.py --snapshot-update`, and look at them.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from terminal import desk
from terminal.rules.bill import Bill, Line
from terminal.rules.phrase import Refused
from terminal.rules.watch import WatchLimits
from tests.screens.stand import QUICK_GAP_S, ShopFloor, Stand, till_app

SIZES = [(80, 24), (120, 40)]


def _sell(shop: ShopFloor) -> None:
    bill = Bill((Line("Кава зернова", 6_000), Line("Торт «Київський»", 4_000)))
    shown = desk.quote(shop.till, shop.customers[5].id, bill, 40)
    assert not isinstance(shown, Refused)
    assert isinstance(desk.complete(shop.till, shown, bill, shop.cashier), desk.Completed)


async def _refund(stand: Stand) -> None:
    await stand.press("f4", "f7", "down", "enter")


async def _pin(stand: Stand) -> None:
    await stand.press("f4", "f7", "f10")


async def _audit(stand: Stand) -> None:
    till, customer, manager = stand.shop.till, stand.shop.customers[5], stand.shop.manager
    assert desk.adjust(till, customer.id, 25, "missed", manager, note="картка була вдома")
    assert desk.adjust(till, customer.id, -5, "mistake", manager)
    stand.app.session.operator = manager
    await stand.press("f4", "f7", "f10", "escape", "f9", "f8")
    await stand.click("#choice-audit")


PICTURES = {"refund": _refund, "pin": _pin, "audit": _audit}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("steps", PICTURES.values(), ids=list(PICTURES))
def test_it_looks_as_it_did(
    shop: ShopFloor, steps: Callable[[Stand], Awaitable[None]], size: tuple[int, int], snap_compare: Any
) -> None:
    shop.till.watch = WatchLimits()
    _sell(shop)
    app = till_app(shop, language="uk")

    async def before(pilot: Pilot[None]) -> None:
        await steps(Stand(app, pilot, shop, QUICK_GAP_S))
        for box in app.screen.query("Input").results():
            box.cursor_blink = False  # type: ignore[attr-defined]
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=before)
