"""A till on disk, and the two ways to call `tillmate` on it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from click.testing import CliRunner, Result

from terminal.cli import main
from terminal.config import Config, load_config
from terminal.desk.till import Till
from terminal.wiring import open_till, system_clock

PIN = "2580"


@dataclass(frozen=True)
class Shop:
    """A folder with a config, and two ways to call `tillmate` on it."""

    folder: Path

    @property
    def config_path(self) -> Path:
        return self.folder / "config.toml"

    @property
    def config(self) -> Config:
        return load_config(self.config_path)

    def call(self, *args: str | Path, typed: str | None = None, env: Mapping[str, str] | None = None) -> Result:
        """Call in this process; a fault without a name fails the test."""
        words = ["--config", str(self.config_path), *map(str, args)]
        result = CliRunner().invoke(main, words, input=typed, env=env, prog_name="tillmate")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def words(self, *args: str | Path) -> list[str]:
        """Return the command line of a call as a process."""
        return [sys.executable, "-m", "terminal", "--config", str(self.config_path), *map(str, args)]

    def spawn(self, *args: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
        """Call as a process of its own."""
        return subprocess.run(
            self.words(*args),
            env={**os.environ, "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "1", **env},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    def till(self) -> Till:
        """Open the till's ledger; the caller closes it."""
        return open_till(self.config, clock=system_clock, chance=Random(1))
