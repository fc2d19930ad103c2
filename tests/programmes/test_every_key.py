"""The file that has every key: it is read, and each key of it changes what people are told of the programme."""

import copy
import tomllib
from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from pathlib import Path as File
from typing import Any, get_type_hints

import msgspec
import pytest
from msgspec import inspect

from terminal.locale.words import LANGUAGES, Words
from terminal.rules.document import read_programme
from terminal.rules.explaining import explain
from terminal.rules.explaining_terms import Audience
from terminal.rules.limits import Path
from terminal.rules.programme import Programme
from terminal.rules.quantity import quantity_hook

TEXT = (File(__file__).parent / "every_key.toml").read_text(encoding="utf-8")

# What excludes something else in the file.
OTHERWISE = (
    TEXT.replace("after_months = 6", "after_days = 90")
    .replace(
        'by = "points"\nperiod = "quarter"\nrises = "next-period"\nkeeps = "period"',
        'period = "rolling"\ndays = 90',
    )
    .replace("from_points = 0", "from_spend = 0")
    .replace("from_points = 500", "from_spend = 500")
    .replace("earn_or_spend = true", "spend_earned_at_once = true")
)
FILES = {"as it is": TEXT, "otherwise": OTHERWISE}


def told(programme: Programme, audience: Audience = "cashier", language: str = "en") -> str:
    words = Words(language, programme.currency, UTC, programme.points_decimals)
    return "\n".join(
        "\n".join(
            [
                words.say(section.title),
                *(words.say(one) for point in section.points for one in (point.said, *point.details)),
            ]
        )
        for section in explain(programme, audience)
    )


def found(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def keys(kind: inspect.Type, value: Any, path: Path = ()) -> Iterator[tuple[Path, tuple[str, str]]]:
    """Every key that is written: its place, and the class that defines it with its name."""
    match kind:
        case inspect.Metadata():
            yield from keys(kind.type, value, path)
        case inspect.UnionType():
            structs = [one for one in kind.types if isinstance(one, inspect.StructType)]
            for one in structs:
                if len(structs) == 1 or one.tag == value["kind"]:
                    yield from keys(one, value, path)
        case inspect.VarTupleType() if isinstance(value, list):
            for i, one in enumerate(value):
                yield from keys(kind.item_type, one, (*path, i))
        case inspect.StructType():
            for field in kind.fields:
                if field.encode_name in value:
                    place = (*path, field.encode_name)
                    yield place, (defined_in(kind.cls, field.name), field.name)
                    yield from keys(field.type, value[field.encode_name], place)
        case _:
            pass


def known(kind: inspect.Type) -> Iterator[tuple[str, str]]:
    """Every key that there is, with the class that defines it."""
    match kind:
        case inspect.Metadata():
            yield from known(kind.type)
        case inspect.UnionType():
            for one in kind.types:
                yield from known(one)
        case inspect.VarTupleType():
            yield from known(kind.item_type)
        case inspect.StructType():
            for field in kind.fields:
                yield defined_in(kind.cls, field.name), field.name
                yield from known(field.type)
        case _:
            pass


def defined_in(cls: type, name: str) -> str:
    return next(one.__name__ for one in reversed(cls.__mro__) if name in get_type_hints(one))


TYPE = inspect.type_info(Programme)
WRITTEN = [
    pytest.param(text, place, id=f"{name}: {'.'.join(map(str, place))}")
    for name, text in FILES.items()
    for place, _ in keys(TYPE, found(text))
    # Codes are for the file, unless customers type them: people are told names.
    if place[-1] != "code" or place[0] in ("promo_codes", "earn")
]


def test_it_has_every_key_there_is() -> None:
    written = {defined for text in FILES.values() for _, defined in keys(TYPE, found(text))}
    assert written == set(known(TYPE))


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_it_is_a_programme(text: str) -> None:
    assert read_programme(text).name == "Everything"


@pytest.mark.parametrize(("text", "place"), WRITTEN)
def test_each_key_changes_what_is_told(text: str, place: Path) -> None:
    document = found(text)
    around: Any = document
    for part in place[:-1]:
        around = around[part]
    removed = copy.deepcopy(around.pop(place[-1]))
    without = possible(document)
    if without is None:
        # A key that is needed is told by its value.
        around[place[-1]] = another(removed)
        without = possible(document)
    assert without is not None
    assert told(without) != told(read_programme(text))


def possible(document: dict[str, Any]) -> Programme | None:
    """The programme, if all that is needed is there."""
    try:
        programme = msgspec.convert(document, Programme, dec_hook=quantity_hook(2, 2))
    except msgspec.ValidationError:
        return None
    # Of these two keys a tier needs one.
    lost = any(tier.from_points is None and tier.from_spend_minor is None for tier in programme.tiers)
    return None if lost else programme


def another(value: Any) -> Any:
    """A value of the same kind that is not the same."""
    others = {"PLN": "EUR", "expiring": "birthday", "sms": "email"}
    match value:
        case str():
            return others.get(value, f"{value}-2")
        case int() | Decimal():
            return value + 1
        case _:
            return value.replace(year=value.year + 1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_it_is_told_in_every_language(text: str, language: str) -> None:
    assert told(read_programme(text), language=language)


def test_customers_are_told_less_than_cashiers() -> None:
    programme = read_programme(TEXT)
    customers, cashiers = told(programme, "customer"), told(programme)
    for secret in ("HALF", "4820000000017", "half to the even"):
        assert secret in cashiers
        assert secret not in customers
