"""Changing some keys of a config file that stands, and leaving every other line as its owner wrote it."""

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from terminal.config.load import ConfigError, load_config
from terminal.config.write import toml_value

_HEADER = re.compile(r"\s*\[\s*\"?([^\]\"]*?)\"?\s*\]")


def change_config(path: Path, section: str, settings: Mapping[str, Any]) -> None:
    """Set keys of a section; raises ConfigError, and then the file is as it was.

    Whole or not at all: the new text is read back from a file beside it before it takes the old one's place.
    """
    try:
        before = path.read_bytes().decode("utf-8-sig")
        mode = path.stat().st_mode & 0o777
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(changed(before, section, settings))
                file.flush()
                os.fsync(file.fileno())
            _check(fresh, path)
            fresh.chmod(mode)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror}).") from None


def _check(fresh: Path, path: Path) -> None:
    try:
        load_config(fresh)
    except ConfigError as fault:
        raise ConfigError(fault.reason.replace(str(fresh), str(path))) from None


def changed(text: str, section: str, settings: Mapping[str, Any]) -> str:
    """The config's text with these keys set: in their own lines where they stand, otherwise below the header."""
    lines = text.splitlines()
    header = next((at for at, line in enumerate(lines) if _section(line) == section), None)
    if header is None:
        lines += ["", f"[{section}]"]
        header = len(lines) - 1
    for key, value in settings.items():
        written = f"{key} = {toml_value(value)}"
        first, last = _place(lines, header, key)
        lines[first:last] = [written]
    return "\n".join(lines) + "\n"


def _place(lines: list[str], header: int, key: str) -> tuple[int, int]:
    """The lines that a key takes, a list over several too; an empty place after the header when it has none."""
    own = re.compile(rf"\s*\"?{re.escape(key)}\"?\s*=")
    for at in range(header + 1, len(lines)):
        if _section(lines[at]) is not None:
            break
        if own.match(lines[at]):
            last = at + 1
            while not _is_whole("\n".join(lines[at:last])) and last < len(lines):
                last += 1
            return at, last
    return header + 1, header + 1


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _section(line: str) -> str | None:
    found = _HEADER.match(line)
    return found[1] if found else None
