"""A programme's TOML file, and the one way from there to the rules' `Programme`."""

from collections.abc import Iterable
from typing import Any

import msgspec

from terminal.rules.checking import contradictions
from terminal.rules.limits import Finding, Mistake, place_of, without_echoes
from terminal.rules.limits import ProgrammeError as ProgrammeError
from terminal.rules.naming import names_of_nothing
from terminal.rules.programme import CURRENCY_DECIMALS, Programme
from terminal.rules.quantity import quantity_hook
from terminal.rules.syntax import Read, read_toml

_MOST_POINTS_DECIMALS = 4


def read_programme(text: str) -> Programme:
    """Read and check a programme's TOML; raise `ProgrammeError` with every mistake, its line and its reason."""
    read = read_toml(text)
    if read.found is None:
        raise ProgrammeError(read.mistakes)
    programme, findings = _converted(read, read.found)
    if not read.mistakes:
        findings += _senseless(programme, findings)
    mistakes = read.mistakes + (located(read.text, findings) if findings else [])
    if mistakes:
        raise ProgrammeError(sorted(mistakes, key=lambda one: one.line))
    return programme


def located(text: str, findings: Iterable[Finding]) -> list[Mistake]:
    """Find the lines of what was found in a programme's text."""
    # Loaded here alone: a till that starts has no mistakes to place.
    from terminal.rules.toml_lines import line_at, lines_of

    lines = lines_of(text)
    return [Mistake(place_of(one.path), line_at(lines, one.path), one.reason, one.instead) for one in findings]


def _converted(read: Read, found: dict[str, Any]) -> tuple[Programme, list[Finding]]:
    hook = quantity_hook(_currency_decimals(found), _points_decimals(found))
    try:
        return msgspec.convert(found, Programme, dec_hook=hook), []
    except msgspec.ValidationError:
        from terminal.rules.converting import convert_each

        programme, findings = convert_each(found, hook)
        return programme, [one for one in findings if not read.unread.intersection(one.path)]


def _senseless(programme: Programme, known: list[Finding]) -> list[Finding]:
    """Return what contradicts itself or names nothing, but for what only follows from what is known."""
    findings = list(contradictions(programme))
    # A code or a whole list that is wrong leaves others that name nothing, through no fault of theirs.
    if not any(len(one.path) == 1 or one.path[-1] == "code" for one in known):
        findings += names_of_nothing(programme)
    return without_echoes(findings, known)


def _currency_decimals(found: dict[str, Any]) -> int:
    currency = found.get("currency")
    return CURRENCY_DECIMALS.get(currency, 2) if isinstance(currency, str) else 2


def _points_decimals(found: dict[str, Any]) -> int:
    decimals = found.get("points_decimals", 0)
    return decimals if isinstance(decimals, int) and 0 <= decimals <= _MOST_POINTS_DECIMALS else 0
