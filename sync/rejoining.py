"""Joining a site: a till with the ledger that it has, or a held one with a new ledger under a new name."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom

from filelock import FileLock, Timeout

from sync.client import SiteClient
from sync.daemon import sync_lock
from sync.enrolling import enrol
from sync.faults import Nonsense, SiteRefused
from sync.leaving import bring_in, leave
from sync.link import Link
from sync.protocol import Code
from terminal.config import Config, change_config, load_config
from terminal.ledger.carrying import carry
from terminal.ledger.contact import TOKEN, contact
from terminal.ledger.errors import LedgerBusy
from terminal.ledger.key import read_key
from terminal.ledger.ledger import Ledger
from terminal.ledger.lock import hold_till
from terminal.ledger.opening import create_ledger, open_ledger
from terminal.ledger.shop import copy_goods_and_staff
from terminal.rules.entry import Entry
from terminal.rules.phrase import phrase

_LONGEST_NAME = 32
_MOST_NAMES = 20


def join_site(
    path: Path,
    url: str,
    code: str,
    *,
    machine: str,
    software: str,
    say: Callable[[str], None] = lambda told: None,
) -> str:
    """Enrol the till of a config file and return its name; the config names the site afterwards.

    Nothing of its journal is lost: `say` is told what a person is to know. Raises a SyncFault, ConfigError,
    KeyUnavailable and LedgerError; then the till is as it was.
    """
    config = load_config(path)
    with hold_till(config.till.ledger), _sync_kept_off(config.till.ledger):
        key = read_key(config.key)
        client = SiteClient(url, ca=Path(config.site.ca) if config.site.ca else None)
        try:
            with open_ledger(config.till.ledger, key) as ledger:
                name = _Joining(config, key, ledger, client, code, machine, software, say).enrol()
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


@dataclass(frozen=True, slots=True)
class _Joining:
    """One try to join: a till's config and open ledger, the site, and the code for it."""

    config: Config
    key: bytes
    ledger: Ledger
    client: SiteClient
    code: str
    machine: str
    software: str
    say: Callable[[str], None]

    def enrol(self) -> str:
        """Enrol the ledger as it is, or a new one where the site holds its journal for good or has closed it."""
        now = contact(self.ledger)
        held_for_good = now is not None and now.trouble in ("ledger_behind", "ledger_forked")
        if not held_for_good and self._as_it_is(known=now is not None):
            return self.ledger.terminal_id
        return self._under_a_new_name()

    def _as_it_is(self, *, known: bool) -> bool:
        """Enrol the ledger with its journal; False when the site has closed it.

        A till that was lost or revoked, and found, brings its journal in as it is: its code is for that alone.
        """
        try:
            enrol(self.ledger, self.client, self.code, machine=self.machine, software=self.software)
        except SiteRefused as refused:
            if refused.code is not Code.CONFLICT or (not known and self.ledger.last_seq() > 0):
                raise
            return False
        if known:
            with self._link() as link:
                self.say(f"The site has all {bring_in(link)} entries of {self.ledger.terminal_id}.")
        return True

    def _under_a_new_name(self) -> str:
        with self._link() as link:
            leaving = leave(link)
        name = self.ledger.terminal_id
        for _ in range(_MOST_NAMES):
            name = next_name(name)
            try:
                self._begin_again(name, leaving.carried)
            except SiteRefused as refused:
                if refused.code is not Code.CONFLICT:
                    raise
            else:
                for told in leaving.told:
                    self.say(told)
                return name
        raise Nonsense(f"the site has tills up to {name} already")

    def _begin_again(self, name: str, carried: Sequence[Entry]) -> None:
        """Make a new ledger under a new name and enrol it. Goods, staff and what the site has not got come along;
        the rest comes from the site.
        """
        fresh = _fresh(self.config.till.ledger, name)
        fresh.unlink(missing_ok=True)
        try:
            with create_ledger(fresh, self.key, name) as ledger:
                with ledger.atomic():
                    copy_goods_and_staff(self.ledger, ledger)
                    carry(self.ledger, ledger, carried)
                enrol(ledger, self.client, self.code, software=f"{self.machine} {self.software}")
        except BaseException:
            for part in ("", "-wal", "-shm"):
                fresh.with_name(fresh.name + part).unlink(missing_ok=True)
            raise

    @contextmanager
    def _link(self) -> Iterator[Link]:
        """Give the ledger's own way to the site, by the token that it has."""
        ca = Path(self.config.site.ca) if self.config.site.ca else None
        client = SiteClient(self.client.url, self.ledger.fact(TOKEN) or "", ca=ca)
        try:
            yield Link(self.ledger, client, SystemRandom())
        finally:
            client.close()


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
