"""What the site tells of the shop: programmes, catalogue, groups, staff, promo codes, orders, names of holders.

Each is written as it is told, inside the caller's transaction; `take_away` removes what is no longer there.
"""

from collections.abc import Iterable, Sequence

from terminal.ledger.goods_search import name_goods
from terminal.ledger.ledger import Ledger
from terminal.ledger.shop import Operator, Product

_PUT_PRODUCT = """
INSERT INTO product VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (sku) DO UPDATE SET name = ?2, price_minor = ?3, category = ?4, brand = ?5
"""

_PUT_STAFF = """
INSERT INTO staff (id, name, role, pin_hash, active, from_site) VALUES (?1, ?2, ?3, ?4, ?5, 1)
ON CONFLICT (id) DO UPDATE SET name = ?2, role = ?3, pin_hash = ?4, active = ?5, from_site = 1
"""

_TAKE_AWAY = {
    "product": ("DELETE FROM product WHERE sku = ?", "DELETE FROM product_barcode WHERE sku = ?"),
    "group": ("DELETE FROM customer_group WHERE code = ?",),
    "promo_code": ("DELETE FROM promo_code WHERE code = ?",),
    "staff": ("UPDATE staff SET active = 0 WHERE id = ?",),
    "order": ("DELETE FROM site_order WHERE number = ?",),
}


def put_programmes(ledger: Ledger, versions: Iterable[tuple[int, str, str, int]]) -> None:
    """Put versions of the programme: (number, first day, TOML, UTC ms of publishing)."""
    ledger.write_many("INSERT OR REPLACE INTO programme VALUES (?, ?, ?, ?)", list(versions))


def put_products(ledger: Ledger, products: Sequence[tuple[Product, tuple[str, ...]]]) -> None:
    """Put products with all their barcodes."""
    ledger.write_many(
        _PUT_PRODUCT, [(one.sku, one.name, one.price_minor, one.category, one.brand) for one, _ in products]
    )
    name_goods(ledger, [(one.sku, one.name) for one, _ in products])
    ledger.write_many("DELETE FROM product_barcode WHERE sku = ?", [(one.sku,) for one, _ in products])
    ledger.write_many(
        "INSERT OR REPLACE INTO product_barcode VALUES (?, ?)",
        [(barcode, one.sku) for one, barcodes in products for barcode in barcodes],
    )


def put_groups(ledger: Ledger, groups: Iterable[tuple[str, str]]) -> None:
    """Put groups of customers: (code, name)."""
    ledger.write_many("INSERT OR REPLACE INTO customer_group VALUES (?, ?)", list(groups))


def put_staff(ledger: Ledger, staff: Iterable[tuple[Operator, str, bool]]) -> None:
    """Put staff: who, the hash of the PIN under the shop's pepper, and whether they work here still."""
    ledger.write_many(_PUT_STAFF, [(who.id, who.name, who.role, pin, int(active)) for who, pin, active in staff])


def put_promo_codes(ledger: Ledger, codes: Iterable[tuple[str, str, str | None, str, str]]) -> None:
    """Put promo codes: (code, offer, customer or None, first day, last day)."""
    ledger.write_many("INSERT OR REPLACE INTO promo_code VALUES (?, ?, ?, ?, ?)", list(codes))


def put_orders(ledger: Ledger, orders: Iterable[tuple[str, str | None, str, str, int, int, str]]) -> None:
    """Put orders: (number, customer or None, channel, state, total in minor units, UTC ms, JSON)."""
    ledger.write_many("INSERT OR REPLACE INTO site_order VALUES (?, ?, ?, ?, ?, ?, ?)", list(orders))


def put_holders(ledger: Ledger, holders: Iterable[tuple[str, str]]) -> None:
    """Put what people call the holders of leased points: (id, name)."""
    ledger.write_many("INSERT OR REPLACE INTO holder VALUES (?, ?)", list(holders))


def take_away(ledger: Ledger, kind: str, key: str) -> None:
    """Remove a product, group, promo code or order; staff only stop working, since entries name them.

    A kind that this till does not know is passed over: it never had it.
    """
    for statement in _TAKE_AWAY.get(kind, ()):
        ledger.write(statement, (key,))
