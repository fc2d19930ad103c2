"""Notices: the changes that the programme names, queued for the customer in the transaction that makes them.

A notice has an id made of what it is about, so that each is queued once however often a change is looked at. It is
only for who agreed to messages, and only where the customer has an address for its way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from sync.site.applying import Read
from sync.site.notice_table import notice
from sync.site.shop import programme_on, shop_facts
from sync.site.store import Store, among, day_of
from sync.site.tables import consent, customer, lot, person
from terminal.rules.programme import Notice, Programme

MESSAGES = "messages"
"""The consent that a notice needs."""

_GIVING = frozenset({"earn", "action", "gift", "referral"})
_TOLD_STATES = frozenset({"placed", "paid", "issued", "cancelled", "returned"})
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one customer: `about` makes its notice's id, `facts` fill the words."""

    customer_id: str
    change: str
    about: str
    facts: Mapping[str, Any]


def changes_of(done: Iterable[Read]) -> list[Change]:
    """Return the changes that applied entries make and that a programme may name."""
    found = []
    for one in done:
        entry = one.entry
        if entry.customer_id is None:
            continue
        if entry.kind == "register":
            found.append(Change(entry.customer_id, "registration", entry.id, {}))
        elif entry.kind in _GIVING and entry.points > 0:
            found.append(Change(entry.customer_id, "earned", entry.sale_id or entry.id, {"points": entry.points}))
        elif entry.kind == "order" and one.facts.state in _TOLD_STATES:
            facts = {"order": one.facts.number, "state": one.facts.state}
            found.append(Change(entry.customer_id, "order", f"{one.facts.number}/{one.facts.state}", facts))
    return found


def queue_notices(connection: Connection, store: Store, changes: Iterable[Change]) -> int:
    """Queue the notices of changes, by the programme in force; return how many are new."""
    programme = programme_on(connection, day_of(store.clock(), shop_facts(connection).timezone))
    wanted = list(changes)
    if programme is None or not programme.notices or not wanted:
        return 0
    return _queue(connection, store, programme.notices, wanted)


def queue_days(store: Store, on: date) -> int:
    """Queue what a day brings: bonuses that expire soon, and birthdays. Safe to run again; returns how many."""
    with store.reading() as connection:
        programme = programme_on(connection, on)
    if programme is None:
        return 0
    return sum(_queue_day(store, programme, rule, on) for rule in programme.notices)


def _queue_day(store: Store, programme: Programme, rule: Notice, on: date) -> int:
    queued, after = 0, ""
    if rule.change not in ("expiring", "birthday"):
        return 0
    day = on + timedelta(days=rule.days_before)
    while True:
        with store.writing() as connection:
            page = (_expiring if rule.change == "expiring" else _birthdays)(connection, day, after)
            queued += _queue(connection, store, (rule,), page)
        if len(page) < _PAGE:
            return queued
        after = page[-1].customer_id


def _expiring(connection: Connection, day: date, after: str) -> list[Change]:
    rows = connection.execute(
        select(lot.c.customer_id, lot.c.points_left)
        .where(lot.c.expires_on == day.isoformat(), lot.c.points_left > 0, lot.c.customer_id > after)
        .order_by(lot.c.customer_id)
        .limit(_PAGE)
    ).all()
    points: dict[str, int] = {}
    for customer_id, left in rows:
        points[customer_id] = points.get(customer_id, 0) + left
    if len(rows) == _PAGE and len(points) > 1:
        points.popitem()  # its other lots may stand on the next page
    facts = {"day": day.isoformat()}
    return [Change(whose, "expiring", day.isoformat(), {**facts, "points": left}) for whose, left in points.items()]


def _birthdays(connection: Connection, day: date, after: str) -> list[Change]:
    rows = connection.execute(
        select(person.c.customer_id)
        .where(person.c.birthday.like(f"%-{day:%m-%d}"), person.c.customer_id > after)
        .order_by(person.c.customer_id)
        .limit(_PAGE)
    ).all()
    return [Change(row[0], "birthday", str(day.year), {}) for row in rows]


def _queue(connection: Connection, store: Store, rules: Iterable[Notice], changes: list[Change]) -> int:
    rules = tuple(rules)
    named = {rule.change for rule in rules}
    changes = [change for change in changes if change.change in named]
    if not changes:
        return 0
    people = _people(connection, {change.customer_id for change in changes})
    language = shop_facts(connection).language
    now_ms = store.clock()
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for change in changes:
        told = people.get(change.customer_id)
        for rule in rules:
            address = (told.email if rule.channel == "email" else told.phone) if told else None
            if rule.change != change.change or told is None or not address:
                continue
            notice_id = f"{change.change}/{change.about}/{rule.channel}"
            points = rows.get((change.customer_id, notice_id), {}).get("points", 0)
            facts = dict(change.facts)
            rows[change.customer_id, notice_id] = {
                "customer_id": change.customer_id,
                "id": notice_id,
                "change": change.change,
                "channel": rule.channel,
                "template": rule.template,
                "language": told.language or language,
                "facts": facts | ({"points": facts["points"] + points} if "points" in facts else {}),
                "points": facts.get("points", 0) + points,
                "state": "queued",
                "tries": 0,
                "due_ms": now_ms,
                "made_ms": now_ms,
            }
    return _insert(connection, list(rows.values()))


@dataclass(frozen=True, slots=True)
class _Told:
    email: str | None
    phone: str | None
    language: str | None


def _people(connection: Connection, customer_ids: set[str]) -> dict[str, _Told]:
    """Those of the customers who agreed to messages, and where they are reached."""
    rows = connection.execute(
        select(person.c.customer_id, person.c.email, person.c.phone, person.c.language)
        .join(consent, (consent.c.customer_id == person.c.customer_id) & (consent.c.purpose == MESSAGES))
        .join(customer, customer.c.id == person.c.customer_id)
        .where(among(connection, person.c.customer_id, sorted(customer_ids)))
        .where(consent.c.given, customer.c.merged_into.is_(None))
    )
    return {row[0]: _Told(*row[1:]) for row in rows}


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> int:
    if not rows:
        return 0
    cells = [
        {name: value for name, value in row.items() if name != "points"}
        | {"facts": msgspec.json.encode(row["facts"]).decode()}
        for row in rows
    ]
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgres
    # Batches are small (a page of entries): one statement with all rows, and what is there already stays.
    queued = 0
    for place in range(0, len(cells), _PAGE):
        page = insert(notice).values(cells[place : place + _PAGE]).on_conflict_do_nothing()
        queued += len(connection.execute(page.returning(notice.c.id)).all())
    return queued
