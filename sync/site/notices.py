"""Notices on the site: queued for the customer in the transaction that makes the change, each once.

What is told, by which way and in which words, `terminal.rules.notices` decides; here is where its answer is kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from sync.site.applying import Read
from sync.site.notice_table import notice
from sync.site.shop import programme_on, read_fact, set_fact, shop_facts
from sync.site.store import Store, among, day_of
from sync.site.tables import consent, customer, lot, person
from terminal.rules.lots import Lot
from terminal.rules.notices import MESSAGES, Addressee, Change, ToTell, day_changes, entry_changes, notices_of
from terminal.rules.programme import Notice

MOST_NIGHTS = 7
"""So many nights are made up for, the last one among them: what was missed before is no news any more."""

_PAGE = 500
_LAST_DAY = "notices_told"


def changes_of(done: Iterable[Read]) -> Iterator[Change]:
    """Yield the changes that applied entries make and that a programme may name, found when they are asked for."""
    yield from entry_changes(one.entry for one in done)


def queue_notices(connection: Connection, store: Store, changes: Iterable[Change]) -> int:
    """Queue the notices of changes, by the programme in force; return how many are new."""
    programme = programme_on(connection, day_of(store.clock(), shop_facts(connection).timezone))
    return _queue(connection, store, programme.notices, changes) if programme and programme.notices else 0


def queue_days(store: Store, on: date) -> int:
    """Queue what a day and missed ones before it bring: bonuses that expire soon, and birthdays; return how many.

    Safe to run again, after a stop half-way too: each notice is named by the day that it is about.
    """
    with store.reading() as connection:
        programme, last = programme_on(connection, on), read_fact(connection, _LAST_DAY)
    ahead = [rule for rule in (programme.notices if programme else ()) if rule.change in ("expiring", "birthday")]
    queued = 0
    for day in _days_due(date.fromisoformat(last) if last else None, on):
        queued += sum(_queue_day(store, rule, day, on) for rule in ahead)
        with store.writing() as connection:
            set_fact(connection, _LAST_DAY, day.isoformat())
    return queued


def _days_due(last: date | None, on: date) -> Iterator[date]:
    """Give the days that a night on `on` does, itself the last; a clock that was set back begins from there."""
    missed = (on - last).days - 1 if last else 0
    for ago in range(min(max(missed, 0), MOST_NIGHTS - 1), -1, -1):
        yield on - timedelta(days=ago)


def _queue_day(store: Store, rule: Notice, day: date, on: date) -> int:
    """Queue what a rule tells on a day; of points whose last day is over on `on` nothing is told any more."""
    about = day + timedelta(days=rule.days_before)
    if rule.change == "expiring" and about < on:
        return 0
    queued, after = 0, ""
    while True:
        with store.writing() as connection:
            lots, born = _page(connection, rule, about, after)
            ids = sorted({*lots, *born})
            changes = [
                change for one in ids for change in day_changes(rule, one, lots.get(one, ()), born.get(one), day)
            ]
            queued += _queue(connection, store, (rule,), changes)
        if len(ids) < _PAGE:
            return queued
        after = ids[-1]


def _page(
    connection: Connection, rule: Notice, day: date, after: str
) -> tuple[dict[str, list[Lot]], dict[str, date]]:
    """Return the next customers that a day may be told to: their lots that end on it, or their birthdays."""
    if rule.change == "birthday":
        # Who was born on 29 February keeps the day before it in other years.
        nights = [f"%-{day:%m-%d}", *(["%-02-29"] if (day.month, day.day) == (2, 28) else [])]
        rows = connection.execute(
            select(person.c.customer_id, person.c.birthday)
            .where(person.c.birthday.like(nights[0]) | person.c.birthday.like(nights[-1]))
            .where(person.c.customer_id > after)
            .order_by(person.c.customer_id)
            .limit(_PAGE)
        )
        return {}, {row[0]: date.fromisoformat(row[1]) for row in rows}
    ends = (lot.c.expires_on == day.isoformat()) & (lot.c.points_left > 0)
    ids = select(lot.c.customer_id).where(ends, lot.c.customer_id > after).distinct()
    ids = ids.order_by(lot.c.customer_id).limit(_PAGE)
    lots: dict[str, list[Lot]] = {}
    for whose, lot_id, left, first in connection.execute(
        select(lot.c.customer_id, lot.c.id, lot.c.points_left, lot.c.available_from).where(
            ends, lot.c.customer_id.in_(ids)
        )
    ):
        lots.setdefault(whose, []).append(Lot(lot_id, left, 0, date.fromisoformat(first), day))
    return lots, {}


def _queue(connection: Connection, store: Store, rules: Sequence[Notice], changes: Iterable[Change]) -> int:
    named = {rule.change for rule in rules}
    wanted = [change for change in changes if change.change in named]
    if not wanted:
        return 0
    people = _people(connection, {change.customer_id for change in wanted})
    return _insert(connection, store, notices_of(rules, wanted, people, shop_facts(connection).language))


def _people(connection: Connection, customer_ids: set[str]) -> Mapping[str, Addressee]:
    """How these customers are reached; who was merged into another one is reached as that one alone."""
    rows = connection.execute(
        select(consent.c.given, person.c.email, person.c.phone, person.c.language, person.c.customer_id)
        .join(consent, (consent.c.customer_id == person.c.customer_id) & (consent.c.purpose == MESSAGES))
        .join(customer, customer.c.id == person.c.customer_id)
        .where(among(connection, person.c.customer_id, sorted(customer_ids)))
        .where(customer.c.merged_into.is_(None))
    )
    return {row[4]: Addressee(*row[:4]) for row in rows}


def _insert(connection: Connection, store: Store, told: Sequence[ToTell]) -> int:
    """Keep what is to be told; what is there already stays as it is. Return how many are new."""
    now_ms = store.clock()
    cells = [
        {
            "customer_id": one.customer_id,
            "id": one.id,
            "change": one.change,
            "channel": one.channel,
            "template": one.template,
            "language": one.language,
            "facts": msgspec.json.encode(one.facts).decode(),
            "state": "queued",
            "tries": 0,
            "due_ms": now_ms,
            "made_ms": now_ms,
        }
        for one in told
    ]
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgres
    # Batches are small (a page of entries): one statement with all rows of it.
    queued = 0
    for place in range(0, len(cells), _PAGE):
        page = insert(notice).values(cells[place : place + _PAGE]).on_conflict_do_nothing()
        queued += len(connection.execute(page.returning(notice.c.id)).all())
    return queued
