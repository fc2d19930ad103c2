"""What is wrong with a programme: each mistake with its place, its line, the reason and what to write instead."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from terminal.rules.phrase import Phrase, in_english, phrase

Path = tuple[str | int, ...]
"""A place in the document: keys, and positions in lists from 0, such as ("earn", 0, "percent")."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something at a place of a programme, before its line is known."""

    path: Path
    reason: Phrase
    instead: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in the file: `line` is from 1, 0 is the file as a whole; `place` is such as `earn[0].percent`."""

    place: str
    line: int
    reason: Phrase
    instead: Phrase | None = None

    @property
    def told(self) -> Phrase:
        """The mistake in one line, for a person: the line says which of several tables is meant."""
        parts: dict[str, str | int | Phrase] = {
            "line": self.line,
            "place": re.sub(r"\[\d+\]", "", self.place),
            "reason": self.reason,
        }
        text = phrase("{reason}", **parts)
        if self.line:
            text = phrase("Line {line}: {reason}", **parts)
        if self.line and self.place:
            text = phrase("Line {line}, {place}: {reason}", **parts)
        if self.instead is None:
            return text
        return phrase("{mistake} {instead}", mistake=text, instead=self.instead)


class ProgrammeError(ValueError):
    """A programme that can't be used: every mistake that was found, at least one."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        assert self.mistakes
        super().__init__("\n".join(map(_in_english, self.mistakes)))


def _in_english(mistake: Mistake) -> str:
    said = " ".join(in_english(part) for part in (mistake.reason, mistake.instead) if part is not None)
    return f"line {mistake.line}, {mistake.place}: {said}"


def place_of(path: Path) -> str:
    """Write a path as the document's readers know it: `earn[0].percent`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def without_echoes(findings: Iterable[Finding], known: Iterable[Finding] = ()) -> list[Finding]:
    """Leave out what only follows from another mistake: at its place, below it, or at a table around `known`."""
    kept: list[Finding] = []
    around = {one.path[:length] for one in known for length in range(1, len(one.path) + 1)}
    broken = {one.path for one in known}
    for one in findings:
        above = {one.path[:length] for length in range(len(one.path) + 1)}
        if one.path not in around and not above & broken:
            kept.append(one)
            broken.add(one.path)
    return kept
