"""F1 in the making of an order: the written guide, open at the step that the manager stands at."""

import pytest
from textual.containers import VerticalScroll

from terminal.screens.guide_view import GuideView
from tests.screens.stand import LARGE, SMALL, ShopFloor, at_the_counter
from tests.screens.test_order_flow import to_step


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x50"])
async def test_the_guide_opens_at_the_step(shop: ShopFloor, size: tuple[int, int]) -> None:
    async with at_the_counter(shop, by="manager", language="uk", size=size) as stand:
        for number, name in enumerate(("Клієнт", "Товари", "Пропозиції", "Бонуси", "До сплати"), 1):
            await to_step(stand, number)
            await stand.press("f1")
            assert isinstance(stand.screen, GuideView)
            view = stand.one("VerticalScroll", VerticalScroll)
            await stand.until(lambda: stand.one("VerticalScroll", VerticalScroll).scroll_y > 0)
            await stand.rest()
            at = view.scrollable_content_region
            top = " ".join(stand.lines()[at.y : at.y + 4])
            assert f"Крок {number} із 5: {name}" in top, "it stands on top"
            view.scroll_home(animate=False)
            await stand.until(lambda: "Замовлення в магазині" in stand.text())
            await stand.press("escape", "escape" if number == 1 else "f9", "escape")
