"""The demo on a wide screen: its scanner is a list, and its printer prints on the paper beside the counter."""

from pathlib import Path

from textual.widgets import Input

from terminal.demo_app import DemoApp
from terminal.ledger.queues import open_prints
from terminal.running import Devices, demo_app
from terminal.screens.new_customer import RegisterCustomer
from terminal.screens.paper import Paper
from terminal.screens.scan_list import ScanList
from tests.screens.stand import LARGE, SMALL, ShopFloor, Stand
from tests.screens.test_targets import cut_labels, keyless, low_or_hidden
from tests.shop import Clock


async def test_a_scan_from_the_list_and_a_slip_on_the_paper(shop: ShopFloor, tmp_path: Path) -> None:
    app, config = demo_app(tmp_path, "uk", 1, "dark", Clock())
    assert isinstance(app, DemoApp)
    till = app.session.till
    devices = Devices(app, app.session, config)
    app.start_devices = devices.start
    try:
        async with app.run_test(size=LARGE) as pilot:
            stand = Stand(app, pilot, shop, 0.035)
            await stand.press("f11")
            assert isinstance(stand.screen, ScanList)
            assert low_or_hidden(stand) + cut_labels(stand) + keyless(stand) == []
            await stand.press("down", "down", "enter")
            assert stand.stage == "customer"
            await stand.type_text("60")
            await stand.press("f6", "enter")
            assert stand.stage == "done"
            await stand.until(lambda: open_prints(till.ledger) == [])
            await stand.until(lambda: "30,00 грн" in stand.text())
            paper = stand.one("#paper", Paper)
            assert paper.display
            await stand.press("ctrl+p")
            assert not paper.display
            await stand.pilot.resize_terminal(*SMALL)
            await stand.settle()
            assert not paper.display
            assert stand.stage == "done"
    finally:
        devices.stop()
        till.ledger.close()


async def test_a_card_is_held_before_the_scanner_in_a_dialog_too(shop: ShopFloor, tmp_path: Path) -> None:
    app, _ = demo_app(tmp_path, "uk", 1, "dark", Clock())
    assert isinstance(app, DemoApp)
    async with app.run_test(size=SMALL) as pilot:
        stand = Stand(app, pilot, shop, 0.035)
        await stand.press("f2", "f11")
        assert isinstance(stand.screen, ScanList)
        await stand.press("f11", "enter")
        assert isinstance(stand.screen, RegisterCustomer)
        assert stand.one("#card", Input).value
    app.session.till.ledger.close()
