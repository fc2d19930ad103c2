"""A programme's TOML file, and the one way from there to the rules' `Programme`."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

from terminal.rules.checking import contradictions
from terminal.rules.doubting import doubts
from terminal.rules.limits import Finding, Mistake, Path, place_of, without_echoes
from terminal.rules.limits import ProgrammeError as ProgrammeError
from terminal.rules.naming import names_of_nothing
from terminal.rules.programme import CURRENCY_DECIMALS, Programme
from terminal.rules.quantity import quantity_hook
from terminal.rules.syntax import Read, read_toml

_KEPT = 32
_MOST_POINTS_DECIMALS = 4
_WITH_CODES = ("earn", "tiers", "offers", "stamps", "rewards", "memberships", "categories")


@lru_cache(maxsize=_KEPT)
def read_programme(text: str) -> Programme:
    """Read and check a programme's TOML; raise `ProgrammeError` with every mistake, its line and its reason.

    The same text gives the same object: what is worked out of a programme is kept by it.
    """
    read = read_toml(text)
    if read.found is None:
        raise ProgrammeError(read.mistakes)
    programme, findings = _converted(read, read.found)
    if not read.mistakes:
        findings += _senseless(programme, findings, read.found)
    mistakes = read.mistakes + (located(read.text, findings) if findings else [])
    if mistakes:
        raise ProgrammeError(sorted(mistakes, key=lambda one: one.line))
    return programme


def doubts_about(programme: Programme, text: str) -> list[Mistake]:
    """Return what is possible and yet hardly meant, with its line; none of it keeps a programme from use."""
    findings = list(doubts(programme))
    return sorted(located(text, findings), key=lambda one: one.line) if findings else []


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
        # What seems to be missing may stand on a line that could not be read.
        return programme, [one for one in findings if one.path[-1] not in read.unread or _stands(found, one.path)]


def _stands(found: Any, path: Path) -> bool:
    """Tell whether a place has a value in the document."""
    for part in path:
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _senseless(programme: Programme, known: list[Finding], found: dict[str, Any]) -> list[Finding]:
    """Return what contradicts itself or names nothing, but for what only follows from what is known."""
    findings = list(contradictions(programme))
    # A code or a whole list that is wrong leaves others that name nothing, through no fault of theirs.
    lost = any(one.path[0] in _WITH_CODES and not isinstance(found[str(one.path[0])], dict)
               for one in known if len(one.path) == 1)  # fmt: skip
    if not lost and not any(one.path[-1] == "code" for one in known):
        findings += names_of_nothing(programme)
    return without_echoes(findings, known)


def _currency_decimals(found: dict[str, Any]) -> int:
    currency = found.get("currency")
    return CURRENCY_DECIMALS.get(currency, 2) if isinstance(currency, str) else 2


def _points_decimals(found: dict[str, Any]) -> int:
    decimals = found.get("points_decimals", 0)
    return decimals if isinstance(decimals, int) and 0 <= decimals <= _MOST_POINTS_DECIMALS else 0
