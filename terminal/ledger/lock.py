"""One till on one ledger: a lock of the operating system beside the file, gone when its process is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from terminal.ledger.errors import LedgerBusy, LedgerMissing, LedgerReadOnly
from terminal.rules.phrase import phrase


@contextmanager
def hold_till(path: Path) -> Iterator[None]:
    """Keep every other till off the ledger at `path` as long as the block runs; raises LedgerBusy at once.

    Nothing is made but the lock: where there is no folder there is no ledger.
    """
    if not path.parent.is_dir():
        raise LedgerMissing(phrase("There is no ledger at {path}. Make one: tillmate init.", path=str(path)))
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
