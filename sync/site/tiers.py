"""Tiers on the site: each customer's, by the rules' own reckoning from what was bought at all tills."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from sync.site.books import SITE, Books
from sync.site.facts import read_facts
from sync.site.marks import memberships_of
from sync.site.shop import programme_on, shop_facts
from sync.site.store import Store, among, start_ms
from sync.site.tables import customer, journal, sale
from terminal.rules.account import Account, Member, PeriodFigures
from terminal.rules.programme import Programme
from terminal.rules.tiers import tier_of, tier_periods

_PAGE = 500
_EVER_MS = 1 << 62

Figures = dict[str, PeriodFigures]


def move_tiers(store: Store, on: date) -> int:
    """Give each customer the tier of a day; return how many have another one now. Safe to run again."""
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
            tiers = _tiers(connection, books, programme, on, timezone)
            for book in books.customers.values():
                if book.tier != tiers[book.id]:
                    book.tier, book.changed = tiers[book.id], True
                    moved += 1
            books.save()
        if len(ids) < _PAGE:
            return moved
        after = ids[-1]


def _tiers(
    connection: Connection, books: Books, programme: Programme, on: date, timezone: str
) -> dict[str, str | None]:
    ids = sorted(books.customers)
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
    for customer_id, book in books.customers.items():
        account = Account(
            customer_id=customer_id,
            spend_minor=book.spend_minor,
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
