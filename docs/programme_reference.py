"""Writes the reference of all keys into docs/programme.md, made of the types that a programme is read into.

python docs/programme_reference.py
"""

import inspect as python
import sys
import typing
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from msgspec import inspect

from terminal.rules.conditions import Birthday, Conditions, Goods, GoodsChosen, When, Who
from terminal.rules.kinds import words_of
from terminal.rules.programme import Programme
from terminal.rules.quantity import Hours, Minor, MinorAboveZero, Ratio, Share, Units, UnitsAboveZero
from terminal.rules.table import Table

PAGE = Path(__file__).parent / "programme.md"
BEGIN, END = "<!-- keys -->\n", "<!-- end of keys -->\n"
FIGURES: dict[type, str] = {
    Share: "percent",
    Ratio: "number above 0",
    Minor: "sum",
    MinorAboveZero: "sum above 0",
    Units: "points",
    UnitsAboveZero: "points above 0",
    Hours: 'hours, `"17:00-19:00"`',
}
SHARED: dict[type[Table], str] = {
    Conditions: "Conditions of a rule",
    GoodsChosen: "Goods of a rule",
    Goods: "Goods",
    When: "Days and hours: `when`",
    Birthday: "Birthday",
    Who: "Customers: `who`",
}
"""Tables that stand in several others, told once."""


def reference() -> str:
    """Return the whole reference as Markdown."""
    programme = inspect.type_info(Programme)
    assert isinstance(programme, inspect.StructType)
    parts = ["### The top of the file", table(programme, Programme)]
    for field in programme.fields:
        parts += section(field)
    for shared, title in SHARED.items():
        struct = inspect.type_info(shared)
        assert isinstance(struct, inspect.StructType)
        parts += [f"### {title}", doc(shared), *also(shared), table(struct, shared)]
    return "\n\n".join(parts) + "\n"


def section(field: inspect.Field) -> Iterator[str]:
    """Tell the table of the file that a key of the programme opens, if it does."""
    kind, several = bare(field.type)
    if isinstance(kind, inspect.StructType):
        yield f"### `{brackets(field.encode_name, several)}`"
        yield doc(kind.cls)
        yield from also(kind.cls)
        yield table(kind, kind.cls)
    elif isinstance(kind, inspect.UnionType):
        kinds = [one for one in kind.types if isinstance(one, inspect.StructType)]
        terms = kinds[0].cls.__bases__[0]
        yield f"### `{brackets(field.encode_name, several)}`"
        yield doc(terms)
        yield from also(terms)
        yield table(kinds[0], terms)
        for one in kinds:
            yield f'**`kind = "{one.tag}"`**: {doc(one.cls)}'
            if any(defined_in(one.cls, each.name) is one.cls for each in one.fields):
                yield table(one, one.cls)


def table(kind: inspect.StructType, cls: type) -> str:
    """Return the keys that one class defines, as a Markdown table."""
    rows = ["| key | value | left out | meaning |", "|---|---|---|---|"]
    for field in kind.fields:
        if defined_in(kind.cls, field.name) is cls:
            cells = (f"`{field.encode_name}`", value(field.type, field.encode_name), default(field), meaning(field))
            rows.append(f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |")
    return "\n".join(rows)


def value(kind: inspect.Type, key: str) -> str:
    """Say which values a key takes."""
    match kind:
        case inspect.Metadata():
            return value(kind.type, key)
        case inspect.UnionType():
            return value(bare(kind)[0], key)
        case inspect.VarTupleType() if isinstance(bare(kind)[0], inspect.StructType | inspect.UnionType):
            most = f", {kind.max_length} at most" if kind.max_length else ""
            return f"tables `[[{key}]]`{most}"
        case inspect.VarTupleType() | inspect.FrozenSetType():
            return f"list of: {value(kind.item_type, key)}"
        case inspect.StructType():
            shared = SHARED.get(kind.cls)
            return f"table, see [{shared.split(':')[0]}](#{anchor(shared)})" if shared else f"table `[{key}]`"
        case _:
            return single(kind)


def single(kind: inspect.Type) -> str:
    """Say which values a key takes that has one."""
    match kind:
        case inspect.StrType():
            return f"text, up to {kind.max_length} characters" if kind.max_length else "text"
        case inspect.IntType():
            return f"whole number, {kind.ge} to {kind.le}"
        case inspect.BoolType():
            return "`true` or `false`"
        case inspect.DateType():
            return "day, `2026-05-01`"
        case inspect.LiteralType() | inspect.EnumType():
            return ", ".join(f'`"{word}"`' for word in words_of(kind))
        case inspect.CustomType():
            return FIGURES[kind.cls]
    raise AssertionError(kind)


def default(field: inspect.Field) -> str:
    """Say what holds when a key is left out."""
    if field.required:
        return "**needed**"
    match field.default:
        case bool() as answer:
            return f"`{str(answer).lower()}`"
        case Fraction() as number:
            return f"`{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():f}`"
        case str() as word if word:
            return f'`"{word}"`'
        case int() as number:
            return f"`{number}`"
    return ""


def meaning(field: inspect.Field) -> str:
    """Return what is told of a key beside its type."""
    kind = field.type
    assert isinstance(kind, inspect.Metadata), field.name
    return str((kind.extra_json_schema or {})["description"])


def also(cls: type) -> Iterator[str]:
    """Say which shared keys a table has besides its own."""
    for above in cls.__mro__[1:]:
        if above in SHARED:
            title = SHARED[above]
            yield f"It has the keys of [{title.lower()}](#{anchor(title)}) too."
            return


def bare(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    """Return a key's type without None, and whether it is a list's."""
    match kind:
        case inspect.Metadata():
            return bare(kind.type)
        case inspect.VarTupleType():
            return bare(kind.item_type)[0], True
        case inspect.UnionType():
            some = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
            return (bare(some[0])[0], False) if len(some) == 1 else (kind, False)
    return kind, False


def defined_in(cls: type, name: str) -> type:
    """Return the class that a field was written in."""
    return next(one for one in reversed(cls.__mro__) if name in typing.get_type_hints(one))


def brackets(key: str, several: bool) -> str:
    """Write how a table begins in the file."""
    return f"[[{key}]]" if several else f"[{key}]"


def anchor(title: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return title.lower().replace(":", "").replace("`", "").replace(" ", "-")


def doc(cls: type) -> str:
    """Return a class's docstring on one line."""
    return " ".join((python.getdoc(cls) or "").split())


def page(text: str) -> str:
    """Put the reference into the page, between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{reference()}\n{END}{after}"


if __name__ == "__main__":
    sys.stdout.write(f"{PAGE}\n")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
