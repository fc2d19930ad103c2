"""How this till stands with its site: the facts that sync writes and everybody reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from terminal.ledger.ledger import Ledger
from terminal.rules.entry import GENESIS

SITE, TOKEN, PEPPER = "site", "site_token", "staff_pepper"
"""Facts: the site's address once enrolled, the token for it, what PINs of the site's staff are mixed with (hex)."""

APPLIED, CURSOR, EPOCH = "applied_seq", "cursor", "site_epoch"
GRANTED, RECALLED = "granted", "recalled"
SEEN_MS, LOST_MS, TROUBLE, OFFLINE_DAYS = "site_seen_ms", "site_lost_ms", "site_trouble", "offline_days"
LOADED = "replica_loaded"
RESTORED = "restored_ms"
BROUGHT_IN = "brought_in_seq"

FOR_GOOD = ("revoked", "unauthorised", "ledger_behind", "ledger_forked")
"""Troubles that no waiting mends: the till enrols again, under a new name where its journal is held."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A till with a site. Times in UTC ms, 0 for never.

    `seen_ms` is the site's time when it answered last, `lost_ms` since when it can't be reached (0: it can).
    `trouble` is a code of the protocol, "" when there is none; `restored` that the site has not seen this ledger
    since it was restored; `loaded` that the whole replica has been here once.
    """

    applied_seq: int
    cursor: str
    epoch: int
    granted: int
    recalled: int
    seen_ms: int
    lost_ms: int
    trouble: str
    offline_days: int
    restored: bool
    loaded: bool

    @property
    def for_good(self) -> bool:
        """Tell whether the till has to be enrolled again."""
        return self.trouble in FOR_GOOD


def contact(ledger: Ledger) -> Contact | None:
    """Return how this till stands with its site, None when it has none."""
    return ledger.once("contact", lambda: _read(ledger))


def _read(ledger: Ledger) -> Contact | None:
    facts: dict[str, str] = dict(ledger.rows("SELECT name, value FROM ledger_fact"))
    if SITE not in facts:
        return None
    return Contact(
        applied_seq=int(facts[APPLIED]),
        cursor=facts.get(CURSOR, ""),
        epoch=int(facts.get(EPOCH, "1")),
        granted=int(facts.get(GRANTED, "0")),
        recalled=int(facts.get(RECALLED, "0")),
        seen_ms=int(facts.get(SEEN_MS, "0")),
        lost_ms=int(facts.get(LOST_MS, "0")),
        trouble=facts.get(TROUBLE, ""),
        offline_days=int(facts.get(OFFLINE_DAYS, "14")),
        restored=RESTORED in facts,
        loaded=LOADED in facts,
    )


def set_facts(ledger: Ledger, facts: Mapping[str, str | int]) -> None:
    """Set several facts, in the caller's transaction."""
    for name, value in facts.items():
        ledger.set_fact(name, str(value))


def drop_fact(ledger: Ledger, name: str) -> None:
    """Forget a fact, in the caller's transaction."""
    ledger.write("DELETE FROM ledger_fact WHERE name = ?", (name,))


def hash_at(ledger: Ledger, seq: int) -> bytes | None:
    """Return the hash of an own entry, 32 zero bytes before the first one, None after the last one."""
    if seq == 0:
        return GENESIS
    found = ledger.row("SELECT hash FROM journal WHERE seq = ?", (seq,))
    return bytes(found[0]) if found else None
