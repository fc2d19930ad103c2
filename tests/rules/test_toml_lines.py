"""The line of every key: each place that tomllib reads stands on the line that is told."""

import tomllib
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import pytest

from terminal.rules.limits import Path
from terminal.rules.toml_lines import line_at, lines_of

TEXT = """\
a = 1
"b c".d = 2  # a comment
[x.'y z']
k = [ # of several lines
  "one",
  { in = 1, at = { deep = 2 } },
]

[[list]]
k = 1
[list.below]
k = 2
[[list.more]]
[[list.more]]
k = 3
[[list]]
k = '''
of
several'''
l = 4
"""


def values(found: Any, path: Path = ()) -> Iterator[Path]:
    """The places of single values."""
    parts = enumerate(found) if isinstance(found, list) else found.items() if isinstance(found, dict) else None
    if parts is None:
        yield path
    else:
        for part, value in parts:
            yield from values(value, (*path, part))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("b c", "d"), 2),
        (("x", "y z"), 3),
        (("x", "y z", "k"), 4),
        (("x", "y z", "k", 0), 5),
        (("x", "y z", "k", 1, "at", "deep"), 6),
        (("list", 0), 9),
        (("list", 0, "k"), 10),
        (("list", 0, "below"), 11),
        (("list", 0, "below", "k"), 12),
        (("list", 0, "more", 1, "k"), 15),
        (("list", 1, "k"), 17),
        (("list", 1, "l"), 20),
        (("list", 1, "missing"), 16),
        (("missing",), 1),
    ],
)
def test_a_place_has_its_line(path: Path, line: int) -> None:
    assert line_at(lines_of(TEXT), path) == line


ROOT = File(__file__).parent.parent.parent


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("docs/programmes/*/programme.toml")), ids=lambda file: file.parent.name
)
def test_every_key_of_a_programme_stands_on_its_line(file: File) -> None:
    text = file.read_text(encoding="utf-8")
    lines, written = lines_of(text), text.splitlines()
    for path in values(tomllib.loads(text)):
        keys = [part for part in path if isinstance(part, str)]
        assert keys[-1] in written[lines[path] - 1], path
