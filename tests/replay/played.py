"""Playing a file in a test: through the command, with its ledger kept and read afterwards."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from terminal.cli import main
from terminal.ledger import Ledger, open_ledger
from tests.replay.independent import Row

CDNOW = Path(__file__).parent.parent / "data" / "cdnow_master.txt"


@dataclass(frozen=True)
class Played:
    """What the command printed, what its last line says, and its ledger."""

    result: Result
    figures: dict[str, Any]
    ledger_path: Path

    def balances(self) -> dict[str, int]:
        """Read every customer's balance, by the file's name of the customer."""
        with kept_ledger(self.ledger_path) as ledger:
            return dict(
                ledger.rows("SELECT name, points FROM customer JOIN person ON person.customer_id = customer.id")
            )


def call(folder: Path, *args: str | Path) -> Result:
    """Call `tillmate replay` in this process, without a shop."""
    words = ["--config", str(folder / "no-config.toml"), "replay", *map(str, args)]
    return CliRunner().invoke(main, words, prog_name="tillmate", env={"LC_ALL": "C"})


def replay(folder: Path, file: Path, *args: str | Path) -> Played:
    """Replay a file, keeping the ledger in the folder; it must go well."""
    ledger_path = folder / "replayed.db"
    result = call(folder, file, "--ledger", ledger_path, *args)
    assert result.exit_code == 0, result.output
    return Played(result, json.loads(result.stdout.splitlines()[-1]), ledger_path)


def kept_ledger(path: Path) -> Ledger:
    """Open a ledger that was kept, by the key beside it."""
    return open_ledger(path, bytes.fromhex(path.with_name(path.name + ".key").read_text()), durable=False)


def write_csv(path: Path, rows: Iterable[Row]) -> Path:
    """Write purchases with commas, the columns in an order of their own."""
    lines = [f"{row.cents // 100}.{row.cents % 100:02d},{row.day},{row.customer}" for row in rows]
    path.write_text("\n".join(["amount,date,customer", *lines, ""]), encoding="utf-8")
    return path
