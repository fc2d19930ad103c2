"""What the site tells that a programme counts besides points: marks, memberships, friends, leases of codes."""

from collections.abc import Sequence

from terminal.ledger.ledger import Ledger
from terminal.ledger.marks import EVERYBODY
from terminal.ledger.told import ToldAccount
from terminal.ledger.views import marks_in
from terminal.ledger.writes import Write, as_json

_PAGE = 1000

_PUT_MARK = """
INSERT INTO mark (customer_id, kind, code, count, site_count) VALUES (?1, ?2, ?3, ?4, ?4)
ON CONFLICT (customer_id, kind, code) DO UPDATE SET count = ?4, site_count = ?4
"""

_PUT_MEMBERSHIP = "INSERT OR REPLACE INTO membership (customer_id, code, until, site_until) VALUES (?1, ?2, ?3, ?3)"

_PUT_REFERRAL = """
INSERT OR REPLACE INTO referral (friend_id, referrer_id, rewarded, site_rewarded) VALUES (?1, ?2, ?3, ?3)
"""

_PUT_CODE_LEASE = "INSERT OR REPLACE INTO code_lease VALUES (?, ?, 1)"

_AMONG = "IN (SELECT value FROM json_each(?))"
_BEFORE = (
    ("mark", "customer_id", "UPDATE mark SET count = 0, site_count = 0 WHERE customer_id = ?"),
    ("membership", "customer_id", "DELETE FROM membership WHERE customer_id = ?"),
    ("referral", "friend_id", "DELETE FROM referral WHERE friend_id = ?"),
    ("code_lease", "customer_id", "DELETE FROM code_lease WHERE customer_id = ?"),
)
"""What goes before counts are put: a table, its column of the customer, and how old ones are taken away."""

_ADD_USES = "UPDATE mark SET count = count + ? WHERE customer_id = ? AND kind = 'use' AND code = ?"


def count_writes(ledger: Ledger, accounts: Sequence[ToldAccount], known: Sequence[str]) -> list[Write]:
    """Return what is to be written of the counts of these customers; own later entries are added afterwards.

    `known` are those who may have counts here.
    """
    listed = as_json(known)
    before: list[Write] = [
        (change, ledger.rows(f"SELECT DISTINCT {whose} FROM {table} WHERE {whose} {_AMONG}", (listed,)))  # noqa: S608
        for table, whose, change in _BEFORE
        if known
    ]
    return [
        *before,
        (
            _PUT_MARK,
            [(one.customer_id, mark.kind, mark.code, mark.count) for one in accounts for mark in one.marks],
        ),
        (
            _PUT_MEMBERSHIP,
            [(one.customer_id, joined.code, joined.until) for one in accounts for joined in one.memberships],
        ),
        (_PUT_CODE_LEASE, [(one.customer_id, code) for one in accounts for code in one.leased]),
        (
            _PUT_REFERRAL,
            [
                (account.customer_id, account.referral.referrer_id, int(account.referral.rewarded))
                for account in accounts
                if account.referral is not None
            ],
        ),
    ]


def put_uses(ledger: Ledger, totals: Sequence[tuple[str, int]], seq: int) -> None:
    """Put how often offers and codes were used by everybody, counting own entries up to a seq; add later ones."""
    if not totals:
        return
    ledger.write_many(_PUT_MARK, [(EVERYBODY, "use", code, count) for code, count in totals])
    told = {code for code, _ in totals}
    while page := ledger.entries(after=seq, limit=_PAGE):
        seq = page[-1].seq
        added = [
            (count, EVERYBODY, code)
            for entry in page
            if '"marks"' in entry.payload
            for kind, code, count in marks_in(entry)
            if kind == "use" and code in told
        ]
        ledger.write_many(_ADD_USES, added)
