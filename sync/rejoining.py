"""Joining a site: a till with the ledger that it has, or a held one with a new ledger under a new name."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from sync.client import SiteClient
from sync.daemon import sync_lock
from sync.enrolling import enrol
from sync.faults import Nonsense, SiteRefused
from sync.protocol import Code
from terminal.config import Config, change_config, load_config
from terminal.ledger.contact import contact
from terminal.ledger.errors import LedgerBusy
from terminal.ledger.key import read_key
from terminal.ledger.ledger import Ledger
from terminal.ledger.lock import hold_till
from terminal.ledger.opening import create_ledger, open_ledger
from terminal.ledger.shop import copy_goods_and_staff
from terminal.rules.phrase import phrase

_LONGEST_NAME = 32
_MOST_NAMES = 20


def join_site(path: Path, url: str, code: str, *, machine: str, software: str) -> str:
    """Enrol the till of a config file and return its name; the config names the site afterwards.

    Raises a SyncFault, ConfigError, KeyUnavailable and LedgerError; then the till is as it was.
    """
    config = load_config(path)
    with hold_till(config.till.ledger), _sync_kept_off(config.till.ledger):
        key = read_key(config.key)
        client = SiteClient(url, ca=Path(config.site.ca) if config.site.ca else None)
        try:
            with open_ledger(config.till.ledger, key) as ledger:
                name = _enrol(config, key, ledger, client, code, machine, software)
        finally:
            client.close()
        if name != config.till.name:
            _exchange(config, name)
            change_config(path, "till", {"name": name})
        change_config(path, "site", {"url": url})
    return name


@contextmanager
def _sync_kept_off(ledger: Path) -> Iterator[None]:
    lock = FileLock(sync_lock(ledger), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise LedgerBusy(phrase("The sync runs on this ledger. Close the till, or stop its service.")) from None
    try:
        yield
    finally:
        lock.release()


def _enrol(
    config: Config, key: bytes, ledger: Ledger, client: SiteClient, code: str, machine: str, software: str
) -> str:
    """Enrol the ledger as it is, or a new one where the site holds its journal for good or has closed it.

    A till that was lost and found brings its journal in as it is: its code is for that alone.
    """
    now = contact(ledger)
    held_for_good = now is not None and now.trouble in ("ledger_behind", "ledger_forked")
    if not held_for_good:
        try:
            enrol(ledger, client, code, machine=machine, software=software)
        except SiteRefused as refused:
            if refused.code is not Code.CONFLICT or (now is None and ledger.last_seq() > 0):
                raise
        else:
            return ledger.terminal_id
    name = ledger.terminal_id
    for _ in range(_MOST_NAMES):
        name = next_name(name)
        try:
            _begin_again(config, key, ledger, client, name, code, f"{machine} {software}")
        except SiteRefused as refused:
            if refused.code is not Code.CONFLICT:
                raise
        else:
            return name
    raise Nonsense(f"the site has tills up to {name} already")


def _begin_again(
    config: Config, key: bytes, old: Ledger, client: SiteClient, name: str, code: str, software: str
) -> None:
    """Make a new ledger under a new name and enrol it; goods and staff come along, the rest comes from the site."""
    fresh = _fresh(config.till.ledger, name)
    fresh.unlink(missing_ok=True)
    try:
        with create_ledger(fresh, key, name) as ledger:
            with ledger.atomic():
                copy_goods_and_staff(old, ledger)
            enrol(ledger, client, code, software=software)
    except BaseException:
        for part in ("", "-wal", "-shm"):
            fresh.with_name(fresh.name + part).unlink(missing_ok=True)
        raise


def next_name(name: str) -> str:
    """Return the name for the ledger after this one: till-1, till-1-r2, till-1-r3."""
    head, _, tail = name.rpartition("-r")
    count = int(tail) + 1 if head and tail.isdigit() else 2
    base = head if head and tail.isdigit() else name
    end = f"-r{count}"
    return base[: _LONGEST_NAME - len(end)].rstrip("-") + end


def _fresh(ledger: Path, name: str) -> Path:
    return ledger.with_name(f"{ledger.name}.{name}")


def _exchange(config: Config, name: str) -> None:
    """Put the new ledger in the old one's place, which is kept beside it."""
    ledger = config.till.ledger
    kept = ledger.with_name(f"{ledger.name}.before-{name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    for part in ("-wal", "-shm", ""):
        old = ledger.with_name(ledger.name + part)
        if old.exists():
            old.replace(kept.with_name(kept.name + part))
    _fresh(ledger, name).replace(ledger)
