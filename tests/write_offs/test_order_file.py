"""Lists of orders as shops export them: what is read in each form, and what is told of a bad line or a bad file."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from terminal.commands.faults import Declined, Exit
from terminal.commands.order_file import orders_in
from terminal.desk.importing import BadRow
from terminal.rules.phrase import in_english
from terminal.rules.verdict import ListedOrder
from tests.commands.conftest import made_shop, shop
from tests.commands.installed import Shop
from tests.commands.trade import trade

__all__ = ["made_shop", "shop"]

DAY = date(2026, 5, 31)
ONE = ListedOrder(2, "A-1", "site", "067 123-45-67", 1_234_50, DAY, 20)


def read(*paths: Path, encoding: str | None = None) -> list[ListedOrder | BadRow]:
    return list(orders_in(paths, encoding, 0, lambda done, whole: None))


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("number,channel,phone,total,date,bonuses\nA-1,site,067 123-45-67,1234.50,2026-05-31,20\n", "utf-8"),
        ("number,channel,phone,total,date,bonuses\nA-1,site,067 123-45-67,1234.50,2026-05-31,20\n", "utf-8-sig"),
        ("Номер;Канал;Телефон;Сума;Дата;Бонуси\nA-1;Сайт;067 123-45-67;1 234,50;31.05.2026;20\n", "cp1251"),
        ("Номер;Канал;Телефон;Сума;Дата;Бонуси\nA-1;сайт;067 123-45-67;1 234,50;31.05.2026;20\n", "utf-16"),
        ("№\tканал\tпокупатель\tитого\tдата\tсписать\nA-1\tинтернет\t067 123-45-67\t1234,5\t31.05.2026 14:05\t20\n",
         "utf-8"),
        ("Nr|Kanał|Klient|Kwota|Data|Bonusy\nA-1|strona|067 123-45-67|1234,50|2026-05-31T14:05:00|20\n", "utf-8"),
        ('number;channel;phone;total;day;bonuses\n"A-1";"site";"067 123-45-67";1234,5;2026-05-31;20\n', "utf-8"),
        ("x,number,channel,phone,total,date,bonuses\n?,A-1,site,067 123-45-67,1234.50,2026-05-31,20\n", "utf-8"),
    ],
)  # fmt: skip
def test_a_csv_is_read_in_every_form(tmp_path: Path, text: str, encoding: str) -> None:
    assert read(written(tmp_path, text, encoding)) == [ONE]


def test_an_encoding_may_be_named(tmp_path: Path) -> None:
    text = "Nr;Kanał;Klient;Kwota;Data;Bonusy\nA-1;strona;067 123-45-67;1234,50;2026-05-31;20\n"
    assert read(written(tmp_path, text, "cp1250"), encoding="cp1250") == [ONE]
    with pytest.raises(Declined):
        read(written(tmp_path, text, "cp1250"), encoding="no-such")


def test_a_sheet_is_read_with_its_own_types(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Номер", "Канал", "Телефон", "Сума", "Дата", "Бонуси"])
    sheet.append(["A-1", "сайт", "067 123-45-67", 1234.5, datetime(2026, 5, 31, 14, 5), 20])  # noqa: DTZ001
    sheet.append([None] * 6)
    sheet.append([17, None, 380671234567, 5, date(2026, 5, 31), None])
    sheet.append(["B", "сайт", 380671234567, "five", DAY, None])
    path = tmp_path / "orders.xlsx"
    book.save(path)
    first, second, bad = read(path)
    assert first == ONE
    assert second == ListedOrder(4, "17", "store", "380671234567", 5_00, DAY)
    assert isinstance(bad, BadRow)
    assert bad.line == 5


ORDER = {"number": "A-1", "channel": "site", "phone": "067 123-45-67", "total": 1234.5, "date": "2026-05-31",
         "expected": 20}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ORDER]),
        json.dumps({"orders": [ORDER]}, indent=2),
        "\ufeff" + json.dumps([ORDER]),
        json.dumps(ORDER) + "\n\n",
    ],
)
def test_json_is_an_array_an_object_or_lines(tmp_path: Path, text: str) -> None:
    (found,) = read(written(tmp_path, text, name="orders.json"))
    assert found == ListedOrder(1, "A-1", "site", "067 123-45-67", 1_234_50, DAY, 20)


HEAD = "number;channel;phone;card;total;date;bonuses\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1;store;;;5;2026-05-31;", "No phone and no card of a customer."),
        ("1;moon;067;;5;2026-05-31;", "“moon” is no channel. Known: store, manager, site."),
        ("1;store;067;;5;05/31/2026;", "“05/31/2026” is not a date, such as 2026-05-31 or 31.05.2026."),
        ("1;store;067;;5;31.02.2026;", "“31.02.2026” is not a date, such as 2026-05-31 or 31.05.2026."),
        ("1;store;067;;5;;", "“” is not a date, such as 2026-05-31 or 31.05.2026."),
        ("1;store;067;;five;2026-05-31;", "“five” is not a sum. Type digits, such as 123.45."),
        ("1;store;067;;5;2026-05-31;many", "“many” is no number of bonuses."),
        ("1;store;067;;5;2026-05-31;-3", "“-3” is no number of bonuses."),
        ("A;store;067;;5;2026-05-31;", "Number A stands in line 2 already."),
        ("1;store", "No phone and no card of a customer."),
        ('1;"sto"re;067;;5;2026-05-31;', "The line can't be read: ';' expected after '\"'."),
    ],
)
def test_a_bad_line_is_told_and_the_rest_goes_on(tmp_path: Path, line: str, reason: str) -> None:
    good = "{};store;067;;5;2026-05-31;\n"
    before, bad, after = read(written(tmp_path, HEAD + good.format("A") + line + "\n" + good.format("B")))
    assert isinstance(before, ListedOrder)
    assert isinstance(after, ListedOrder)
    assert isinstance(bad, BadRow)
    assert (bad.line, in_english(bad.reason), after.line) == (3, reason, 4)


def test_a_number_may_stand_in_two_channels_and_a_card_serves_as_well(tmp_path: Path) -> None:
    found = read(written(tmp_path, HEAD + "1;store;;2000000000015;5;2026-05-31;\n1;site;067;;5;2026-05-31;\n"))
    assert [one.who for one in found if isinstance(one, ListedOrder)] == ["2000000000015", "067"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("no-total.csv", b"number,phone,date\n1,067,2026-05-31\n"),
        ("nobody.csv", b"number,total,date\n1,5,2026-05-31\n"),
        ("twice.csv", b"phone,tel,total,date\n"),
        ("no-text.csv", b"\xd0\x00\x98\xff\x00\x01"),
        ("half.csv", "phone,total,date\n".encode("utf-16") + b"x"),
        ("noise.xlsx", b"PK\x03\x04 no sheet"),
        ("text.xlsx", b"phone,total,date\n"),
        ("broken.json", b'[{"phone": '),
        ("word.json", b'"orders"'),
        ("deep.json", b"[" * 100_000),
        ("other.json", b'{"orders": 5}'),
    ],
)
def test_a_file_that_is_no_list_is_one_line(shop: Shop, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    told = shop.call("verify", path)
    assert told.exit_code == Exit.FAILED
    assert len(told.stderr.strip().splitlines()) == 1, told.stderr


@pytest.mark.parametrize("line", ["5", "[]", "null", '{"phone": ["067"], "total": {}, "date": 5}', '{"phone": '])
def test_a_line_of_json_that_is_no_order(tmp_path: Path, line: str) -> None:
    good, bad = read(written(tmp_path, json.dumps(ORDER) + "\n" + line + "\n", name="orders.jsonl"))
    assert isinstance(good, ListedOrder)
    assert isinstance(bad, BadRow)
    assert bad.line == 2


def test_bad_lines_stand_in_the_report_and_good_ones_are_checked(shop: Shop, tmp_path: Path) -> None:
    trade(shop, 100_00)
    day = datetime.now(UTC).date().isoformat()
    hostile = '=cmd|"<script>'
    text = f"number;phone;total;date\n1;067 123 45 67;100,00;{day}\n2;067;{hostile};{day}\n"
    html = tmp_path / "page.html"
    told = shop.call("verify", written(tmp_path, text), "--html", html, "--markdown", tmp_path / "page.md")
    assert told.exit_code == Exit.OK, told.output
    assert "Lines that can't be read  1" in told.output
    page = html.read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\\<script\\>" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_many_lines_are_read_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("number,phone,total,date\n")
        file.writelines(f"{number},067,5,2026-05-31\n" for number in range(50_000))
    told: list[tuple[int, int]] = []
    orders = orders_in((path,), None, 0, lambda done, whole: told.append((done, whole)))
    assert isinstance(next(orders), ListedOrder)
    assert len(told) <= 1, "the rest is not read yet"
    assert sum(1 for _ in orders) == 49_999
    done, whole = told[-1]
    assert 0.9 < done / whole <= 1


def test_several_files_are_one_list(tmp_path: Path) -> None:
    line = "1;store;067;;5;2026-05-31;\n"
    first, second = written(tmp_path, HEAD + line), written(tmp_path, HEAD + line, name="more.csv")
    one, again = read(first, second)
    assert isinstance(one, ListedOrder)
    assert isinstance(again, BadRow), "a number that stands in both is there twice"
