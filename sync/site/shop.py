"""The shop's own facts on the site: name, time zone, policy, programme versions, catalogue, groups."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import msgspec
from sqlalchemy import Connection, select

from sync.protocol import Group, Product, ShopFacts
from sync.site.audit import note
from sync.site.feed import next_changes
from sync.site.rounds import Statement, run
from sync.site.store import Store, among, day_of, upsert
from sync.site.tables import counter, customer_group, fact, product, programme, removed
from terminal.rules.document import read_programme
from terminal.rules.programme import CURRENCY_DECIMALS, Programme

_IN_FORCE = "SELECT document FROM programme WHERE valid_from <= ? ORDER BY valid_from DESC, number DESC LIMIT 1"

POLICIES = ("home", "site-first")
"""Whole balances go to the till where a customer usually shops; or they stay on the site until a till asks."""


def read_fact(connection: Connection, name: str) -> str | None:
    """Return a named fact of this site."""
    [values] = run(connection, Statement("SELECT value FROM fact WHERE name = ?", (name,)))
    return values[0][0] if values else None


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Set a named fact."""
    upsert(connection, fact, [{"name": name, "value": value}])


def shop_facts(connection: Connection) -> ShopFacts:
    """Return what tills are told of the shop."""
    stored = read_fact(connection, "shop")
    assert stored is not None, "the site was not set up"
    return msgspec.json.decode(stored, type=ShopFacts)


def money_decimals(connection: Connection) -> int:
    """Return the decimals of the shop's currency."""
    return CURRENCY_DECIMALS.get(shop_facts(connection).currency, 2)


def set_shop(connection: Connection, facts: ShopFacts) -> None:
    """Set what tills are told of the shop, and let them know."""
    set_fact(connection, "shop", msgspec.json.encode(facts).decode())
    mark_changed(connection, "shop")


def mark_changed(connection: Connection, name: str) -> None:
    """Note in the feed that `shop` or `holders` is to be told anew."""
    upsert(connection, counter, [{"name": name, "last": next_changes(connection, 1)}])


def policy(connection: Connection) -> str:
    """Return the policy by which free points are leased."""
    return read_fact(connection, "policy") or POLICIES[0]


def today(connection: Connection, store: Store) -> date:
    """Return the shop's day now."""
    return day_of(store.clock(), shop_facts(connection).timezone)


def programme_on(connection: Connection, on: date) -> Programme | None:
    """Return the programme in force on a day."""
    [documents] = run(connection, Statement(_IN_FORCE, (on.isoformat(),)))
    return _read(documents[0][0]) if documents else None


@lru_cache(maxsize=4)
def _read(document: str) -> Programme:
    return read_programme(document)


def publish(store: Store, text: str, who: str = "console") -> Programme | str:
    """Check a programme's TOML and put it in force on the site and all tills; return it, or why not.

    Raises ProgrammeError when the document itself is wrong.
    """
    new = read_programme(text)
    with store.writing() as connection:
        facts = shop_facts(connection)
        versions = connection.execute(select(programme).order_by(programme.c.number)).all()
        if new.currency != facts.currency:
            return f"the programme counts in {new.currency}, the shop in {facts.currency}"
        if versions and new.number <= versions[-1].number:
            return f"version {versions[-1].number} was published already: give this one a higher number"
        if versions and new.valid_from.isoformat() < max(row.valid_from for row in versions):
            return "another version begins later: let this one begin then, or after it"
        if versions and read_programme(versions[-1].document).points_decimals != new.points_decimals:
            return "the decimals of points can't be changed"
        note(connection, store, who, "programme published", str(new.number), f"from {new.valid_from}")
        row = {
            "number": new.number,
            "valid_from": new.valid_from.isoformat(),
            "document": text,
            "published_ms": store.clock(),
            "change": next_changes(connection, 1),
        }
        upsert(connection, programme, [row])
    return new


def set_products(store: Store, products: list[Product]) -> None:
    """Add products, or bring them up to date."""
    with store.writing() as connection:
        change = next_changes(connection, len(products)) if products else 0
        rows = [
            {
                "sku": one.sku,
                "name": one.name,
                "price_minor": one.price_minor,
                "category": one.category,
                "brand": one.brand,
                "barcodes": msgspec.json.encode(one.barcodes).decode(),
                "change": change + place,
            }
            for place, one in enumerate(products)
        ]
        upsert(connection, product, rows)
        skus = [one.sku for one in products]
        connection.execute(
            removed.delete().where(removed.c.kind == "product", among(connection, removed.c.key, skus))
        )


def remove_products(store: Store, skus: Sequence[str]) -> int:
    """Take products out of the catalogue; return how many there were."""
    with store.writing() as connection:
        rows = connection.execute(
            product.delete().where(among(connection, product.c.sku, skus)).returning(product.c.sku)
        )
        gone = sorted(row[0] for row in rows)
        change = next_changes(connection, len(gone)) if gone else 0
        upsert(
            connection,
            removed,
            [{"kind": "product", "key": sku, "change": change + place} for place, sku in enumerate(gone)],
        )
        return len(gone)


def set_group(store: Store, group: Group) -> None:
    """Add a group of customers, or rename it."""
    with store.writing() as connection:
        row = {"code": group.code, "name": group.name, "change": next_changes(connection, 1)}
        upsert(connection, customer_group, [row])
