"""`python -m benchmarks`: measure all, print the table, keep it in benchmarks/results.json."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.counter import counter_rows
from benchmarks.finding import finding_rows
from benchmarks.ledgers import bench_folder, ledger_of
from benchmarks.managing import managing_rows
from benchmarks.printing import printing_rows
from benchmarks.quoting import quoting_rows
from benchmarks.report import Row, machine, table, write
from benchmarks.reporting import reporting_row
from benchmarks.scanning import scanning_rows
from benchmarks.selling import selling_row
from benchmarks.site_ingest import ingest_rows
from benchmarks.site_sync import sync_rows
from benchmarks.slips import slip_of_a_sale, slip_row
from benchmarks.throughput import throughput_rows
from benchmarks.verifying import verifying_row

_RESULTS = Path(__file__).parent / "results.json"
_SHOP = 10_000


@dataclass(frozen=True)
class Size:
    """How much is measured: customers of each ledger, calls, sales, entries, runs of a program, scans in each;
    looks at each of the manager's screens;
    customers of a first sync, changes at once, changes one by one; entries pushed into a site.
    """

    customers: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    calls: int = 4_000
    sales: int = 400
    replayed: int = 20_000
    entries: int = 1_000_000
    rounds: int = 7
    scans: int = 20
    looks: int = 10
    loaded: int = 1_000_000
    changes: int = 100_000
    travels: int = 300
    pushed: tuple[int, ...] = (10_000, 100_000, 1_000_000)


QUICK = Size(
    customers=(_SHOP,),
    calls=1_000,
    sales=100,
    replayed=2_000,
    entries=60_000,
    rounds=2,
    scans=5,
    looks=2,
    loaded=_SHOP,
    changes=_SHOP,
    travels=50,
    pushed=(10_000,),
)


def pure_rows(size: Size, folder: Path, scratch: Path, told: Callable[[str], None]) -> list[Row]:
    """Measure all that needs no terminal."""
    rows = []
    for customers in size.customers:
        ledger = ledger_of(folder, customers, told)
        told(f"finding among {customers:,}")
        rows += finding_rows(ledger, customers, size.calls)
    small = ledger_of(folder, size.customers[0], told)
    told("quoting")
    rows += quoting_rows(size.calls // 8)
    told("selling")
    rows.append(selling_row(small, scratch, size.customers[0], size.sales))
    told("slips")
    rows.append(slip_row(small, size.calls // 4))
    rows += printing_rows(slip_of_a_sale(small), size.calls // 4, size.rounds)
    if sys.platform != "win32":
        told("scans")
        rows += scanning_rows(small, size.calls // 10)
    told(f"the owner's figures of {size.entries:,} entries")
    rows.append(reporting_row(folder, size.entries))
    told(f"write-offs over {size.entries:,} entries")
    rows.append(verifying_row(folder, size.entries))
    told("replaying and verifying")
    return rows + throughput_rows(scratch, size.replayed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; the exit code is 0 whatever the figures: a busy machine is no fault of the code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="10,000 customers, under a minute; results are not kept"
    )
    parser.add_argument("--without-terminal", action="store_true", help="leave out what needs a pseudo-terminal")
    asked = parser.parse_args(arguments)
    size = QUICK if asked.quick else Size()
    with bench_folder() as folder, tempfile.TemporaryDirectory(prefix="tillmate-bench-") as scratch:
        rows = pure_rows(size, folder, Path(scratch), _tell)
        rows += sync_rows(Path(scratch), size.loaded, size.changes, size.sales, size.travels, _tell)
        rows += ingest_rows(Path(scratch), size.pushed, _tell)
        if sys.platform != "win32" and not asked.without_terminal:
            ledger = ledger_of(folder, _SHOP, _tell)
            rows += counter_rows(ledger, Path(scratch), size.rounds, size.scans, _tell)
            rows += managing_rows(folder, Path(scratch), size.entries, size.looks, _tell)
    print(", ".join(f"{name} {value}" for name, value in machine().items()), end="\n\n")
    print(table(rows))
    if not asked.quick:
        write(_RESULTS, rows)
    return 0


def _tell(what: str) -> None:
    print(f"... {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
