"""The kinds of values in a programme: what each wants, said to the owner, and what stands in for a wrong one."""

import difflib
import heapq
import typing
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, lru_cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import inspect

from terminal.rules.phrase import Listed, Phrase, phrase
from terminal.rules.quantity import (
    MOST_FIGURE,
    Hours,
    Minor,
    MinorAboveZero,
    Ratio,
    Share,
    Units,
    UnitsAboveZero,
)
from terminal.rules.table import Table

_MUCH_ALIKE = 0.6
_BEGUN = 3
_COMPARED = 20
_NO_DAY = date(2000, 1, 1)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like this one, if any is much like it."""
    return _nearest(word, tuple(known))


@lru_cache(maxsize=1024)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    words = {one.casefold(): one for one in known}
    meant = word.casefold()
    # Comparing letter by letter is slow: of many words only those that begin and end most alike are compared.
    likely = heapq.nlargest(_COMPARED, words, key=lambda one: _alike(one, meant) + _alike(one[::-1], meant[::-1]))
    found = difflib.get_close_matches(meant, likely, 1, _MUCH_ALIKE)
    # "saturday" for "sat"
    found += [one for one in words if len(one) >= _BEGUN and meant.startswith(one)]
    return words[found[0]] if found else None


def _alike(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def one_of(word: str, known: Iterable[str]) -> Phrase:
    """Say what to write instead of a word that nobody knows."""
    words = tuple(known)
    like = nearest(word, words)
    if like is not None:
        return phrase("Did you mean “{word}”?", word=like)
    return phrase("Write one of: {words}.", words=Listed(words))


def python_type(kind: inspect.Type) -> Any:
    """Return the Python type of a single value, with its limits, for `msgspec.convert`."""
    match kind:
        case inspect.Metadata():
            return python_type(kind.type)
        case inspect.StrType():
            return Annotated[str, msgspec.Meta(min_length=kind.min_length, max_length=kind.max_length)]
        case inspect.IntType():
            return Annotated[int, msgspec.Meta(ge=kind.ge, le=kind.le)]
        case inspect.LiteralType():
            return Literal[kind.values]
        case inspect.EnumType() | inspect.CustomType():
            return kind.cls
        case inspect.BoolType():
            return bool
        case inspect.DateType():
            return date
    raise AssertionError(kind)


def harmless(kind: inspect.Type) -> Any:
    """Return a value that can stand where a required one is wrong, so that the rest can be looked at."""
    match kind:
        case inspect.Metadata():
            return harmless(kind.type)
        case inspect.StrType():
            return ""
        case inspect.IntType():
            return kind.ge or 0
        case inspect.LiteralType() | inspect.EnumType():
            return words_of(kind)[0]
        case inspect.CustomType():
            return kind.cls(1)
        case inspect.DateType():
            return _NO_DAY
    raise AssertionError(kind)


def words_of(kind: inspect.LiteralType | inspect.EnumType) -> tuple[str, ...]:
    """Return the words that a key may have, in the order of its definition."""
    if isinstance(kind, inspect.EnumType):
        return tuple(str(word.value) for word in kind.cls)
    return _orders()[frozenset(str(word) for word in kind.values)]


def wanted(kind: inspect.Type) -> Phrase:
    """Say what to write for a kind of value."""
    match kind:
        case inspect.Metadata():
            return wanted(kind.type)
        case inspect.UnionType():
            return wanted(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
        case inspect.FrozenSetType() | inspect.VarTupleType():
            return phrase("Write a list, such as {example}.", example='["a", "b"]')
        case inspect.StructType():
            return phrase("Write a table: keys with their values under a [name] of its own, or between braces.")
        case _:
            return _value_wanted(kind)


def _value_wanted(kind: inspect.Type) -> Phrase:
    match kind:
        case inspect.StrType():
            if kind.min_length is None:
                return phrase("Write text in quotes.")
            return phrase("Write text in quotes, of {least} to {most} characters.",
                          least=kind.min_length, most=kind.max_length or 0)  # fmt: skip
        case inspect.IntType():
            return phrase("Write a whole number from {least} to {most}.", least=kind.ge or 0, most=kind.le or 0)
        case inspect.BoolType():
            return phrase("Write true or false, without quotes.")
        case inspect.DateType():
            return phrase("Write a day without quotes, such as {example}.", example="2026-05-01")
        case inspect.LiteralType() | inspect.EnumType():
            return phrase("Write one of: {words}.", words=Listed(words_of(kind)))
        case inspect.CustomType():
            return _figure_wanted(kind.cls)
    raise AssertionError(kind)


def _figure_wanted(kind: type) -> Phrase:
    most = MOST_FIGURE
    said = {
        Share: phrase("Write a percent above 0 and up to 100, such as 5 or 2.5."),
        Ratio: phrase("Write a number above 0 and up to {most}, with 6 decimals at most, such as 1.5.", most=most),
        Minor: phrase("Write a sum from 0 to {most}, with the currency's decimals, such as 12.50.", most=most),
        MinorAboveZero: phrase(
            "Write a sum above 0 and up to {most}, with the currency's decimals, such as 12.50.", most=most
        ),
        Units: phrase(
            "Write points from 0 to {most}, with no more decimals than points_decimals allows.", most=most
        ),
        UnitsAboveZero: phrase(
            "Write points above 0 and up to {most}, with no more decimals than points_decimals allows.", most=most
        ),
        Hours: phrase("Write hours such as {example}.", example='"17:00-19:00"'),
    }
    return said[kind]


def tables(above: type[Table] = Table) -> Iterator[type[Table]]:
    """Return every class that a table of the file is read into."""
    for below in above.__subclasses__():
        yield below
        yield from tables(below)


@cache
def _orders() -> dict[frozenset[str], tuple[str, ...]]:
    """Return the words of every Literal as they were written: msgspec sorts them."""
    hints = (hint for table in tables() for hint in typing.get_type_hints(table, include_extras=True).values())
    return {frozenset(words): words for hint in hints for words in _literals(hint)}


def _literals(hint: Any) -> Iterator[tuple[str, ...]]:
    if typing.get_origin(hint) is Literal:
        yield typing.get_args(hint)
    else:
        for part in typing.get_args(hint):
            yield from _literals(part)
