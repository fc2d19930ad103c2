"""What the owner gives the till: the programme's versions, the catalogue and the staff."""

from dataclasses import dataclass
from datetime import date

from terminal.ledger.goods_search import goods_named, name_goods
from terminal.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the catalogue; price in minor units."""

    sku: str
    name: str
    price_minor: int
    category: str
    brand: str


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who works at the till; `role` is cashier or manager."""

    id: str
    name: str
    role: str


def publish(ledger: Ledger, number: int, valid_from: date, document: str, at_ms: int) -> None:
    """Store a programme's version; a number is given once."""
    ledger.write(
        "INSERT INTO programme (number, valid_from, document, published_ms) VALUES (?, ?, ?, ?)",
        (number, valid_from.isoformat(), document, at_ms),
    )


def programme_in_force(ledger: Ledger, on: date) -> tuple[int, str] | None:
    """Return (number, TOML) of the newest version that is valid on a day."""
    # A sale asks four times for the day's programme.
    return ledger.once(("programme", on), lambda: _programme_in_force(ledger, on))


def _programme_in_force(ledger: Ledger, on: date) -> tuple[int, str] | None:
    found = ledger.row(
        "SELECT number, document FROM programme WHERE valid_from <= ?"
        " ORDER BY valid_from DESC, number DESC LIMIT 1",
        (on.isoformat(),),
    )
    return (found[0], found[1]) if found else None


def programme_versions(ledger: Ledger) -> list[tuple[int, date, str]]:
    """Return (number, first day, TOML) of every version, by number."""
    rows = ledger.rows("SELECT number, valid_from, document FROM programme ORDER BY number")
    return [(row[0], date.fromisoformat(row[1]), row[2]) for row in rows]


def points_exist(ledger: Ledger) -> bool:
    """Tell whether any customer has or had points."""
    return ledger.row("SELECT 1 FROM lot LIMIT 1") is not None


def categories(ledger: Ledger) -> frozenset[str]:
    """Return the catalogue's categories."""
    return frozenset(row[0] for row in ledger.rows("SELECT DISTINCT category FROM product WHERE category <> ''"))


def product_by_barcode(ledger: Ledger, barcode: str) -> Product | None:
    """Find a product by a barcode or by its own number."""
    found = ledger.row(
        "SELECT product.sku, name, price_minor, category, brand FROM product_barcode JOIN product USING (sku)"
        " WHERE barcode = ?",
        (barcode,),
    ) or ledger.row("SELECT sku, name, price_minor, category, brand FROM product WHERE sku = ?", (barcode,))
    return Product(*found) if found else None


def products(ledger: Ledger, limit: int) -> list[tuple[Product, str]]:
    """Return products with their first barcode, by name."""
    rows = ledger.rows(
        "SELECT sku, name, price_minor, category, brand,"
        " coalesce((SELECT min(barcode) FROM product_barcode WHERE sku = product.sku), '') FROM product"
        " ORDER BY name LIMIT ?",
        (limit,),
    )
    return [(Product(*row[:5]), row[5]) for row in rows]


def products_named(ledger: Ledger, text: str, limit: int) -> list[Product]:
    """Return products that have a text's words in their name, or the text as their number or barcode."""
    known = product_by_barcode(ledger, text)
    rows = (
        ledger.row("SELECT sku, name, price_minor, category, brand FROM product WHERE sku = ?", (sku,))
        for sku in goods_named(ledger, text, limit)
        if known is None or sku != known.sku
    )
    found = [Product(*row) for row in rows if row is not None]
    return ([known, *found] if known else found)[:limit]


def add_product(ledger: Ledger, product: Product, barcodes: tuple[str, ...]) -> None:
    """Add a product to the catalogue, or bring its name and price up to date."""
    ledger.write(
        "INSERT INTO product VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (sku) DO UPDATE SET name = ?2, price_minor = ?3, category = ?4, brand = ?5",
        (product.sku, product.name, product.price_minor, product.category, product.brand),
    )
    name_goods(ledger, [(product.sku, product.name)])
    for barcode in barcodes:
        ledger.write("INSERT OR REPLACE INTO product_barcode VALUES (?, ?)", (barcode, product.sku))


