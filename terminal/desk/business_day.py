"""A business day as it is shown and printed: its entries, its opening and closing, and what was booked in it."""

from dataclasses import dataclass
from datetime import date

from terminal.ledger.days import Booked, BookedBy


@dataclass(frozen=True, slots=True)
class Turn:
    """The opening or closing of a day: when (UTC ms), by whom, and its entry."""

    at_ms: int
    name: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class BusinessDay:
    """Entries that belong together, both ends included (last < first: none yet), and who opened and closed them."""

    day: date
    first_seq: int
    last_seq: int
    opened: Turn | None = None
    closed: Turn | None = None


@dataclass(frozen=True, slots=True)
class DayTotals:
    """A day, what each person booked and all of them together, and the journal's state.

    `head_seq` and `head` name the entry that covers the whole day; `unsent` is None without a site.
    """

    day: BusinessDay
    people: tuple[BookedBy, ...]
    whole: Booked
    from_ms: int | None
    to_ms: int | None
    head_seq: int
    head: bytes
    unsent: int | None
    slips_waiting: int
