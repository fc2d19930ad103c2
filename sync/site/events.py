"""What the shop tells of a customer: registered there, or did something that the programme rewards."""

import hashlib
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection, select

from sync.protocol import Code, Fault
from sync.site.accounts import accounts_of
from sync.site.books import SITE, Books
from sync.site.journal import OwnJournal, lock_progress
from sync.site.marks import marks_of
from sync.site.people import find_ids, person_row, set_consents, settle_phones
from sync.site.shop import programme_on, shop_facts, today
from sync.site.shop_messages import Event, FindCustomer, Found, RegisterCustomer, Rewarded
from sync.site.store import Store, insert, lock_people, upsert
from sync.site.tables import event, person
from terminal.rules.card import is_payment_card
from terminal.rules.entry import uuid7
from terminal.rules.expiry import lot_to_be
from terminal.rules.phone import read_phone
from terminal.rules.phrase import Phrase, Refused
from terminal.rules.programme import Action, Programme
from terminal.rules.text import safe_text

_REGISTRATION = "registration"


def said(phrase: Phrase) -> str:
    """Return a phrase in English, for a program's log."""
    return phrase.text.format_map(dict(phrase.values))


def find(store: Store, asked: FindCustomer) -> Found:
    """Find a customer for the shop's own site."""
    with store.reading() as connection:
        value: str | Refused = asked.value
        if asked.by == "phone":
            value = read_phone(asked.value, shop_facts(connection).country)
        ids = find_ids(connection, asked.by, [value]) if isinstance(value, str) else []
        return Found(accounts=accounts_of(connection, ids, SITE))


def register(store: Store, asked: RegisterCustomer, who: str) -> Found | Fault:
    """Register a customer, with the points that the programme gives for it; who is known is answered unchanged."""
    name = safe_text(asked.name)
    if not name or any(is_payment_card(text) for text in (asked.name, asked.email)):
        return Fault(code=Code.REFUSED, text="name or e-mail can't be kept")
    try:
        birthday = date.fromisoformat(asked.birthday).isoformat() if asked.birthday else None
    except ValueError:
        return Fault(code=Code.REFUSED, text="the birthday is no day of the calendar")
    with store.writing() as connection:
        progress = lock_progress(connection, [SITE])[SITE]
        lock_people(connection)
        phone = read_phone(asked.phone, shop_facts(connection).country)
        if isinstance(phone, Refused):
            return Fault(code=Code.REFUSED, text=said(phone.reason))
        known = find_ids(connection, "phone", [phone])
        if known:
            return Found(accounts=accounts_of(connection, known, SITE))
        now_ms = store.clock()
        customer_id = uuid7(now_ms, store.chance.getrandbits(74))
        books = Books(connection, SITE)
        own = OwnJournal(store, books, progress)
        purposes = {"programme": True, "messages": asked.messages_agreed}
        own.append("register", {"consents": purposes}, customer_id=customer_id, operator=who)
        on = today(connection, store)
        programme = programme_on(connection, on)
        action = _action(programme, _REGISTRATION)
        if programme and action:
            _reward(own, programme, action, _REGISTRATION, customer_id, on, who)
        row = person_row(
            customer_id, name, phone, email=asked.email, birthday=birthday, language=asked.language or None
        )
        settle_phones(connection, {customer_id: row}, now_ms)
        upsert(connection, person, [row])
        set_consents(connection, [customer_id], purposes, now_ms)
        own.save(connection)
        return Found(accounts=accounts_of(connection, [customer_id], SITE), registered=True)


def _action(programme: Programme | None, code: str) -> Action | None:
    actions = programme.actions if programme else ()
    return next((one for one in actions if one.code == code), None)


def _reward(
    own: OwnJournal, programme: Programme, action: Action, mark: str, customer_id: str, on: date, who: str
) -> int:
    earning = lot_to_be(programme, int(action.points), on + timedelta(days=action.pending_days))
    payload = {"action": action.code, "marks": [["action", mark, 1]], "lot": earning.lot_facts()}
    own.append("action", payload, points=earning.points, customer_id=customer_id, operator=who)
    return earning.points


def happened(store: Store, told: Event, who: str) -> Rewarded | Fault:
    """Reward something a customer did, once."""
    with store.writing() as connection:
        progress = lock_progress(connection, [SITE])[SITE]
        books = Books(connection, SITE)
        books.load([told.customer_id])
        if told.customer_id not in books.customers:
            return Fault(code=Code.UNKNOWN, text="there is no such customer")
        before = _told_before(connection, told)
        if before is not None:
            return before
        own = OwnJournal(store, books, progress)
        on = today(connection, store)
        points, text = _happened(connection, own, told, on, who)
        own.save(connection)
        answer = Rewarded(points=points, balance=books.customers[told.customer_id].points, text=text)
        row = {
            "customer_id": told.customer_id,
            "id": told.event_id,
            "told_hash": _hash(told),
            "answer": msgspec.json.encode(answer).decode(),
            "at_ms": store.clock(),
        }
        insert(connection, event, [row])
        return answer


def _told_before(connection: Connection, told: Event) -> Rewarded | Fault | None:
    row = connection.execute(
        select(event.c.told_hash, event.c.answer).where(
            event.c.customer_id == told.customer_id, event.c.id == told.event_id
        )
    ).first()
    if row is None:
        return None
    if row.told_hash != _hash(told):
        return Fault(code=Code.CONFLICT, text="this event's id was used for something else")
    return msgspec.json.decode(row.answer, type=Rewarded)


def _hash(told: msgspec.Struct) -> str:
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def _happened(connection: Connection, own: OwnJournal, told: Event, on: date, who: str) -> tuple[int, str]:
    """Return the points that an event gives, and why it gives none."""
    programme = programme_on(connection, on)
    action = _action(programme, told.kind)
    if programme is None or action is None:
        return 0, f"the programme gives nothing for {told.kind}"
    about = safe_text(told.about)
    if action.how_often == "each" and not about:
        return 0, f"say what {told.kind} is about"
    marks = {"once": action.code, "year": f"{action.code}/{on.year}", "each": f"{action.code}/{about}"}
    mark = marks[action.how_often]
    done = marks_of(connection, [told.customer_id]).get(told.customer_id, ())
    if any((one.kind, one.code) == ("action", mark) and one.count > 0 for one in done):
        return 0, f"{told.kind} was rewarded already"
    return _reward(own, programme, action, mark, told.customer_id, on, who), ""
