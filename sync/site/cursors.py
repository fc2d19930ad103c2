"""Cursors: where a holder is in the feed, sealed, so that one from the site's future proves that the site lost it.

A holder can't make one up: what it claims without a seal stops nobody but itself.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from sync.site.feed import NAME, asking_counters
from sync.site.rounds import Cells, Statement, run
from sync.site.store import upsert
from sync.site.tables import counter, fact

_SEAL = "seal"
_ERA = "era"
_PHASES = ("shop", "bulk", "changes")
_SEAL_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a holder is. phase: "shop" and "bulk" load up to change `until`; then "changes" from `after` on.

    In "bulk", `after` customers of `total` have been told, the last of them `key`.
    """

    phase: str
    until: int
    after: int = 0
    total: int = 0
    key: str = ""

    @property
    def newest(self) -> int:
        """The highest number of the feed that it names."""
        return max(self.until, self.after)


@dataclass(frozen=True, slots=True)
class Cursors:
    """Seals cursors as of one look at the database: `last` change, `era` (UTC ms) of the last restore, or 0."""

    secret: bytes
    era: int
    last: int

    def write(self, place: Place) -> str:
        """Return the place as the holder keeps it."""
        plain = f"{place.phase}:{place.until}:{place.after}:{place.total}:{self.era}"
        return f"{plain}:{self._seal(plain, place.key)}:{place.key}"

    def read(self, cursor: str) -> Place | None:
        """Read a cursor; None when it is not of this site and era, or from the future."""
        if cursor == "":
            return Place("shop", self.last)
        found = self._read(cursor)
        return found[0] if found and found[1] == self.era and found[0].newest <= self.last else None

    def proves_loss(self, cursor: str) -> bool:
        """Tell whether this site sealed a cursor of a time that it does not remember."""
        found = self._read(cursor)
        return found is not None and (found[1] > self.era or (found[1] == self.era and found[0].newest > self.last))

    def _read(self, cursor: str) -> tuple[Place, int] | None:
        parts = cursor.split(":", 6)
        if len(parts) != 7 or parts[0] not in _PHASES:
            return None
        if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts[1:5]):
            return None
        if not hmac.compare_digest(self._seal(":".join(parts[:5]), parts[6]).encode(), parts[5].encode()):
            return None
        return Place(parts[0], int(parts[1]), int(parts[2]), int(parts[3]), parts[6]), int(parts[4])

    def _seal(self, plain: str, key: str) -> str:
        told = f"{plain}:{key}".encode()
        return hmac.new(self.secret, told, hashlib.sha256).hexdigest()[:_SEAL_LETTERS]


def asking_seal() -> Statement:
    """Return what brings the secret of `cursors_of`."""
    return Statement("SELECT value FROM fact WHERE name = ?", (_SEAL,))


def cursors_of(seal: Sequence[Cells], counters: Mapping[str, int]) -> Cursors:
    """Return what seals and reads cursors as of some counters."""
    [(secret,)] = seal
    return Cursors(bytes.fromhex(secret), counters.get(_ERA, 0), counters[NAME])


def cursors(connection: Connection) -> Cursors:
    """Return what seals and reads cursors now."""
    seal, counters = run(connection, asking_seal(), asking_counters())
    return cursors_of(seal, dict(counters))


def begin_era(connection: Connection, at_ms: int) -> None:
    """Let no cursor count that was made until now: every holder reads the feed from its beginning."""
    upsert(connection, counter, [{"name": _ERA, "last": at_ms}])


def make_seal(connection: Connection) -> None:
    """Choose the secret of a new site, by real chance; it stays for as long as the site does."""
    if connection.execute(select(fact.c.value).where(fact.c.name == _SEAL)).scalar() is None:
        upsert(connection, fact, [{"name": _SEAL, "value": secrets.token_hex(32)}])
