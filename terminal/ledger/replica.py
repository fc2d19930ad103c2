"""The site's accounts in the ledger: written as they are told, with own later entries on top of them.

What is shown of a customer = the site's figures as of `site_seq` + own entries after it. All of it works on many
accounts at once, a statement a table, inside the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import UnsetType

from terminal.ledger.identities import put_identities
from terminal.ledger.ledger import Ledger
from terminal.ledger.told import AsOf, ToldAccount, ToldIdentity
from terminal.ledger.told_counts import put_counts
from terminal.ledger.views import apply_again
from terminal.rules.entry import Entry

_ENTRY = "seq, id, kind, at_ms, operator, points, customer_id, sale_id, payload, prev_hash, hash"

_PUT_CUSTOMER = """
INSERT INTO customer (id, points, spend_minor, visits, registered_ms, last_sale_ms, group_code, home_terminal,
    site_points, site_spend_minor, site_visits, site_version, site_epoch, site_seq, tier, merged_into, elsewhere)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?2, ?3, ?4, ?9, ?10, ?11, ?12, ?13, ?14)
ON CONFLICT (id) DO UPDATE SET points = ?2, spend_minor = ?3, visits = ?4, registered_ms = ?5, last_sale_ms = ?6,
    group_code = ?7, home_terminal = ?8, site_points = ?2, site_spend_minor = ?3, site_visits = ?4,
    site_version = ?9, site_epoch = ?10, site_seq = ?11, tier = ?12, merged_into = ?13, elsewhere = ?14
"""

_PUT_LOT = """
INSERT INTO lot
    (customer_id, id, points, points_left, points_held, available_from, expires_on, site_left, site_held)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?4, ?5)
ON CONFLICT (customer_id, id) DO UPDATE SET points = ?3, points_left = ?4, points_held = ?5, available_from = ?6,
    expires_on = ?7, site_left = ?4, site_held = ?5
"""

# A lot that the site tells no more of is spent; its row stays, since a void or a refund may give points back to it.
_EMPTY_LOTS = """
UPDATE lot SET points_left = 0, points_held = 0, site_left = 0, site_held = 0
WHERE customer_id = ? AND (points_left <> 0 OR points_held <> 0 OR site_left <> 0 OR site_held <> 0)
"""


def put_accounts(ledger: Ledger, accounts: Iterable[ToldAccount], as_of: AsOf, *, whatever: bool = False) -> int:
    """Put accounts into the replica and return how many were news; an older version than is here is passed over.

    `whatever` takes them as they are, for a repair.
    """
    newest = {account.customer_id: account for account in sorted(accounts, key=lambda account: account.version)}
    known = _versions(ledger, newest)
    fresh = [
        account
        for customer_id, account in newest.items()
        if whatever or known.get(customer_id, (-1, 0)) < (as_of.epoch, account.version)
    ]
    if not fresh:
        return 0
    later = _later_entries(ledger, fresh, as_of.seq)
    ledger.write_many(_PUT_CUSTOMER, [_customer(account, as_of) for account in fresh])
    if known:
        ledger.write_many(
            _EMPTY_LOTS, [(account.customer_id,) for account in fresh if account.customer_id in known]
        )
    ledger.write_many(_PUT_LOT, _lots(fresh))
    identities: list[tuple[str, ToldIdentity]] = [
        (account.customer_id, account.identity) for account in fresh if not isinstance(account.identity, UnsetType)
    ]
    put_identities(ledger, identities, known.keys(), later)
    put_counts(ledger, fresh, known.keys())
    for entries in later.values():
        for entry in entries:
            apply_again(ledger.connection, entry)
    return len(fresh)


def _versions(ledger: Ledger, ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return (epoch, version) of those customers that are here."""
    rows = ledger.rows(
        "SELECT id, site_epoch, site_version FROM customer WHERE id IN (SELECT value FROM json_each(?))",
        (as_json(list(ids)),),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _later_entries(ledger: Ledger, accounts: Sequence[ToldAccount], seq: int) -> dict[str, list[Entry]]:
    """Return own entries after a seq, by customer, in order; in most pages there are none."""
    if ledger.last_seq() <= seq:
        return {}
    rows = ledger.rows(
        f"SELECT {_ENTRY} FROM journal INDEXED BY journal_customer"  # noqa: S608
        " WHERE customer_id IN (SELECT value FROM json_each(?)) AND customer_id IS NOT NULL AND seq > ?"
        " ORDER BY seq",
        (as_json([account.customer_id for account in accounts]), seq),
    )
    later: dict[str, list[Entry]] = {}
    for row in rows:
        later.setdefault(row[6], []).append(Entry(ledger.terminal_id, *row))
    return later


def _customer(account: ToldAccount, as_of: AsOf) -> tuple[Any, ...]:
    elsewhere = [(held.holder, held.points) for held in account.elsewhere if held.points]
    return (
        account.customer_id,
        account.points,
        account.spend_minor,
        account.visits,
        account.registered_ms,
        account.last_sale_ms,
        account.group,
        account.home,
        account.version,
        as_of.epoch,
        as_of.seq,
        account.tier,
        account.merged_into,
        as_json(elsewhere) if elsewhere else None,
    )


def _lots(accounts: Iterable[ToldAccount]) -> list[tuple[Any, ...]]:
    return [
        (account.customer_id, lot.id, lot.points, lot.left, lot.held, lot.available_from, lot.expires_on)
        for account in accounts
        for lot in account.lots
    ]


def as_json(value: object) -> str:
    """Return JSON, for a column or for SQLite's json_each."""
    return msgspec.json.encode(value).decode()


def replica_figures(ledger: Ledger, after: str, limit: int) -> list[tuple[str, int, int, int, int]]:
    """Return (customer, version, points, spend_minor, visits) as the site told them, by id after one."""
    rows = ledger.rows(
        "SELECT id, site_version, site_points, site_spend_minor, site_visits FROM customer"
        " WHERE id > ? AND site_version > 0 ORDER BY id LIMIT ?",
        (after, limit),
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def points_told(ledger: Ledger, ids: Sequence[str]) -> dict[str, int]:
    """Return the points of those of the customers whom the site has told of, as it told them."""
    rows = ledger.rows(
        "SELECT id, site_points FROM customer WHERE site_version > 0 AND id IN (SELECT value FROM json_each(?))",
        (as_json(list(ids)),),
    )
    return {row[0]: row[1] for row in rows}
