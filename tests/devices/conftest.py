"""The shop of the screens' tests, and the emulator, for devices that are wired to a till."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from terminal.config import Config, PrinterConfig, ScannerConfig, ShopConfig, TillConfig
from terminal.running import Devices
from tests.printers.emulator import Emulator, running_emulator
from tests.screens.conftest import pattern, shop
from tests.screens.stand import SHOP_GAP_S, ShopFloor, Stand, till_app

__all__ = ["pattern", "shop"]

OpenCounter: TypeAlias = Callable[..., AbstractAsyncContextManager[Stand]]


@pytest.fixture(scope="package")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A printer and two scanners that somebody else wrote."""
    with running_emulator(tmp_path_factory.mktemp("emupos")) as emulator:
        yield emulator


@dataclass(frozen=True)
class Counter:
    """A running till whose printer and scanner are those that the config names."""

    shop: ShopFloor

    @asynccontextmanager
    async def __call__(
        self, printer: PrinterConfig | None = None, scanner: ScannerConfig | None = None
    ) -> AsyncIterator[Stand]:
        config = Config(
            shop=ShopConfig(self.shop.till.shop.name),
            till=TillConfig("till-1"),
            printer=printer or PrinterConfig(),
            scanner=scanner or ScannerConfig(),
        )
        app = till_app(self.shop, gap_s=SHOP_GAP_S)
        devices = Devices(app, app.session, config)
        app.start_devices = devices.start
        try:
            async with app.run_test(size=(100, 30)) as pilot:
                stand = Stand(app, pilot, self.shop, SHOP_GAP_S)
                await stand.rest()
                yield stand
        finally:
            devices.stop()


@pytest.fixture
def counter(shop: ShopFloor) -> OpenCounter:
    """Open the counter with devices."""
    return Counter(shop)
