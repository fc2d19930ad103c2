"""Changes on their way: pushed by one till and pulled by others, one of which sells meanwhile."""

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.ledgers import customer_id_of
from benchmarks.report import Row
from benchmarks.site_stand import Joined, Site
from benchmarks.timing import Times
from sync.link import Link
from sync.pull import pull_all
from sync.push import push_all
from terminal import desk
from terminal.desk import Completed, Till
from terminal.rules.bill import bill_of_total
from terminal.rules.entry import Draft, canonical_json, uuid7
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL, Quote

_CASHIER = desk.Operator("bench", "Оксана", "cashier")
_BATCH = 1000
_PAUSE_S = 0.05
_WARM_UP = 20
_GOAL_P99 = 2.0
_MOST_HELD_MS = 50.0


def changing_rows(folder: Path, changes: int, sales: int) -> list[Row]:
    """Change so many customers at one till, each once; measure how they get to two others."""
    with Site(folder, changes) as site:
        writer, reader, seller = (site.join(name) for name in ("writer", "reader", "seller"))
        _give_points(writer, changes)
        with writer.link() as link:
            pushed = _rate("changes pushed by a till", changes, lambda: push_all(link))
        alone = _sell(seller, changes, lambda sold: sold < sales)
        with reader.link() as link:
            held = Held.watch(link)
            pulled = _rate("changes pulled by a till that is open", changes, lambda: pull_all(link))
        return [pushed, pulled, *_while_pulling(seller, changes, alone, held)]


def _rate(what: str, changes: int, work: Callable[[], object]) -> Row:
    began = time.perf_counter()
    work()
    return Row(what, "changes/s", changes / (time.perf_counter() - began), calls=changes)


def _while_pulling(seller: Joined, changes: int, alone: Times, held: "Held") -> list[Row]:
    """Sell at a till as long as a process beside it pulls all the changes."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    puller = multiprocessing.get_context("spawn").Process(target=_pull, args=(seller.config_path, there))
    puller.start()
    here.recv()  # it is ready
    meanwhile = _sell(seller, changes, lambda sold: sold < 1 or not here.poll())
    took_s, *while_selling = here.recv()
    puller.join()
    p99, baseline = (times.p99_ns(times.wall) / 1e6 for times in (meanwhile, alone))
    longest, own = (max(both) / 1e6 for both in zip(while_selling, held.longest, strict=True))
    return [
        Row("changes pulled while the till sells", "changes/s", changes / took_s, calls=changes),
        Row(
            f"sale while {changes:,} changes are pulled: p99",
            "ms",
            p99,
            p99_own=meanwhile.p99_ns(meanwhile.own) / 1e6,
            baseline=baseline,
            ratio=p99 / baseline,
            goal_ratio=_GOAL_P99,
            calls=len(meanwhile.wall),
        ),
        Row(
            "longest time that a pull keeps the ledger locked",
            "ms",
            longest,
            p99_own=own,
            baseline=_MOST_HELD_MS,
            ratio=longest / _MOST_HELD_MS,
            goal_ratio=1.0,
        ),
    ]


def _pull(config_path: Path, pipe: Connection) -> None:
    """Pull everything in a process of its own; tell how long it took, in s, and the longest lock's times, in ns."""
    with Joined(config_path).link() as link:
        held = Held.watch(link)
        pipe.send("ready")
        began = time.perf_counter()
        pull_all(link)
        pipe.send((time.perf_counter() - began, *held.longest))


def _sell(joined: Joined, customers: int, goes_on: Callable[[int], bool]) -> Times:
    """Sell at one till, with a moment between two sales; what is not counted is the quote before it."""
    till, chance, times, sold = joined.till(), Random(3), Times(), 0
    try:
        while goes_on(sold):
            if sold == _WARM_UP:
                times = Times()
            if isinstance(_sale(till, customer_id_of(chance.randrange(customers)), chance, times), Completed):
                sold += 1
            time.sleep(_PAUSE_S)
    finally:
        till.ledger.close()
    return times


def _sale(till: Till, customer_id: str, chance: Random, times: Times) -> object:
    """Sell once; a customer whose balance changes in between is refused, as at the counter."""
    checkout = desk.begin_checkout(till, customer_id, bill_of_total(chance.randint(5_000, 90_000)))
    assert not isinstance(checkout, Refused)
    shown = checkout.requote(ALL)
    assert isinstance(shown, Quote)
    return times.call(lambda: desk.complete(till, shown, shown.bill, _CASHIER))


class Held:
    """A ledger's connection, with a note of how long a transaction kept others from writing.

    `longest` is the longest time by the wall's clock, and the longest by the thread's own, in ns.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._since: tuple[int, int] | None = None
        self.longest = (0, 0)

    @classmethod
    def watch(cls, link: Link) -> "Held":
        """Put a watch between a link's ledger and its connection."""
        held = link.ledger.connection = cls(link.ledger.connection)
        return held

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, values: Any = ()) -> Any:
        """Execute a statement; the lock is held from the end of BEGIN to that of COMMIT."""
        answer = self._connection.execute(sql, values)
        if sql == "BEGIN IMMEDIATE":
            self._since = time.perf_counter_ns(), time.thread_time_ns()
        elif sql in ("COMMIT", "ROLLBACK") and self._since is not None:
            wall, own = time.perf_counter_ns() - self._since[0], time.thread_time_ns() - self._since[1]
            self.longest = max(self.longest[0], wall), max(self.longest[1], own)
            self._since = None
        return answer


def _give_points(till: Joined, count: int) -> None:
    """Book a gift for each of so many customers, in no order."""
    chance = Random(6)
    numbers = chance.sample(range(count), count)
    with till.link() as link:
        for place in range(0, count, _BATCH):
            with link.ledger.atomic():
                for number in numbers[place : place + _BATCH]:
                    link.ledger.append(gift(link.now_ms(), customer_id_of(number), chance))


def gift(at_ms: int, customer_id: str, chance: Random) -> Draft:
    """Return a gift of some points, ready for a journal."""
    points = chance.randint(1, 500)
    payload = {"reason": "gift", "lot": {"points": points, "available_from": "2026-01-01"}}
    entry_id = uuid7(at_ms, chance.getrandbits(74))
    return Draft(entry_id, "gift", at_ms, "bench", points, customer_id, None, canonical_json(payload))
