"""A sentence for a person, kept apart from its language: what the rules say, said later in the cashier's words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Union


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in minor units of the programme's currency, shown by the locale (12345 -> 123,45 ₴)."""

    minor: int


@dataclass(frozen=True, slots=True)
class Points:
    """A number of points, shown with the right plural: in the programme's smallest part of a point, or in the
    part of so many decimals that is named."""

    units: int
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Percent:
    """A share in basis points (hundredths of a percent): 1250 -> 12,5 %."""

    basis_points: int


@dataclass(frozen=True, slots=True)
class Factor:
    """An exact short decimal, shown with the language's decimal sign: 1.5 -> 1,5."""

    decimal: str


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of something, shown with the right plural: 3 days."""

    count: int
    what: Literal["day", "month", "piece", "time", "stamp", "friend"]


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, Monday is 0; shown in the short form of the language."""

    number: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Several values, one after another with commas between them."""

    values: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """An English message with `{named}` places, which is also its key in the catalogues, and their values."""

    text: str
    values: tuple[tuple[str, "Value"], ...] = ()


Value = Union[str, int, Money, Points, Percent, Factor, Counted, Weekday, Listed, Phrase, date, datetime]  # noqa: UP007


def phrase(text: str, /, **values: Value) -> Phrase:
    """Make a `Phrase`; the extractor of messages finds the text by this name."""
    return Phrase(text, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal: an answer with a reason to read out. `field` names the input it is about."""

    reason: Phrase
    field: str = ""


def in_english(said: Phrase) -> str:
    """Say a phrase of words, whole numbers and days in its source's language, for an exception's message."""
    return said.text.format_map({name: _in_english(value) for name, value in said.values})


def _in_english(value: Value) -> str:
    match value:
        case Phrase():
            return in_english(value)
        case Listed():
            return ", ".join(map(_in_english, value.values))
        case _:
            return str(value)
