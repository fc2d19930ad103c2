"""The manager's screen of the day: totals, opening, closing after a question, and the ledger behind it."""

import json

import pytest

from printers.document import document_from_json
from printers.preview import preview_text
from terminal.desk.day import day_totals
from terminal.screens.day_screen import DayScreen
from terminal.screens.question import Question
from tests.screens.conftest import pattern, shop
from tests.screens.stand import SMALL, ShopFloor, Stand, at_the_counter

__all__ = ["pattern", "shop"]


async def open_screen(stand: Stand) -> None:
    await stand.press("f9", "f8")
    await stand.click("#choice-day")
    assert isinstance(stand.screen, DayScreen)


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_a_manager_opens_and_closes_the_day(shop: ShopFloor, language: str) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop, language=language, by="manager") as stand:
        await open_screen(stand)
        await stand.click("#open")
        assert shop.kinds(seq) == ["day_open"]
        await stand.press("f6")
        assert shop.kinds(seq) == ["day_open"]
        await stand.press("escape", "escape", "escape")
        await stand.wedge_scan(shop.customers[5].card)
        await stand.type_text("250")
        await stand.press("f6", "enter")
        assert stand.stage == "done"
        await open_screen(stand)
        totals = day_totals(shop.till)
        assert totals.whole.sales == 1
        words = stand.app.session.words
        for told in (words.money(totals.whole.total_minor), words.money(totals.whole.taken_off_minor)):
            assert told in stand.text()
        assert shop.manager.name[:15] in stand.text()
        await stand.press("f8")
        assert isinstance(stand.screen, Question)
        await stand.press("escape")
        assert "day_close" not in shop.kinds(seq)
        await stand.click("#close")
        await stand.press("f10")
        assert shop.kinds(seq) == ["day_open", "sale", "redeem", "earn", "day_close"]
        (close,) = shop.till.ledger.entries(shop.till.ledger.last_seq() - 1)
        facts = json.loads(close.payload)
        assert (close.operator, facts["last_seq"]) == (shop.manager.id, close.seq - 1)
        assert facts["booked"][-1]["total_minor"] == 250_00
        slip = preview_text(document_from_json(shop.jobs()[-1].document), 42)
        assert close.hash.hex().upper() in "".join(slip.split())
        assert str(close.seq) in stand.text()


async def test_a_day_with_nothing_booked_is_not_closed(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="manager") as stand:
        seq = shop.till.ledger.last_seq()
        await open_screen(stand)
        assert "Nothing was booked." in stand.text()
        await stand.press("f8", "f10")
        assert isinstance(stand.screen, DayScreen)
        assert "Nothing was booked since" in stand.told()
        assert shop.kinds(seq) == []


async def test_a_cashier_does_not_get_there(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="cashier", size=SMALL) as stand:
        await stand.press("f9", "f8")
        assert not isinstance(stand.screen, DayScreen)
        assert not stand.screen.query("#choice-day")
