"""The sync process around its daemon: its log, its signals, and its parent's end."""

import logging
import logging.handlers
import os
import signal
import threading
from types import FrameType

from sync.daemon import AlreadyRunning, Daemon
from terminal.config import Config

_LOG_BYTES = 1_000_000
_STANDARD_INPUT = 0


def run_daemon(config: Config, *, child: bool) -> int:
    """Run until a signal, or until the parent's end of standard input is closed; return 1 when another one runs."""
    _log_to(config, child=child)
    daemon = Daemon(config)

    def stop(number: int, frame: FrameType | None) -> None:
        daemon.end()

    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), stop)
    if child:
        threading.Thread(target=_end_with_parent, args=(daemon,), daemon=True).start()
    try:
        daemon.run()
    except AlreadyRunning:
        logging.getLogger("tillmate.sync").info("another sync process works on this ledger")
        return 1
    logging.shutdown()
    # A pull may still wait for news in its thread. Nothing of it has to be put in order, and it can't be woken.
    os._exit(0)


def _end_with_parent(daemon: Daemon) -> None:
    """Wait for the end of standard input: the parent holds its other end as long as it lives, however it ends."""
    # Not by sys.stdin, whose lock this thread would hold when the process ends.
    while os.read(_STANDARD_INPUT, 1):
        pass
    daemon.end()


def _log_to(config: Config, *, child: bool) -> None:
    """Log to a file beside the ledger when the screen is the till's, otherwise to standard error."""
    handler: logging.Handler = logging.StreamHandler()
    if child:
        path = config.till.ledger.with_name("sync.log")
        handler = logging.handlers.RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO)
