"""A durable sale, beside a bare transaction that writes the same rows into bare tables of the same file."""

import shutil
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.ledgers import customer_id_of, open_bench_till
from benchmarks.report import Row
from benchmarks.timing import Pair
from terminal import desk
from terminal.desk import Completed, Till
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL, Quote

_GOAL = 1.5
_WARM_UP = 20
_CASHIER = desk.Operator("bench", "Оксана", "cashier")
_TABLES = ("journal", "sale", "lot", "customer", "print_job")


def selling_row(ledger: Path, folder: Path, customers: int, sales: int) -> Row:
    """Sell, and write the rows of each sale again without a till, in turn; both wait for the disk."""
    copy = folder / "selling.ledger"
    shutil.copyfile(ledger, copy)
    till = open_bench_till(copy)
    try:
        bare = _Bare(till)
        pair, chance = Pair(), Random(3)
        for place in range(sales + _WARM_UP):
            if place == _WARM_UP:
                pair = Pair()
            customer_id = customer_id_of(chance.randrange(customers))
            checkout = desk.begin_checkout(till, customer_id, bill_of_total(chance.randint(5_000, 90_000)))
            assert not isinstance(checkout, Refused)
            shown = checkout.requote(ALL)
            assert isinstance(shown, Quote)
            booked = pair.ours.call(partial(desk.complete, till, shown, shown.bill, _CASHIER))
            assert isinstance(booked, Completed)
            bare.prepare(booked)
            pair.baseline.call(bare.write)
    finally:
        till.ledger.close()
    return Row.compared(
        "durable sale (journal, lots, balance, print job)",
        pair.ours,
        pair.baseline,
        goal_ratio=_GOAL,
        customers=customers,
    )


class _Bare:
    """Tables like the ledger's, with their indexes and without triggers, holding the same customers and lots."""

    def __init__(self, till: Till) -> None:
        self._connection = till.ledger.connection
        self._work: list[tuple[str, tuple[Any, ...]]] = []
        for table in _TABLES:
            rows = self._connection.execute(
                "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND type IN ('table', 'index')"
                " AND sql IS NOT NULL ORDER BY type DESC",
                (table,),
            ).fetchall()
            for (sql,) in rows:
                words = sql.replace(f"CREATE TABLE {table} ", f"CREATE TABLE bare_{table} ", 1)
                words = words.replace("CREATE INDEX ", "CREATE INDEX bare_", 1)
                self._connection.execute(words.replace(f" ON {table} ", f" ON bare_{table} ", 1))
            self._connection.execute(f"INSERT INTO bare_{table} SELECT * FROM {table}")

    def prepare(self, booked: Completed) -> None:
        """Read what a sale has written, so that writing it again needs no thought."""
        sale = booked.sale
        entries = self._rows("SELECT * FROM journal WHERE sale_id = ? ORDER BY seq", sale.id)
        self._work = [(_insert("journal", entry), entry) for entry in entries]
        for row in self._rows("SELECT * FROM sale WHERE id = ?", sale.id):
            self._work.append((_insert("sale", row), row))
        lots = "customer_id, id, points, points_left, points_held, available_from, expires_on, site_left, site_held"
        own = {entry[1] for entry in entries}
        for row in self._rows(f"SELECT {lots} FROM lot WHERE customer_id = ?", sale.customer_id):
            if row[1] in own:
                self._work.append((_insert("lot", row), row))
            else:
                update = "UPDATE bare_lot SET points_left = ?, points_held = ? WHERE customer_id = ? AND id = ?"
                self._work.append((update, (row[3], row[4], row[0], row[1])))
        account = self._rows(
            "SELECT points, spend_minor, visits, last_sale_ms, id FROM customer WHERE id = ?", sale.customer_id
        )[0]
        update = "UPDATE bare_customer SET points = ?, spend_minor = ?, visits = ?, last_sale_ms = ? WHERE id = ?"
        self._work.append((update, account))
        for row in self._rows("SELECT * FROM print_job WHERE sale_id = ?", sale.id):
            self._work.append((_insert("print_job", row), row))

    def write(self) -> None:
        """Write it in one transaction, durably."""
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        for sql, values in self._work:
            execute(sql, values)
        execute("COMMIT")

    def _rows(self, sql: str, value: str) -> list[tuple[Any, ...]]:
        return list(islice(self._connection.execute(sql, (value,)), 100))


def _insert(table: str, row: tuple[Any, ...]) -> str:
    return f"INSERT INTO bare_{table} VALUES ({', '.join('?' * len(row))})"
