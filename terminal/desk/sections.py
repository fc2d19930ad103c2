"""A report as data: sections with facts, tables and charts, each beside its definition; drawn elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from terminal.rules.definitions import Definition
from terminal.rules.phrase import Phrase, Value
from terminal.rules.reporting import Period

Cell = Value | Phrase | None
"""What stands in a table; None is a dash: there is nothing to divide by, or nobody told it."""

Unit = Literal["money", "points", "percent", "count"]


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a chart, or a colour of its bars: whole numbers in the chart's unit, None where there is none."""

    name: Cell
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars beside each other, rows of bars, or lines; `unit` says whether values are minor units, points' units,
    basis points, or counts. Bars and rows have one series.
    """

    kind: Literal["bars", "rows", "lines"]
    title: Phrase
    unit: Unit
    labels: tuple[Cell, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; `name` is unique in the report, `shown` how many rows people are shown (None: all)."""

    name: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shown: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A figure with its definition; `notes` say what is missing and how to get it."""

    definition: Definition
    facts: tuple[tuple[Phrase, Cell], ...] = ()
    tables: tuple[Table, ...] = ()
    chart: Chart | None = None
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All sections, and what they are about; `made` is a moment in UTC, `terminal_id` is "" for all tills."""

    shop: str
    terminal_id: str
    period: Period
    made: datetime
    sections: tuple[Section, ...]
