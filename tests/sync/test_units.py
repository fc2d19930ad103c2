"""The files for systemd and Windows: each starts a command that there is, with options that it has."""

import re
from configparser import RawConfigParser
from pathlib import Path

import click
import pytest

from terminal.cli import main

UNITS = Path(__file__).parent.parent.parent / "sync" / "units"
SERVICES = sorted(UNITS.glob("*.service"))


def started(path: Path) -> list[list[str]]:
    """The commands of a service, or of the tasks that are registered on Windows."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".service":
        return [line.split()[1:] for line in re.findall(r"^ExecStart=(tillmate .*)$", text, re.MULTILINE)]
    return [line.split() for line in re.findall(r'/TR "\\"%~1\\" (.*?)"\s*\|\|', text)]


def is_known(words: list[str]) -> bool:
    """Tell whether a command takes these words: those that name it, and its options."""
    command: click.Command = main
    context = click.Context(main)
    rest = list(words)
    while isinstance(command, click.Group):
        found = command.get_command(context, rest.pop(0))
        if found is None:
            return False
        command = found
    options = {name for parameter in command.params for name in parameter.opts}
    return {word for word in rest if word.startswith("--")} <= options


@pytest.mark.parametrize("path", [*SERVICES, UNITS / "install-windows.cmd"], ids=lambda path: path.name)
def test_what_is_started_is_a_command(path: Path) -> None:
    commands = started(path)
    assert commands
    for words in commands:
        assert is_known(words), words
    assert not is_known([*commands[0], "--no-such-option"])


@pytest.mark.parametrize("path", sorted(UNITS.glob("*.timer")), ids=lambda path: path.name)
def test_a_timer_starts_its_service_and_makes_up_for_a_missed_night(path: Path) -> None:
    timer = RawConfigParser()
    timer.read_string(path.read_text(encoding="utf-8"))
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Timer"]["OnCalendar"]
    assert path.with_suffix(".service") in SERVICES


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_is_begun_by_a_timer_or_with_the_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.with_suffix(".timer").exists() or "WantedBy=multi-user.target" in text
    assert "User=tillmate" in text
