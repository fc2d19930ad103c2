"""The rules of the house that no linter knows: sizes, docstrings, what lies where, commands that docs name."""

import ast
import fnmatch
import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
PACKAGES = ("terminal", "printers", "sync")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MOST_MODULE_LINES = 400
MOST_FUNCTION_LINES = 70
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "benchmarks",
    "config.example.toml",
    "constraints.txt",
    "docs",
    "printers",
    "pyproject.toml",
    "sync",
    "terminal",
    "tests",
}


def inside(path: Path) -> str:
    """The path as seen from the repository's top, for a message."""
    return path.relative_to(ROOT).as_posix()


def kept_files() -> list[str]:
    """Every file that git keeps, from the top; where there is no git, every file that .gitignore lets through."""
    if (ROOT / ".git").exists():
        command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        return [name for name in listed.split("\0") if name]
    ignored = [line.strip().rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line.strip()]
    return [
        inside(path)
        for path in ROOT.rglob("*")
        if path.is_file()
        and not any(fnmatch.fnmatch(part, one) for part in path.relative_to(ROOT).parts for one in ignored)
    ]


def functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Each function's name and its length in lines, decorators and docstring counted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            yield node.name, (node.end_lineno or first) - first + 1


def make_targets(text: str) -> set[str]:
    """The targets that a text tells its reader to make: `make test` in code or in a block of it."""
    targets: set[str] = set()
    for code in re.findall(r"```.*?```|`[^`]+`", text, re.DOTALL):
        targets.update(re.findall(r"(?:^|[`\s&;])make +([a-z][a-z-]*)", code))
    return targets


def test_the_three_packages_are_looked_at() -> None:
    assert {inside(path).split("/")[0] for path in MODULES} == set(PACKAGES)


@pytest.mark.parametrize("path", MODULES, ids=inside)
def test_a_module_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    lines = len(text.splitlines())
    assert lines <= MOST_MODULE_LINES, f"{inside(path)} has {lines} lines"
    assert ast.get_docstring(tree), f"{inside(path)} has no docstring"
    long = {name: length for name, length in functions(tree) if length > MOST_FUNCTION_LINES}
    assert not long, f"{inside(path)}: {long}"


def test_a_long_function_would_be_found() -> None:
    body = "\n".join("    x = 1" for _ in range(MOST_FUNCTION_LINES))
    assert list(functions(ast.parse(f"@cache\ndef long():\n{body}\n"))) == [("long", MOST_FUNCTION_LINES + 2)]


def test_the_pins_name_no_place_to_fetch_from() -> None:
    pin = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.+!]*( ; [A-Za-z0-9_ .'<>=()!-]+)? \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert any(pin.fullmatch(line) for line in lines)
    assert [line for line in lines if not pin.fullmatch(line) and not digest.fullmatch(line)] == []


@pytest.mark.parametrize("source", sorted((ROOT / "terminal/locale").glob("*/LC_MESSAGES/*.po")), ids=inside)
def test_a_compiled_catalogue_says_what_its_source_says(source: Path) -> None:
    compiled = io.BytesIO()
    with source.open("rb") as written:
        write_mo(compiled, read_po(written, locale=source.parent.parent.name))
    assert source.with_suffix(".mo").read_bytes() == compiled.getvalue(), "make messages compiles it"


def test_the_top_level_holds_what_it_may() -> None:
    assert {name.split("/")[0] for name in kept_files()} <= TOP_LEVEL


def test_a_file_is_kept_only_where_git_does_not_ignore_it() -> None:
    assert "pyproject.toml" in kept_files()
    assert not [name for name in kept_files() if "__pycache__" in name or name.startswith(".venv/")]


@pytest.mark.parametrize("page", [name for name in kept_files() if name.endswith(".md")])
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    made = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = make_targets((ROOT / page).read_text(encoding="utf-8"))
    assert named <= made


def test_targets_are_read_from_code_only() -> None:
    text = "We make sure: `make test`, then\n```sh\ncd till && make run\n```\nand make hay."
    assert make_targets(text) == {"test", "run"}
