"""A TOML document made into a programme key by key, so that every mistake in it is found at once.

`msgspec.convert` is quicker and stops at the first mistake; this is asked only after it found one.
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import inspect

from terminal.rules.kinds import harmless, nearest, one_of, python_type, wanted, words_of
from terminal.rules.limits import Finding, Path, without_echoes
from terminal.rules.phrase import Listed, Phrase, phrase
from terminal.rules.programme import Programme

Hook = Callable[[type, Any], Any]
_SHOWN = 40
_BROKEN = object()


def convert_each(found: dict[str, Any], hook: Hook) -> tuple[Programme, list[Finding]]:
    """Return the programme with something harmless in the place of what is wrong, and all that is wrong."""
    kind = inspect.type_info(Programme)
    assert isinstance(kind, inspect.StructType)
    reading = _Reading(hook)
    programme = reading.table(kind, found, ())
    return programme, without_echoes(reading.findings)


class _Reading:
    """One document being read."""

    def __init__(self, hook: Hook) -> None:
        self.findings: list[Finding] = []
        self._hook = hook

    def table(self, kind: inspect.StructType, found: Any, path: Path, siblings: "_Kinds | None" = None) -> Any:
        """Read a table; `siblings` are the kinds of its list, which may know the keys that this one does not."""
        fields = {field.encode_name: field for field in kind.fields}
        unknown = [key for key in found if key not in fields and key != kind.tag_field]
        meant = {nearest(key, fields) for key in unknown}
        for key in unknown:
            self._unknown_key(key, fields, (*path, key), siblings)
        values = {}
        for key, field in fields.items():
            value = _BROKEN
            if key in found:
                value = self._value(field.type, found[key], (*path, key))
            elif field.required and key not in meant:
                self._note((*path, key), phrase("The key “{key}” is missing.", key=key), wanted(field.type))
            if value is not _BROKEN or field.required:
                values[field.name] = harmless(field.type) if value is _BROKEN else value
        return kind.cls(**values)

    def _value(self, kind: inspect.Type, found: Any, path: Path) -> Any:
        match kind:
            case inspect.Metadata():
                return self._value(kind.type, found, path)
            case inspect.UnionType():
                kinds = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
                if len(kinds) > 1:
                    return self._tagged(_Kinds(kinds), found, path)
                return self._value(kinds[0], found, path)
            case inspect.StructType():
                return self.table(kind, found, path) if isinstance(found, dict) else self._refuse(kind, found, path)
            case inspect.VarTupleType():
                return self._list(kind, found, path)
            case inspect.FrozenSetType():
                if not isinstance(found, list):
                    return self._refuse(kind, found, path)
                each = (self._value(kind.item_type, one, (*path, i)) for i, one in enumerate(found))
                return frozenset(one for one in each if one is not _BROKEN)
            case _:
                return self._leaf(kind, found, path)

    def _list(self, kind: inspect.VarTupleType, found: Any, path: Path) -> Any:
        of_tables = isinstance(kind.item_type, inspect.StructType | inspect.UnionType)
        if of_tables and isinstance(found, dict):
            name = str(path[-1])
            self._note(
                path,
                phrase("There can be several of these, so each begins with two brackets."),
                phrase("Write {brackets}.", brackets=f"[[{name}]]"),
            )
            found = [found]
        if not isinstance(found, list):
            return self._refuse(kind, found, path)
        if kind.max_length is not None and len(found) > kind.max_length:
            few = phrase("There are {count} of these; {most} at most.", count=len(found), most=kind.max_length)
            self._note(path, few)
        each = (self._value(kind.item_type, one, (*path, i)) for i, one in enumerate(found[: kind.max_length]))
        return tuple(one for one in each if one is not _BROKEN)

    def _tagged(self, kinds: "_Kinds", found: Any, path: Path) -> Any:
        """Read a table whose `kind` says which keys it has; of an unknown kind only the keys of none are wrong."""
        if not isinstance(found, dict):
            return self._refuse(kinds.any, found, path)
        word = found.get(kinds.key)
        if isinstance(word, str) and word in kinds.by_tag:
            return self.table(kinds.by_tag[word], found, path, kinds)
        place = (*path, kinds.key)
        words = Listed(tuple(kinds.by_tag))
        if word is None:
            missing = phrase("The key “{key}” is missing.", key=kinds.key)
            self._note(place, missing, phrase("Write one of: {words}.", words=words))
        else:
            self._note(place, phrase("There is no kind “{kind}”.", kind=str(word)[:_SHOWN]),
                       one_of(str(word), kinds.by_tag))  # fmt: skip
        like = nearest(word, kinds.by_tag) if isinstance(word, str) else None
        if like is not None:
            return self.table(kinds.by_tag[like], found, path, kinds)
        known = {key: value for key, value in found.items() if kinds.knows(key)}
        for key in found.keys() - known.keys():
            self._unknown_key(key, (), (*path, key), kinds)
        inner = _Reading(self._hook)
        common = {field.encode_name for field in kinds.any.fields}
        table = inner.table(kinds.any, {key: known[key] for key in known.keys() & common}, path, kinds)
        self.findings += [one for one in inner.findings if one.path[len(path)] in known]
        return table

    def _leaf(self, kind: inspect.Type, found: Any, path: Path) -> Any:
        try:
            return msgspec.convert(found, python_type(kind), dec_hook=self._hook)
        except msgspec.ValidationError:
            return self._refuse(kind, found, path)

    def _refuse(self, kind: inspect.Type, found: Any, path: Path) -> Any:
        instead = wanted(kind)
        if isinstance(kind, inspect.LiteralType | inspect.EnumType) and isinstance(found, str):
            instead = one_of(found, words_of(kind))
        self._note(path, phrase("This can't be {value}.", value=_shown(found)), instead)
        return _BROKEN

    def _unknown_key(self, key: str, known: Iterable[str], path: Path, siblings: "_Kinds | None") -> None:
        reason = phrase("There is no key “{key}” here.", key=key)
        kinds = [tag for tag, kind in siblings.by_tag.items() if key in _keys(kind)] if siblings else []
        like = nearest(key, known)
        if kinds:
            instead = phrase("Kinds that have it: {kinds}.", kinds=Listed(tuple(kinds)))
        elif like is not None:
            instead = phrase("Did you mean “{word}”?", word=like)
        elif len(path) > 1 and key in _TOP:
            instead = phrase("It belongs to the top of the file, above the first [table].")
        else:
            instead = phrase("Take the line out.")
        self._note(path, reason, instead)

    def _note(self, path: Path, reason: Phrase, instead: Phrase | None = None) -> None:
        self.findings.append(Finding(path, reason, instead))


class _Kinds:
    """The kinds that a table of a list may have."""

    def __init__(self, kinds: list[inspect.Type]) -> None:
        structs = [one for one in kinds if isinstance(one, inspect.StructType)]
        self.any = structs[0]
        self.key = structs[0].tag_field or ""
        self.by_tag = {str(one.tag): one for one in structs}

    def knows(self, key: str) -> bool:
        """Tell whether any kind has the key."""
        return key == self.key or any(key in _keys(kind) for kind in self.by_tag.values())


def _keys(kind: inspect.StructType) -> set[str]:
    return {field.encode_name for field in kind.fields}


def _shown(value: object) -> str:
    """Show a value as its author knows it, shortened."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value[:_SHOWN]}"'
        case dict():
            return "{ }"
        case list():
            return "[ ]"
        case _:
            return str(value)[:_SHOWN]


_TOP = Programme.__struct_encode_fields__
