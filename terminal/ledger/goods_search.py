"""Goods found by their names: folded names beside the catalogue, kept with it, and an index of their trigrams."""

from collections.abc import Sequence

from terminal.ledger.ledger import Ledger
from terminal.rules.text import fold

GOODS_SEARCH = """
CREATE TABLE product_name (number INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, folded_name TEXT NOT NULL) STRICT;
CREATE INDEX product_name_folded ON product_name (folded_name, sku);
CREATE TRIGGER product_name_gone AFTER DELETE ON product
BEGIN DELETE FROM product_name WHERE sku = OLD.sku; END;
CREATE VIRTUAL TABLE product_search USING fts5 (
    folded_name, content='product_name', content_rowid='number', tokenize='trigram case_sensitive 1', detail=full
);
CREATE TRIGGER product_search_insert AFTER INSERT ON product_name
BEGIN INSERT INTO product_search (rowid, folded_name) VALUES (NEW.number, NEW.folded_name); END;
CREATE TRIGGER product_search_delete AFTER DELETE ON product_name
BEGIN INSERT INTO product_search (product_search, rowid, folded_name)
      VALUES ('delete', OLD.number, OLD.folded_name); END;
CREATE TRIGGER product_search_update AFTER UPDATE OF folded_name ON product_name
BEGIN INSERT INTO product_search (product_search, rowid, folded_name)
      VALUES ('delete', OLD.number, OLD.folded_name);
      INSERT INTO product_search (rowid, folded_name) VALUES (NEW.number, NEW.folded_name); END;
CREATE INDEX product_barcode_sku ON product_barcode (sku, barcode);
"""
"""With it, a product's barcodes are found without reading those of all: a whole catalogue comes at once."""

PUT_NAME = """
INSERT INTO product_name (sku, folded_name) VALUES (?1, ?2)
ON CONFLICT (sku) DO UPDATE SET folded_name = ?2 WHERE folded_name <> ?2
"""

_TRIGRAM = 3


def name_goods(ledger: Ledger, names: Sequence[tuple[str, str]]) -> None:
    """Let goods be found by their names: (number, name) of each, in the transaction that puts them."""
    ledger.write_many(PUT_NAME, [(sku, fold(name)) for sku, name in names])


def goods_named(ledger: Ledger, text: str, limit: int) -> list[str]:
    """Return the numbers of goods that have all words of a text in their names, whatever its capitals and accents.

    Those whose names begin with the text come first, each part by name; a text without a letter finds nothing.
    """
    folded = fold(text)
    if not folded:
        return []
    found = [
        row[0]
        for row in ledger.rows(
            "SELECT sku FROM product_name WHERE folded_name >= ? AND folded_name < ? ORDER BY folded_name LIMIT ?",
            (folded, folded + "\U0010ffff", limit),
        )
    ]
    if len(found) < limit:
        # Asked for one name more for each that is known already, so that none is missing.
        anywhere = _anywhere(ledger, folded.split(), limit + len(found))
        found += [sku for sku in anywhere if sku not in set(found)]
    return found[:limit]


def _anywhere(ledger: Ledger, words: list[str], limit: int) -> list[str]:
    """Look for words anywhere in the names; those too short for the index are looked for in what it finds."""
    long = [word for word in words if len(word) >= _TRIGRAM]
    short = [word for word in words if len(word) < _TRIGRAM]
    holds = " AND instr(folded_name, ?)" * len(short)
    if not long:
        sql = f"SELECT sku FROM product_name WHERE true{holds} ORDER BY folded_name LIMIT ?"  # noqa: S608
        return [row[0] for row in ledger.rows(sql, (*short, limit))]
    match = " AND ".join(f'"{word}"' for word in long)  # folding has dropped quotation marks
    sql = (
        "SELECT sku FROM (SELECT sku, product_name.folded_name FROM product_search"  # noqa: S608
        " JOIN product_name ON product_name.number = product_search.rowid"
        f" WHERE product_search MATCH ?{holds.replace('folded_name', 'product_name.folded_name')} LIMIT ?)"
        " ORDER BY folded_name, sku"
    )
    return [row[0] for row in ledger.rows(sql, (match, *short, limit))]
