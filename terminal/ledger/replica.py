"""The site's accounts in the ledger: written as they are told, with own later entries on top of them.

What is shown of a customer = the site's figures as of `site_seq` + own entries after it. All of it works on many
accounts at once, a statement a table. What is to be written is found out beforehand, while others may write;
then the ledger is locked for the writing alone.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import UnsetType

from terminal.ledger.identities import apply_identity, identity_writes
from terminal.ledger.ledger import Ledger
from terminal.ledger.replica_lots import lot_writes
from terminal.ledger.told import AsOf, ToldAccount, ToldIdentity
from terminal.ledger.told_counts import count_writes
from terminal.ledger.views import apply_again
from terminal.ledger.writes import Write, as_json
from terminal.rules.entry import Entry

Told = tuple[ToldAccount, AsOf]
"""An account, and what it counts."""

_ENTRY = "seq, id, kind, at_ms, operator, points, customer_id, sale_id, payload, prev_hash, hash"

_PUT_CUSTOMER = """
INSERT INTO customer (id, points, spend_minor, visits, registered_ms, last_sale_ms, group_code, home_terminal,
    site_points, site_spend_minor, site_visits, site_version, site_epoch, site_seq, tier, merged_into, elsewhere)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?2, ?3, ?4, ?9, ?10, ?11, ?12, ?13, ?14)
ON CONFLICT (id) DO UPDATE SET points = ?2, spend_minor = ?3, visits = ?4, registered_ms = ?5, last_sale_ms = ?6,
    group_code = ?7, home_terminal = ?8, site_points = ?2, site_spend_minor = ?3, site_visits = ?4,
    site_version = ?9, site_epoch = ?10, site_seq = ?11, tier = ?12, merged_into = ?13, elsewhere = ?14
"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be written of some accounts, as of one state of the ledger; `seen` is its `others_wrote`."""

    seen: int
    news: int
    writes: Sequence[Write]
    later: Sequence[tuple[Entry, bool]]


class Outdated(Exception):
    """Another connection has written, a sale perhaps, since an account was compared."""


def put_accounts(ledger: Ledger, accounts: Iterable[ToldAccount], as_of: AsOf, *, whatever: bool = False) -> int:
    """Put accounts into the replica and return how many were news; an older version than is here is passed over.

    `whatever` takes them as they are, for a repair.
    """
    return put_prepared(ledger, prepare(ledger, [(account, as_of) for account in accounts], whatever=whatever))


def prepare(ledger: Ledger, told: Sequence[Told], *, whatever: bool = False) -> Prepared:
    """Compare accounts with what is here, without keeping anybody from writing."""
    with ledger.snapshot():
        seen = ledger.others_wrote()
        newest = {one[0].customer_id: one for one in sorted(told, key=lambda one: one[0].version)}
        known = _versions(ledger, newest)
        fresh = [
            one
            for customer_id, one in newest.items()
            if whatever or known.get(customer_id, (-1, 0)) < (one[1].epoch, one[0].version)
        ]
        if not fresh:
            return Prepared(seen, 0, (), ())
        later = _later_entries(ledger, fresh)
        writes = _writes(ledger, fresh, known.keys(), later)
    who = {account.customer_id for account, _ in fresh if not isinstance(account.identity, UnsetType)}
    again = [(entry, customer_id in who) for customer_id, entries in later.items() for entry in entries]
    return Prepared(seen, len(fresh), writes, again)


def put_prepared(ledger: Ledger, prepared: Prepared) -> int:
    """Write what was prepared, in the caller's transaction; return how many accounts were news. Raises Outdated."""
    if ledger.others_wrote() != prepared.seen:
        raise Outdated
    for statement, rows in prepared.writes:
        ledger.write_many(statement, rows)
    for entry, told_who in prepared.later:
        if told_who:
            apply_identity(ledger, entry)
        apply_again(ledger.connection, entry)
    return prepared.news


def _writes(
    ledger: Ledger, fresh: Sequence[Told], known: Collection[str], later: dict[str, list[Entry]]
) -> list[Write]:
    accounts = [account for account, _ in fresh]
    identities: list[tuple[str, ToldIdentity]] = [
        (account.customer_id, account.identity)
        for account in accounts
        if not isinstance(account.identity, UnsetType)
    ]
    before = [account.customer_id for account in accounts if account.customer_id in known]
    return [
        (_PUT_CUSTOMER, [_customer(*one) for one in fresh]),
        *lot_writes(ledger, accounts, before),
        *identity_writes(ledger, identities, known, later),
        *count_writes(ledger, accounts, before),
    ]


def _versions(ledger: Ledger, ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return (epoch, version) of those customers that are here."""
    rows = ledger.rows(
        "SELECT id, site_epoch, site_version FROM customer WHERE id IN (SELECT value FROM json_each(?))",
        (as_json(list(ids)),),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _later_entries(ledger: Ledger, told: Sequence[Told]) -> dict[str, list[Entry]]:
    """Return own entries after those that are counted, by customer, in order; in most pages there are none."""
    counted = {account.customer_id: as_of.seq for account, as_of in told}
    first = min(counted.values())
    if ledger.last_seq() <= first:
        return {}
    rows = ledger.rows(
        f"SELECT {_ENTRY} FROM journal INDEXED BY journal_customer"  # noqa: S608
        " WHERE customer_id IN (SELECT value FROM json_each(?)) AND customer_id IS NOT NULL AND seq > ?"
        " ORDER BY seq",
        (as_json(list(counted)), first),
    )
    later: dict[str, list[Entry]] = {}
    for row in rows:
        if row[0] > counted[row[6]]:
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
