"""The network of the demo on the screen: a site and a cable, made in the background while the till sells."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from terminal.demo_site import Site, WiredTill, site_starter, start_site
from terminal.desk.till import Till
from terminal.ledger import customers
from terminal.ledger.sales import unsent

State = Literal["absent", "failed", "in", "out", "agrees", "differs"]
"""No site is installed; it could not be started; the cable is in, or out; plugged in again, the site has everything
and every balance agrees, or not.
"""

_PATIENCE_S = 30.0
_LOOK_EVERY_S = 0.05

_log = logging.getLogger(__name__)


class Network:
    """A site and one till's cable to it. What happens is told from a thread of its own."""

    def __init__(self, folder: Path, till: Till, seed: int, tell: Callable[[State], None]) -> None:
        """`folder` is for the site's files; `till` was opened with `seed`."""
        self._folder, self._till, self._seed, self._tell = folder, till, seed, tell
        self._site: Site | None = None
        self._wired: WiredTill | None = None
        self._ending = threading.Event()
        self._worker = threading.Thread(target=self._work, args=(self._begin,), name="network")

    def start(self) -> None:
        """Start the site, and join the till to it."""
        self._worker.start()

    def switch(self) -> None:
        """Pull the cable, or plug it in; nothing while the last step is under way."""
        if self._wired is not None and not self._worker.is_alive():
            self._worker = threading.Thread(target=self._work, args=(self._switch,), name="network")
            self._worker.start()

    def stop(self) -> None:
        """End the sync and the site."""
        self._ending.set()
        if self._worker.ident is not None:
            self._worker.join()
        if self._wired is not None:
            self._wired.close()
        if self._site is not None:
            self._site.close()

    def _work(self, step: Callable[[], State]) -> None:
        try:
            state = step()
        except Exception:  # the worker's boundary: without its site the demo goes on
            _log.exception("the demo's network failed")
            state = "failed"
        if not self._ending.is_set():
            self._tell(state)

    def _begin(self) -> State:
        start = site_starter()
        if start is None:
            return "absent"
        self._site = start_site(start, self._folder, self._till)
        self._wired = WiredTill(self._site, self._till, self._seed)
        return "in"

    def _switch(self) -> State:
        assert self._wired is not None
        if self._wired.plugged:
            self._wired.pull()
            return "out"
        self._wired.plug()
        self._tell("in")
        until = time.monotonic() + _PATIENCE_S
        while not (agrees := self._agrees()) and time.monotonic() < until and not self._ending.is_set():
            time.sleep(_LOOK_EVERY_S)
        return "agrees" if agrees else "differs"

    def _agrees(self) -> bool:
        assert self._site is not None
        if unsent(self._till.ledger):
            return False
        return all(
            (here := customers.totals(self._till.ledger, who)) is not None and here.points == points
            for who, points in self._site.balances().items()
        )
