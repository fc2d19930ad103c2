"""Running a till: the shop's own, from its config, or the demo's in a temporary folder."""

import logging
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

from printers.document import document_from_json
from printers.errors import PrinterError
from terminal import desk
from terminal.app import TillApp
from terminal.background import Background, load_first, waits_for_load
from terminal.config import Config, PrinterConfig
from terminal.devices.serial_scanner import ScannerState, SerialScanner
from terminal.ledger.backup import last_backup
from terminal.ledger.contact import SITE
from terminal.ledger.key import read_key
from terminal.ledger.lock import hold_till
from terminal.ledger.opening import open_ledger
from terminal.ledger.shop import products
from terminal.rules.phrase import phrase
from terminal.screens.session import DeviceState, Session
from terminal.screens.training_room import TrainingRoom
from terminal.wiring import open_till, system_clock

if TYPE_CHECKING:
    from printers.spool import Spooler
    from terminal.demo_app import DemoApp

_log = logging.getLogger(__name__)
_COLUMNS = {58: 32, 80: 48}
_SCANNER_WORDS = {
    "connected": phrase("Scanner: ready"),
    "missing": phrase("Scanner: not plugged in"),
    "no_permission": phrase("Scanner: no permission"),
    "busy": phrase("Scanner: used by another program"),
    "failed": phrase("Scanner: does not work"),
}
DEMO_PINS = {"cashier": "2580", "manager": "1470"}
_HINT = phrase(
    "Demo: F11 holds a card or goods before the scanner. PINs: cashier {cashier}, manager {manager}.", **DEMO_PINS
)


def run_till(config: Config, config_path: Path) -> int:
    """Run the shop's till until it is closed; return the exit code. With a site, its sync runs beside it."""
    with_site = bool(config.site.url) and config.site.autostart
    if with_site:
        _load_first(config, config_path)
    with hold_till(config.till.ledger):
        till = open_till(config, clock=system_clock, chance=SystemRandom())
        try:
            desk.expire(till)
            session = Session(
                till,
                till.words(),
                cards=config.cards,
                touch=config.screen.touch,
                idle_lock_s=config.till.idle_lock_s,
                bring_points=config.site.bring_points,
                hold_hours=config.orders.hold_hours,
                preview=previewer(config.printer.columns or _COLUMNS[config.printer.width_mm]),
                last_backup=partial(last_backup, config.backup.folder, config.till.ledger),
            )
            gap_s = config.scanner.wedge_gap_ms / 1000 if config.scanner.wedge else None
            app = TillApp(session, theme=config.screen.theme, wedge_gap_s=gap_s)
            background = Background(config_path) if with_site and till.ledger.fact(SITE) else None
            if background is not None:
                background.start()
            try:
                _run(app, session, config)
            finally:
                if background is not None:
                    background.stop()
        finally:
            till.ledger.close()
    return app.return_code or 0


def _load_first(config: Config, config_path: Path) -> None:
    with hold_till(config.till.ledger), open_ledger(config.till.ledger, read_key(config.key)) as ledger:
        waits = waits_for_load(ledger)
    if waits:
        load_first(config_path)


def _run(app: TillApp, session: Session, config: Config) -> None:
    room = TrainingRoom(session, app.counter.forget)
    session.switch_training = room.switch
    devices = Devices(app, session, config)
    app.start_devices = devices.start
    try:
        app.run()
    finally:
        devices.stop()
        room.close()


class Devices:
    """The printer's worker and the serial scanner, for as long as the app runs."""

    def __init__(self, app: TillApp, session: Session, config: Config) -> None:
        self._app, self._session, self._config = app, session, config
        self._spooler: Spooler | None = None
        self._starting: threading.Thread | None = None
        self._scanner: SerialScanner | None = None

    def start(self) -> None:
        """Start what the config names. Without its printer the till goes on and keeps the slips."""
        app = self._app
        if self._config.printer.url:
            self._starting = threading.Thread(target=self._start_printing, name="start-printing", daemon=True)
            self._starting.start()
        if self._config.scanner.port:
            self._scanner = SerialScanner(
                self._config.scanner, app.scanned, lambda state: app.tell_scanner(_scanner(state))
            )
            self._scanner.start()

    def _start_printing(self) -> None:
        """Load what prints, in a thread: nobody at the counter waits for it."""
        from terminal.printing import start_printing

        session, app = self._session, self._app
        try:
            self._spooler = start_printing(self._config.printer, lambda: session.till.ledger, app.tell_printer)
            session.wake_printer = self._spooler.wake
            self._spooler.wake()  # for what was queued between its first look and the line above
        except PrinterError as fault:
            app.refuse_printer(str(fault))
        except Exception as fault:  # the worker's boundary: without its printer the till goes on
            _log.exception("the printer was not started")
            app.refuse_printer(type(fault).__name__)

    def stop(self) -> None:
        """Finish the slip that is being printed, and end."""
        if self._scanner is not None:
            self._scanner.stop()
        if self._starting is not None:
            self._starting.join()
        if self._spooler is not None:
            self._spooler.stop()


def _scanner(state: ScannerState) -> DeviceState:
    if state.status == "no_permission" and state.group:
        return DeviceState(
            phrase("Scanner: no permission, join the group {group}", group=state.group), trouble=True
        )
    return DeviceState(_SCANNER_WORDS[state.status], trouble=state.status != "connected")


def previewer(columns: int) -> Callable[[str], str]:
    """Return a function from a slip's JSON to its text in that many columns."""

    def preview(document: str) -> str:
        from printers.preview import preview_text

        return preview_text(document_from_json(document), columns)

    return preview


def run_demo(
    *, language: str = "uk", seed: int = 1, theme: str = "dark", clock: Callable[[], datetime] = system_clock
) -> int:
    """Run the demo shop in a temporary folder, with a site where one is installed; nothing of it is kept."""
    from terminal.demo_network import Network

    with tempfile.TemporaryDirectory(prefix="tillmate-demo-") as folder:
        app, config = demo_app(Path(folder), language, seed, theme, clock)
        till = app.session.till
        network = app.network = Network(Path(folder) / "site", till, seed, app.tell_network)
        try:
            _run(app, app.session, config)
        finally:
            network.stop()
            till.ledger.close()
    return app.return_code or 0


def demo_app(
    folder: Path, language: str, seed: int, theme: str, clock: Callable[[], datetime]
) -> tuple["DemoApp", Config]:
    """Put the demo together: a shop in `folder`, its staff unlocked, a printer in memory."""
    from terminal.config import ShopConfig, TillConfig
    from terminal.demo_app import DemoApp
    from terminal.desk.demo_shop import make_demo_till, product_barcode

    till, customers = make_demo_till(folder, language, seed, clock)
    staff = [
        desk.add_operator(till, name, role, DEMO_PINS[role])
        for name, role in (("Оксана", "cashier"), ("Петро Іванович", "manager"))
    ]
    cashier = staff[0]
    assert isinstance(cashier, desk.Operator)
    session = Session(
        till,
        till.words(),
        operator=cashier,
        idle_lock_s=24 * 3600,
        preview=previewer(42),
        paper=True,
        hints=(_HINT,),
    )
    codes = [(customer.card, customer.name) for customer in customers]
    codes += [
        (barcode or product_barcode(product.sku), product.name) for product, barcode in products(till.ledger, 100)
    ]
    config = Config(
        shop=ShopConfig(name=till.shop.name),
        till=TillConfig(name="demo-1", ledger=folder / "demo.db"),
        printer=PrinterConfig(url="memory:"),
    )
    return DemoApp(session, codes, theme=theme), config
