"""Customers named by people: by id, card or phone, whichever was typed."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from sync.site.people import find_ids
from sync.site.shop import shop_facts
from sync.site.store import among
from sync.site.tables import card as cards
from sync.site.tables import customer, person
from terminal.rules.card import read_card
from terminal.rules.phone import read_phone


def customer_named(connection: Connection, text: str) -> str | None:
    """Return the id of the customer with this id, card or phone; None when nobody has it, or the customer ended."""
    text = text.strip()
    card, phone = read_card(text), read_phone(text, shop_facts(connection).country)
    for by, value in (("id", text), ("card", card), ("phone", phone)):
        ids = find_ids(connection, by, [value]) if isinstance(value, str) else []
        if ids:
            merged_into = select(customer.c.merged_into).where(customer.c.id == ids[0])
            return ids[0] if connection.execute(merged_into).scalar() is None else None
    return None


def customers_named(connection: Connection, texts: Sequence[str], country: str) -> dict[str, str]:
    """Return by each text the id of the customer who has this card, in use or not, or else this phone."""
    numbers = {text: number for text in texts if isinstance(number := read_card(text), str)}
    phones = {text: phone for text in texts if isinstance(phone := read_phone(text, country), str)}
    by_phone = select(person.c.phone, person.c.customer_id).where(
        among(connection, person.c.phone, sorted(set(phones.values())))
    )
    by_card = (
        select(cards.c.number, cards.c.customer_id)
        .where(among(connection, cards.c.number, sorted(set(numbers.values()))))
        .order_by(cards.c.state != "active", cards.c.customer_id)
    )
    having: dict[str, str] = {}
    for row in connection.execute(by_card):
        having.setdefault(row[0], row[1])
    calling: dict[str, str] = {row[0]: row[1] for row in connection.execute(by_phone)}
    found = {text: calling[phone] for text, phone in phones.items() if phone in calling}
    return found | {text: having[number] for text, number in numbers.items() if number in having}


def customer_names(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return names by id; who was forgotten has none."""
    rows = connection.execute(
        select(person.c.customer_id, person.c.name).where(among(connection, person.c.customer_id, ids))
    )
    return {row[0]: row[1] for row in rows}
