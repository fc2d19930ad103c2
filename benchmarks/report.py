"""The rows of the table, as they are printed, and as JSON."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from sqlcipher3 import dbapi2 as sqlite

from benchmarks.timing import Times, median


@dataclass(frozen=True)
class Row:
    """One figure beside its baseline, in `unit`; goals are None where none was set.

    `goal_ratio` is the most that a time or a size may be of the baseline's, `least_ratio` the least for a rate.
    """

    what: str
    unit: str
    median: float
    p99: float | None = None
    p99_own: float | None = None
    baseline: float | None = None
    ratio: float | None = None
    goal_ratio: float | None = None
    goal_p99: float | None = None
    calls: int = 1
    customers: int | None = None
    least_ratio: float | None = None

    @classmethod
    def compared(
        cls,
        what: str,
        ours: Times,
        baseline: Times | None,
        *,
        goal_ratio: float | None = None,
        goal_p99: float | None = None,
        customers: int | None = None,
    ) -> Self:
        """Make a row of times, in ms; `p99_own` is what the thread itself worked, without waiting for others."""
        return cls(
            what=what,
            unit="ms",
            median=ours.median_ns / 1e6,
            p99=ours.p99_ns(ours.wall) / 1e6,
            p99_own=ours.p99_ns(ours.own) / 1e6 if ours.own else None,
            baseline=baseline.median_ns / 1e6 if baseline else None,
            ratio=ours.median_ns / baseline.median_ns if baseline else None,
            goal_ratio=goal_ratio,
            goal_p99=goal_p99,
            calls=len(ours.wall),
            customers=customers,
        )

    @classmethod
    def memory(cls, what: str, ours: list[int], baseline: list[int], goal_ratio: float) -> Self:
        """Make a row of peak resident memory, in MiB."""
        return cls(
            what=what,
            unit="MiB",
            median=median(ours) / 2**20,
            baseline=median(baseline) / 2**20,
            ratio=median(ours) / median(baseline),
            goal_ratio=goal_ratio,
            calls=len(ours),
        )

    @property
    def met(self) -> bool | None:
        """Tell whether the goals are met, None when there are none."""
        if self.goal_ratio is None and self.goal_p99 is None and self.least_ratio is None:
            return None
        fast = self.goal_ratio is None or (self.ratio is not None and self.ratio <= self.goal_ratio)
        even = self.goal_p99 is None or (self.p99 is not None and self.p99 < self.goal_p99)
        enough = self.least_ratio is None or (self.ratio is not None and self.ratio >= self.least_ratio)
        return fast and even and enough


def machine() -> dict[str, object]:
    """Return what the figures depend on, in general terms."""
    return {
        "python": platform.python_version(),
        "sqlite": sqlite.sqlite_version,
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
    }


def table(rows: list[Row]) -> str:
    """Return the rows as a table in Markdown."""
    head = ("what", "customers", "median", "p99", "p99 own", "baseline", "ratio", "goal", "met")
    lines = [head, tuple("---" if place == 0 else "---:" for place in range(len(head)))]
    lines += [_cells(row) for row in rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    )


def write(path: Path, rows: list[Row]) -> None:
    """Write the rows and the machine as JSON."""
    told = {"machine": machine(), "rows": [{**asdict(row), "met": row.met} for row in rows]}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _cells(row: Row) -> tuple[str, ...]:
    goals = [f"≤ {row.goal_ratio:g}x"] if row.goal_ratio is not None else []
    goals += [f"≥ {row.least_ratio:g}x"] if row.least_ratio is not None else []
    goals += [f"p99 < {row.goal_p99:g} ms"] if row.goal_p99 is not None else []
    return (
        row.what,
        f"{row.customers:,}" if row.customers else "",
        _figure(row.median, row.unit),
        _figure(row.p99, row.unit),
        _figure(row.p99_own, row.unit),
        _figure(row.baseline, row.unit),
        "" if row.ratio is None else f"{row.ratio:.2f}x",
        ", ".join(goals),
        {None: "", True: "yes", False: "NO"}[row.met],
    )


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
