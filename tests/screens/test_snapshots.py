"""Pictures of the counter and the lock in two sizes, in Ukrainian, on a clock that stands at 15:00 in Kyiv.

After a change of looks: `pytest tests/screens/test_snapshots.py --snapshot-update`, and look at what changed.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.screens.stand import QUICK_GAP_S, ShopFloor, Stand, till_app

SIZES = [(80, 24), (120, 40)]


@dataclass(frozen=True, slots=True)
class Picture:
    """What to do before the picture is taken, and whether somebody has unlocked the till."""

    name: str
    steps: Callable[[Stand], Awaitable[None]]
    by: str = "cashier"


async def _nothing(stand: Stand) -> None:
    await stand.rest()


async def _quote(stand: Stand) -> None:
    await stand.wedge_scan(stand.shop.customers[5].card)
    await stand.type_text("250,40")


async def _take_off(stand: Stand) -> None:
    await _quote(stand)
    await stand.press("f6")


async def _done(stand: Stand) -> None:
    await _take_off(stand)
    await stand.press("enter")


PICTURES = [
    Picture("idle", _nothing),
    Picture("quote", _quote),
    Picture("take-off", _take_off),
    Picture("done", _done),
    Picture("lock", _nothing, by=""),
]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_it_looks_as_it_did(shop: ShopFloor, picture: Picture, size: tuple[int, int], snap_compare: Any) -> None:
    app = till_app(shop, language="uk", by=picture.by)

    async def before(pilot: Pilot[None]) -> None:
        await picture.steps(Stand(app, pilot, shop, QUICK_GAP_S))
        for box in app.screen.query("Input").results():
            box.cursor_blink = False  # type: ignore[attr-defined]
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=before)
