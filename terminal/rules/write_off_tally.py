"""What a check of write-offs found, added up: counts of all orders, and as many of them as are shown."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from terminal.rules.conditions import Channel
from terminal.rules.phrase import Phrase
from terminal.rules.verdict import FAILED, Cause, Checked, Verdict

SHOWN = 1000
"""So many orders that failed are kept, and so many of the others."""


@dataclass(slots=True)
class Tally:
    """Counts by (channel, verdict), by cause, and by operator of what nobody asked for; bad lines."""

    shown: int = SHOWN
    by_channel: Counter[tuple[Channel, Verdict]] = field(default_factory=Counter)
    by_cause: Counter[Cause] = field(default_factory=Counter)
    unasked_by: Counter[str] = field(default_factory=Counter)
    failed: list[Checked] = field(default_factory=list)
    others: list[Checked] = field(default_factory=list)
    bad: list[tuple[int, Phrase]] = field(default_factory=list)
    bad_lines: int = 0
    first: date | None = None
    last: date | None = None

    def add(self, checked: Checked) -> None:
        """Count one order."""
        on = checked.order.on
        self.first = on if self.first is None else min(self.first, on)
        self.last = on if self.last is None else max(self.last, on)
        self.by_channel[checked.order.channel, checked.verdict] += 1
        self.by_cause[checked.cause] += 1
        if checked.cause is Cause.UNASKED:
            self.unasked_by[checked.operator] += 1
        kept = self.failed if checked.verdict in FAILED else self.others
        if len(kept) < self.shown:
            kept.append(checked)

    def add_bad(self, line: int, reason: Phrase) -> None:
        """Count a line that can't be read."""
        self.bad_lines += 1
        if len(self.bad) < self.shown:
            self.bad.append((line, reason))

    def count(self, *verdicts: Verdict) -> int:
        """Return how many orders have one of these verdicts."""
        return sum(count for (_, verdict), count in self.by_channel.items() if verdict in verdicts)

    @property
    def orders(self) -> int:
        """How many orders were checked."""
        return self.by_channel.total()

    @property
    def failures(self) -> int:
        """How many of them somebody has to look into."""
        return self.count(*FAILED)
