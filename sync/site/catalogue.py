"""The catalogue from and to a CSV file: read and checked line by line, told to every till."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

import msgspec
from sqlalchemy import Connection, select

from sync.protocol import Product
from sync.site.audit import note
from sync.site.csv_file import BadLine, read_rows, write_rows
from sync.site.importing import decimal
from sync.site.shop import money_decimals, remove_products, set_products
from sync.site.store import Store
from sync.site.tables import product
from terminal.rules.money import read_amount
from terminal.rules.text import MAX_LENGTH, safe_text

COLUMNS = ("sku", "name", "price", "category", "brand", "barcodes")
_LONGEST = {"sku": 40, "name": MAX_LENGTH, "category": 64, "brand": 64}
_MOST_BARCODES = 50
_LONGEST_BARCODE = 64
_PAGE = 1000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A product and the line that it stands on."""

    line: int
    product: Product


def read_products(lines: Iterable[str], decimals: int) -> Iterator[Numbered | BadLine]:
    """Read a CSV file with the columns sku, name and price, and any of category, brand and barcodes.

    A product may have several barcodes, with spaces between them. Each sku and barcode stands there once.
    """
    seen: dict[tuple[str, str], int] = {}
    for row in read_rows(lines, ("sku", "name", "price")):
        if isinstance(row, BadLine):
            yield row
            continue
        line, cells = row
        read = _read(cells, decimals)
        if isinstance(read, str):
            yield BadLine(line, read)
            continue
        keys = [("sku", read.sku), *(("barcode", barcode) for barcode in read.barcodes)]
        twice = [key for key in keys if seen.setdefault(key, line) != line]
        if twice:
            yield BadLine(line, f"{' '.join(twice[0])} stands on line {seen[twice[0]]} too")
        else:
            yield Numbered(line, read)


def _read(cells: dict[str, str], decimals: int) -> Product | str:
    texts = {name: safe_text(cells.get(name, "")) for name in _LONGEST}
    for name in ("sku", "name"):
        if not texts[name]:
            return f"the {name} is missing"
    for name, most in _LONGEST.items():
        if len(cells.get(name, "")) > most:
            return f"{name}: more than {most} letters"
    price = read_amount(cells["price"], decimals, zero_allowed=True)
    if not isinstance(price, int):
        return f"price: “{cells['price'][:40]}” is no price, such as 12.50"
    barcodes = tuple(dict.fromkeys(re.split(r"[\s;,|]+", cells.get("barcodes", "").strip())))
    barcodes = tuple(filter(None, barcodes))
    if len(barcodes) > _MOST_BARCODES:
        return f"barcodes: more than {_MOST_BARCODES}"
    odd = [one for one in barcodes if len(one) > _LONGEST_BARCODE or not (one.isascii() and one.isprintable())]
    if odd:
        return f"barcodes: “{odd[0][:40]}” is no barcode"
    return Product(price_minor=price, barcodes=barcodes, **texts)


def taken(store: Store, products: list[Numbered], *, replace: bool) -> list[BadLine]:
    """Return those with a barcode that another product keeps, which is not in the file.

    Where the file replaces the catalogue, no other product keeps anything.
    """
    if replace:
        return []
    told = {one.product.sku for one in products}
    with store.reading() as connection:
        kept = {
            barcode: row.sku
            for row in connection.execute(select(product.c.sku, product.c.barcodes))
            if row.sku not in told
            for barcode in _barcodes(row.barcodes)
        }
    return [
        BadLine(one.line, f"barcode {barcode} belongs to {kept[barcode]}")
        for one in products
        for barcode in one.product.barcodes
        if barcode in kept
    ]


def import_products(
    store: Store, products: list[Product], who: str, *, replace: bool, progress: Progress = lambda done, whole: None
) -> tuple[int, int]:
    """Add products and change those that differ; with `replace`, take out what is not among them.

    Return how many changed and how many went. What is as it was is not told to the tills again. A page is a
    transaction, and safe to do again; what goes is taken out first, so that its barcodes are free.
    """
    with store.reading() as connection:
        known = _known(connection)
    gone = sorted(known.keys() - {one.sku for one in products}) if replace else []
    for place in range(0, len(gone), _PAGE):
        remove_products(store, gone[place : place + _PAGE])
    new = [one for one in products if known.get(one.sku) != one]
    with store.writing() as connection:
        note(connection, store, who, "catalogue imported", "", f"changed {len(new)}, taken out {len(gone)}")
    for place in range(0, len(new), _PAGE):
        set_products(store, new[place : place + _PAGE])
        progress(min(place + _PAGE, len(new)), len(new))
    return len(new), len(gone)


def export_products(store: Store, out: TextIO) -> int:
    """Write the catalogue as a file that `import_products` takes; return how many products it has."""
    with store.reading() as connection:
        places = money_decimals(connection)
        known = _known(connection)
        return write_rows(
            out,
            COLUMNS,
            (
                (
                    one.sku,
                    one.name,
                    decimal(one.price_minor, places),
                    one.category,
                    one.brand,
                    " ".join(one.barcodes),
                )
                for one in known.values()
            ),
        )


def _known(connection: Connection) -> dict[str, Product]:
    rows = connection.execute(select(product).order_by(product.c.sku))
    return {
        row.sku: Product(
            sku=row.sku,
            name=row.name,
            price_minor=row.price_minor,
            category=row.category,
            brand=row.brand,
            barcodes=_barcodes(row.barcodes),
        )
        for row in rows
    }


def _barcodes(stored: str) -> tuple[str, ...]:
    return msgspec.json.decode(stored, type=tuple[str, ...])