def add_operator(ledger: Ledger, operator: Operator, pin_hash: str) -> None:
    """Add somebody to the staff, or change name, role and PIN."""
    ledger.write(
        "INSERT INTO staff (id, name, role, pin_hash) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (id) DO UPDATE SET name = ?2, role = ?3, pin_hash = ?4, from_site = 0",
        (operator.id, operator.name, operator.role, pin_hash),
    )


def retire_operator(ledger: Ledger, operator_id: str) -> None:
    """Take somebody off the active staff; the row stays, since entries name it."""
    ledger.write("UPDATE staff SET active = 0 WHERE id = ?", (operator_id,))


def operators(ledger: Ledger) -> list[Operator]:
    """Return the active staff by name."""
    return [
        Operator(*row) for row in ledger.rows("SELECT id, name, role FROM staff WHERE active = 1 ORDER BY name")
    ]


def staff_names(ledger: Ledger) -> dict[str, str]:
    """Return id -> name of everybody who ever worked here: entries name them for ever."""
    return dict(ledger.rows("SELECT id, name FROM staff"))


def pin_hash(ledger: Ledger, operator_id: str) -> str | None:
    """Return the argon2id hash of somebody's peppered PIN."""
    found = ledger.row("SELECT pin_hash FROM staff WHERE id = ? AND active = 1", (operator_id,))
    return found[0] if found else None


def pin_pepper(ledger: Ledger, operator_id: str) -> bytes | None:
    """Return what PINs of the site's staff are mixed with; None for somebody whom this till has added itself."""
    found = ledger.row(
        "SELECT value FROM staff JOIN ledger_fact ON ledger_fact.name = 'staff_pepper'"
        " WHERE staff.id = ? AND from_site = 1",
        (operator_id,),
    )
    return bytes.fromhex(found[0]) if found else None


def pin_failures(ledger: Ledger, operator_id: str) -> tuple[int, int]:
    """Return (failures in a row, UTC ms of the last one)."""
    found = ledger.row("SELECT failures, last_ms FROM pin_failure WHERE staff_id = ?", (operator_id,))
    return (found[0], found[1]) if found else (0, 0)


def count_pin_failure(ledger: Ledger, operator_id: str, at_ms: int) -> None:
    """Count a failed PIN, before it is known whether it fails."""
    ledger.write(
        "INSERT INTO pin_failure VALUES (?1, 1, ?2)"
        " ON CONFLICT (staff_id) DO UPDATE SET failures = failures + 1, last_ms = ?2",
        (operator_id, at_ms),
    )


def restart_pin_wait(ledger: Ledger, operator_id: str, at_ms: int) -> None:
    """Let the wait after the last failure count from another time."""
    ledger.write("UPDATE pin_failure SET last_ms = ? WHERE staff_id = ?", (at_ms, operator_id))


def clear_pin_failures(ledger: Ledger, operator_id: str) -> None:
    """Forget failures after a right PIN."""
    ledger.write("DELETE FROM pin_failure WHERE staff_id = ?", (operator_id,))


def copy_goods_and_staff(source: Ledger, target: Ledger) -> None:
    """Copy catalogue and staff, with what their PINs need, into another ledger, in the caller's transaction."""
    for table, places in (("product", 5), ("product_barcode", 2), ("staff", 6)):
        marks = ", ".join("?" * places)
        for row in source.rows(f"SELECT * FROM {table}"):  # noqa: S608
            target.write(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608
    name_goods(target, source.rows("SELECT sku, name FROM product"))
    pepper = source.fact("staff_pepper")
    if pepper is not None:
        target.set_fact("staff_pepper", pepper)
