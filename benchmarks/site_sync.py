"""The sync between tills and a site in a process of its own: first load, changes, and what they cost the till."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.changing import changing_rows
from benchmarks.loading import loading_rows
from benchmarks.report import Row
from benchmarks.travelling import travelling_row


def sync_rows(
    folder: Path, loaded: int, changes: int, sales: int, travels: int, told: Callable[[str], None]
) -> list[Row]:
    """Measure all of it; the figures are how many customers, changes at once, sales, and changes one by one."""
    for name in ("loading", "changing", "travelling"):
        (folder / name).mkdir()
    told(f"the first sync of {loaded:,} customers")
    rows = loading_rows(folder / "loading", loaded)
    told(f"{changes:,} changes pushed and pulled")
    rows += changing_rows(folder / "changing", changes, sales)
    told("changes from till to till")
    return [*rows, travelling_row(folder / "travelling", travels)]
