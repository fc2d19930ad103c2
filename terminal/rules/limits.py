"""What any programme must keep to, whatever it says: figures of a usable size, codes that are given once."""

from datetime import date
from decimal import Decimal

import msgspec

_MAX_FIGURE = 10**9
_MAX_FIGURE_DECIMALS = 6


class ProgrammeError(ValueError):
    """A programme that can't be used; the message names the place and says what to write."""


def expect(holds: bool, place: str, rule: str) -> None:
    """Refuse the programme unless the rule holds at that place."""
    if not holds:
        raise ProgrammeError(f"{place}: make sure that it {rule}")


def expect_once(place: str, codes: list[str]) -> None:
    """Refuse the programme when a code is given twice."""
    expect(len(codes) == len(set(codes)), place, "have a code of their own each")


def check_figures(place: str, value: object) -> None:
    """Hold every figure, wherever it stands, to what sums can be made of: TOML knows nan, inf and 1e999."""
    match value:
        case bool() | str() | date() | None:
            return
        case Decimal():
            shown = value.is_finite() and abs(value) <= _MAX_FIGURE and value == round(value, _MAX_FIGURE_DECIMALS)
            expect(shown, place, f"is a number up to {_MAX_FIGURE} with at most {_MAX_FIGURE_DECIMALS} decimals")
        case int():
            expect(abs(value) <= _MAX_FIGURE, place, f"is a number up to {_MAX_FIGURE}")
        case list():
            for number, item in enumerate(value):
                check_figures(f"{place}[{number}]", item)
        case dict():
            for name, item in value.items():
                check_figures(f"{place}.{name}" if place else name, item)
        case msgspec.Struct():
            check_figures(place, msgspec.structs.asdict(value))
