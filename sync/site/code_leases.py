"""Leases of codes: a limited offer, promo code or stamp card of a customer is one holder's alone until it is used.

Whoever holds one may use it once; how often the customer has used it before comes with the account. A sale that
uses it ends the lease, a `lease_return` too. What is limited over all customers is leased so often at most as uses
are left. Under an order the site holds it itself.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, select

from sync.protocol import Grant, GrantedLot
from sync.site.applying import Read
from sync.site.books import SITE, Books
from sync.site.code_lease_table import code_lease
from sync.site.feed import next_changes
from sync.site.holders import lock_holder
from sync.site.leases import keep_grant, recall_codes
from sync.site.order_record import Record
from sync.site.shop import programme_on
from sync.site.store import Store, among, among_pairs, insert
from sync.site.tables import promo_code, shop_order, terminal, use_total
from terminal.rules.limited import limits_of, used_codes

_MOST_RECALLS = 20

Whose = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of asking for codes: the grant, how many could not be had, and (holder, customer) who have them."""

    grant: Grant | None
    short: int
    others: tuple[Whose, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """Codes that are free, and by code who has those that are not."""

    free: list[str]
    busy: dict[str, list[Whose]]


def grant_codes(store: Store, holder_id: str, customer_id: str, codes: Sequence[str], on: date) -> Answered:
    """Lease to a holder those of the codes that are free, under its next number; what it has stays."""
    with store.writing() as connection:
        to = lock_holder(connection, holder_id)
        books = Books(connection, holder_id)
        books.load([customer_id], lots_too=[])
        book = books.customers.get(customer_id)
        if book is None or book.merged_into:
            return Answered(None, len(codes), ())
        found = _look(connection, customer_id, codes, on, holder_id)
        others = dict.fromkeys(one for whose in found.busy.values() for one in whose if one[0] != SITE)
        granted = None
        if found.free:
            at_ms = store.clock()
            to.granted += 1
            parts = [(code, 1) for code in found.free]
            keep_grant(connection, to, customer_id, parts, at_ms, "codes")
            _hold(connection, customer_id, found.free, holder_id)
            book.changed = True
            books.save()
            lots = tuple(GrantedLot(code, points) for code, points in parts)
            granted = Grant(number=to.granted, customer_id=customer_id, lots=lots, at_ms=at_ms, asset="codes")
        return Answered(granted, len(found.busy), tuple(others)[:_MOST_RECALLS])


def recall_from_others(store: Store, others: Collection[Whose]) -> bool:
    """Ask holders to return the codes that they have of customers; tell whether there is anybody to ask."""
    for holder_id, customer_id in others:
        recall_codes(store, holder_id, customer_id)
    return bool(others)


def _look(connection: Connection, customer_id: str, codes: Sequence[str], on: date, holder_id: str) -> _Found:
    """Tell free codes from those that somebody has; one that is not limited, or is used up, is neither."""
    next_changes(connection, 0)  # nobody else leases codes or counts uses until the commit
    limits = _limits(connection, customer_id, codes, on)
    leased: dict[str, list[Whose]] = defaultdict(list)
    rows = connection.execute(select(code_lease).where(among(connection, code_lease.c.code, list(limits))))
    mine: dict[str, str] = {}
    for row in rows:
        leased[row.code].append((row.holder_id, row.customer_id))
        if row.customer_id == customer_id:
            mine[row.code] = row.holder_id
    totals = connection.execute(
        select(use_total.c.code, use_total.c.count).where(among(connection, use_total.c.code, list(limits)))
    )
    used = {row[0]: row[1] for row in totals}
    found = _Found([], {})
    for code, in_all in limits.items():
        left = None if in_all is None else in_all - used.get(code, 0)
        if code in mine:
            if mine[code] != holder_id:
                found.busy[code] = [(mine[code], customer_id)]
        elif left is None or left > len(leased[code]):
            found.free.append(code)
        elif left > 0:
            found.busy[code] = leased[code]
    return found


def _limits(connection: Connection, customer_id: str, codes: Sequence[str], on: date) -> Mapping[str, int | None]:
    """Return the uses in all (None: any number) of those of the codes that are limited, and of this customer."""
    programme = programme_on(connection, on)
    known = limits_of(programme) if programme else {}
    limits = {code: known[code] for code in codes if code in known}
    single = connection.execute(
        select(promo_code.c.code, promo_code.c.customer_id).where(
            among(connection, promo_code.c.code, sorted(set(codes)))
        )
    )
    for code, owner in single:
        if owner in (None, customer_id):
            limits[code] = 1
    return limits


def _hold(connection: Connection, customer_id: str, codes: Iterable[str], holder_id: str) -> None:
    rows = [{"customer_id": customer_id, "code": code, "holder_id": holder_id} for code in codes]
    insert(connection, code_lease, rows)


def end_leases(connection: Connection, applied: Sequence[Read]) -> None:
    """End the leases of what applied entries have used or returned; the customers are locked.

    A sale may pay an order: what the site held for it is used then. An order that is cancelled frees it.
    """
    over: dict[str, list[Whose]] = defaultdict(list)
    cancelled: list[str] = []
    for one in applied:
        codes: Iterable[str] = ()
        if one.entry.kind == "sale":
            codes = used_codes(one.facts.marks)
        elif one.entry.kind == "lease_return":
            codes = one.facts.leases
        elif one.entry.kind == "order" and one.facts.state == "cancelled":
            cancelled.append(str(one.facts.number))
        over[one.entry.terminal_id] += [(one.entry.customer_id or "", code) for code in codes]
    for terminal_id, pairs in sorted(over.items()):
        if pairs:
            whose = select(terminal.c.holder_id).where(terminal.c.id == terminal_id).scalar_subquery()
            _end(connection, pairs, (code_lease.c.holder_id == whose) | (code_lease.c.holder_id == SITE))
    if cancelled:
        query = select(shop_order.c.customer_id, shop_order.c.document)
        for row in connection.execute(query.where(among(connection, shop_order.c.number, cancelled))):
            free_of_order(connection, row.customer_id, msgspec.json.decode(row.document, type=Record).marks)


def _end(connection: Connection, pairs: Sequence[Whose], whose: ColumnElement[bool]) -> None:
    named = among_pairs(connection, code_lease.c.customer_id, code_lease.c.code, pairs)
    connection.execute(delete(code_lease).where(named, whose))


def hold_for_order(
    connection: Connection, customer_id: str, marks: Iterable[tuple[str, str, int]], on: date
) -> str | None:
    """Keep what an order uses until it is paid or cancelled; return a code that somebody else was faster to take.

    Before anything else is written: then nothing is kept.
    """
    codes = sorted(used_codes(marks))
    if not codes:
        return None
    found = _look(connection, customer_id, codes, on, SITE)
    gone = set(_limits(connection, customer_id, codes, on)) - set(found.free)
    if gone:
        return min(gone)
    _hold(connection, customer_id, found.free, SITE)
    return None


def free_of_order(connection: Connection, customer_id: str, marks: Iterable[tuple[str, str, int]]) -> None:
    """Free what an order kept that was cancelled."""
    pairs = [(customer_id, code) for code in used_codes(marks)]
    if pairs:
        _end(connection, pairs, code_lease.c.holder_id == SITE)


def codes_away(
    connection: Connection, customer_id: str, *, at_tills: bool = True
) -> tuple[frozenset[str], Counter[str]]:
    """Return the codes of a customer that somebody has, and how often each was used, or may yet be, by anybody.

    Without `at_tills` as if no till had any.
    """
    counted = code_lease.c.holder_id.is_not(None) if at_tills else code_lease.c.holder_id == SITE
    rows = connection.execute(select(code_lease.c.code).where(code_lease.c.customer_id == customer_id, counted))
    taken = frozenset(row[0] for row in rows)
    uses: Counter[str] = Counter()
    for query in (
        select(use_total.c.code, use_total.c.count),
        select(code_lease.c.code, func.count()).where(counted).group_by(code_lease.c.code),
    ):
        uses.update({row[0]: row[1] for row in connection.execute(query)})
    return taken, uses


def held_by_tills(
    connection: Connection, customer_id: str, codes: Iterable[str], on: date
) -> dict[str, list[Whose]]:
    """Return, by code, which tills (and for which customers) have those that the site would need for a customer."""
    wanted = sorted(codes)
    if not wanted:
        return {}
    busy = _look(connection, customer_id, wanted, on, SITE).busy
    tills = {code: [one for one in whose if one[0] != SITE] for code, whose in busy.items()}
    return {code: whose for code, whose in tills.items() if whose}
