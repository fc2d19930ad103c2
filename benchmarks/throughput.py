"""How much a till gets through at night: purchases replayed, entries verified."""

import time
from datetime import date, timedelta
from pathlib import Path
from random import Random

from benchmarks.ledgers import KEY
from benchmarks.report import Row
from terminal.desk.purchases import Purchase
from terminal.desk.replay import Plan, default_programme, play
from terminal.ledger.opening import create_ledger
from terminal.ledger.verify import verify_ledger
from terminal.rules.document import read_programme

_BEGAN = date(2025, 1, 1)


def throughput_rows(folder: Path, sales: int) -> list[Row]:
    """Replay invented purchases through the use-cases, then verify the ledger that they made."""
    chance, document = Random(5), default_programme()
    purchases = tuple(
        Purchase(_BEGAN + timedelta(days=300 * line // sales), str(chance.randrange(sales // 3)), amount, line)
        for line, amount in enumerate((chance.randint(100, 90_000) for _ in range(sales)), start=1)
    )
    plan = Plan(purchases, read_programme(document), document, "sometimes", 1)
    with create_ledger(folder / "replay.ledger", KEY, "replay", durable=False) as ledger:
        began = time.perf_counter()
        play(ledger, plan, lambda done, whole: None)
        played_s = time.perf_counter() - began
        began = time.perf_counter()
        verified = verify_ledger(ledger)
        verified_s = time.perf_counter() - began
    assert verified.ok, verified.faults
    return [
        Row("replay of purchases", "sales/s", sales / played_s, calls=sales),
        Row("verify-ledger", "entries/s", verified.entries / verified_s, calls=verified.entries),
    ]
