"""What may come of checking a write-off: verdicts with their causes, and what they are made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from terminal.rules.conditions import Channel
from terminal.rules.entry import Entry
from terminal.rules.phrase import Phrase


class Verdict(StrEnum):
    """What came of an order's write-off."""

    WORKS = "works"
    NOT_APPLIED = "not-applied"
    WRONG_AMOUNT = "wrong-amount"
    APPLIED_TWICE = "applied-twice"
    NEVER_RELEASED = "never-released"
    MONEY_OWED = "money-owed"
    NOT_FOUND = "customer-not-found"
    NOT_ASKED = "not-asked"
    OUTSIDE = "outside"


FAILED = frozenset(
    {
        Verdict.NOT_APPLIED,
        Verdict.WRONG_AMOUNT,
        Verdict.APPLIED_TWICE,
        Verdict.NEVER_RELEASED,
        Verdict.MONEY_OWED,
        Verdict.NOT_FOUND,
    }
)
"""Verdicts that somebody has to look into."""


class Cause(StrEnum):
    """Why a verdict is what it is, for counting: recommendations follow from it."""

    AGREES = "agrees"
    WAITS = "waits"
    CANCELLED = "cancelled"
    PAST = "past-the-programme"
    UNASKED = "nobody-asked"
    UNDONE = "asked-and-not-done"
    AMOUNT = "amount"
    WORTH = "worth"
    TOTAL = "total"
    TWICE = "twice"
    HELD = "held"
    OWED = "owed"
    NOBODY = "nobody"
    UNREGISTERED = "not-registered"
    NO_POINTS = "no-points"
    PROGRAMME = "programme-takes-none"
    NO_PROGRAMME = "no-programme"
    ELSEWHERE = "known-elsewhere"
    UNTOLD = "not-told-yet"


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order as a list tells it: `who` is a phone or a card; `expected` points should have been taken, None: it
    is not known. Money in minor units, points in units; `line` is its place in the list.

    `sale_id` tells that the journal itself lists it, `who` being the customer's id: nobody says that bonuses were
    wanted.
    """

    line: int
    number: str
    channel: Channel
    who: str
    total_minor: int
    on: date
    expected: int | None = None
    sale_id: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What really happened to an order, one entry: who did it, when (UTC ms), and the points that it moved."""

    at_ms: int
    what: str
    operator: str
    points: int


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on one order. `balance` and `possible` are points (units) just before, None where they are
    known elsewhere alone; `done` is what was taken.
    """

    order: ListedOrder
    verdict: Verdict
    cause: Cause
    why: Phrase
    customer_id: str | None = None
    balance: int | None = None
    possible: int | None = None
    done: int = 0
    operator: str = ""
    sale_ids: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """A customer's entries in the order of time, and what they are read with: `day_of` a time in UTC ms.

    `elsewhere` is what is known of points that moved at other places: (UTC ms, points).
    """

    customer_id: str
    entries: Sequence[Entry]
    day_of: Callable[[int], date]
    now_ms: int
    registered_ms: int | None = None
    elsewhere: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class ToldSale:
    """A sale or an order as the site told of it: money in minor units, points in units."""

    total_minor: int
    taken_off_minor: int
    redeemed: int
    state: str = "paid"
