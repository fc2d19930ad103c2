"""Writing a config file: every key with its comment, and never over what stands there."""

import json
import os
import textwrap
from pathlib import Path
from typing import Any

from msgspec.structs import fields

from terminal.config.load import ConfigError
from terminal.config.sections import Config, description


def config_text(config: Config) -> str:
    """The config as TOML with every key and, above each, its comment."""
    parts = []
    for section in fields(Config):
        settings = getattr(config, section.name)
        lines = [_comment(section.type.__doc__), f"[{section.name}]\n"]
        for key in fields(section.type):
            lines += [_comment(description(key)), f"{key.name} = {toml_value(getattr(settings, key.name))}\n\n"]
        parts.append("".join(lines))
    return "\n".join(parts).rstrip() + "\n"


def _comment(text: str) -> str:
    lines = textwrap.wrap(" ".join(text.split()), 98, break_on_hyphens=False)
    return "".join(f"# {line}\n" for line in lines)


def toml_value(told: Any) -> str:
    """A setting as it is written in TOML."""
    match told:
        case bool() | int():
            return json.dumps(told)
        case tuple():
            return f"[{', '.join(toml_value(part) for part in told)}]"
        case _:
            return json.dumps(str(told), ensure_ascii=False).replace("\x7f", "\\u007f")


def write_config(path: Path, config: Config) -> None:
    """Write a commented config file that its owner alone can read; raises ConfigError if one stands there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, config_text(config).encode())
    except FileExistsError:
        raise ConfigError(f"{path}: stands already. Move it away to write a new one.") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror}).") from None


def write_private(path: Path, data: bytes) -> None:
    """Make a file that its owner alone can read (0600), synced with its folder entry, whole or not at all.

    Raises FileExistsError rather than touch what stands there, and OSError when the disk refuses.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
