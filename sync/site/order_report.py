"""A check of the site's write-offs in words, for the console."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sync.site.importing import decimal
from terminal.rules.phrase import Money, Phrase, Points
from terminal.rules.verdict import Verdict
from terminal.rules.write_off_tally import Tally


def report_lines(tally: Tally, money_places: int, points_places: int) -> Iterator[str]:
    """Return the sums by channel, then every order that fails with why and what really happened to it."""
    yield f"Orders checked: {tally.orders}; failed: {tally.failures}"
    for channel in sorted({channel for channel, _ in tally.by_channel}):
        counts = {verdict: tally.by_channel[channel, verdict] for verdict in Verdict}
        told = (f"{_spaced(verdict)} {count}" for verdict, count in counts.items() if count)
        yield f"{channel}: {', '.join(told)}"
    for one in tally.failed:
        yield f"✗ {one.order.number}: {_spaced(one.verdict)}. {_said(one.why, money_places, points_places)}"
        for step in one.steps:
            at = f"{datetime.fromtimestamp(step.at_ms // 1000, UTC):%Y-%m-%d %H:%M}"
            points = f"\t{decimal(step.points, points_places)}" if step.points else ""
            yield f"    {at} UTC\t{step.what}\t{step.operator}{points}"
    if tally.failures > len(tally.failed):
        yield f"{len(tally.failed)} of {tally.failures} are shown; --json tells all."
    yield "✗ Somebody has to look at these orders." if tally.failures else "✓ Every write-off works."


def _spaced(verdict: Verdict) -> str:
    return verdict.value.replace("-", " ")


def _said(why: Phrase, money_places: int, points_places: int) -> str:
    values: dict[str, object] = {}
    for name, value in why.values:
        match value:
            case Money():
                values[name] = decimal(value.minor, money_places)
            case Points():
                values[name] = decimal(value.units, points_places) + " points"
            case _:
                values[name] = value
    return why.text.format_map(values)
