"""The cable of the demo: pulled, the till says so and sells on; plugged in, the site agrees again."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from terminal import demo_network
from terminal.demo_app import DemoApp
from terminal.demo_network import Network
from terminal.ledger.sales import unsent
from terminal.running import demo_app
from terminal.wiring import system_clock
from tests.screens.stand import SMALL, ShopFloor, Stand

_WITHIN_S = 60.0


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoApp]:
    app, _ = demo_app(tmp_path, "en", 1, "dark", system_clock)
    till = app.session.till
    app.network = Network(tmp_path / "site", till, 1, app.tell_network)
    yield app
    app.network.stop()
    till.ledger.close()


async def until(stand: Stand, seen: Callable[[], bool]) -> None:
    """Wait for what other processes do."""
    end = time.monotonic() + _WITHIN_S
    while not seen():
        assert time.monotonic() < end, stand.text()
        await stand.pilot.pause(0.05)


async def test_a_key_pulls_the_cable_and_plugs_it_in(demo: DemoApp, shop: ShopFloor) -> None:
    till = demo.session.till
    async with demo.run_test(size=SMALL) as pilot:
        stand = Stand(demo, pilot, shop, 0.035)
        await until(stand, lambda: "Ctrl+L pulls the network cable." in stand.text())
        await until(stand, lambda: unsent(till.ledger) == 0)
        await stand.press("ctrl+l")
        await until(stand, lambda: "Ctrl+L plugs it in again." in stand.text())
        await until(stand, lambda: "Offline" in stand.told())
        await stand.type_text("0001")
        await stand.press("enter")
        await stand.type_text("200")
        await stand.press("f6", "enter")
        assert stand.stage == "done"
        waiting = unsent(till.ledger)
        assert waiting > 0
        await stand.press("escape")
        await until(stand, lambda: f"not sent: {waiting}" in stand.told())
        await stand.press("ctrl+l")
        await until(stand, lambda: "In step again: the site agrees with every balance." in stand.told())
        assert unsent(till.ledger) == 0
        await until(stand, lambda: "Offline" not in stand.told())


async def test_without_a_site_the_demo_says_so_and_sells(
    demo: DemoApp, shop: ShopFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_network, "site_starter", lambda: None)
    async with demo.run_test(size=SMALL) as pilot:
        stand = Stand(demo, pilot, shop, 0.035)
        await until(stand, lambda: "The demo runs without a site." in stand.told())
        assert "Ctrl+L" not in stand.text()
        await stand.press("ctrl+l")
        await stand.type_text("0001")
        await stand.press("enter")
        assert stand.stage == "customer"
