"""The sync process: one thread pulls, one pushes, one answers the cashier, and the first one watches the ledger."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom

from filelock import FileLock, Timeout

from sync.asking import answer_requests
from sync.backoff import Backoff
from sync.faults import SiteRefused, SyncFault
from sync.joining import link_of
from sync.link import Link
from sync.pull import WAIT_S, pull_all
from sync.push import push_all
from terminal.config import Config
from terminal.ledger.contact import FOR_GOOD
from terminal.ledger.errors import LedgerError
from terminal.ledger.key import read_key
from terminal.ledger.ledger import Ledger
from terminal.ledger.opening import open_ledger
from terminal.ledger.requests import waiting

_LOOK_EVERY_S = 0.005
_REFUSED_S = 30.0

log = logging.getLogger("tillmate.sync")

Step = Callable[[Link], None]


class AlreadyRunning(Exception):
    """Another sync process works on this ledger."""


class Daemon:
    """The threads over one ledger file, each with a connection and a client of its own, until `stop` is set."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.stop = threading.Event()
        self._grown = threading.Event()
        self._asked = threading.Event()
        self._pushed = 0
        self._recalled = -1

    def run(self) -> None:
        """Work until stopped. Raises AlreadyRunning, NotEnrolled, KeyUnavailable and LedgerError."""
        lock = FileLock(sync_lock(self._config.till.ledger), timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise AlreadyRunning from None
        with lock, open_ledger(self._config.till.ledger, read_key(self._config.key)) as ledger:
            link_of(self._config, ledger).client.close()
            threads = [
                threading.Thread(target=self._work, args=(name, step), name=name, daemon=True)
                for name, step in (("pull", self._pull), ("push", self._push), ("ask", self._ask))
            ]
            for thread in threads:
                thread.start()
            try:
                self._watch(ledger)
            finally:
                self.end()
                for thread in threads:
                    # A pull that waits for news would keep the process; nothing of it is lost.
                    thread.join(timeout=0.5)

    def end(self) -> None:
        """Ask all threads to end."""
        self.stop.set()
        self._grown.set()
        self._asked.set()

    def _watch(self, ledger: Ledger) -> None:
        """Notice within some milliseconds that another process has written: SQLite counts that in shared memory."""
        seen: int | None = None
        while not self.stop.wait(_LOOK_EVERY_S):
            version = ledger.others_wrote()
            if version != seen:
                seen = version
                self._grown.set()
                if waiting(ledger):
                    self._asked.set()

    def _work(self, name: str, step: Step) -> None:
        backoff = Backoff(SystemRandom())
        while not self.stop.is_set():
            try:
                with open_ledger(self._config.till.ledger, read_key(self._config.key)) as ledger:
                    link = link_of(self._config, ledger)
                    try:
                        self._steps(link, step, backoff)
                    finally:
                        link.client.close()
            except SyncFault as fault:
                log.warning("%s: %s", name, fault)
                self.stop.wait(backoff.failed(_patience_s(fault)))
            except LedgerError as fault:
                log.error("%s: %s", name, fault)
                self.stop.wait(backoff.failed())
            except Exception:
                log.exception("%s stopped; it begins again", name)
                self.stop.wait(backoff.failed())

    def _steps(self, link: Link, step: Step, backoff: Backoff) -> None:
        while not self.stop.is_set():
            try:
                step(link)
            except SyncFault as fault:
                link.note_fault(fault)
                raise
            backoff.worked()

    def _pull(self, link: Link) -> None:
        pull_all(link, wait_s=WAIT_S)

    def _push(self, link: Link) -> None:
        """Send what is new, and the number of a recall that needed no entry."""
        self._grown.wait()
        self._grown.clear()
        recalled = link.contact().recalled
        if link.ledger.last_seq() > self._pushed or recalled != self._recalled:
            try:
                self._pushed = push_all(link, min(self._pushed, link.ledger.last_seq()) or None)
                self._recalled = recalled
            except SyncFault:
                self._grown.set()
                raise

    def _ask(self, link: Link) -> None:
        self._asked.wait()
        self._asked.clear()
        answer_requests(link)


def sync_lock(ledger: Path) -> Path:
    """Return the file whose lock says that a sync process runs."""
    return ledger.with_name(ledger.name + ".sync.lock")


def _patience_s(fault: SyncFault) -> float:
    if not isinstance(fault, SiteRefused):
        return 0.0
    if fault.trouble in FOR_GOOD:
        return _REFUSED_S
    return float(fault.fault.retry_after_s or 0)
