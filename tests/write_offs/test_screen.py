"""Managers look at the last days on the till: a week at once, a month when asked, one section a page."""

import pytest
from rich.cells import cell_len
from textual.widgets import Static

from terminal import desk
from terminal.desk import orders
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.rules.wish import ALL
from terminal.screens.write_offs_screen import WriteOffsScreen
from tests.screens.conftest import pattern, shop
from tests.screens.stand import LARGE, MIDDLE, SMALL, ShopFloor, Stand, at_the_counter

__all__ = ["pattern", "shop"]


def leave_an_order(shop: ShopFloor) -> str:
    """Hold bonuses that nobody frees; return the order's number."""
    for customer in shop.customers:
        bill = bill_of_total(900_00)
        shown = desk.quote(shop.till, customer.id, bill, ALL, channel="manager")
        if isinstance(shown, Refused) or not shown.spent_points:
            continue
        held = orders.hold_order(shop.till, shown, bill, shop.manager, 1)
        assert not isinstance(held, Refused)
        shop.clock.advance(hours=2)
        return held.number
    raise AssertionError("somebody in the shop has bonuses")


async def open_write_offs(stand: Stand) -> WriteOffsScreen:
    await stand.press("f9", "f8")
    await stand.click("#choice-write-offs")
    assert isinstance(stand.screen, WriteOffsScreen)
    await stand.press("home")
    return stand.screen


async def test_what_is_broken_is_named(shop: ShopFloor) -> None:
    number = leave_an_order(shop)
    async with at_the_counter(shop, language="en", by="manager") as stand:
        await open_write_offs(stand)
        assert "Do write-offs work?" in stand.text()
        assert "Page 1 of" in stand.text()
        await stand.press("f6")
        assert f"{number}: held, never released." in stand.text().replace("\n", " ")
        await stand.press("f5", "f5")
        assert "All orders" in stand.text()


async def test_a_month_is_checked_when_it_is_asked_for(shop: ShopFloor) -> None:
    async with at_the_counter(shop, language="en", by="manager") as stand:
        screen = await open_write_offs(stand)
        week = screen._report
        assert week is not None
        await stand.press("f3")
        await stand.press("home")
        month = screen._report
        assert month is not None
        assert (week.period.days, month.period.days) == (7, 30)
        await stand.press("f2")
        await stand.press("home", "escape")
        assert not isinstance(stand.screen, WriteOffsScreen)


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_no_line_is_wider_than_the_page(shop: ShopFloor, size: tuple[int, int]) -> None:
    leave_an_order(shop)
    async with at_the_counter(shop, language="uk", size=size, by="manager") as stand:
        await open_write_offs(stand)
        for _ in range(5):
            page = stand.one("#page", Static)
            assert max(map(cell_len, str(page.content).splitlines())) <= page.size.width
            await stand.press("f6")
