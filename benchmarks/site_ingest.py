"""The site's ingest: pushes of four tills over HTTP, beside their rows, ready made, written bare."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from random import SystemRandom

import msgspec

from benchmarks.report import Row
from benchmarks.site_bare import Write, all_tables, bare_postgres, bare_sqlite, made, postgres
from benchmarks.site_journals import BATCH, Batch, BusyTill
from benchmarks.site_made import site_made
from sync.protocol import PUSH, VERSION, VERSION_HEADER, Enrol, Enrolled, Pushed
from sync.site.opening import now_ms
from sync.site.setting_up import enrol, new_code

_CLIENTS = 4
_PUSHES = 20
"""Pushes in one slice: what is sent and then written bare, in turn."""

_LATEST = 5
_ENDS_S = 60
_DAY_MS = 24 * 60 * 60 * 1000
_GOALS = {"sqlite": 0.6, "postgresql": 0.5}
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

_PROGRAMME = """
name = "Ingest"
number = 1
valid_from = 2026-01-01
currency = "UAH"
[[earn]]
kind = "per-amount"
points = 1
per = 1
[redeem]
money_per_point = 1
"""


@dataclass
class Rates:
    """Entries a second of each slice: over HTTP; the journal's rows alone, bare; and all rows, ready made."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)


def ingest_rows(
    folder: Path, marks: Sequence[int], told: Callable[[str], None], pushes: int = _PUSHES
) -> list[Row]:
    """Fill a site in SQLite up to the last mark, and one in PostgreSQL up to the last but one, where there are two.

    Two rows for each mark on the way: what the site does, and what its rows would cost if they were ready made.
    """
    entries = pushes * BATCH
    assert all(mark % entries == 0 for mark in marks)
    told(f"pushing {marks[-1]:,} entries into SQLite")
    urls = [f"sqlite:///{folder / name}.db" for name in ("ingest", "bare", "ready")]
    rows = _rows("sqlite", marks, entries, _measure(urls, marks[-1] // entries, pushes, bare_sqlite))
    marks = marks[:-1] or marks
    told(f"pushing {marks[-1]:,} entries into PostgreSQL")
    with postgres() as server:
        urls = [made(server, name) for name in ("ingest", "bare", "ready")]
        rates = _measure(urls, marks[-1] // entries, pushes, bare_postgres)
    return rows + _rows("postgresql", marks, entries, rates)


def _rows(backend: str, marks: Sequence[int], entries: int, rates: Rates) -> list[Row]:
    rows = []
    for before, mark in pairwise((0, *marks)):
        of_mark = slice(max(before // entries, mark // entries - _LATEST), mark // entries)
        bare = _middle(rates.bare[of_mark])
        pushed = f"pushes of {BATCH} into {_NAMES[backend]}, {_CLIENTS} tills, up to {mark:,} entries"
        ready = f"their rows in all tables of {_NAMES[backend]}, ready made, up to {mark:,} entries"
        for what, taken, goal in ((pushed, rates.ours, _GOALS[backend]), (ready, rates.ready, None)):
            rate = _middle(taken[of_mark])
            row = Row(
                what,
                "entries/s",
                rate,
                baseline=bare,
                ratio=rate / bare,
                least_ratio=goal,
                calls=mark // BATCH,
            )
            rows.append(row)
    return rows


def _middle(rates: list[float]) -> float:
    return sorted(rates)[len(rates) // 2]


def _measure(
    urls: Sequence[str], slices: int, pushes: int, bare: Callable[[str], AbstractContextManager[Write]]
) -> Rates:
    """Push, and write ready rows, in turn, slice by slice; the slices are made before the clock starts."""
    rates = Rates()
    tills = _set_up(urls[0])
    with (
        _serving(urls[0]) as port,
        ThreadPoolExecutor(_CLIENTS) as clients,
        bare(urls[1]) as write_bare,
        all_tables(urls[2]) as write_all,
    ):
        lines = [_Line(port, till) for till in tills]
        for place in range(slices + 1):
            shares = [[till.batch() for _ in range(pushes // _CLIENTS)] for till in tills]
            began = time.perf_counter()
            for sent in [clients.submit(line.send, share) for line, share in zip(lines, shares, strict=True)]:
                sent.result()
            ours_s = time.perf_counter() - began
            bare_s, ready_s = _written_s(write_bare, shares), _written_s(write_all, shares)
            if place:  # the first slice compiles statements, fills pools and is in no mark
                rates.ours.append(pushes * BATCH / ours_s)
                rates.bare.append(pushes * BATCH / bare_s)
                rates.ready.append(pushes * BATCH / ready_s)
        for line in lines:
            line.close()
    return rates


def _written_s(write: Write, shares: list[list[Batch]]) -> float:
    began = time.perf_counter()
    for share in shares:
        for batch in share:
            write(batch)
    return time.perf_counter() - began


class _Line:
    """A till's line to the site: one push at a time, each answered before the next."""

    def __init__(self, port: int, till: BusyTill) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=_ENDS_S)
        self._headers = {
            "Authorization": f"Bearer {till.token}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
            VERSION_HEADER: str(VERSION),
        }
        self._seq = 0

    def send(self, batches: list[Batch]) -> None:
        """Push batches; every entry must be in the balances when the site answers."""
        self._http.close()  # the site hangs up on who is silent for as long as a slice may take to be made
        for batch in batches:
            self._http.request("POST", PUSH, batch.body, self._headers)
            answer = self._http.getresponse()
            body = answer.read()
            assert answer.status == 200, body
            self._seq += len(batch.rows)
            pushed = msgspec.json.decode(body, type=Pushed)
            assert (pushed.applied_seq, pushed.held) == (self._seq, None), pushed

    def close(self) -> None:
        """Hang up."""
        self._http.close()


def _set_up(url: str) -> list[BusyTill]:
    """Set a site up and enrol the tills."""
    store = site_made(url, SystemRandom(), "home", _PROGRAMME)
    versions = count(1)
    tills = []
    for place in range(_CLIENTS):
        enrolled = enrol(store, Enrol(code=new_code(store, f"till-{place + 1}")))
        assert isinstance(enrolled, Enrolled), enrolled
        tills.append(BusyTill(enrolled.terminal_id, enrolled.token, now_ms() - _DAY_MS, versions))
    store.close()
    return tills


@contextmanager
def _serving(url: str) -> Iterator[int]:
    """Run `tillmate site serve` on a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "terminal", "site", "--database", url, "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _await(port, server)
            yield port
        finally:
            server.terminate()


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _ENDS_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert server.poll() is None, "the site has ended"
            assert time.monotonic() < until, "the site does not answer"
            time.sleep(0.05)
        else:
            return
