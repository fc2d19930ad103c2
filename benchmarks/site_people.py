"""A site of many customers, made quickly: rows as a chain's import and a night leave them, without its journal."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Table

from benchmarks.ledgers import NOW, customer_id_of
from benchmarks.people import invented
from benchmarks.site_made import site_made
from sync.protocol import account_digest, bucket_of
from sync.site.feed import next_changes
from sync.site.store import Store, insert
from sync.site.tables import card, consent, customer, lot, person
from terminal.desk.demo_shop import demo_programme
from terminal.desk.till import milliseconds
from terminal.rules.account import Account
from terminal.rules.document import read_programme
from terminal.rules.programme import Programme
from terminal.rules.tiers import tier_of

_Told = Iterator[tuple[Table, dict[str, Any]]]

_BATCH = 20_000


def site_with(path: Path, customers: int) -> Store:
    """Make the database of a site with that many customers, their points free; the caller closes it."""
    document = demo_programme()
    store = site_made(f"sqlite:///{path}", Random(4), "site-first", document)
    programme = read_programme(document)
    chance, numbers = Random(2), iter(range(customers))
    people = invented(customers)
    while batch := list(islice(numbers, _BATCH)):
        rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in (customer, person, card, consent, lot)}
        with store.writing() as connection:
            version = next_changes(connection, len(batch))
            for number, one in zip(batch, people, strict=False):
                for table, row in _rows(
                    number, one.name, one.phone, one.card, version + number - batch[0], programme, chance
                ):
                    rows[table].append(row)
            for table, all_of_it in rows.items():
                insert(connection, table, all_of_it)
    return store


def _rows(
    number: int, name: str, phone: str, number_of_card: str, version: int, programme: Programme, chance: Random
) -> _Told:
    """Yield the rows of one customer, each with its table."""
    customer_id, began = customer_id_of(number), NOW.date() - timedelta(days=chance.randrange(300))
    lots = [chance.randint(50, 20_000) for _ in range(chance.randint(1, 3))]
    spend_minor, visits = chance.randint(0, 4_000_000), chance.randint(1, 90)
    tier = tier_of(programme, Account(customer_id=customer_id, spend_minor=spend_minor), NOW.date())
    yield (
        customer,
        {
            "id": customer_id,
            "version": version,
            "identity_version": version,
            "points": sum(lots),
            "spend_minor": spend_minor,
            "visits": visits,
            "registered_ms": milliseconds(NOW),
            "tier": tier.code if tier else None,
            "bucket": bucket_of(customer_id),
            "digest": account_digest(customer_id, version, sum(lots), spend_minor, visits),
        },
    )
    yield (
        person,
        {"customer_id": customer_id, "name": name, "phone": phone, "note": "", "salt": chance.randbytes(16)},
    )
    yield card, {"customer_id": customer_id, "number": number_of_card, "state": "active"}
    agreed = {"customer_id": customer_id, "purpose": "programme", "given": True, "at_ms": milliseconds(NOW)}
    yield consent, agreed
    for place, left in enumerate(lots):
        yield (
            lot,
            {
                "customer_id": customer_id,
                "id": f"{customer_id[:-2]}{place:02d}",
                "points": left,
                "points_left": left,
                "free": left,
                "available_from": began.isoformat(),
                "expires_on": (began + timedelta(days=700)).isoformat(),
            },
        )
