"""Checking write-offs on a journal of a million entries, beside one scan of the journal for the same sums."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.ledgers import KEY, NOW, SHOP
from benchmarks.report import Row
from benchmarks.reporting import history
from benchmarks.timing import Pair
from terminal.desk.till import Till
from terminal.desk.write_offs import check_orders, orders_made
from terminal.ledger.ledger import Ledger
from terminal.ledger.opening import open_ledger
from terminal.rules.reporting import Period, last_months
from terminal.rules.verdict import ListedOrder
from terminal.rules.write_off_tally import Tally

_GOAL = 3.0
_ROUNDS = 3
_LISTED = 10_000

_SCAN = (
    "SELECT sale_id, customer_id, sum(points) FILTER (WHERE kind = 'redeem'),"
    " sum(payload ->> 'total_minor') FILTER (WHERE kind = 'sale'),"
    " sum(payload ->> 'taken_off_minor') FILTER (WHERE kind = 'sale'), sum(points) FILTER (WHERE kind = 'earn')"
    " FROM journal GROUP BY sale_id"
)
"""What each sale was of, and the points that it took and gave: no verdict can do with less."""


def verifying_row(folder: Path, entries: int) -> Row:
    """Check a list of orders, and sum the journal, in turn."""
    path = history(folder, entries)
    with open_ledger(path, KEY, durable=False) as ledger:
        till = Till(ledger, lambda: NOW, Random(1), SHOP)
        made = list(_orders(till))
        # As a list comes: every line another customer.
        listed = Random(7).sample(made, min(_LISTED, len(made)))
        pair = Pair()
        for _ in range(_ROUNDS):
            pair.run(lambda: _scan(ledger), lambda: _check(till, listed))
    what = f"verify, {len(listed):,} orders over {entries:,} entries"
    return Row.compared(what, pair.ours, pair.baseline, goal_ratio=_GOAL)


def _orders(till: Till) -> Iterator[ListedOrder]:
    last = till.today()
    return orders_made(till, Period(last_months(last, 12).first, last))


def _scan(ledger: Ledger) -> int:
    with ledger.beside() as beside, beside.snapshot():
        return len(beside.connection.execute(_SCAN).fetchall())


def _check(till: Till, listed: list[ListedOrder]) -> Tally:
    tally = Tally()
    with till.ledger.snapshot():
        for checked in check_orders(till, listed):
            tally.add(checked)
    return tally
