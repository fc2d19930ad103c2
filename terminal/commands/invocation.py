"""What every command is given: the config file that was named, and the words to answer in."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from pathlib import Path
from random import SystemRandom
from typing import Self

import click

from terminal.config import Config, ConfigError, default_config_path, load_config
from terminal.desk.till import Till
from terminal.ledger.lock import hold_till
from terminal.locale.words import LANGUAGES, Words
from terminal.rules.phrase import Phrase, phrase
from terminal.wiring import open_till, system_clock, words_of


@dataclass
class Invocation:
    """One call of `tillmate`. The config is read when it is first needed."""

    config_path: Path

    @classmethod
    def of(cls, named: Path | None) -> Self:
        """Take the config file that was named, or the usual one."""
        return cls(named or default_config_path())

    @cached_property
    def config(self) -> Config:
        """The config; raises ConfigError."""
        return load_config(self.config_path)

    @cached_property
    def words(self) -> Words:
        """Words in the config's language, or in the system's when there is no config that can be read."""
        try:
            return words_of(self.config)
        except ConfigError:
            return words_in(system_language())

    def echo(self, said: Phrase, *, err: bool = False) -> None:
        """Say one line."""
        click.echo(self.words.say(said), err=err)

    def say_interrupted(self) -> str:
        """Return what is said after Ctrl-C."""
        return "\n" + self.words.say(phrase("Stopped. Nothing was lost."))

    @contextmanager
    def till(self, *, alone: bool = False) -> Iterator[Till]:
        """Open this till's ledger for a command; `alone` keeps every other till off it meanwhile."""
        config = self.config
        if alone:
            with hold_till(config.till.ledger), self.till() as till:
                yield till
            return
        till = open_till(config, clock=system_clock, chance=SystemRandom())
        with till.ledger:
            yield till


def words_in(language: str) -> Words:
    """Return words for lines that name no money and no local time."""
    return Words(language, "EUR", UTC)


def system_language(environ: Mapping[str, str] = os.environ) -> str:
    """Return the language of the user's session when we speak it, otherwise English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            language = environ[name][:2].lower()
            return language if language in LANGUAGES else "en"
    return "en"
