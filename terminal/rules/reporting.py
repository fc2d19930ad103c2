"""Figures for the owner: what was counted in a period, and what follows from it by plain arithmetic."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from terminal.rules.money import Rounding, round_ratio
from terminal.rules.phrase import Phrase, phrase

WHOLE = 10_000
"""A whole in basis points."""

_AGE_DAYS = (30, 90, 180, 365)
_TO_EXPIRY_DAYS = (30, 90, 180, 365)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the shop's calendar, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """Return as many days that end on the day before."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Bought:
    """Purchases of a period or of a group in it: sums in minor units, before and after bonuses were taken off."""

    sales: int
    customers: int
    total_minor: int
    paid_minor: int


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A calendar month, named by its first day; `new` are customers whose first purchase of all is in it."""

    month: date
    bought: Bought
    new: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """The customers who first bought in a month; `bought[n]` of them bought in the n-th month after it."""

    month: date
    customers: int
    bought: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Churn:
    """Customers who bought in the `days` days before the last `days`, and how many of them did not in these."""

    days: int
    customers: int
    lost: int


@dataclass(frozen=True, slots=True)
class PointsMoved:
    """Points (units) of a period: given out, spent, and expired; what voids and refunds took back is subtracted."""

    issued: int
    redeemed: int
    expired: int


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """Points (units) that are left in lots of the same days; `expires_on` is None when they never do."""

    available_from: date
    expires_on: date | None
    points: int


@dataclass(frozen=True, slots=True)
class Band:
    """A part of the points outstanding, in units."""

    says: Phrase
    points: int


@dataclass(frozen=True, slots=True)
class OfferGroup:
    """Customers with an offer, or without it: in the offer's days, and in as many days before them.

    `paid` sums are in minor units; `buyers` are those who bought in the offer's days.
    """

    customers: int
    buyers: int
    sales: int
    paid_minor: int
    paid_before_minor: int

    @property
    def change_minor(self) -> int:
        """What the group paid more than before."""
        return self.paid_minor - self.paid_before_minor


@dataclass(frozen=True, slots=True)
class OfferFigures:
    """A personal offer, its days, and the two groups beside each other."""

    id: str
    title: str
    period: Period
    having: OfferGroup
    others: OfferGroup

    @property
    def extra_minor(self) -> int | None:
        """What those with it paid more, less what they would have anyway as the others did; None without others."""
        if not self.others.customers or not self.having.customers:
            return None
        expected = round_ratio(
            self.others.change_minor * self.having.customers, self.others.customers, Rounding.HALF_UP
        )
        return self.having.change_minor - expected

    def return_bp(self, cost_minor: int) -> int | None:
        """Return (extra - cost) / cost in basis points."""
        return None if self.extra_minor is None else share(self.extra_minor - cost_minor, cost_minor)


def share(part: int, whole: int) -> int | None:
    """Return part / whole in basis points, rounded half up; None of nothing."""
    return round_ratio(part * WHOLE, whole, Rounding.HALF_UP) if whole > 0 else None


def mean(total: int, count: int) -> int | None:
    """Return total / count rounded half up, in the same units; None of nothing."""
    return round_ratio(total, count, Rounding.HALF_UP) if count > 0 else None


def decimal_mean(total: int, count: int, places: int = 2) -> str | None:
    """Return total / count as a decimal with so many places, rounded half up; None of nothing."""
    scaled = mean(total * 10**places, count)
    if scaled is None:
        return None
    whole, part = divmod(abs(scaled), 10**places)
    return f"{'-' if scaled < 0 else ''}{whole}.{part:0{places}d}"


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def months(period: Period) -> Iterator[date]:
    """Return the first days of the months that a period touches."""
    month = month_of(period.first)
    while month <= period.last:
        yield month
        month = next_month(month)


def month_after(day: date) -> Period:
    """Return the calendar month after a day's."""
    first = next_month(month_of(day))
    return Period(first, next_month(first) - timedelta(days=1))


def last_months(day: date, count: int) -> Period:
    """Return the `count` calendar months that end with a day's own, as far as that day."""
    first = month_of(day)
    for _ in range(count - 1):
        first = month_of(first - timedelta(days=1))
    return Period(first, day)


def by_age(lots: Iterable[OpenPoints], on: date) -> tuple[Band, ...]:
    """Split points by how long they have been usable."""
    sums = [0] * (len(_AGE_DAYS) + 2)
    for lot in lots:
        age = (on - lot.available_from).days
        sums[0 if age < 0 else 1 + _place(age, _AGE_DAYS)] += lot.points
    return tuple(map(Band, (phrase("not usable yet"), *_spans(_AGE_DAYS)), sums))


def by_expiry(lots: Iterable[OpenPoints], on: date) -> tuple[Band, ...]:
    """Split points by how many days they have left."""
    sums = [0] * (len(_TO_EXPIRY_DAYS) + 2)
    for lot in lots:
        left = None if lot.expires_on is None else (lot.expires_on - on).days
        sums[-1 if left is None else _place(left, _TO_EXPIRY_DAYS)] += lot.points
    return tuple(map(Band, (*_spans(_TO_EXPIRY_DAYS), phrase("never")), sums))


def _place(days: int, ends: tuple[int, ...]) -> int:
    return sum(days > end for end in ends)


def _spans(ends: tuple[int, ...]) -> Iterator[Phrase]:
    first = 0
    for end in ends:
        yield phrase("{first} to {last} days", first=first, last=end)
        first = end + 1
    yield phrase("more than {days} days", days=ends[-1])
