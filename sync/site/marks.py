"""What a programme counts of customers besides points: stamps, uses, actions, memberships, friends."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from sync.protocol import Mark, Membership, Referral
from sync.site.applying import Read
from sync.site.code_leases import end_leases
from sync.site.feed import next_changes
from sync.site.rounds import Statement, run, told
from sync.site.store import among, upsert
from sync.site.tables import mark, membership, referral, use_total

_MARKS = """
SELECT customer_id, kind, code, "count" FROM mark WHERE customer_id {listed} AND "count" <> 0 ORDER BY kind, code
"""
_MEMBERSHIPS = "SELECT customer_id, code, until FROM membership WHERE customer_id {listed} ORDER BY code"
_REFERRALS = "SELECT customer_id, referrer_id, rewarded FROM referral WHERE customer_id {listed}"


def take_marks(connection: Connection, applied: Sequence[Read]) -> None:
    """Bring counts, memberships, referrals and leases of codes up to applied entries; the customers are locked."""
    counted: Counter[tuple[str, str, str]] = Counter()
    joined: dict[tuple[str, str], str] = {}
    brought: dict[str, dict[str, Any]] = {}
    for one in applied:
        customer_id, facts = one.entry.customer_id or "", one.facts
        for kind, code, count in facts.marks:
            counted[customer_id, kind, code] += count
        if one.entry.kind == "membership" and facts.code and facts.until:
            key = (customer_id, facts.code)
            joined[key] = max(joined.get(key, ""), facts.until.isoformat())
        if one.entry.kind == "referral" and facts.referrer:
            row = {"customer_id": customer_id, "referrer_id": facts.referrer, "rewarded": facts.rewarded}
            brought[customer_id] = row
    if counted:
        _count(connection, counted)
    if joined:
        _join(connection, joined)
    upsert(connection, referral, list(brought.values()))
    end_leases(connection, applied)


def _count(connection: Connection, counted: Counter[tuple[str, str, str]]) -> None:
    ids = sorted({customer_id for customer_id, _, _ in counted})
    rows = connection.execute(select(mark).where(among(connection, mark.c.customer_id, ids)))
    known: dict[tuple[str, str, str], int] = {tuple(row)[:3]: row[3] for row in rows}
    upsert(
        connection,
        mark,
        [
            {"customer_id": key[0], "kind": key[1], "code": key[2], "count": known.get(key, 0) + count}
            for key, count in sorted(counted.items())
        ],
    )
    uses: Counter[str] = Counter()
    for (_, kind, code), count in counted.items():
        if kind == "use":
            uses[code] += count
    if uses:
        change = next_changes(connection, len(uses))  # locks out everybody else who counts uses
        found = connection.execute(
            select(use_total.c.code, use_total.c.count).where(among(connection, use_total.c.code, sorted(uses)))
        )
        totals = {row[0]: row[1] for row in found}
        upsert(
            connection,
            use_total,
            [
                {"code": code, "count": totals.get(code, 0) + uses[code], "change": change + place}
                for place, code in enumerate(sorted(uses))
            ],
        )


def _join(connection: Connection, joined: dict[tuple[str, str], str]) -> None:
    ids = sorted({customer_id for customer_id, _ in joined})
    rows = connection.execute(select(membership).where(among(connection, membership.c.customer_id, ids)))
    known = {(row.customer_id, row.code): row.until for row in rows}
    upsert(
        connection,
        membership,
        [
            {"customer_id": key[0], "code": key[1], "until": max(until, known.get(key, ""))}
            for key, until in sorted(joined.items())
        ],
    )


def marks_of(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Mark, ...]]:
    """Return customers' counts."""
    found: dict[str, list[Mark]] = defaultdict(list)
    for customer_id, kind, code, count in run(connection, Statement(_MARKS, (told(ids),)))[0]:
        found[customer_id].append(Mark(kind, code, count))
    return {customer_id: tuple(marks) for customer_id, marks in found.items()}


def memberships_of(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Membership, ...]]:
    """Return customers' memberships, past ones too."""
    found: dict[str, list[Membership]] = defaultdict(list)
    for customer_id, code, until in run(connection, Statement(_MEMBERSHIPS, (told(ids),)))[0]:
        found[customer_id].append(Membership(code, until))
    return {customer_id: tuple(joined) for customer_id, joined in found.items()}


def referrals_of(connection: Connection, ids: Sequence[str]) -> dict[str, Referral]:
    """Return who brought these customers."""
    rows = run(connection, Statement(_REFERRALS, (told(ids),)))[0]
    return {customer_id: Referral(referrer_id, bool(rewarded)) for customer_id, referrer_id, rewarded in rows}
