"""Whole numbers of minor units: the one rounding function, splitting without loss, and reading what was typed."""

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from terminal.rules.phrase import Money, Refused, phrase

MAX_AMOUNT_MINOR = 100_000_000_00
"""No bill is larger: a scan that lands in the amount box is refused instead of sold."""


class Rounding(StrEnum):
    """How a part of a unit is dropped."""

    DOWN = "down"
    HALF_UP = "half-up"
    HALF_EVEN = "half-even"


def round_to_int(value: Fraction, rounding: Rounding) -> int:
    """Round an exact value to a whole number; `down` is towards zero, halves of `half-up` go away from zero."""
    return round_ratio(value.numerator, value.denominator, rounding)


def round_ratio(numerator: int, denominator: int, rounding: Rounding) -> int:
    """Round `numerator` / `denominator` (1 or more) as `round_to_int` does.

    A quote rounds often, and fractions are slow.
    """
    whole, rest = divmod(abs(numerator), denominator)
    double = 2 * rest
    match rounding:
        case Rounding.DOWN:
            pass
        case Rounding.HALF_UP:
            whole += double >= denominator
        case Rounding.HALF_EVEN:
            whole += double > denominator or (double == denominator and whole % 2)
    return -whole if numerator < 0 else whole


def split(amount: int, weights: list[int]) -> list[int]:
    """Split `amount` over `weights` (both in minor units) so that the parts sum to it exactly.

    Largest remainder (Hamilton's method): each part is rounded down, and the units left over go to the largest
    remainders, the earlier line first among equals. All-zero weights give everything to nobody.
    """
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    if len(weights) == 1:
        return [amount]
    parts, rests = [], []
    for i, weight in enumerate(weights):
        part, rest = divmod(amount * weight, whole)
        parts.append(part)
        rests.append((-rest, i))
    over = amount - sum(parts)
    if over:
        rests.sort()
        for _, i in rests[:over]:
            parts[i] += 1
    return parts


def minor_units(amount: Decimal, decimals: int) -> int:
    """Return an exact decimal sum in minor units; more decimals than the currency has raise ValueError."""
    minor = amount.scaleb(decimals)
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} has more than {decimals} decimals")
    return int(minor)


_AMOUNT = re.compile(r"(?P<whole>[0-9]{1,64})(?:[.,](?P<part>[0-9]{0,64}))?")
_MINUS = ("-", "\u2212", "\u2013")
_SHOWN = 40


def read_amount(text: str, decimals: int = 2, *, zero_allowed: bool = False) -> int | Refused:
    """Read a sum typed at the counter, with comma or dot and spaces between thousands, into minor units."""
    compact = re.sub(r"[\s']", "", text)
    if compact.startswith(_MINUS):
        return Refused(phrase("A bill can't be negative. Type the sum to pay; a return is a refund."), "amount")
    found = _AMOUNT.fullmatch(compact)
    if found is None:
        return Refused(phrase("“{text}” is not a sum. Type digits, such as 123.45.", text=text[:_SHOWN]), "amount")
    part = found["part"] or ""
    if len(part.rstrip("0")) > decimals:
        return Refused(phrase("The sum has too many decimals: {text}.", text=text[:_SHOWN]), "amount")
    minor = int(found["whole"]) * int(10**decimals) + int(part[:decimals].ljust(decimals, "0") or 0)
    if minor > MAX_AMOUNT_MINOR:
        return Refused(
            phrase("The sum is larger than {limit}. Was a barcode scanned here?", limit=Money(MAX_AMOUNT_MINOR)),
            "amount",
        )
    if minor == 0 and not zero_allowed:
        return Refused(phrase("The bill is 0. Type the sum to pay."), "amount")
    return minor
