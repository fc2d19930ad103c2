"""One line of a quote: what a rule changed, by how much, in words that a cashier can read out."""

from dataclasses import dataclass
from typing import Literal

from terminal.rules.phrase import Phrase

Rule = Literal[
    "rounding",
    "offer",
    "tier-discount",
    "membership",
    "delivery",
    "stamps",
    "reward",
    "redeem",
    "earn",
    "tier",
    "multiplier",
]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """`rule` is the kind of rule, `code` its own code in the programme, "" where it has none.

    Money in minor units is taken off the bill: `lines` is the same sum, split over the bill's lines (empty when
    nothing is taken off). Points are signed.
    """

    rule: Rule
    words: Phrase
    money_minor: int = 0
    points: int = 0
    code: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was asked for, or would have applied, and did not, and why. `code` is the offer's, reward's or promo
    code's, "" for points. `needs` is the code that the site has to lease first; "" where that would not help."""

    code: str
    reason: Phrase
    needs: str = ""
