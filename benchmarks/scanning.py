"""A scan to the event that acts on it: from a serial scanner's last byte, and from a typing scanner's end key."""

import asyncio
import os
import select
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from textual import events
from textual.app import App

from benchmarks.ledgers import open_bench_till
from benchmarks.report import Row
from benchmarks.timing import Times
from terminal.app import TillApp
from terminal.config import ScannerConfig
from terminal.desk import Operator, Till
from terminal.devices.scan import Scan
from terminal.devices.serial_scanner import SerialScanner
from terminal.screens.session import Session

_GOAL_MS = 2.0
_PATIENCE_S = 10.0
_CARD = "2900000000001"
_ROUNDS = 4
_PAUSE_S = 0.002


def scanning_rows(ledger: Path, scans: int) -> list[Row]:
    """Measure both kinds of scanner. A scanner that sends no end key is waited for besides: 50 ms and 100 ms."""
    serial, bare = Times(), Times()
    wedge, key = Times(), Times()
    till = open_bench_till(ledger)
    try:
        for _ in range(_ROUNDS):
            _serial(serial, scans // _ROUNDS)
            _bare_line(bare, scans // _ROUNDS)
            asyncio.run(_typing(_wedge_app(till), _CARD, wedge, scans // _ROUNDS))
            asyncio.run(_typing(_BareApp(), "", key, scans // _ROUNDS))
    finally:
        till.ledger.close()
    return [
        Row.compared("serial scan → event", serial, bare, goal_p99=_GOAL_MS),
        Row.compared("typed scan → event", wedge, key, goal_p99=_GOAL_MS),
    ]


def _serial(times: Times, scans: int) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    came, ready = threading.Event(), threading.Event()
    arrived: list[int] = []

    def scanned(scan: Scan) -> None:
        arrived.append(time.perf_counter_ns())
        assert scan.text == _CARD
        came.set()

    scanner = SerialScanner(ScannerConfig(port=os.ttyname(slave)), scanned, lambda _: ready.set())
    scanner.start()
    try:
        assert ready.wait(_PATIENCE_S)
        _send(master, times, scans, came, arrived)
    finally:
        scanner.stop()
        os.close(master)
        os.close(slave)


def _bare_line(times: Times, scans: int) -> None:
    """The same line, read by a thread that does nothing but wait for the end of a scan."""
    master, slave = os.openpty()
    tty.setraw(slave)
    came, over = threading.Event(), threading.Event()
    arrived: list[int] = []

    def read() -> None:
        text = b""
        while not over.is_set():
            if select.select([slave], [], [], 0.05)[0]:
                text += os.read(slave, 1024)
                if text.endswith(b"\r"):
                    arrived.append(time.perf_counter_ns())
                    text = b""
                    came.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        _send(master, times, scans, came, arrived)
    finally:
        over.set()
        reader.join()
        os.close(master)
        os.close(slave)


def _send(master: int, times: Times, scans: int, came: threading.Event, arrived: list[int]) -> None:
    for _ in range(scans):
        came.clear()
        time.sleep(_PAUSE_S)
        began = time.perf_counter_ns()
        os.write(master, f"]E0{_CARD}\r".encode())
        assert came.wait(_PATIENCE_S), "a scan was lost"
        times.wall.append(arrived[-1] - began)


class _WedgeApp(TillApp):
    """The till, but for what it does with a scan once it has it."""

    told: Callable[[], None] = staticmethod(lambda: None)

    def _give(self, scan: Scan) -> None:
        assert scan.text == _CARD
        self.told()


class _BareApp(App[None]):
    """An app that hears keys."""

    told: Callable[[], None] = staticmethod(lambda: None)

    def on_key(self, event: events.Key) -> None:
        """It was heard."""
        self.told()


def _wedge_app(till: Till) -> _WedgeApp:
    return _WedgeApp(Session(till, till.words(), operator=Operator("bench", "Оксана", "cashier")))


async def _typing(app: _WedgeApp | _BareApp, keys: str, times: Times, scans: int) -> None:
    """Post a scan's keys; its time begins with the end key."""
    came = asyncio.Event()
    arrived: list[int] = []

    def told() -> None:
        arrived.append(time.perf_counter_ns())
        came.set()

    app.told = told
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for _ in range(scans):
            came.clear()
            for sign in keys:
                app.post_message(events.Key(sign, sign))
            await asyncio.sleep(_PAUSE_S)
            began = time.perf_counter_ns()
            app.post_message(events.Key("enter", "\r"))
            await asyncio.wait_for(came.wait(), _PATIENCE_S)
            times.wall.append(arrived[-1] - began)
