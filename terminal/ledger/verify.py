"""Proof that a ledger is whole: the chain, the views rebuilt from it, and the sums."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from terminal.ledger.errors import LedgerDamaged
from terminal.ledger.ledger import Ledger
from terminal.ledger.views import apply, apply_counted
from terminal.rules.entry import GENESIS, chain, draft_of
from terminal.rules.phrase import Phrase, phrase

_PAGE = 2000
_FAULTS_SHOWN = 10
_LOOKS = 3
_LOOK_AGAIN_S = 0.2


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked: numbers of entries and customers, all points (units), and each fault found."""

    entries: int
    customers: int
    points: int
    faults: tuple[Phrase, ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing was wrong."""
        return not self.faults


def verify_ledger(ledger: Ledger, progress: Callable[[int, int], None] = lambda done, whole: None) -> Verified:
    """Check the chain, then rebuild the views from the journal beside the file's own and compare them.

    For every customer: sum of entries = balance = sum of lots. `progress` gets (entries done, entries in all).
    All of it looks at one state of the file, so that a till may go on selling meanwhile.
    """
    # What a process that was killed had half moved out of the WAL is moved whole before the file is looked at.
    ledger.rows("PRAGMA wal_checkpoint(PASSIVE)")
    with ledger.snapshot():
        return _verify(ledger, progress)


def _verify(ledger: Ledger, progress: Callable[[int, int], None]) -> Verified:
    faults = list(_check_pages(ledger))
    entries, customers, points = 0, 0, 0
    scratch = sqlite.connect(":memory:", isolation_level=None)
    try:
        entries, broken = _replay(ledger, scratch, progress)
        faults.extend(broken)
        faults.extend(_compare(ledger, scratch))
        faults.extend(_check_sums(ledger))
        found = ledger.row("SELECT count(*), coalesce(sum(points), 0) FROM customer")
        assert found is not None
        customers, points = found
    except LedgerDamaged as fault:
        # A page that can't be read is one more finding; what it hides can't be checked.
        faults.append(fault.reason)
    finally:
        scratch.close()
    return Verified(entries, customers, points, tuple(faults))


def _damaged_pages(ledger: Ledger) -> list[tuple[Any, ...]]:
    """Return the pages that are broken each time they are looked at.

    The check reads the file past SQLite's locks: a page that another process is just moving there from the WAL
    looks broken for a moment, and is whole the next time.
    """
    damaged = ledger.rows("PRAGMA cipher_integrity_check")
    for _ in range(_LOOKS - 1):
        if not damaged:
            break
        time.sleep(_LOOK_AGAIN_S)
        again = set(ledger.rows("PRAGMA cipher_integrity_check"))
        damaged = [row for row in damaged if row in again]
    return damaged


def _check_pages(ledger: Ledger) -> Iterator[Phrase]:
    damaged = _damaged_pages(ledger)
    for row in damaged[:_FAULTS_SHOWN]:
        yield phrase("Page damaged: {what}.", what=str(row[0]))
    if damaged:
        return
    answer = ledger.rows("PRAGMA integrity_check")
    if answer != [("ok",)]:
        yield phrase("SQLite's check failed: {what}.", what=str(answer[0][0]))


def _replay(
    ledger: Ledger, scratch: "sqlite.Connection", progress: Callable[[int, int], None]
) -> tuple[int, list[Phrase]]:
    """Walk the chain and apply each entry to empty views; return how far it holds and what was wrong."""
    for name, sql in ledger.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"):
        if name in _VIEWS:
            scratch.execute(sql)
    found = ledger.row("SELECT count(*) FROM journal")
    whole = found[0] if found else 0
    prev_hash, seq = GENESIS, 0
    faults: list[Phrase] = []
    scratch.execute("BEGIN")
    counted = _begin_from_replica(ledger, scratch)
    while page := ledger.entries(after=seq, limit=_PAGE):
        for entry in page:
            seq += 1
            again = chain(ledger.terminal_id, seq, draft_of(entry), prev_hash)
            if (entry.seq, entry.prev_hash, entry.hash) != (seq, prev_hash, again.hash):
                return seq - 1, [*faults, phrase("The chain breaks at entry {seq}.", seq=entry.seq)]
            try:
                if seq > counted.get(entry.customer_id or "", 0):
                    apply(scratch, entry)
                else:
                    apply_counted(scratch, entry)
            except (AssertionError, AttributeError, LookupError, TypeError, ValueError, sqlite.Error) as fault:
                faults.append(phrase("Entry {seq} can't be applied: {what}.", seq=entry.seq, what=str(fault)))
            prev_hash = entry.hash
        progress(seq, whole)
    return seq, faults


def _begin_from_replica(ledger: Ledger, scratch: "sqlite.Connection") -> dict[str, int]:
    """Begin with the site's customers and lots at 0, where own later entries move them.

    Return, by customer, the last own entry that the site's figures count.
    """
    counted: dict[str, int] = dict(
        ledger.rows(
            "SELECT id, site_seq FROM customer WHERE site_version > 0"
            " AND id IN (SELECT customer_id FROM journal WHERE customer_id IS NOT NULL)"
        )
    )
    scratch.executemany(
        "INSERT INTO customer (id, registered_ms, site_version) VALUES (?, 0, 1)",
        ledger.rows(
            "SELECT id FROM customer WHERE site_version > 0 AND EXISTS"
            " (SELECT 1 FROM journal WHERE customer_id = customer.id AND seq > site_seq)"
        ),
    )
    scratch.executemany(
        "INSERT INTO lot (customer_id, id, points, points_left, points_held, available_from, expires_on)"
        " VALUES (?, ?, ?, 0, 0, ?, ?)",
        ledger.rows(
            "SELECT customer.id, lot.id, lot.points, available_from, expires_on"
            " FROM customer JOIN lot ON lot.customer_id = customer.id WHERE site_version > 0"
            " AND EXISTS (SELECT 1 FROM journal WHERE journal.customer_id = customer.id AND seq > site_seq)"
            " AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.id = lot.id AND seq > site_seq)"
        ),
    )
    scratch.executemany(
        "INSERT INTO code_lease VALUES (?, ?, 1)", ledger.rows("SELECT customer_id, code FROM code_lease")
    )
    for copied in (
        "SELECT customer_id, code, site_until, site_until FROM membership WHERE site_until IS NOT NULL",
        "SELECT friend_id, referrer_id, site_rewarded, site_rewarded FROM referral WHERE site_rewarded IS NOT NULL",
    ):
        view = "membership" if "membership" in copied else "referral"
        scratch.executemany(f"INSERT INTO {view} VALUES (?, ?, ?, ?)", ledger.rows(copied))  # noqa: S608
    return counted


_TOLD = "EXISTS (SELECT 1 FROM customer WHERE id = customer_id AND site_version > 0)"

_WITH_SITE = "EXISTS (SELECT 1 FROM ledger_fact WHERE name = 'site')"

_VIEWS = {
    "customer": (
        1,
        "id, points - site_points, spend_minor - site_spend_minor, visits - site_visits,"
        " iif(site_version, NULL, registered_ms), iif(site_version, NULL, last_sale_ms)",
    ),
    "lot": (
        2,
        "customer_id, id, points, points_left - site_left, points_held - site_held, available_from, expires_on",
    ),
    "card": (1, "number, customer_id, state"),
    "mark": (3, "customer_id, kind, code, count - site_count AS own"),
    "code_lease": (2, "customer_id, code, held"),
    "membership": (2, "customer_id, code, until"),
    "referral": (1, "friend_id, referrer_id, rewarded"),
    "own_order": (1, "number, sale_id, customer_id, channel, state, at_ms, until_ms, operator, document"),
    "sale": (
        1,
        "id, number, customer_id, seq, at_ms, operator, channel, total_minor, taken_off_minor,"
        " redeemed, earned, voided",
    ),
}
"""For each view, how many columns name a row, and what must be as the journal says."""

_ONLY = {
    "customer": "site_version = 0 OR points <> site_points OR spend_minor <> site_spend_minor"
    " OR visits <> site_visits OR id IN (SELECT value FROM json_each(?))",
    "lot": f"NOT {_TOLD} OR points_left <> site_left OR points_held <> site_held"  # noqa: S608
    " OR customer_id IN (SELECT value FROM json_each(?))",
    "card": "state IS NOT site_state OR number IN (SELECT value FROM json_each(?))",
    "mark": f"own <> 0 AND (customer_id <> '' OR NOT {_WITH_SITE})",
}
"""Which rows of a view with a replica have to do with own entries: where any were rebuilt, or the site's differ."""


def _compare(ledger: Ledger, scratch: "sqlite.Connection") -> Iterator[Phrase]:
    for view, (named_by, columns) in _VIEWS.items():
        query = f"SELECT {columns} FROM {view}"  # noqa: S608
        rebuilt = {row[:named_by]: row for row in scratch.execute(query)}
        if view in _ONLY:
            names = msgspec.json.encode(sorted({key[0] for key in rebuilt})).decode()
            where = _ONLY[view]
            rows = ledger.rows(f"{query} WHERE {where}", (names,) if "?" in where else ())
        else:
            rows = ledger.rows(query)
        shown = {row[:named_by]: row for row in rows}
        if view == "mark":
            # What everybody used together is the site's to count, where there is one.
            with_site = ledger.fact("site") is not None
            rebuilt = {key: row for key, row in rebuilt.items() if row[3] and (key[0] or not with_site)}
        different = [key for key in rebuilt.keys() | shown.keys() if rebuilt.get(key) != shown.get(key)]
        for key in sorted(different, key=str)[:_FAULTS_SHOWN]:
            yield phrase("“{view}” of {key} differs from the journal.", view=view, key=str(key[0]))


def _check_sums(ledger: Ledger) -> Iterator[Phrase]:
    rows = ledger.rows(
        "SELECT id, points, points_by_entries, by_lots FROM (SELECT id, points, site_points,"
        " site_points + coalesce((SELECT sum(points) FROM journal"
        "   WHERE customer_id = customer.id AND seq > site_seq), 0) AS points_by_entries,"
        " coalesce((SELECT sum(points_left) FROM lot WHERE customer_id = customer.id), 0) AS by_lots,"
        " coalesce((SELECT sum(site_left) FROM lot WHERE customer_id = customer.id), 0) AS site_by_lots"
        " FROM customer) WHERE points <> points_by_entries OR points <> by_lots OR site_points <> site_by_lots"
    )
    for customer_id, points, by_entries, by_lots in rows:
        yield phrase(
            "Customer {customer}: balance {points}, entries {entries}, lots {lots}.",
            customer=customer_id,
            points=points,
            entries=by_entries,
            lots=by_lots,
        )
