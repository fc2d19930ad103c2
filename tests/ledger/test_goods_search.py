"""Goods found by their names: whatever is typed of them, and whoever put them into the catalogue."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from terminal.ledger import Ledger
from terminal.ledger.opening import create_ledger
from terminal.ledger.replica_shop import put_products, take_away
from terminal.ledger.schema import MIGRATIONS
from terminal.ledger.shop import Product, add_product, copy_goods_and_staff, products_named
from tests.shop import KEY

GOODS = {
    "1": "Чай «Карпатський» зелений 100 г",
    "2": "Кава мелена",
    "3": "М’ята суха",
    "4": "Żurek domowy",
    "5": "Зелений горошок",
    "6": 'Труба 1/2"',
}


def fill(ledger: Ledger) -> None:
    for sku, name in GOODS.items():
        add_product(ledger, Product(sku, name, 100, "", ""), (f"48200000000{sku}",))


@pytest.fixture
def catalogue(empty_ledger: Ledger) -> Ledger:
    with empty_ledger.atomic():
        fill(empty_ledger)
    return empty_ledger


def found(ledger: Ledger, text: str, limit: int = 50) -> list[str]:
    return [product.sku for product in products_named(ledger, text, limit)]


@pytest.mark.parametrize(
    ("typed", "skus"),
    [
        ("карпат", ["1"]),
        ("ЗЕЛЕНИЙ чай", ["1"]),
        ("зелен", ["5", "1"]),
        ("м'ята", ["3"]),
        ("мята", ["3"]),
        ("zurek", ["4"]),
        ("ка", ["2", "1"]),
        ("г", ["5", "1"]),
        ("чай 10", ["1"]),
        ('1/2"', ["6"]),
        ('"', []),
        ("2", ["2", "6"]),
        ("482000000003", ["3"]),
        ("сир", []),
        ("*", []),
        ("зелений OR кава", []),
        (" ", []),
    ],
)
def test_any_part_of_a_name_finds_it(catalogue: Ledger, typed: str, skus: list[str]) -> None:
    assert found(catalogue, typed) == skus


def test_no_more_are_found_than_asked_for_and_none_twice(catalogue: Ledger) -> None:
    assert found(catalogue, "зелен", 1) == ["5"]
    assert found(catalogue, "зелен", 2) == ["5", "1"]


def test_a_new_name_replaces_the_old_one_and_goods_taken_away_are_not_found(catalogue: Ledger) -> None:
    with catalogue.atomic():
        put_products(
            catalogue, [(Product("2", "Цикорій", 100, "", ""), ("7",)), (Product("9", "Лимон", 1, "", ""), ())]
        )
        take_away(catalogue, "product", "1")
    assert (found(catalogue, "кава"), found(catalogue, "цикор"), found(catalogue, "лимон")) == ([], ["2"], ["9"])
    assert found(catalogue, "карпат") == []
    assert catalogue.rows("SELECT count(*) FROM product_name") == [(len(GOODS),)]


def test_copied_goods_are_found(catalogue: Ledger, tmp_path: Path) -> None:
    with create_ledger(tmp_path / "training.ledger", KEY, "training") as other:
        with other.atomic():
            copy_goods_and_staff(catalogue, other)
        assert found(other, "карпат") == ["1"]


def test_a_catalogue_from_before_is_found_by_its_names() -> None:
    names = [step.__name__ for step in MIGRATIONS]
    place = names.index("m007_goods_search")
    db = Database(memory=True)
    for step in MIGRATIONS[:place]:
        step(db)
    db.execute("INSERT INTO product VALUES ('1', 'Чай «Карпатський»', 100, '', '')")
    MIGRATIONS[place](db)
    assert db.execute("SELECT sku, folded_name FROM product_name").fetchall() == [("1", "чай карпатський")]
    rows = db.execute("SELECT rowid FROM product_search WHERE product_search MATCH '\"карпат\"'").fetchall()
    assert rows == [(1,)]
    db.conn.close()
