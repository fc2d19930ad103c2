"""The benchmarks run: what they measure is held by figures in docs/benchmarks.md, not by a test."""

from pathlib import Path

from benchmarks.__main__ import Size, pure_rows
from benchmarks.report import table

TINY = Size(customers=(500,), calls=20, sales=5, replayed=60)


def test_every_pure_row_is_measured(tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    rows = pure_rows(TINY, tmp_path, tmp_path / "scratch", lambda what: None)
    assert [row.unit for row in rows] == ["ms"] * 8 + ["sales/s", "entries/s"]
    assert all(row.median > 0 for row in rows)
    assert table(rows).count("\n") == len(rows) + 1
