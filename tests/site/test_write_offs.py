"""`tillmate site verify-orders`: a shop's list held against the journals of all tills and of the site."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from sync.site import orders
from sync.site.merging import merge
from sync.site.order_check import check_days
from sync.site.shop_messages import Ordered, OrderLine, PlaceOrder
from sync.site.store import Store
from sync.site.verify import verify
from terminal.cli import main
from terminal.commands.faults import Exit
from terminal.locale.words import LANGUAGES
from tests.figures.test_command import Tags
from tests.site.conftest import new_database, new_store
from tests.site.stand import Clock, Journal, Site

BROKEN = {
    "till-1-3": "applied-twice",
    "till-1-4": "never-released",
    "777": "not-applied",
    "778": "customer-not-found",
    "W-2": "not-applied",
    "till-2-9": "wrong-amount",
}
"""Which orders of the list are broken, and how."""

LIST = """Номер;Канал;Телефон;Картка;Сума;Дата;Бонуси
till-1-7;магазин;067 111 22 01;;50,00;04.05.2026;10
7;магазин;067 111 22 01;;80,00;04.05.2026;20
W-1;сайт;067 111 22 01;;90,00;04.05.2026;5
W-2;сайт;067 111 22 01;;30,00;04.05.2026;
till-1-3;менеджер;067 111 22 01;;40,00;04.05.2026;4
till-1-4;менеджер;067 111 22 01;;60,00;04.05.2026;6
8;магазин;;2000000000015;70,00;04.05.2026;30
till-2-9;магазин;067 111 22 03;;20,00;04.05.2026;5
777;магазин;067 111 22 03;;55,00;04.05.2026;
778;магазин;067 999 99 99;;55,00;04.05.2026;
779;місяць;067 111 22 03;;55,00;04.05.2026;
"""


class Shop:
    """Three customers, one of them merged from two; what two tills and the site booked for them on 4 May."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.one, self.two = site.till("till-1"), site.till("till-2")
        self.first = self.one.register("Олена", "380671112201")
        self.left, self.kept = (self.one.register("Іван", phone) for phone in ("380671112202", "380671112203"))
        lots = {who: self.one.earn(who, 100) for who in (self.first, self.left, self.kept)}
        self.one.append("card_bound", {"card": "2000000000015"}, customer=self.left)
        self.one.give_back(self.first, {lots[self.first]: 25})
        site.push(self.one)
        site.clock.now_ms += 60_000
        self.sell(self.one, self.first, 7, 50_00, 10, lots[self.first])
        self.sell(self.two, self.first, 7, 80_00, 20)
        self.sell(self.one, self.left, 8, 70_00, 30, lots[self.left])
        self.sell(self.two, self.kept, 9, 20_00, 3)
        self.broken_orders(lots[self.first])
        for till in (self.one, self.two):
            site.push(till)
        site.clock.now_ms += 60_000
        self.place("W-1", 90_00, 5)
        self.place("W-2", 30_00, 0)
        assert merge(site.store, self.left, self.kept, "manager") is None

    def sell(
        self, till: Journal, customer: str, number: int, total_minor: int, points: int, lot: str = "", **more: Any
    ) -> None:
        """Book a sale; without a lot of its own the till spends what an order of somebody else's lease names."""
        sale = more.pop("sale", "") or till.new_id()
        facts = {"number": number, "channel": "store", "total_minor": total_minor, "lines": [], **more}
        lot = lot or till.earn(customer, 50)
        till.append("sale", {**facts, "taken_off_minor": points * 100}, customer=customer, sale=sale)
        till.append("redeem", {"moves": [[lot, -points]]}, -points, customer=customer, sale=sale)

    def broken_orders(self, lot: str) -> None:
        """One is booked by two sales, the other holds bonuses that nobody frees."""
        for number in (31, 32):
            self.sell(self.one, self.first, number, 40_00, 4, lot, order="till-1-3", channel="manager")
        sale = self.one.new_id()
        until_ms = self.site.clock.now_ms + 1000
        held = {"number": "till-1-4", "state": "held", "until_ms": until_ms}
        self.one.append("order", held, customer=self.first, sale=sale)
        self.one.append("redeem", {"moves": [[lot, -6]]}, -6, customer=self.first, sale=sale)

    def place(self, number: str, total_minor: int, points: int) -> None:
        lines = (OrderLine(name="Sofa", total_minor=total_minor),)
        asked = PlaceOrder(number=number, customer_id=self.first, lines=lines, redeem=points)
        assert isinstance(orders.place(self.site.store, asked, "web"), Ordered)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Tests only read it."""
    clock = Clock()
    store = new_store(new_database(request, tmp_path_factory.mktemp("site")), clock)
    shop = Shop(Site(store, clock))
    assert verify(store).ok
    yield shop
    store.close()


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_bytes(LIST.encode("cp1251"))
    return path


def call(store: Store, *args: str | Path) -> Result:
    url = store.engine.url.render_as_string(hide_password=False)
    words = ["--config", "/nowhere/config.toml", "site", "--database", url, "verify-orders", *map(str, args)]
    result = CliRunner().invoke(main, words, prog_name="tillmate")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_exactly_the_broken_orders_of_a_list_fail(shop: Shop, listed: Path) -> None:
    told = call(shop.site.store, listed, "--json")
    assert told.exit_code == Exit.FAILED, told.output
    *lines, sums = [json.loads(line) for line in told.stdout.splitlines()]
    (bad,) = [line for line in lines if "bad" in line]
    assert bad == {"line": 12, "bad": "“місяць” is no channel. Known: store, manager, site."}
    checked = {line["number"]: line for line in lines if "bad" not in line}
    assert {number: line["verdict"] for number, line in checked.items() if line["fails"]} == BROKEN
    works = {number: line["done"] for number, line in checked.items() if line["verdict"] == "works"}
    assert works == {"till-1-7": 10, "7": 20, "W-1": 5, "8": 30}
    assert (sums["orders"], sums["failed"], sums["bad_lines"]) == (10, len(BROKEN), 1)
    assert checked["8"]["customer_id"] == shop.kept, "the card's owner became another customer"
    assert checked["W-2"]["cause"] == "nobody-asked"
    assert (checked["W-2"]["balance"], checked["W-2"]["possible"]) == (106, 30)


def test_a_list_is_a_sheet_or_json_too(shop: Shop, listed: Path, tmp_path: Path) -> None:
    head, *rows = [line.split(";") for line in LIST.splitlines()]
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (head, *rows):
        book.active.append(row)
    book.save(tmp_path / "orders.xlsx")
    told = [dict(zip(head, row, strict=True)) for row in rows]
    (tmp_path / "orders.json").write_text(json.dumps(told), encoding="utf-8")
    for name in ("orders.xlsx", "orders.json"):
        found = call(shop.site.store, tmp_path / name, "--json")
        lines = [json.loads(line) for line in found.stdout.splitlines()]
        assert {line["number"]: line["verdict"] for line in lines if line.get("fails")} == BROKEN


def test_every_form_of_the_report_names_them(shop: Shop, listed: Path, tmp_path: Path) -> None:
    html, markdown = tmp_path / "page.html", tmp_path / "page.md"
    for language in LANGUAGES:
        told = call(shop.site.store, listed, "--language", language, "--html", html, "--markdown", markdown)
        assert told.exit_code == Exit.FAILED, told.output
        page = html.read_text(encoding="utf-8")
        assert Tags(page).tags[0] == ("html", {"lang": language})
        assert "<svg" in page
        problems = page.split('<section id="problems">')[1].split("</section>")[0]
        assert set(re.findall(r"<tr><td[^>]*>([^<]+)</td>", problems)) == set(BROKEN)
        section = markdown.read_text(encoding="utf-8").split("\n## ")[2]
        assert set(re.findall(r"^\| ([W\d]\S*|till\S+) \|", section, re.MULTILINE)) == set(BROKEN)
        assert set(re.findall(r"^(\S+): ", told.output, re.MULTILINE)) >= set(BROKEN)
    assert "till-1-3: applied twice. Booked 2 times, 8 bonus points in all." in told.output


def test_it_speaks_the_shops_language(shop: Shop, listed: Path) -> None:
    assert "till-1-3: застосовано двічі." in call(shop.site.store, listed).output


def test_a_list_in_which_all_is_well(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text("".join(LIST.splitlines(keepends=True)[:4]), encoding="utf-8")
    told = call(shop.site.store, path, "--json")
    assert told.exit_code == Exit.OK, told.output


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("no-total.csv", "Номер;Телефон;Дата\n1;067;04.05.2026\n", "total"),
        ("nobody.csv", "number,total,date\n1,5,2026-05-04\n", "phone / card"),
        ("broken.json", '[{"phone": ', "JSON"),
        ("text.xlsx", "phone,total,date\n", "XLSX"),
    ],
)
def test_a_file_that_is_no_list_is_one_line(shop: Shop, tmp_path: Path, name: str, content: str, what: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="cp1251")
    told = call(shop.site.store, path)
    assert told.exit_code == Exit.FAILED
    (line,) = told.stderr.strip().splitlines()
    assert what in line


def test_it_asks_for_files_or_days(shop: Shop, listed: Path) -> None:
    assert call(shop.site.store).exit_code == Exit.USAGE
    assert call(shop.site.store, listed, "--from", "2026-05-04").exit_code == Exit.USAGE
    told = call(shop.site.store, "--from", "2026-05-05", "--to", "2026-05-04")
    assert told.exit_code == Exit.FAILED
    assert len(told.stderr.strip().splitlines()) == 1
    days = call(shop.site.store, "--from", "2026-05-04", "--to", "2026-05-04", "--json")
    lines = [json.loads(line) for line in days.stdout.splitlines()]
    failed = [line["verdict"] for line in lines if line.get("fails")]
    assert failed == ["applied-twice"], "nobody says what was wanted"


def test_the_days_tell_how_far_they_are(shop: Shop) -> None:
    told: list[tuple[int, int]] = []
    day = date(2026, 5, 4)
    assert list(check_days(shop.site.store, day, day, lambda done, whole: told.append((done, whole))))
    assert told == [(2, 2)], "customers, the merged one once"
