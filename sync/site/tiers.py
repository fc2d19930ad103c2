"""Tiers on the site: each customer's, by the rules' own reckoning from what was bought at all tills."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from sync.site.applying import Read
from sync.site.books import SITE, Books
from sync.site.facts import read_facts
from sync.site.marks import memberships_of
from sync.site.notices import queue_notices
from sync.site.shop import programme_on, shop_facts
from sync.site.store import Store, among, day_of, start_ms
from sync.site.tables import customer, journal, sale
from terminal.rules.account import Account, Member, PeriodFigures
from terminal.rules.notices import Change, tier_changes
from terminal.rules.programme import Programme
from terminal.rules.tiers import MOVING, tier_of, tier_periods

_PAGE = 500
_EVER_MS = 1 << 62

Figures = dict[str, PeriodFigures]


def move_tiers(store: Store, on: date) -> int:
    """Give each customer the tier of a day, and tell them; return how many have another now. Safe to run again."""
    with store.reading() as connection:
        programme, timezone = programme_on(connection, on), shop_facts(connection).timezone
    if programme is None or not programme.tiers:
        return 0
    moved, after = 0, ""
    while True:
        with store.writing() as connection:
            query = select(customer.c.id).where(customer.c.id > after, customer.c.merged_into.is_(None))
            ids = [row[0] for row in connection.execute(query.order_by(customer.c.id).limit(_PAGE))]
            books = Books(connection, SITE)
            books.load(ids, lots_too=[])
            before = {book.id: book.tier for book in books.customers.values()}
            changes = _move(connection, books, ids, programme, on, timezone)
            moved += sum(book.tier != before[book.id] for book in books.customers.values())
            books.save()
            queue_notices(connection, store, changes)
        if len(ids) < _PAGE:
            return moved
        after = ids[-1]


def follow_tiers(connection: Connection, store: Store, books: Books, done: Iterable[Read]) -> list[Change]:
    """Move the tiers of who bought, brought back or joined just now, from books that are saved."""
    ids = {one.entry.customer_id for one in done if one.entry.kind in MOVING}
    known = sorted(one for one in ids if one in books.customers and books.customers[one].merged_into is None)
    if not known:
        return []
    timezone = shop_facts(connection).timezone
    on = day_of(store.clock(), timezone)
    programme = programme_on(connection, on)
    if programme is None or not programme.tiers:
        return []
    changes = _move(connection, books, known, programme, on, timezone)
    books.save()
    return changes


def _move(
    connection: Connection, books: Books, ids: Sequence[str], programme: Programme, on: date, timezone: str
) -> list[Change]:
    changes = []
    for customer_id, tier in _tiers(connection, books, ids, programme, on, timezone).items():
        book = books.customers[customer_id]
        if book.tier != tier:
            changes += tier_changes(programme, customer_id, book.tier, tier, on)
            book.tier, book.changed = tier, True
    return changes


def _tiers(
    connection: Connection, books: Books, ids: Sequence[str], programme: Programme, on: date, timezone: str
) -> dict[str, str | None]:
    spans = [
        (start_ms(first, timezone), start_ms(last + timedelta(days=1), timezone))
        for first, last in tier_periods(programme.tier_rules, on)
    ]
    periods = [_bought(connection, ids, *span) for span in spans]
    by_points = programme.tier_rules.by == "points" and not spans
    to_date = _bought(connection, ids, 0, _EVER_MS) if by_points else {}
    joined = memberships_of(connection, ids)
    nothing = PeriodFigures()
    tiers: dict[str, str | None] = {}
    for customer_id in ids:
        account = Account(
            customer_id=customer_id,
            spend_minor=books.customers[customer_id].spend_minor,
            earned_points=to_date.get(customer_id, nothing).points,
            periods=tuple(period.get(customer_id, nothing) for period in periods),
            memberships=tuple(
                Member(one.code, date.fromisoformat(one.until)) for one in joined.get(customer_id, ())
            ),
        )
        tier = tier_of(programme, account, on)
        tiers[customer_id] = tier.code if tier else None
    return tiers


def _bought(connection: Connection, ids: Sequence[str], from_ms: int, before_ms: int) -> Figures:
    """Sum up what customers bought and earned within some time. A refund counts on its own day."""
    spend: dict[str, int] = defaultdict(int)
    points: dict[str, int] = defaultdict(int)
    sold = select(
        sale.c.customer_id, func.sum(sale.c.total_minor - sale.c.taken_off_minor), func.sum(sale.c.earned)
    ).where(
        among(connection, sale.c.customer_id, ids),
        sale.c.at_ms >= from_ms,
        sale.c.at_ms < before_ms,
        sale.c.voided.is_(False),
    )
    for customer_id, minor, earned in connection.execute(sold.group_by(sale.c.customer_id)):
        spend[customer_id], points[customer_id] = int(minor), int(earned)
    back = select(journal.c.customer_id, journal.c.payload).where(
        among(connection, journal.c.customer_id, ids),
        journal.c.at_ms >= from_ms,
        journal.c.at_ms < before_ms,
        journal.c.kind == "refund",
    )
    for customer_id, payload in connection.execute(back):
        facts = read_facts(payload)
        if facts is not None:
            spend[customer_id] -= facts.back_minor + facts.cut_minor
            points[customer_id] -= facts.clawed_points
    return {one: PeriodFigures(spend[one], points[one]) for one in spend}
