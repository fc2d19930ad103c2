"""A report in lines of plain text, for a screen or a terminal: facts, tables, charts, and the definition below."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Literal

from rich.cells import cell_len, set_cell_size

from terminal.desk.sections import Cell, Chart, Report, Section, Table
from terminal.locale.words import Words
from terminal.rules.phrase import Phrase, Points, phrase

Kind = Literal["title", "fact", "head", "row", "chart", "note", "definition"]

_GAP = 2
_CHART_ROWS = 12
_LONGEST_NAME = 28
_TICKS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and what it is."""

    kind: Kind
    text: str


def told(words: Words, cell: Cell, *, bare: bool = False) -> str:
    """Say what stands in a table; `bare` points are a number alone."""
    match cell:
        case None:
            return "—"
        case Phrase():
            return words.say(cell)
        case Points() if bare:
            return words.points_number(cell.units)
        case _:
            return words.say(Phrase("{it}", (("it", cell),)))


def headline(words: Words, report: Report) -> str:
    """Say which days of which shop a report is of: of one till, or of all that the site knows."""
    first, last = report.period.first, report.period.last
    if not report.terminal_id:
        return words.say(phrase("{shop}, all tills: {first} to {last}", shop=report.shop, first=first, last=last))
    till = report.terminal_id
    return words.say(
        phrase("{shop}, till {till}: {first} to {last}", shop=report.shop, till=till, first=first, last=last)
    )


def source(words: Words, section: Section) -> str:
    """Say whose definition it is; nothing when it is our own."""
    definition = section.definition
    if not definition.url:
        return ""
    return words.say(phrase("Source: {source}, {url}", source=definition.source, url=definition.url))


def section_lines(words: Words, section: Section, width: int, *, charts: bool = True) -> list[Line]:
    """Lay a section out in so many columns."""
    lines = [Line("title", words.say(section.definition.title))]
    lines += [Line("fact", text) for text in _facts(words, section, width)]
    for table in section.tables:
        lines += [Line("row", ""), *_table(words, table, width)]
    if charts and section.chart is not None:
        lines += [Line("row", ""), Line("head", words.say(section.chart.title))]
        lines += [Line("chart", text) for text in chart_lines(words, section.chart, width)]
    for note in section.notes:
        lines += [Line("note", text) for text in wrap(words.say(note), width, break_on_hyphens=False)]
    lines.append(Line("row", ""))
    for said in (words.say(section.definition.says), source(words, section)):
        cut = wrap(said, width, break_on_hyphens=False, break_long_words=False)
        lines += [Line("definition", text) for text in cut]
    return lines


def _facts(words: Words, section: Section, width: int) -> Iterator[str]:
    facts = [(words.say(label), told(words, cell)) for label, cell in section.facts]
    left = max((cell_len(label) for label, _ in facts), default=0)
    for label, value in facts:
        room = max(1, min(left, width - cell_len(value) - _GAP))
        *above, last = wrap(label, room) or [""]
        yield from above
        yield f"{_padded(last, room)}{' ' * _GAP}{value}"


def _table(words: Words, table: Table, width: int) -> Iterator[Line]:
    """Align a table; columns that do not fit are left out, rows beyond what people are shown are counted."""
    shown = table.rows[: table.shown]
    cells = [[_short(told(words, cell, bare=True)) for cell in row] for row in (table.head, *shown)]
    widths = [max(cell_len(row[place]) for row in cells) for place in range(len(table.head))]
    fits = len(widths)
    while fits > 1 and sum(widths[:fits]) + _GAP * (fits - 1) > width:
        fits -= 1
    # What words begin is read from the left, numbers from the right.
    left = [all(isinstance(row[place], str | Phrase) for row in table.rows) for place in range(fits)]
    for number, row in enumerate(cells):
        parts = [_padded(row[place], widths[place], left=left[place]) for place in range(fits)]
        yield Line("head" if number == 0 else "row", (" " * _GAP).join(parts).rstrip())
    if len(table.rows) > len(shown):
        yield Line("note", words.say(phrase("… and {count} more lines.", count=len(table.rows) - len(shown))))


def _short(text: str) -> str:
    return text if cell_len(text) <= _LONGEST_NAME else set_cell_size(text, _LONGEST_NAME - 1) + "…"


def _padded(text: str, width: int, *, left: bool = True) -> str:
    spaces = " " * max(0, width - cell_len(text))
    return text + spaces if left else spaces + text


def chart_lines(words: Words, chart: Chart, width: int) -> list[str]:
    """Draw a chart's first series with characters. Only on one thread: the library keeps one figure for all."""
    import plotext

    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(width, _CHART_ROWS)
    labels = [told(words, label) for label in chart.labels]
    values = [value or 0 for value in chart.series[0].values]
    places = list(range(len(values)))
    match chart.kind:
        case "rows":
            figure.draw(figure.bar(places[::-1], values, orientation="h", width=0.5))
            figure.ruler("y", 0).ticks(places[::-1], labels)
        case "bars":
            figure.draw(figure.bar(places, values, width=0.6))
            _name_places(figure, labels)
        case "lines":
            figure.draw(figure.signal(places, values).lines())
            _name_places(figure, labels)
    steps = scale(max(values, default=0))
    said = [amount(words, chart, step) for step in steps]
    along = figure.ruler("x" if chart.kind == "rows" else "y", 0)
    along.lim(0, steps[-1])
    along.ticks(steps, said)
    return [line.rstrip() for line in plotext.uncolorize(str(figure.build())).splitlines() if line.strip()]


def scale(most: int) -> list[int]:
    """Return at most six round steps, from 0 to at least `most`."""
    step = 1
    while step * 5 < most:
        # 1, 2, 5, 10, 20, 50 ...
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return list(range(0, max(step, most) + step, step))[: max(1, -(-most // step)) + 1]


def amount(words: Words, chart: Chart, value: int) -> str:
    """Say a whole number in the chart's unit."""
    match chart.unit:
        case "money":
            return words.money(value)
        case "points":
            return words.points_number(value)
        case "percent":
            return words.percent(value)
        case "count":
            return words.number(value)


def _name_places(figure: Any, labels: list[str]) -> None:
    """Name some of the places along the bottom, so that the names do not run into each other."""
    step = max(1, -(-len(labels) // _TICKS))
    places = list(range(0, len(labels), step))
    figure.ruler("x", 0).ticks(places, [labels[place] for place in places])
