"""Programmes that can't be used, each beside what is told of it: every mistake with its line and what to write."""

from datetime import UTC
from pathlib import Path

import pytest

from terminal.locale.words import Words
from terminal.rules.document import ProgrammeError, read_programme

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.toml"))


def test_there_are_many() -> None:
    assert len(BROKEN) >= 30


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_every_mistake_is_told_at_its_line(file: Path) -> None:
    with pytest.raises(ProgrammeError) as fault:
        read_programme(file.read_text(encoding="utf-8"))
    words = Words("en", "UAH", UTC)
    told = [words.say(mistake.told) for mistake in fault.value.mistakes]
    assert told == file.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
