"""Lots: every earning is one, usable from a day, gone after a day; spending takes what expires first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one earning. `left` and `held` are points; `held` is the part that this till may spend.

    Usable from `available_from` on and through `expires_on` (both days of the shop's calendar, included).
    """

    id: str
    left: int
    held: int
    available_from: date
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one lot by signed points."""

    lot_id: str
    points: int


def spending_order(lot: Lot) -> tuple[date, date, str]:
    """Sort key: the lot that expires first, then the one that was usable first."""
    return (lot.expires_on or date.max, lot.available_from, lot.id)


def usable(lot: Lot, on: date) -> bool:
    """Tell whether the lot can be spent on a day."""
    return lot.available_from <= on and not expired(lot, on)


def expired(lot: Lot, on: date) -> bool:
    """Tell whether the lot's last day is over."""
    return lot.expires_on is not None and lot.expires_on < on


def spendable(lots: Iterable[Lot], on: date) -> int:
    """Points that this till may spend on a day."""
    return max(0, sum(min(lot.left, lot.held) for lot in lots if usable(lot, on)))


def pending(lots: Iterable[Lot], on: date) -> tuple[int, date | None]:
    """Points that are not usable yet, and the first day on which some will be."""
    waiting = [lot for lot in lots if lot.available_from > on and lot.left > 0]
    return sum(lot.left for lot in waiting), min((lot.available_from for lot in waiting), default=None)


def expiring(lots: Iterable[Lot], on: date, within_days: int) -> tuple[int, date | None]:
    """Points that will expire within some days from a day, and the first day on which some do."""
    until = on + timedelta(days=within_days)
    soon = [lot for lot in lots if lot.left > 0 and lot.expires_on is not None and on <= lot.expires_on <= until]
    return sum(lot.left for lot in soon), min((lot.expires_on for lot in soon if lot.expires_on), default=None)


def spend(lots: Iterable[Lot], points: int, on: date) -> tuple[Move, ...]:
    """Take points from the lots in spending order. The caller has checked that they are spendable."""
    moves: list[Move] = []
    wanted = points
    for lot in sorted((lot for lot in lots if usable(lot, on)), key=spending_order):
        taken = min(wanted, lot.left, lot.held)
        if taken > 0:
            moves.append(Move(lot.id, -taken))
            wanted -= taken
    assert wanted == 0, f"{points} points asked, {wanted} short"
    return tuple(moves)
