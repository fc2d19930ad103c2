"""What is asked of a quote: what the customer wishes to spend and to use, and when and where the bill is made."""

from dataclasses import dataclass
from datetime import date

from terminal.rules.conditions import Channel

ALL = -1
"""Redeem as much as the bill takes."""

_NOON = 12 * 60


@dataclass(frozen=True, slots=True)
class Claim:
    """A reward that the customer wants for points, by its code, so many times (packs of a product)."""

    code: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Wish:
    """Points to turn into money (units; `ALL` for the most), promo codes as they were typed, rewards to claim."""

    redeem: int = 0
    codes: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a bill is made, by the shop's calendar and clock: `minute` is of the day."""

    on: date
    minute: int = _NOON
    channel: Channel = "store"
