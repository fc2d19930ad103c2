"""The report on the till's screen: counted in the background, kept for the next look, one section a page."""

import threading

import pytest
from rich.cells import cell_len
from textual.widgets import Static

from terminal.desk import Till
from terminal.desk.figures import Asked, Figures, figures, usual_period
from terminal.desk.report import report
from terminal.screens import report_screen
from terminal.screens.report_screen import ReportScreen
from tests.screens.conftest import pattern, shop
from tests.screens.stand import LARGE, MIDDLE, SMALL, ShopFloor, Stand, at_the_counter

__all__ = ["pattern", "shop"]


async def open_report(stand: Stand) -> ReportScreen:
    await stand.press("f9", "f8")
    await stand.click("#choice-report")
    assert isinstance(stand.screen, ReportScreen)
    return stand.screen


async def test_every_section_has_a_page(shop: ShopFloor) -> None:
    async with at_the_counter(shop, language="uk", by="manager") as stand:
        await open_report(stand)
        words = stand.app.session.words
        expected = report(figures(shop.till, Asked(usual_period(shop.till))), shop.till.shop.name, "demo-1")
        assert words.day(expected.period.first) in stand.text()
        for section in expected.sections:
            assert words.say(section.definition.title) in stand.text()
            await stand.press("f6")
        assert words.say(expected.sections[0].definition.title) in stand.text()
        await stand.press("f5")
        assert words.say(expected.sections[-1].definition.title) in stand.text()


async def test_what_was_counted_is_kept_until_something_is_booked(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="manager") as stand:
        await open_report(stand)
        first = stand.app.session.counted
        assert first is not None
        sales = first[1].bought.sales
        await stand.press("escape")
        await stand.click("#choice-report")
        assert stand.app.session.counted is first
        await stand.press("escape", "escape", "escape")
        await stand.wedge_scan(shop.customers[5].card)
        await stand.type_text("250")
        await stand.press("enter", "enter")
        assert stand.stage == "done"
        await open_report(stand)
        again = stand.app.session.counted
        assert again is not None
        assert again[1].bought.sales == sales + 1
        assert again[1].bought.total_minor == first[1].bought.total_minor + 250_00


async def test_who_leaves_while_it_counts_finds_it_counted_once(
    shop: ShopFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    begun: list[Asked] = []

    def slowly(till: Till, asked: Asked) -> Figures:
        begun.append(asked)
        assert go_on.wait(60)
        return figures(till, asked)

    monkeypatch.setattr(report_screen, "figures", slowly)
    async with at_the_counter(shop, by="manager") as stand:
        app = stand.app
        await app.push_screen(ReportScreen(app.session))
        await stand.until(lambda: len(begun) == 1)
        app.pop_screen()
        await app.push_screen(ReportScreen(app.session))
        await stand.until(lambda: "Counting" in stand.text())
        go_on.set()
        await stand.until(lambda: "Page 1 of" in stand.text())
        assert len(begun) == 1


async def test_figures_of_training_are_not_taken_for_the_shops(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="manager") as stand:
        await open_report(stand)
        await stand.press("escape", "escape", "f7", "f9", "f8")
        await stand.click("#choice-report")
        counted = stand.app.session.counted
        assert counted is not None
        assert counted[0] is stand.app.session.till is not shop.till
        assert counted[1].health.state.last_seq == counted[0].ledger.last_seq() < shop.till.ledger.last_seq()


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_no_line_is_wider_than_the_page(shop: ShopFloor, size: tuple[int, int]) -> None:
    async with at_the_counter(shop, language="uk", size=size, by="manager") as stand:
        await open_report(stand)
        for _ in range(13):
            page = stand.one("#page", Static)
            lines = str(page.content).splitlines()
            # An address is never cut in two by us: it may be wider than a small terminal, which breaks it.
            ours = [line for line in lines if not line.startswith("http")]
            assert max(map(cell_len, ours)) <= page.size.width
            await stand.press("f6")
