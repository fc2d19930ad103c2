"""Notices: which changes a customer is told of, by which way, in which words; decided here for site and scenarios.

What happened is a `Change`; the programme says which changes are told. Every notice has an id made of what it is
about, so that looking at a change again, however often, tells it once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import msgspec

from terminal.rules.entry import Entry
from terminal.rules.facts import birthday_in
from terminal.rules.lots import Lot
from terminal.rules.programme import Notice, Programme

MESSAGES = "messages"
"""The consent that a notice needs."""

Changed = Literal["earned", "expiring", "tier", "offer", "order", "registration", "birthday"]
Fact = str | int

_GIVING = frozenset({"earn", "action", "gift", "referral"})
_TOLD_STATES = frozenset({"placed", "paid", "issued", "cancelled", "returned"})


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one customer: `about` names it among all of its kind, `facts` fill the words.

    `days_before` is for what comes on a day: only the notices that are to come so many days ahead tell it.
    """

    customer_id: str
    change: Changed
    about: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    days_before: int | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """How a customer is reached, where messages are wanted: what there is of e-mail, phone and own language."""

    agreed: bool
    email: str | None = None
    phone: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ToTell:
    """A notice that is to be queued. `template` is a table of the words, `language` the file that it stands in."""

    customer_id: str
    id: str
    change: Changed
    channel: Literal["email", "sms"]
    template: str
    language: str
    facts: Mapping[str, Fact]


def notices_of(
    rules: Sequence[Notice], changes: Iterable[Change], people: Mapping[str, Addressee], language: str
) -> list[ToTell]:
    """Decide what is told of some changes: by the programme's rules, the customers' consent, address and language.

    `language` is the shop's, for who has none. Points of changes that are about the same are told in one sum.
    """
    told: dict[tuple[str, str], ToTell] = {}
    for change in changes:
        whose = people.get(change.customer_id)
        if whose is None or not whose.agreed:
            continue
        for rule in rules:
            address = whose.email if rule.channel == "email" else whose.phone
            ahead = change.days_before in (None, rule.days_before)
            if rule.change != change.change or not ahead or not address:
                continue
            key = (change.customer_id, f"{change.change}/{change.about}/{rule.channel}")
            facts = _summed(told[key].facts, change.facts) if key in told else change.facts
            words = rule.template or rule.change
            told[key] = ToTell(*key, change.change, rule.channel, words, whose.language or language, facts)
    return list(told.values())


def _summed(before: Mapping[str, Fact], now: Mapping[str, Fact]) -> Mapping[str, Fact]:
    return {**now, "points": int(before["points"]) + int(now["points"])} if "points" in now else now


def entry_changes(entries: Iterable[Entry]) -> list[Change]:
    """Return the changes that journal entries make: registrations, points given, orders that went on."""
    found = []
    for entry in entries:
        if entry.customer_id is None:
            continue
        if entry.kind == "register":
            found.append(Change(entry.customer_id, "registration", entry.id))
        elif entry.kind in _GIVING and entry.points > 0:
            found.append(Change(entry.customer_id, "earned", entry.sale_id or entry.id, {"points": entry.points}))
        elif entry.kind == "order":
            order = msgspec.json.decode(entry.payload, type=_Order)
            found += order_changes(entry.customer_id, order.number, order.state)
    return found


class _Order(msgspec.Struct, frozen=True):
    """What an order's entry says of its state."""

    number: str
    state: str


def order_changes(customer_id: str, number: str, state: str) -> list[Change]:
    """Return the change that an order makes by its new state; nothing while it is not agreed on, or once closed."""
    if state not in _TOLD_STATES:
        return []
    return [Change(customer_id, "order", f"{number}/{state}", {"order": number, "state": state})]


def tier_changes(
    programme: Programme, customer_id: str, before: str | None, after: str | None, on: date
) -> list[Change]:
    """Return the change from one tier (a code) to another on a day, rise or fall.

    The tier that everybody begins with is no news, and there are no words for having none.
    """
    tier = next((one for one in programme.tiers if one.code == after), None)
    begins = before is None and tier is not None and not (tier.from_spend_minor or tier.from_points)
    if tier is None or after == before or begins:
        return []
    return [Change(customer_id, "tier", f"{on.isoformat()}/{tier.code}", {"tier": tier.name})]


def offer_change(customer_id: str, code: str, title: str, valid_until: date) -> Change:
    """Return the change of being given a personal offer; the same one given anew, for longer, is another change."""
    day = valid_until.isoformat()
    return Change(customer_id, "offer", f"{code}/{day}", {"offer": title, "day": day})


def day_changes(
    rule: Notice, customer_id: str, lots: Iterable[Lot], birthday: date | None, on: date
) -> list[Change]:
    """Return what a day brings by a rule that tells ahead: a birthday, or points on their last day."""
    ahead, day = rule.days_before, on + timedelta(days=rule.days_before)
    if rule.change == "birthday" and birthday is not None and birthday_in(birthday, day.year) == day:
        return [Change(customer_id, "birthday", f"{day.year}/{ahead}", {}, ahead)]
    points = sum(lot.left for lot in lots if lot.expires_on == day and lot.left > 0)
    if rule.change == "expiring" and points:
        facts: dict[str, Fact] = {"day": day.isoformat(), "points": points}
        return [Change(customer_id, "expiring", f"{day.isoformat()}/{ahead}", facts, ahead)]
    return []
