"""The kinds of figures an owner writes in a programme, and how each becomes a whole number or an exact fraction."""

from collections.abc import Callable
from datetime import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from terminal.rules.money import minor_units

MOST_FIGURE = 10**9
"""No figure of a programme is larger."""

_MOST_DECIMALS = 6
_DAY_MINUTES = 24 * 60


class Minor(int):
    """Money, 0 or more; written as the shop writes it (12.50), kept in minor units."""


class MinorAboveZero(Minor):
    """Money above 0; written as the shop writes it (12.50), kept in minor units."""


class Units(int):
    """Points, 0 or more; written as the customer knows them, kept in the smallest part of a point."""


class UnitsAboveZero(Units):
    """Points above 0; written as the customer knows them, kept in the smallest part of a point."""


class Ratio(Fraction):
    """An exact number above 0, such as a rate or a multiplier."""


class Share(Fraction):
    """A percent above 0 and up to 100, kept as the number before the percent sign."""


class Hours(tuple[int, int]):
    """A part of the day such as "17:00-19:00": minutes of the day, the first included, the last not.

    One that ends before it begins goes on past midnight.
    """

    __slots__ = ()

    def holds(self, minute: int) -> bool:
        """Tell whether a minute of the day is in it."""
        first, last = self
        return first <= minute < last if first < last else minute >= first or minute < last


def quantity_hook(currency_decimals: int, points_decimals: int) -> Callable[[type, Any], Any]:
    """Return what msgspec asks for our kinds of figures; a ValueError of it names what to write."""

    def convert(kind: type, value: Any) -> Any:
        if kind is Hours:
            return _hours(value)
        figure = _figure(value)
        if kind in (Minor, MinorAboveZero):
            return _whole(kind, figure, currency_decimals, "money")
        if kind in (Units, UnitsAboveZero):
            return _whole(kind, figure, points_decimals, "points")
        if kind is Share and not 0 < figure <= 100:
            raise ValueError("Write a percent above 0 and up to 100")
        if kind is Ratio and figure <= 0:
            raise ValueError("Write a number above 0")
        assert kind in (Share, Ratio), kind
        return kind(figure)

    return convert


def _figure(value: Any) -> Decimal:
    """Hold a figure to what sums can be made of: TOML knows nan, inf and 1e999."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("Write a number")
    figure = Decimal(value)
    usable = figure.is_finite() and abs(figure) <= MOST_FIGURE and figure == round(figure, _MOST_DECIMALS)
    if not usable:
        raise ValueError(f"Write a number up to {MOST_FIGURE} with at most {_MOST_DECIMALS} decimals")
    return figure


def _whole(kind: type, figure: Decimal, decimals: int, what: str) -> Any:
    above_zero = kind in (MinorAboveZero, UnitsAboveZero)
    if figure < 0 or (above_zero and figure == 0):
        raise ValueError(f"Write {what} {'above 0' if above_zero else 'of 0 or more'}")
    try:
        return kind(minor_units(figure, decimals))
    except ValueError:
        raise ValueError(f"Write {what} with at most {decimals} decimals") from None


def _hours(value: Any) -> Hours:
    words = value.split("-") if isinstance(value, str) else []
    try:
        first, last = (time.fromisoformat(word.strip()) for word in words)
    except ValueError:
        raise ValueError('Write hours as "17:00-19:00"') from None
    minutes = Hours((first.hour * 60 + first.minute, last.hour * 60 + last.minute or _DAY_MINUTES))
    if minutes[0] == minutes[1]:
        raise ValueError("Write hours that begin and end at different times")
    return minutes
