"""Reading key by key finds a mistake exactly when `msgspec.convert` does, and else makes the same programme."""

import copy
import tomllib
from decimal import Decimal
from pathlib import Path as File
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.rules.checking import contradictions
from terminal.rules.converting import convert_each
from terminal.rules.kinds import nearest
from terminal.rules.naming import names_of_nothing
from terminal.rules.programme import Programme
from terminal.rules.quantity import quantity_hook

TEXT = (File(__file__).parent.parent / "programmes/every_key.toml").read_text(encoding="utf-8")
DOCUMENT = tomllib.loads(TEXT, parse_float=Decimal)
HOOK = quantity_hook(2, 2)

JUNK = st.one_of(
    st.none().map(lambda _: {}),
    st.booleans(),
    st.integers(-5, 5) | st.just(10**30),
    st.decimals(-2, 200, places=3) | st.just(Decimal("NaN")) | st.just(Decimal("1E+400")),
    st.sampled_from(["", "percent", "cashback", "gold", "2026-05-01", "17:00-19:00", "x" * 100]),
    # Copied, since what is drawn may be changed further.
    st.sampled_from([[], [[]], [{}], [1], ["a"], {"kind": "money"}, {"a": 1}, [{"code": "a"}]]).map(copy.deepcopy),
)


def changed(data: st.DataObject) -> dict[str, Any]:
    """The whole document with some values taken out, replaced by junk, or junk put beside them."""
    document = copy.deepcopy(DOCUMENT)
    for _ in range(data.draw(st.integers(1, 4))):
        around: Any = document
        while True:
            key = data.draw(st.sampled_from(sorted(around) if isinstance(around, dict) else range(len(around))))
            inside = around[key]
            if not isinstance(inside, dict | list) or not inside or data.draw(st.integers(0, 4)) == 0:
                break
            around = inside
        match data.draw(st.sampled_from(["out", "junk", "beside"])):
            case "out":
                del around[key]
            case "junk":
                around[key] = data.draw(JUNK)
            case _ if isinstance(around, dict):
                around[data.draw(st.sampled_from(["colour", "percent", "code", "points"]))] = data.draw(JUNK)
            case _:
                around.append(data.draw(JUNK))
        if not document:
            break
    return document


@given(st.data())
def test_both_ways_agree(data: st.DataObject) -> None:
    document = changed(data)
    programme, findings = convert_each(document, HOOK)
    try:
        expected = msgspec.convert(document, Programme, dec_hook=HOOK)
    except msgspec.ValidationError:
        assert findings
        # What stands in for the wrong values can be looked at, whatever they were.
        list(contradictions(programme))
        list(names_of_nothing(programme))
    else:
        assert findings == []
        assert programme == expected


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("minimum_bil", ["minimum_bill", "name"], "minimum_bill"),
        ("SATURDAY", ["fri", "sat"], "sat"),
        ("uah", ["PLN", "UAH"], "UAH"),
        ("colour", ["code", "name"], None),
        ("", ["code"], None),
    ],
)
def test_the_nearest_word(word: str, known: list[str], meant: str | None) -> None:
    assert nearest(word, known) == meant
