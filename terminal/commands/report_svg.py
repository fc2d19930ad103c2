"""A chart as SVG that stands in a page: black on white too, nothing fetched, and read aloud by its title."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from terminal.desk.sections import Chart
from terminal.locale.words import Words
from terminal.screens.report_text import amount, scale, told

_WIDTH, _HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 12, 12, 34
_ROW, _ROW_LEFT = 28, 180
_COLOURS = ("#0b6e75", "#b3541e", "#6a4c93", "#7a8b00")
_DASHES = ("", "6 3", "2 3", "8 3 2 3")
_LABELS = 12
_LETTER = 7
"""About the width of a letter of 12 pixels."""


def chart_svg(words: Words, chart: Chart) -> str:
    """Draw a chart; lines differ by dashes as well as by colour, for a printer without any."""
    height = len(chart.labels) * _ROW + _TOP + _BOTTOM if chart.kind == "rows" else _HEIGHT
    title = words.say(chart.title)
    svg = Element("svg", viewBox=f"0 0 {_WIDTH} {height}", role="img", xmlns="http://www.w3.org/2000/svg")
    svg.set("aria-label", title)
    SubElement(svg, "title").text = title
    most = max((value or 0 for series in chart.series for value in series.values), default=0)
    steps = scale(most)
    if chart.kind == "rows":
        _rows(svg, words, chart, steps, height)
    else:
        _levels(svg, words, chart, steps)
        (_bars if chart.kind == "bars" else _lines)(svg, words, chart, steps[-1])
    return tostring(svg, encoding="unicode")


def _text(svg: Element, x: float, y: float, text: str, anchor: str) -> None:
    place = SubElement(svg, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor})
    place.text = text


def _line(svg: Element, ends: tuple[float, float, float, float], **kind: str) -> None:
    x1, y1, x2, y2 = (f"{end:.1f}" for end in ends)
    SubElement(svg, "line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": "#c8ced3", **kind})


def _levels(svg: Element, words: Words, chart: Chart, steps: list[int]) -> None:
    for step in steps:
        y = _height_of(step, steps[-1])
        _line(svg, (_LEFT, y, _WIDTH - _RIGHT, y))
        _text(svg, _LEFT - 8, y + 4, amount(words, chart, step), "end")


def _height_of(value: int, most: int) -> float:
    return _HEIGHT - _BOTTOM - value / most * (_HEIGHT - _TOP - _BOTTOM)


def _named(words: Words, chart: Chart) -> Iterator[tuple[int, str]]:
    """Return the places along the bottom that have room for their names."""
    labels = [told(words, label) for label in chart.labels]
    room = (_WIDTH - _LEFT - _RIGHT) // max(1, max(map(len, labels)) * _LETTER + 8)
    step = max(1, -(-len(labels) // min(_LABELS, room)))
    return ((place, labels[place]) for place in range(0, len(labels), step))


def _bars(svg: Element, words: Words, chart: Chart, most: int) -> None:
    slot = (_WIDTH - _LEFT - _RIGHT) / len(chart.labels)
    for place, value in enumerate(chart.series[0].values):
        top = _height_of(value or 0, most)
        bar = {"x": f"{_LEFT + slot * (place + 0.15):.1f}", "y": f"{top:.1f}", "width": f"{slot * 0.7:.1f}"}
        SubElement(svg, "rect", {**bar, "height": f"{_HEIGHT - _BOTTOM - top:.1f}", "fill": _COLOURS[0]})
    for place, name in _named(words, chart):
        _text(svg, _LEFT + slot * (place + 0.5), _HEIGHT - _BOTTOM + 18, name, "middle")


def _lines(svg: Element, words: Words, chart: Chart, most: int) -> None:
    slot = (_WIDTH - _LEFT - _RIGHT) / len(chart.labels)
    for number, series in reversed(list(enumerate(chart.series))):
        points = [
            f"{_LEFT + slot * (place + 0.5):.1f},{_height_of(value, most):.1f}"
            for place, value in enumerate(series.values)
            if value is not None
        ]
        look = {"fill": "none", "stroke": _COLOURS[number % len(_COLOURS)], "stroke-dasharray": _DASHES[number % 4]}
        width = "3" if number == 0 else "1.5"
        SubElement(svg, "polyline", {"points": " ".join(points), "stroke-width": width, **look})
        y = _TOP + 14 + 18 * number
        kind = {"stroke": look["stroke"], "stroke-dasharray": look["stroke-dasharray"], "stroke-width": width}
        _line(svg, (_WIDTH - 150, y, _WIDTH - 116, y), **kind)
        _text(svg, _WIDTH - 110, y + 4, told(words, series.name), "start")
    for place, name in _named(words, chart):
        _text(svg, _LEFT + slot * (place + 0.5), _HEIGHT - _BOTTOM + 18, name, "middle")


def _rows(svg: Element, words: Words, chart: Chart, steps: list[int], height: int) -> None:
    across = _WIDTH - _ROW_LEFT - _RIGHT - 40
    for step in steps:
        x = _ROW_LEFT + step / steps[-1] * across
        _line(svg, (x, _TOP, x, height - _BOTTOM))
        _text(svg, x, height - _BOTTOM + 18, amount(words, chart, step), "middle")
    for place, (label, value) in enumerate(zip(chart.labels, chart.series[0].values, strict=True)):
        y = _TOP + _ROW * place
        bar = {"x": str(_ROW_LEFT), "y": str(y + 5), "width": f"{(value or 0) / steps[-1] * across:.1f}"}
        SubElement(svg, "rect", {**bar, "height": str(_ROW - 10), "fill": _COLOURS[0]})
        _text(svg, _ROW_LEFT - 8, y + _ROW / 2 + 4, told(words, label), "end")
