"""Ledgers of many customers, made quickly: the replica of a site, as a till of a large chain holds it.

The customers come as a site would send them, into the replica's own columns, and not through the journal: a till
never registers a million people by itself.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.people import Invented, invented
from terminal.desk.demo_shop import stock_shop
from terminal.desk.till import Shop, Till, milliseconds
from terminal.ledger.ledger import Ledger
from terminal.ledger.opening import create_ledger, open_ledger
from terminal.ledger.schema import SCHEMA_DIGEST
from terminal.rules.entry import uuid7

KEY = bytes(range(32))
"""The key of every ledger here: they hold nobody's data."""

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
_BATCH = 100_000
_BUILD_CACHE_KIB = 1_500_000
_SHAPE = 1
"""Raised when what is put into a ledger changes, so that one that was kept is not taken for it."""

SHOP = Shop("Крамниця", ("вул. Ярославів Вал, 14",), "uk", "UAH", "UA", ZoneInfo("Europe/Kyiv"))


@contextmanager
def bench_folder() -> Iterator[Path]:
    """Give a folder for ledgers: TILLMATE_BENCH_DIR, where they are kept for the next time, or a temporary one."""
    kept = os.environ.get("TILLMATE_BENCH_DIR")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="tillmate-bench-") as folder:
        yield Path(folder)


def ledger_of(folder: Path, customers: int, told: Callable[[str], None]) -> Path:
    """Return the path of a ledger with that many customers; it is made when it is not there."""
    path = folder / f"customers-{customers}-{_SHAPE}-{SCHEMA_DIGEST[:12]}.ledger"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        for part in ("", "-wal", "-shm"):
            unfinished.with_name(unfinished.name + part).unlink(missing_ok=True)
        with create_ledger(unfinished, KEY, "bench-1", durable=False) as ledger:
            _fill(ledger, customers, told)
        unfinished.rename(path)
    return path


def open_bench_till(path: Path, *, durable: bool = True) -> Till:
    """Open a till on a ledger that was made here; its clock goes on from `NOW` by a millisecond a look."""
    return Till(open_ledger(path, KEY, durable=durable), lambda: NOW, Random(1), SHOP)


def _fill(ledger: Ledger, customers: int, told: Callable[[str], None]) -> None:
    ledger.connection.execute(f"PRAGMA cache_size = -{_BUILD_CACHE_KIB}")
    stock_shop(ledger, milliseconds(NOW))
    chance = Random(2)
    people = invented(customers)
    done = 0
    while batch := list(islice(people, _BATCH)):
        with ledger.atomic():
            _insert(ledger, batch, chance)
        done += len(batch)
        told(f"customers {done:,} of {customers:,}")
    ledger.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _insert(ledger: Ledger, batch: list[Invented], chance: Random) -> None:
    people, cards, accounts, lots, offers = [], [], [], [], []
    for one in batch:
        customer_id = customer_id_of(one.number)
        people.append((customer_id, one.name, one.folded, one.phone, chance.randbytes(16)))
        cards.append((one.card, customer_id))
        points = 0
        for place in range(chance.randint(1, 3)):
            left = chance.randint(50, 20_000)
            points += left
            lots.append((customer_id, *_lot(customer_id, place, left, chance)))
        accounts.append(
            (customer_id, points, chance.randint(0, 4_000_000), chance.randint(1, 90), milliseconds(NOW))
        )
        if chance.random() < 0.1:
            offers.append((customer_id, "spring-10", "Кава за пів ціни", "2026-04-01", "2026-06-30"))
    many = ledger.connection.executemany
    many("INSERT INTO person (customer_id, name, folded_name, phone, salt) VALUES (?, ?, ?, ?, ?)", people)
    many("INSERT INTO card (number, customer_id, state, site_state) VALUES (?, ?, 'active', 'active')", cards)
    many(
        "INSERT INTO customer (id, points, spend_minor, visits, registered_ms, site_points, site_spend_minor,"
        " site_visits) VALUES (?1, ?2, ?3, ?4, ?5, ?2, ?3, ?4)",
        accounts,
    )
    many(
        "INSERT INTO lot (customer_id, id, points, points_left, points_held, available_from, expires_on, site_left,"
        " site_held) VALUES (?1, ?2, ?3, ?3, ?3, ?4, ?5, ?3, ?3)",
        lots,
    )
    many("INSERT INTO offer VALUES (?, ?, ?, ?, ?)", offers)


def customer_id_of(number: int) -> str:
    """Return the id of a customer by their place in the list: a UUIDv7, a second after the one before."""
    begun = milliseconds(NOW) - 50_000_000_000
    return uuid7(begun + number * 1000, number * 0x9E3779B97F4A7C15 & (1 << 74) - 1)


def _lot(customer_id: str, place: int, left: int, chance: Random) -> tuple[str, int, str, str]:
    began: date = NOW.date() - timedelta(days=chance.randrange(300))
    return f"{customer_id[:-2]}{place:02d}", left, began.isoformat(), (began + timedelta(days=365)).isoformat()
