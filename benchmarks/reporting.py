"""The owner's figures on a journal of a million entries, beside one scan of the same rows for the same sums."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.ledgers import KEY, NOW, SHOP
from benchmarks.report import Row
from benchmarks.timing import Pair
from terminal.desk.demo_shop import stock_shop
from terminal.desk.figures import Asked, figures
from terminal.desk.till import Till, milliseconds
from terminal.ledger.ledger import Ledger
from terminal.ledger.opening import create_ledger, open_ledger
from terminal.ledger.schema import SCHEMA_DIGEST
from terminal.rules.entry import GENESIS, Draft, canonical_json, chain, uuid7
from terminal.rules.reporting import last_months

_GOAL = 3.0
_ROUNDS = 5
_DAYS = 540
_ENTRIES_A_SALE = 3
_SALES_A_CUSTOMER = 6
_BATCH = 20_000
_SHAPE = 1

_SCANS = (
    "SELECT customer_id, CAST(strftime('%Y%m', at_ms / 1000, 'unixepoch') AS INTEGER) AS month, count(*),"
    " sum(total_minor), sum(taken_off_minor) FROM sale WHERE voided = 0 GROUP BY customer_id, month",
    "SELECT sum(points) FILTER (WHERE points > 0), sum(points) FILTER (WHERE kind = 'redeem'),"
    " sum(points) FILTER (WHERE kind = 'expire') FROM journal",
    "SELECT available_from, expires_on, sum(points_left) FROM lot WHERE points_left > 0 GROUP BY 1, 2",
    "SELECT count(*), sum(points), sum(spend_minor) FROM customer",
)
"""Each table that the figures are made of, read once for the sums that they start from."""


def reporting_row(folder: Path, entries: int) -> Row:
    """Count all figures of a year, and scan the tables, in turn."""
    path = history(folder, entries)
    with open_ledger(path, KEY, durable=False) as ledger:
        till = Till(ledger, lambda: NOW, Random(1), SHOP)
        asked = Asked(last_months(till.today(), 12))
        pair = Pair()
        for _ in range(_ROUNDS):
            pair.run(lambda: _scan(ledger), lambda: figures(till, asked))
    return Row.compared(f"report, {entries:,} entries", pair.ours, pair.baseline, goal_ratio=_GOAL)


def _scan(ledger: Ledger) -> list[list[tuple[Any, ...]]]:
    with ledger.beside() as beside, beside.snapshot():
        return [beside.connection.execute(sql).fetchall() for sql in _SCANS]


def history(folder: Path, entries: int) -> Path:
    """Return a ledger with that many entries of own sales, with what they spent and earned; made when missing."""
    path = folder / f"history-{entries}-{_SHAPE}-{SCHEMA_DIGEST[:12]}.ledger"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        for part in ("", "-wal", "-shm"):
            unfinished.with_name(unfinished.name + part).unlink(missing_ok=True)
        with create_ledger(unfinished, KEY, "bench-1", durable=False) as ledger:
            stock_shop(ledger, milliseconds(NOW))
            _Filling(ledger, entries).fill()
            ledger.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        unfinished.rename(path)
    return path


class _Filling:
    """Writes entries and views straight into their tables: a till's own way takes a quarter of an hour."""

    def __init__(self, ledger: Ledger, entries: int) -> None:
        self._ledger, self._sales = ledger, entries // _ENTRIES_A_SALE
        self._chance = Random(6)
        self._customers = self._sales // _SALES_A_CUSTOMER
        self._spent: dict[int, tuple[int, int]] = {}
        self._prev_hash, self._seq = GENESIS, 0
        self._rows: dict[str, list[tuple[Any, ...]]] = {"journal": [], "sale": [], "lot": []}

    def fill(self) -> None:
        """Sell through the days."""
        began = milliseconds(NOW - timedelta(days=_DAYS))
        for number in range(self._sales):
            self._sell(number + 1, began + number * _DAYS * 86_400_000 // self._sales)
            if len(self._rows["sale"]) == _BATCH:
                self._write()
        self._write()
        accounts = [(self._id(0, one), points, spent, began) for one, (points, spent) in self._spent.items()]
        with self._ledger.atomic():
            self._ledger.connection.executemany(
                "INSERT INTO customer (id, points, spend_minor, registered_ms) VALUES (?, ?, ?, ?)", accounts
            )

    def _id(self, at_ms: int, number: int) -> str:
        return uuid7(at_ms, number * 0x9E3779B97F4A7C15 & (1 << 74) - 1)

    def _sell(self, number: int, at_ms: int) -> None:
        chance = self._chance
        who = chance.randrange(self._customers)
        customer_id, sale_id = self._id(0, who), self._id(at_ms, number)
        total, off, earned = chance.randint(2_000, 90_000), chance.randint(0, 900), chance.randint(10, 500)
        facts = {"number": number, "channel": "store", "total_minor": total, "taken_off_minor": off}
        lines = [{"name": "Кава", "sku": "1", "category": "", "quantity_milli": 1000, "total_minor": total}]
        self._enter("sale", at_ms, 0, customer_id, sale_id, {**facts, "lines": lines})
        self._enter("redeem", at_ms, -off // 100, customer_id, sale_id, {"moves": [], "taken_off_minor": off})
        first = datetime.fromtimestamp(at_ms // 1000, UTC).date() + timedelta(days=14)
        last = first + timedelta(days=_DAYS)
        lot_days = (first.isoformat(), last.isoformat())
        lot = {"points": earned, "available_from": lot_days[0], "expires_on": lot_days[1]}
        lot_id = self._enter("earn", at_ms, earned, customer_id, sale_id, {"lot": lot})
        self._rows["sale"].append(
            (sale_id, number, customer_id, self._seq, at_ms, "c-1", "store", total, off, off // 100, earned, 0)
        )
        left = earned if number % 3 else 0
        self._rows["lot"].append((customer_id, lot_id, earned, left, left, *lot_days, 0, 0))
        points, spent = self._spent.get(who, (0, 0))
        self._spent[who] = (points + left, spent + total - off)

    def _enter(
        self, kind: str, at_ms: int, points: int, customer_id: str, sale_id: str, payload: dict[str, object]
    ) -> str:
        self._seq += 1
        entry_id = self._id(at_ms, self._seq)
        draft = Draft(entry_id, kind, at_ms, "c-1", points, customer_id, sale_id, canonical_json(payload))
        entry = chain("bench-1", self._seq, draft, self._prev_hash)
        whose = (kind, at_ms, "c-1", points, customer_id, sale_id)
        self._rows["journal"].append((entry.seq, entry_id, *whose, entry.payload, entry.prev_hash, entry.hash))
        self._prev_hash = entry.hash
        return entry_id

    def _write(self) -> None:
        with self._ledger.atomic():
            for table, rows in self._rows.items():
                if rows:
                    marks = ", ".join("?" * len(rows[0]))
                    self._ledger.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
                    rows.clear()
