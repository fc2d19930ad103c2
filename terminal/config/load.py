"""Reading the config file, and saying what is wrong with it in words that mend it."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs
from msgspec.structs import FieldInfo, fields, replace

from terminal.config.sections import Config, description

CONFIG_VARIABLE = "TILLMATE_CONFIG"
"""The environment variable that names another config file."""

_KINDS = {
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number with a point",
    "bool": "true or false",
    "array": "a list in [ ]",
    "object": "a section",
}


class ConfigError(Exception):
    """The config cannot be used; `reason` says in which file and key, what is wrong and what to write."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def default_config_path(environ: Mapping[str, str] = os.environ) -> Path:
    """The config file when none is named: $TILLMATE_CONFIG, or the one in the user's own config folder."""
    named = environ.get(CONFIG_VARIABLE)
    return Path(named) if named else platformdirs.user_config_path("tillmate", appauthor=False) / "config.toml"


def load_config(path: Path) -> Config:
    """Read and check the config file; raises ConfigError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        told = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}). `tillmate init` writes one.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}.") from None
    try:
        config = msgspec.convert(told, Config, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise ConfigError(_explained(path, text, str(error))) from None
    return _resolved(config, path.absolute().parent)


def _path(kind: type, told: object) -> Path:
    assert kind is Path, kind
    if not isinstance(told, str) or not told or "\0" in told:
        raise ValueError("Expected a path in quotes")
    return Path(told)


def _resolved(config: Config, folder: Path) -> Config:
    """The same config with every path absolute: those that are relative start at the config file's folder."""
    url = config.printer.url
    if url.startswith("file:"):
        url = f"file:{folder / url.removeprefix('file:')}"
    return replace(
        config,
        till=replace(config.till, ledger=folder / config.till.ledger.expanduser()),
        key=replace(config.key, path=folder / config.key.path.expanduser()),
        printer=replace(
            config.printer, url=url, logo=str(folder / config.printer.logo) if config.printer.logo else ""
        ),
        site=replace(config.site, ca=str(folder / config.site.ca) if config.site.ca else ""),
        backup=replace(config.backup, folder=folder / config.backup.folder.expanduser()),
    )


def _explained(path: Path, text: str, error: str) -> str:
    """msgspec's sentence about a fault, as one that names the line and says what to write instead."""
    problem, _, place = error.partition(" - at `$.")
    section, _, key = re.sub(r"\[.*", "", place.rstrip("`")).partition(".")
    named = re.fullmatch(r"Object (contains unknown|missing required) field `(.*)`", problem, re.DOTALL)
    if named is None:
        key, problem = _said_first(key, problem)
    elif section:
        key = named[2]
    else:
        section = named[2]
    where = f"[{section}] {key}".strip()
    line = _line_of(text, section, key)
    at = f"{path}, line {line}: {where}" if line else f"{path}: {where}"
    if named and named[1].startswith("contains"):
        return f"{at} is not known. {_nearest(section, key)}"
    help_text = _help(section, key)
    if named:
        return f"{at} is missing. What belongs there: {help_text}"
    for kind, words in _KINDS.items():
        problem = problem.replace(f"`{kind}`", words)
    return f"{at} is wrong: {problem}. What belongs there: {help_text}"


def _said_first(key: str, problem: str) -> tuple[str, str]:
    """A section's own check names its key first ("timezone: ..."), since msgspec knows the section alone."""
    if not key and (own := re.match(r"([a-z0-9_]+): ", problem)):
        return own[1], problem[own.end() :]
    return key, problem


def _line_of(text: str, section: str, key: str) -> int | None:
    """The line, from 1, on which a key (or its section) stands; None when it is written in another form."""
    here, section_line = "", None
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[\s*\"?([^\]\"]*?)\"?\s*\]", line):
            here = header[1]
            section_line = number if here == section else section_line
        elif here == section and key and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return number
    return section_line


def _sections() -> dict[str, FieldInfo]:
    return {section.name: section for section in fields(Config)}


def _keys(section: str) -> dict[str, FieldInfo]:
    return {key.name: key for key in fields(_sections()[section].type)} if section in _sections() else {}


def _help(section: str, key: str) -> str:
    if key not in _keys(section):
        return f"a section [{section}] with the keys {', '.join(_keys(section))}."
    return description(_keys(section)[key])


def _nearest(section: str, key: str) -> str:
    """Where an unknown name was most likely meant to stand."""
    known = _keys(section) if key else _sections()
    if near := difflib.get_close_matches(key or section, known, n=1, cutoff=0.6):
        return f'Is "{near[0]}" meant?'
    if homes := [home for home in _sections() if key in _keys(home)]:
        return f"It belongs in the section [{homes[0]}]."
    return f"Known here: {', '.join(known)}."
