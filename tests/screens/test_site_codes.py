"""Limited offers and single-use codes at a counter with a real site: asked for, used once, given back."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import SystemRandom

import pytest
from sqlalchemy import select

from sync.demo_site import DemoSite
from sync.site.code_lease_table import code_lease
from sync.site.opening import now_ms
from sync.site.promo_codes import Asked, listed, make_named
from sync.site.store import Store, open_store
from terminal.config import ShopConfig
from terminal.demo_app import DemoApp
from terminal.demo_site import WiredTill
from terminal.desk.demo_shop import demo_programme
from terminal.ledger.requests import waiting
from terminal.rules.phrase import Refused
from terminal.running import demo_app
from terminal.screens.text_question import TextQuestion
from terminal.wiring import system_clock
from tests.screens.stand import SMALL, ShopFloor, Stand

_WITHIN_S = 60.0
LIMITED = """
[[offers]]
kind = "percent"
code = "spring"
name = "Spring"
percent = 10
needs_code = true

[[offers]]
kind = "percent"
code = "once-each"
name = "First time"
percent = 5
minimum_bill = 500
uses_per_customer = 1
"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoApp]:
    app, _ = demo_app(tmp_path, "en", 1, "dark", system_clock)
    yield app
    app.session.till.ledger.close()


@pytest.fixture
def site(demo: DemoApp, tmp_path: Path) -> Iterator[Store]:
    """The database of a site at work with which the demo's till is in step: a programme with limits, and a code."""
    till, folder = demo.session.till, tmp_path / "site"
    folder.mkdir()
    shop = ShopConfig(name=till.shop.name, country=till.shop.country, currency=till.shop.currency)
    served = DemoSite(folder, shop, demo_programme() + LIMITED, ())
    wired = WiredTill(served, till, 1)
    store = open_store(f"sqlite:///{folder / 'site.db'}", now_ms, SystemRandom())
    on = till.today()
    assert make_named(store, Asked("spring", None, on, on + timedelta(days=2)), "ONCE", "test") is None
    yield store
    wired.close()
    served.close()
    store.close()


async def until(stand: Stand, seen: Callable[[], bool]) -> None:
    """Wait for what other processes do."""
    end = time.monotonic() + _WITHIN_S
    while not seen():
        assert time.monotonic() < end, stand.text()
        await stand.pilot.pause(0.05)


async def in_step(stand: Stand) -> None:
    """Wait until the till has the programme and the code, and the site has the till's customers."""
    ledger = stand.app.session.till.ledger

    def is_there() -> bool:
        programme = stand.app.session.till.programme(stand.app.session.till.today())
        known = not isinstance(programme, Refused) and any(one.code == "spring" for one in programme.offers)
        return known and bool(ledger.rows("SELECT 1 FROM promo_code")) and ledger.fact("replica_loaded") == "1"

    await until(stand, is_there)


async def serve(stand: Stand, number: str, total: str) -> None:
    await stand.press("escape")
    await stand.type_text(number)
    await stand.press("enter")
    await stand.type_text(total)


async def use_code(stand: Stand, code: str, answers: tuple[str, ...]) -> str:
    """Type a code in the dialog, once more where a busy machine gave up; return which of the answers came."""
    await stand.press("ctrl+r")
    known, end = (*answers, "needs the site"), time.monotonic() + _WITHIN_S
    while True:
        await stand.press("f5")
        await stand.type_text(code)
        await stand.press("enter")
        await until(stand, lambda: any(answer in stand.told() for answer in known))
        for answer in answers:
            if answer in stand.told():
                return answer
        assert time.monotonic() < end, stand.text()
        if isinstance(stand.screen, TextQuestion):
            await stand.press("escape")


def leased(site: Store) -> list[str]:
    with site.reading() as connection:
        return [row[0] for row in connection.execute(select(code_lease.c.code))]


async def test_a_single_use_code_is_leased_and_used_once(demo: DemoApp, shop: ShopFloor, site: Store) -> None:
    async with demo.run_test(size=SMALL) as pilot:
        stand = Stand(demo, pilot, shop, 0.035)
        await in_step(stand)
        await serve(stand, "0001", "200")
        assert await use_code(stand, "once", ("The code holds: once",))
        assert leased(site) == ["ONCE"]
        await stand.press("escape")
        assert "“Spring”: 10% off" in stand.text()
        await stand.press("f5", "enter")
        assert stand.stage == "done"
        await until(stand, lambda: leased(site) == [])
        assert [one.used for one in listed(site, None, 10)] == [True]
        await serve(stand, "0002", "200")
        assert await use_code(stand, "once", ("is used up",))


async def test_a_limited_offer_comes_by_itself_and_goes_back_with_the_customer(
    demo: DemoApp, shop: ShopFloor, site: Store
) -> None:
    async with demo.run_test(size=SMALL) as pilot:
        stand = Stand(demo, pilot, shop, 0.035)
        await in_step(stand)
        ledger, end = demo.session.till.ledger, time.monotonic() + _WITHIN_S
        while "“First time”: 5% off" not in stand.text():
            assert time.monotonic() < end, stand.text()
            await serve(stand, "0001", "800")
            assert stand.stage == "customer"
            await until(stand, lambda: "“First time”: 5% off" in stand.text() or not waiting(ledger))
            await stand.pilot.pause(0.5)  # an answer has to reach the screen; else the customer is served again
        assert leased(site) == ["once-each"]
        await stand.press("escape")
        await until(stand, lambda: leased(site) == [])
        await serve(stand, "0001", "400")
        assert "First time" not in stand.text()
        assert leased(site) == []
