"""A customer named by a person: by id, card or phone, whichever was typed."""

from sqlalchemy import Connection, select

from sync.site.people import find_ids
from sync.site.shop import shop_facts
from sync.site.tables import customer
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
