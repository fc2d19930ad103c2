"""Customers from and to a CSV file: read and checked line by line, booked in pages by the site's own journal."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TextIO

from sqlalchemy import select

from sync.site.audit import note
from sync.site.books import SITE, Books
from sync.site.csv_file import BadLine, read_rows, write_rows
from sync.site.journal import OwnJournal, lock_progress
from sync.site.people import person_row, set_cards, set_consents, settle_phones
from sync.site.shop import programme_on, shop_facts
from sync.site.store import AnyRow, Store, day_of, lock_people, upsert
from sync.site.tables import card, customer, person
from terminal.rules.card import read_card
from terminal.rules.entry import uuid7
from terminal.rules.money import read_amount
from terminal.rules.phone import read_phone
from terminal.rules.phrase import Refused
from terminal.rules.programme import Programme
from terminal.rules.quote import lot_to_be
from terminal.rules.text import safe_text

COLUMNS = ("name", "phone", "card", "points", "spend", "email", "birthday", "language")
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A customer as a file has them, read: points in units, spending in minor units, the phone as E.164 digits."""

    line: int
    name: str
    phone: str | None
    card: str | None
    points: int
    spend_minor: int
    email: str | None
    birthday: str | None
    language: str | None


def read_accounts(lines: Iterable[str], country: str, programme: Programme) -> Iterator[NewAccount | BadLine]:
    """Read a CSV file whose first line names columns, of which `name` and `phone` must be there."""
    seen: dict[str, int] = {}
    for row in read_rows(lines, ("name", "phone")):
        if isinstance(row, BadLine):
            yield row
            continue
        line, cells = row
        read = _read(line, {name: cells.get(name, "") for name in COLUMNS}, country, programme)
        for key in (read.phone, read.card) if isinstance(read, NewAccount) else ():
            if key and (first := seen.setdefault(key, line)) != line:
                read = BadLine(line, f"{key} stands on line {first} too")
        yield read


def _read(line: int, cells: dict[str, str], country: str, programme: Programme) -> NewAccount | BadLine:
    name = safe_text(cells["name"])
    phone = read_phone(cells["phone"], country) if cells["phone"] else None
    number = read_card(cells["card"]) if cells["card"] else None
    points = read_amount(cells["points"] or "0", programme.points_decimals, zero_allowed=True)
    spend = read_amount(cells["spend"] or "0", programme.currency_decimals, zero_allowed=True)
    for what, value in (("phone", phone), ("card", number), ("points", points), ("spend", spend)):
        if isinstance(value, Refused):
            values = dict(value.reason.values)
            return BadLine(line, f"{what}: {value.reason.text.format_map(values)}")
    if not name:
        return BadLine(line, "the name is missing")
    try:
        birthday = date.fromisoformat(cells["birthday"]).isoformat() if cells["birthday"] else None
    except ValueError:
        return BadLine(line, f"birthday: {cells['birthday'][:40]!r} is no day such as 1990-12-31")
    assert not isinstance(phone, Refused)
    assert not isinstance(number, Refused)
    assert isinstance(points, int)
    assert isinstance(spend, int)
    return NewAccount(
        line, name, phone, number, points, spend, cells["email"] or None, birthday, cells["language"] or None
    )


def known_already(store: Store, accounts: list[NewAccount]) -> list[BadLine]:
    """Return those whose phone or card the site has."""
    bad: list[BadLine] = []
    with store.reading() as connection:
        for what, column in (("phone", person.c.phone), ("card", card.c.number)):
            values = {str(getattr(one, what)): one.line for one in accounts if getattr(one, what)}
            for place in range(0, len(values), _PAGE):
                page = sorted(values)[place : place + _PAGE]
                for (value,) in connection.execute(select(column).where(column.in_(page))):
                    bad.append(BadLine(values[value], f"{what} {value} is known already"))
    return sorted(bad, key=lambda one: one.line)


def import_accounts(
    store: Store,
    accounts: list[NewAccount],
    home: str | None,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> int:
    """Register customers with their opening points and spending; return how many. A page is a transaction."""
    for place in range(0, len(accounts), _PAGE):
        _import_page(store, accounts[place : place + _PAGE], home)
        progress(min(place + _PAGE, len(accounts)), len(accounts))
    return len(accounts)


def _import_page(store: Store, page: list[NewAccount], home: str | None) -> None:
    with store.writing() as connection:
        progress = lock_progress(connection, [SITE])[SITE]
        lock_people(connection)
        now_ms = store.clock()
        on = day_of(now_ms, shop_facts(connection).timezone)
        programme = programme_on(connection, on)
        assert programme is not None, "checked before the file was read"
        books = Books(connection, SITE)
        own = OwnJournal(store, books, progress)
        ids: list[str] = []
        for one in page:
            ids.append(_open(store, books, own, one, programme, on))
            books.customers[ids[-1]].home = home
        rows = {
            customer_id: person_row(
                customer_id,
                one.name,
                one.phone,
                email=one.email,
                birthday=one.birthday,
                language=one.language,
            )
            for customer_id, one in zip(ids, page, strict=True)
        }
        settle_phones(connection, rows, now_ms)
        upsert(connection, person, list(rows.values()))
        own.save(connection)
        note(connection, store, "import", "customers imported", "", str(len(page)))
        set_consents(connection, ids, {"programme": True}, now_ms)
        cards = [(whose, one.card, "active", now_ms) for whose, one in zip(ids, page, strict=True) if one.card]
        set_cards(connection, cards)


def _open(store: Store, books: Books, own: OwnJournal, one: NewAccount, programme: Programme, on: date) -> str:
    customer_id = uuid7(store.clock(), store.chance.getrandbits(74))
    own.append("register", {"consents": {"programme": True}}, customer_id=customer_id, operator="import")
    payload: dict[str, object] = {"reason": "opening"}
    if one.spend_minor:
        payload["spend_minor"] = one.spend_minor
    if one.points:
        payload["lot"] = lot_to_be(programme, one.points, on).lot_facts()
    if len(payload) > 1:
        own.append("gift", payload, points=one.points, customer_id=customer_id, operator="import")
    return customer_id


def export_accounts(store: Store, out: TextIO) -> int:
    """Write all customers but merged and erased ones, as a file that `import` reads; return how many."""
    with store.reading() as connection:
        on = day_of(store.clock(), shop_facts(connection).timezone)
        programme = programme_on(connection, on)
        places = programme.points_decimals if programme else 0
        money = programme.currency_decimals if programme else 2
        number = (
            select(card.c.number)
            .where(card.c.customer_id == customer.c.id, card.c.state == "active")
            .order_by(card.c.number)
            .limit(1)
            .scalar_subquery()
        )
        rows = connection.execution_options(yield_per=_PAGE).execute(
            select(customer.c.id, customer.c.points, customer.c.spend_minor, number.label("card"), person)
            .join(person, person.c.customer_id == customer.c.id)
            .order_by(customer.c.id)
        )
        return write_rows(out, ("id", *COLUMNS), (_cells(row, places, money) for row in rows))


def _cells(row: AnyRow, places: int, money: int) -> tuple[str | None, ...]:
    figures = (decimal(row.points, places), decimal(row.spend_minor, money))
    return (row.id, row.name, row.phone, row.card, *figures, row.email, row.birthday, row.language)


def decimal(units: int, places: int) -> str:
    """Write a whole number of the smallest parts as a decimal."""
    sign, digits = "-" * (units < 0), str(abs(units)).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
