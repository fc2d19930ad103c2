"""What a programme counts of a customer besides points: stamps, uses, actions, memberships, friends."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from terminal.ledger.ledger import Ledger

MarkKind = Literal["stamp", "use", "action"]

EVERYBODY = ""
"""In place of a customer's id: the uses of all customers together."""

MARKS = """
CREATE TABLE mark (
    customer_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('stamp', 'use', 'action')),
    code TEXT NOT NULL,
    count INTEGER NOT NULL,
    site_count INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (customer_id, kind, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (
    customer_id TEXT NOT NULL,
    code TEXT NOT NULL,
    until TEXT NOT NULL,
    site_until TEXT,
    PRIMARY KEY (customer_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE referral (
    friend_id TEXT PRIMARY KEY,
    referrer_id TEXT NOT NULL,
    rewarded INTEGER NOT NULL CHECK (rewarded IN (0, 1)),
    site_rewarded INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX referral_referrer ON referral (referrer_id);
"""


@dataclass(frozen=True, slots=True)
class Marks:
    """Counts: stamps by card, uses by offer or promo code, actions by code (code/2026: in that year)."""

    stamps: dict[str, int]
    uses: dict[str, int]
    actions: dict[str, int]


@dataclass(frozen=True, slots=True)
class Referred:
    """Who brought this customer, and whether both were rewarded for it."""

    referrer_id: str
    rewarded: bool


def marks_of(ledger: Ledger, customer_id: str) -> Marks:
    """Return a customer's counts; those of `EVERYBODY` are the uses in all."""
    found: dict[str, dict[str, int]] = {"stamp": {}, "use": {}, "action": {}}
    for kind, code, count in ledger.rows(
        "SELECT kind, code, count FROM mark WHERE customer_id = ?", (customer_id,)
    ):
        found[kind][code] = count
    return Marks(found["stamp"], found["use"], found["action"])


def memberships_of(ledger: Ledger, customer_id: str) -> dict[str, date]:
    """Return the last day, included, of each membership a customer has ever joined."""
    rows = ledger.rows("SELECT code, until FROM membership WHERE customer_id = ?", (customer_id,))
    return {code: date.fromisoformat(until) for code, until in rows}


def referred(ledger: Ledger, friend_id: str) -> Referred | None:
    """Return who brought a customer, None when nobody did."""
    found = ledger.row("SELECT referrer_id, rewarded FROM referral WHERE friend_id = ?", (friend_id,))
    return Referred(found[0], bool(found[1])) if found else None


def friends_rewarded(ledger: Ledger, referrer_id: str) -> int:
    """Return for how many friends a customer was rewarded."""
    found = ledger.row("SELECT count(*) FROM referral WHERE referrer_id = ? AND rewarded = 1", (referrer_id,))
    return found[0] if found else 0
