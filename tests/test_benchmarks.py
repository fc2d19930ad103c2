"""The benchmarks run: what they measure is held by figures in docs/benchmarks.md, not by a test."""

from collections import Counter
from pathlib import Path

from benchmarks.__main__ import Size, pure_rows
from benchmarks.ledgers import ledger_of
from benchmarks.printing import printing_rows
from benchmarks.report import table
from benchmarks.site_ingest import ingest_rows
from benchmarks.site_sync import sync_rows
from benchmarks.slips import slip_of_a_sale

TINY = Size(customers=(500,), calls=40, sales=5, replayed=60, entries=600, rounds=1)


def test_every_pure_row_is_measured(tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    rows = pure_rows(TINY, tmp_path, tmp_path / "scratch", lambda what: None)
    assert Counter(row.unit for row in rows) == {"ms": 17, "power": 1, "B": 6, "s": 6, "sales/s": 1, "entries/s": 1}
    assert all(row.median > 0 for row in rows)
    assert table(rows).count("\n") == len(rows) + 1


def test_a_slip_in_the_printers_own_letters_is_little_more_than_its_text(tmp_path: Path) -> None:
    """The bytes do not depend on the machine: this goal is held here too."""
    rows = printing_rows(slip_of_a_sale(ledger_of(tmp_path, 500, lambda what: None)), 1, 1)
    lettered = [row for row in rows if row.unit == "B" and row.goal_ratio is not None]
    assert len(lettered) == 3
    assert all(row.met for row in lettered)


def test_every_row_of_the_sync_is_measured(tmp_path: Path) -> None:
    rows = sync_rows(tmp_path, 300, 300, 3, 3, lambda what: None)
    assert Counter(row.unit for row in rows) == {"s": 1, "B": 1, "changes/s": 3, "ms": 3}
    assert all(row.median > 0 for row in rows)
    on_the_wire = next(row for row in rows if row.unit == "B")
    assert on_the_wire.met, "the bytes do not depend on the machine: this goal is held here too"


def test_every_row_of_the_sites_ingest_is_measured(tmp_path: Path) -> None:
    rows = ingest_rows(tmp_path, (2_000,), lambda what: None, pushes=4)
    assert [row.calls for row in rows] == [4] * 4
    assert all(row.median > 0 and row.ratio for row in rows)
    assert [row.least_ratio is None for row in rows] == [False, True] * 2
