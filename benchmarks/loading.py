"""The first sync of a new till beside the same rows written from memory, and what a sync without news costs."""

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.ledgers import KEY
from benchmarks.report import Row
from benchmarks.site_stand import Joined, Site
from sync.client import SiteClient
from sync.comparing import differences
from sync.load import load
from terminal.ledger.contact import TOKEN
from terminal.ledger.ledger import Ledger
from terminal.ledger.loading import begin_loading, end_loading
from terminal.ledger.opening import create_ledger, open_ledger

_GOAL = 2.0
_MOST_BYTES = 10 * 1024
_TABLES = ("customer", "lot", "person", "card", "consent", "offer")
_PART = 50_000
_PIECE = 64 * 1024


def loading_rows(folder: Path, customers: int) -> list[Row]:
    """Bring all customers of a site into a new ledger; then ask again, when nothing has changed."""
    with Site(folder, customers) as site:
        till = site.join("first", loaded=False)
        with till.link() as link:
            began = time.perf_counter()
            load(link)
            took_s = time.perf_counter() - began
        with open_ledger(till.config.till.ledger, KEY) as ledger:
            bare_s = _load_bare(ledger, folder / "bare.ledger")
        row = Row(
            "first sync over HTTP into an encrypted ledger",
            "s",
            took_s,
            baseline=bare_s,
            ratio=took_s / bare_s,
            goal_ratio=_GOAL,
            customers=customers,
        )
        told = _bytes_without_news(site, till)
    return [
        row,
        Row(
            "sync and nightly comparison, nothing changed: on the wire",
            "B",
            told,
            baseline=_MOST_BYTES,
            ratio=told / _MOST_BYTES,
            goal_ratio=1.0,
            customers=customers,
        ),
    ]


def _load_bare(source: Ledger, path: Path) -> float:
    """Write the rows of a ledger into a new one, rows first and indexes after; reading them is not counted."""
    took_s = 0.0
    with create_ledger(path, KEY, "bare") as ledger:
        begin_loading(ledger)
        for table in _TABLES:
            cursor = source.connection.execute(f"SELECT * FROM {table}")
            statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(cursor.description))})"
            while rows := cursor.fetchmany(_PART):
                began = time.perf_counter()
                with ledger.atomic():
                    ledger.write_many(statement, rows)
                took_s += time.perf_counter() - began
        began = time.perf_counter()
        end_loading(ledger)
        return took_s + time.perf_counter() - began


def _bytes_without_news(site: Site, till: Joined) -> int:
    """Return what goes over the wire, both ways and with all headers, to learn that there is nothing."""
    with till.link() as link, _Wire(site.port) as wire:
        link.client.close()
        link.client = SiteClient(wire.url, link.ledger.fact(TOKEN) or "")
        assert not differences(link)
        link.client.close()
        return wire.counted


class _Wire:
    """Passes bytes to a port of this machine, and counts them."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.counted = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "_Wire":
        return self

    def __exit__(self, *fault: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._port))
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self.counted += len(piece)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
