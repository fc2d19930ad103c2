"""Sells on copies of a ledger in processes that are killed, SIGKILL, after each statement or at any moment.

`python -m tests.ledger.crash_child LEDGER FOLDER CUSTOMER` leaves the killed files in FOLDER and prints, as JSON,
their names with how far each process got.
"""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from random import Random

from terminal import desk
from terminal.ledger import Ledger, open_ledger
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL
from tests.shop import CASHIER, KEY, Clock, new_till

TOTAL_MINOR = 50_00
RANDOM_KILLS = 25


class Dying:
    """A connection that kills its process after `statements` of them."""

    def __init__(self, connection: object, statements: int) -> None:
        self._connection = connection
        self._left = statements

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def execute(self, *said: object) -> object:
        answer = self._connection.execute(*said)  # type: ignore[attr-defined]
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def sell(path: Path, customer_id: str, said: int, statements: int | None) -> None:
    """Sell with the connection wired to die, telling over the pipe `said` when the sale was confirmed."""
    ledger: Ledger = open_ledger(path, KEY)
    till = new_till(ledger, Clock())
    bill = bill_of_total(TOTAL_MINOR)
    shown = desk.quote(till, customer_id, bill, ALL)
    assert not isinstance(shown, Refused)
    os.write(said, b"q")
    if statements is not None:
        ledger.connection = Dying(ledger.connection, statements)
    done = desk.complete(till, shown, bill, CASHIER)
    assert not isinstance(done, Refused)
    os.write(said, b"c")


def kill_one(path: Path, customer_id: str, statements: int | None, delay_s: float) -> tuple[bool, bool]:
    """Sell in a child; return whether it was killed, and whether it had confirmed before."""
    hears, said = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            sell(path, customer_id, said, statements)
        finally:
            os._exit(0)
    os.close(said)
    assert os.read(hears, 1) == b"q", "the child did not come as far as a quote"
    if statements is None:
        time.sleep(delay_s)
        os.kill(child, signal.SIGKILL)
    confirmed = os.read(hears, 1) == b"c"
    _, status = os.waitpid(child, 0)
    os.close(hears)
    return os.WIFSIGNALED(status), confirmed


def main(ledger: Path, folder: Path, customer_id: str) -> None:
    """Kill after the first statement, after the second, ... until a sale gets through; then at random moments."""
    found: list[tuple[str, bool, bool]] = []
    statements, took_s = 0, 0.0
    killed = True
    while killed:
        statements += 1
        path = folder / f"after-{statements}.ledger"
        shutil.copyfile(ledger, path)
        begun = time.perf_counter()
        killed, confirmed = kill_one(path, customer_id, statements, 0)
        took_s = time.perf_counter() - begun
        found.append((path.name, killed, confirmed))
    chance = Random(1)
    for number in range(RANDOM_KILLS):
        path = folder / f"moment-{number}.ledger"
        shutil.copyfile(ledger, path)
        found.append((path.name, *kill_one(path, customer_id, None, chance.random() * took_s)))
    print(json.dumps(found))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
