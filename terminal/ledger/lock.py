"""One till on one ledger: a lock of the operating system beside the file, gone when its process is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from terminal.ledger.errors import LedgerBusy, LedgerReadOnly
from terminal.rules.phrase import phrase


@contextmanager
def hold_till(path: Path) -> Iterator[None]:
    """Keep every other till off the ledger at `path` as long as the block runs; raises LedgerBusy at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_name(path.name + ".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise LedgerBusy(
            phrase("Another till runs on this ledger: {path}. Close it first.", path=str(path))
        ) from None
    except OSError:
        raise LedgerReadOnly(
            phrase("The ledger can't be written. Check the disk and the file's permissions.")
        ) from None
    try:
        yield
    finally:
        lock.release()
