"""One line of a quote: what a rule changed, by how much, in words that a cashier can read out."""

from dataclasses import dataclass

from terminal.rules.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Adjustment:
    """`rule` names the programme's rule; money in minor units is taken off the bill, points are signed."""

    rule: str
    words: Phrase
    money_minor: int = 0
    points: int = 0
