"""Telling customers: queued notices are composed and handed over, each once, with retries and a log."""

import json
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from sqlalchemy import Connection, Row, select, update

from sync.site.notice_table import notice
from sync.site.notice_ways import Refused, Way
from sync.site.notice_words import Words, say_day, say_money, say_points
from sync.site.shop import programme_on, shop_facts
from sync.site.store import Store, day_of
from sync.site.tables import consent, customer, person, shop_order
from terminal.rules.notices import MESSAGES
from terminal.rules.programme import CURRENCY_DECIMALS
from terminal.rules.text import safe_text

MOST_TRIES = 8

_FIRST_WAIT_MS = 60_000
_STALE_MS = 15 * 60_000
_MOST_FAULT = 300


@dataclass(frozen=True, slots=True)
class Told:
    """What a round did: messages sent, put off to be tried again, and given up."""

    sent: int = 0
    later: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """A notice in words; `to` is an e-mail address or E.164 digits, "" when the customer is not to be told."""

    customer_id: str
    id: str
    channel: str
    tries: int
    to: str
    subject: str
    text: str


def tell_due(store: Store, ways: Mapping[str, Way], words: Words, limit: int = 200) -> Told:
    """Send what is due. Each is marked as being sent, durably, before it is: a crash sends nothing twice.

    One that was being sent when the power went becomes `unknown`, and only a person sends it again.
    """
    sent = later = given_up = 0
    _find_lost(store)
    for _ in range(limit):
        message = _take(store, sorted(ways), words)
        if message is None:
            break
        if not message.to:
            _settle(store, message, "dropped", "no longer agreed to, or no address")
            given_up += 1
            continue
        try:
            unique = f"{message.customer_id}.{message.id.replace('/', '.')}"
            ways[message.channel].send(message.to, message.subject, message.text, unique)
        except Refused as fault:
            _settle(store, message, "failed", str(fault))
            given_up += 1
        except (OSError, smtplib.SMTPException, requests.RequestException) as fault:
            tried_enough = message.tries >= MOST_TRIES
            _settle(store, message, "failed" if tried_enough else "queued", str(fault))
            given_up, later = given_up + tried_enough, later + (not tried_enough)
        else:
            _settle(store, message, "sent", "")
            sent += 1
    return Told(sent, later, given_up)


def preview(store: Store, words: Words, limit: int = 20) -> list[Message]:
    """Compose what waits, as it would be sent now; nothing is sent or marked."""
    with store.reading() as connection:
        rows = connection.execute(
            select(notice).where(notice.c.state == "queued").order_by(notice.c.due_ms, notice.c.id).limit(limit)
        ).all()
        return [_compose(connection, store, row, words) for row in rows]


def again(store: Store, customer_id: str, notice_id: str) -> bool:
    """Queue a notice that failed or whose fate is unknown once more; tell whether there was one."""
    with store.writing() as connection:
        done = connection.execute(
            update(notice)
            .where(notice.c.customer_id == customer_id, notice.c.id == notice_id)
            .where(notice.c.state.in_(("failed", "unknown", "dropped")))
            .values(state="queued", tries=0, due_ms=store.clock(), fault="")
        )
        return done.rowcount == 1


def log(store: Store, limit: int = 50) -> list[Row[Any]]:
    """Return the newest notices with how each fared."""
    with store.reading() as connection:
        newest = select(notice).order_by(notice.c.made_ms.desc(), notice.c.customer_id, notice.c.id).limit(limit)
        return list(connection.execute(newest).all())


def _find_lost(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(
            update(notice)
            .where(notice.c.state == "sending", notice.c.due_ms < store.clock() - _STALE_MS)
            .values(state="unknown", fault="the sender stopped while it was being sent")
        )


def _take(store: Store, channels: list[str], words: Words) -> Message | None:
    with store.writing() as connection:
        now_ms = store.clock()
        row = connection.execute(
            select(notice)
            .where(notice.c.state == "queued", notice.c.due_ms <= now_ms, notice.c.channel.in_(channels))
            .order_by(notice.c.due_ms, notice.c.customer_id, notice.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        connection.execute(
            update(notice)
            .where(notice.c.customer_id == row.customer_id, notice.c.id == row.id)
            .values(state="sending", due_ms=now_ms, tries=row.tries + 1)
        )
        return _compose(connection, store, row, words)


def _compose(connection: Connection, store: Store, row: Row[Any], words: Words) -> Message:
    facts = shop_facts(connection)
    whose = connection.execute(
        select(person.c.name, person.c.email, person.c.phone, customer.c.points)
        .join(customer, customer.c.id == person.c.customer_id)
        .join(consent, (consent.c.customer_id == person.c.customer_id) & (consent.c.purpose == MESSAGES))
        .where(person.c.customer_id == row.customer_id, consent.c.given)
    ).first()
    address = (whose.email if row.channel == "email" else whose.phone) if whose else None
    if whose is None or not address:
        return Message(row.customer_id, row.id, row.channel, row.tries + 1, "", "", "")
    programme = programme_on(connection, day_of(store.clock(), facts.timezone))
    decimals = programme.points_decimals if programme else 0
    told = json.loads(row.facts)
    values = {"name": safe_text(whose.name), "shop": safe_text(facts.name)}
    values["balance"] = say_points(whose.points, decimals, row.language)
    for place in ("tier", "offer", "order", "state"):
        values[place] = safe_text(str(told.get(place, "")))
    if "points" in told:
        values["points"] = say_points(told["points"], decimals, row.language)
    if "day" in told:
        values["day"] = say_day(told["day"], row.language)
    pay_minor = _to_pay(connection, told.get("order"))
    if pay_minor is not None:
        money_decimals = CURRENCY_DECIMALS.get(facts.currency, 2)
        values["sum"] = say_money(pay_minor, money_decimals, facts.currency, row.language)
    subject, text = words.write(row.language, row.change, row.channel, row.template, values)
    return Message(row.customer_id, row.id, row.channel, row.tries + 1, safe_text(address), subject, text)


def _to_pay(connection: Connection, number: object) -> int | None:
    """What an order costs in money, in minor units."""
    found = connection.execute(
        select(shop_order.c.total_minor, shop_order.c.document).where(shop_order.c.number == number)
    ).first()
    return found.total_minor - json.loads(found.document).get("taken_off_minor", 0) if found else None


def _settle(store: Store, message: Message, state: str, fault: str) -> None:
    with store.writing() as connection:
        now_ms = store.clock()
        wait_ms = _FIRST_WAIT_MS * 2 ** min(message.tries, MOST_TRIES) if state == "queued" else 0
        connection.execute(
            update(notice)
            .where(notice.c.customer_id == message.customer_id, notice.c.id == message.id)
            .values(
                state=state,
                due_ms=now_ms + wait_ms,
                sent_ms=now_ms if state == "sent" else None,
                fault=safe_text(fault)[:_MOST_FAULT],
            )
        )
