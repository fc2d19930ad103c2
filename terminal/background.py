"""The sync process beside the till: started as a child, started again when it fails, ended with the till."""

import subprocess
import sys
import threading
from pathlib import Path

from terminal.ledger.contact import contact
from terminal.ledger.ledger import Ledger

_AGAIN_AFTER_S = 10.0
_END_WITHIN_S = 3.0
_RUNS_ALREADY = 1


class Background:
    """`python -m sync run`: it gets a path and a pipe that ends when this process does, and no key."""

    def __init__(self, config_path: Path) -> None:
        self._command = [sys.executable, "-m", "sync", "run", "--child", "--config", str(config_path)]
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, name="sync", daemon=True)

    def start(self) -> None:
        """Start it."""
        self._thread.start()

    def stop(self) -> None:
        """End it: what it was doing is done again by the next one."""
        self._stopping.set()
        child = self._child
        if child is None:
            return
        assert child.stdin is not None
        child.stdin.close()
        try:
            child.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            # Its output would be drawn over the till's screen; it keeps a log of its own.
            self._child = subprocess.Popen(  # noqa: S603
                self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            if self._child.wait() == _RUNS_ALREADY:
                return
            self._stopping.wait(_AGAIN_AFTER_S)


def load_first(config_path: Path) -> None:
    """Bring everything from the site into a new ledger, with a progress bar, before the till's screen opens.

    When that fails the till opens with what there is, and the sync goes on behind it.
    """
    command = [sys.executable, "-m", "sync", "load", "--config", str(config_path)]
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL)  # noqa: S603


def waits_for_load(ledger: Ledger) -> bool:
    """Tell whether a till has joined a site and has not everything from it yet."""
    now = contact(ledger)
    return now is not None and not now.loaded and not now.for_good
