"""Expiry: the last day of an earning, and of points whose customer stays away."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from terminal.rules.lots import Lot
from terminal.rules.programme import Expiry, Programme


@dataclass(frozen=True, slots=True)
class Earning:
    """Points of one lot to be, usable from and through days of the shop's calendar."""

    points: int
    available_from: date
    expires_on: date | None

    def lot_facts(self) -> dict[str, object]:
        """Return `lot` of an entry's payload: points in units, days in ISO form."""
        facts: dict[str, object] = {"points": self.points, "available_from": self.available_from.isoformat()}
        if self.expires_on is not None:
            facts["expires_on"] = self.expires_on.isoformat()
        return facts


def lot_to_be(programme: Programme, points: int, available_from: date) -> Earning:
    """Return an earning whose expiry is counted from the day it becomes usable."""
    return Earning(points, available_from, expires_on(programme.expiry, available_from))


def expires_on(expiry: Expiry, available_from: date) -> date | None:
    """Return the last day of points that are usable from a day; None: they never expire.

    Days and months are counted from that day, the earlier end holds where both are given; the end of the month or
    year is that of the day so found.
    """
    ends = []
    if expiry.after_days is not None:
        ends.append(_later(available_from, expiry.after_days))
    if expiry.after_months is not None:
        ends.append(_months_later(available_from, expiry.after_months))
    last = min(ends, default=available_from)
    match expiry.end_of:
        case "month":
            return last.replace(day=monthrange(last.year, last.month)[1])
        case "year":
            return date(last.year, 12, 31)
        case None:
            return last if ends else None


def living(expiry: Expiry, lots: Iterable[Lot], last_purchase: date | None) -> tuple[Lot, ...]:
    """Return lots whose last day is not after that of inactivity: so many days after the last purchase, or after
    the lot became usable where that is later."""
    if expiry.inactive_days is None:
        return tuple(lots)
    found = []
    for lot in lots:
        since = max(last_purchase or lot.available_from, lot.available_from)
        last = _later(since, expiry.inactive_days)
        found.append(replace(lot, expires_on=last) if lot.expires_on is None or last < lot.expires_on else lot)
    return tuple(found)


def _later(day: date, days: int) -> date:
    return day + timedelta(days=min(days, (date.max - day).days))


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
