"""`tillmate site` staff, catalogue, offer, promo-code, order: what they do, and what they refuse with one line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sync.site.cli import site
from tests.site.stand import PLAIN

INIT = ("init", "--name", "Shop", "--currency", "UAH", "--country", "UA", "--timezone", "Europe/Kyiv")

WITH_OFFERS = (
    PLAIN
    + """
[[offers]]
kind = "percent"
code = "mug"
name = "Кухоль дешевше"
percent = 50
personal = true
[[offers]]
kind = "percent"
code = "ten"
name = "Ten off"
percent = 10
needs_code = true
[[promo_codes]]
code = "MAY"
opens = "ten"
"""
)

GOODS = """sku;name;price;category;brand;barcodes
1;Хліб;30,50;bakery;;4820000000017 4820000000024
2;"Молоко; 1 л";42;;Ферма;
"""


class Run:
    """`tillmate site` on one database."""

    def __init__(self, database: str, folder: Path) -> None:
        self.database = database
        self.folder = folder

    def __call__(self, *words: str) -> Result:
        result = CliRunner().invoke(site, ["--database", self.database, *words])
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def done(self, *words: str) -> str:
        result = self(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refused(self, told: str, *words: str) -> None:
        result = self(*words)
        assert result.exit_code in (1, 2), result.output
        assert told in result.output

    def file(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    run = Run(database_url, tmp_path)
    run.done(*INIT)
    run.done("programme", "publish", run.file("p.toml", WITH_OFFERS))
    run.done("customers", "import", run.file("c.csv", "name,phone\nОлена,0671234567\nІван,0671234568\n"))
    return run


def test_staff_come_get_another_role_and_go(run: Run) -> None:
    assert "Оксана can work" in run.done("staff", "add", "Оксана", "--role", "manager", "--pin", "2580")
    run.refused("works here already", "staff", "add", "Оксана", "--pin", "2580")
    run.refused("too easy", "staff", "add", "Петро", "--pin", "1234")
    run.refused("4 to 8 digits", "staff", "pin", "Оксана", "--pin", "12")
    run.refused("the name is missing", "staff", "add", " ", "--pin", "2580")
    run.refused("last manager", "staff", "role", "Оксана", "cashier")
    run.refused("last manager", "staff", "remove", "Оксана")
    run.refused("nobody called", "staff", "remove", "Петро")
    run.done("staff", "add", "Петро", "--pin", "2581")
    run.done("staff", "role", "Петро", "manager")
    run.done("staff", "pin", "Петро", "--pin", "9513")
    run.done("staff", "remove", "Оксана")
    listed = run.done("staff", "list", "--json")
    assert [(one["name"], one["role"]) for one in json.loads(listed)["staff"]] == [("Петро", "manager")]
    assert run.done("staff", "list") == "Петро\tmanager\n"
    assert "pin" not in listed


def test_the_catalogue_goes_in_and_out(run: Run) -> None:
    told = run.done("catalogue", "import", run.file("g.csv", GOODS))
    assert told == "New or changed: 2, as they were: 0, taken out: 0.\n"
    exported = run.done("catalogue", "export", "-")
    assert "1,Хліб,30.50,bakery,,4820000000017 4820000000024\n2,Молоко; 1 л,42.00,,Ферма,\n" in exported
    again = run.file("again.csv", exported)
    assert "changed: 0, as they were: 2" in run.done("catalogue", "import", again)
    fewer = run.file("fewer.csv", "sku,name,price\n2,Молоко,43\n")
    assert "changed: 1, as they were: 0, taken out: 1" in run.done("catalogue", "import", fewer, "--replace")
    assert "Хліб" not in run.done("catalogue", "export", "-")


def test_bad_lines_of_a_catalogue_are_told_by_number_and_stop_all(run: Run) -> None:
    run.done("catalogue", "import", run.file("g.csv", GOODS))
    lines = (
        "sku,name,price,barcodes",
        "3,,1.00,",
        "4,Сир,дорого,",
        "5,Сир,-1,",
        "6,Сир,1.001,",
        "7,Сир,1.00,4820000000017",
        "8,Сир,1.00,1 1",
        "8,Сир,1.00,",
        ",Сир,1.00,",
        "9,Сир,1.00,хліб",
        "10,Сир,1.00,2,more",
        "11,Сир,1.00,11",
        f"12,{'Сир' * 100},1.00,",
    )
    path = run.file("bad.csv", "\n".join(lines) + "\n")
    result = run("catalogue", "import", path)
    assert result.exit_code == 1
    for line, told in {
        2: "the name is missing",
        3: "price: “дорого” is no price",
        4: "price: “-1” is no price",
        5: "price: “1.001” is no price",
        6: "barcode 4820000000017 belongs to 1",
        8: "sku 8 stands on line 7 too",
        9: "the sku is missing",
        10: "barcodes: “хліб” is no barcode",
        11: "more cells than the first line names",
        13: "name: more than 200 letters",
    }.items():
        assert f"{path}:{line}: {told}" in result.output
    assert "Bad lines: 10. Nothing was imported." in result.output
    run.refused("can't replace", "catalogue", "import", path, "--replace", "--skip-bad")
    assert "New or changed: 2," in run.done("catalogue", "import", path, "--skip-bad")
    assert run.done("catalogue", "export", "-").count("Сир") == 2


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (b"sku,price\n1,2\n", ":1: no column name"),
        (b"", ":1: no column sku or name or price"),
        ("sku,name,price\n1,Хліб,2\n".encode("cp1251"), ":2: it is not UTF-8"),
        (b'sku,name,price\n1,"x,2\n', "it can't be read"),
    ],
)
@pytest.mark.parametrize("command", ["catalogue", "customers"])
def test_a_file_that_can_not_be_imported_is_one_line(run: Run, command: str, stored: bytes, told: str) -> None:
    path = run.folder / "odd.csv"
    if command == "customers":
        stored = stored.replace(b"sku,name,price", b"points,name,phone").replace(b"sku,price", b"points,phone")
        told = told.replace("sku or name or price", "name or phone")
    path.write_bytes(stored)
    run.refused(told, command, "import", str(path))


def test_a_file_of_a_spreadsheet_is_read_as_it_was_meant(run: Run) -> None:
    path = run.folder / "sheet.csv"
    path.write_text("Name\tPHONE\n'=Олег\t067 123 45 69\n\n", encoding="utf-16")
    assert run.done("customers", "import", str(path)) == "Imported: 1.\n"
    assert "'=Олег,380671234569" in run.done("customers", "export", "-")


def test_an_offer_is_given_to_some_a_group_or_all_and_withdrawn(run: Run) -> None:
    until = ("--until", "2099-12-31")
    assert "now: 1." in run.done("offer", "give", "mug", "--customer", "067 123 45 67", *until)
    stranger = ("--customer", "0670000000")
    run.refused("Nobody is known by 0670000000. Nothing was done", "offer", "give", "mug", *stranger, *until)
    run.refused("no personal offer ten", "offer", "give", "ten", "--all", *until)
    run.refused(
        "last day is before", "offer", "give", "mug", "--all", "--from", "2099-12-31", "--until", "2099-12-30"
    )
    run.refused("by one of", "offer", "give", "mug", *until)
    run.refused("by one of", "offer", "withdraw", "mug", "--all", "--group", "x")
    run.refused("nobody in the group x", "offer", "withdraw", "mug", "--group", "x")
    assert "now: 2." in run.done("offer", "give", "mug", "--all", "--from", "2099-01-01", *until)
    listed = json.loads(run.done("offer", "list", "--json"))["offers"]
    expected = {"code": "mug", "title": "Кухоль дешевше", "valid_from": "2099-01-01", "valid_until": "2099-12-31"}
    assert listed == [{**expected, "customers": 2}]
    assert "mug\tКухоль дешевше\t2099-01-01 – 2099-12-31\tcustomers: 2" in run.done("offer", "list")
    assert "who had it: 1." in run.done("offer", "withdraw", "mug", "--customer", "0671234567")
    assert "who had it: 1." in run.done("offer", "withdraw", "mug", "--all")
    run.refused("None of them has", "offer", "withdraw", "mug", "--all")


def test_promo_codes_are_made_listed_and_withdrawn(run: Run) -> None:
    until = ("--until", "2099-12-31")
    made = run.done("promo-code", "make", "ten", "--count", "1200", *until).split()
    assert len({code for code in made if len(code) == 10}) == 1200
    assert (
        run.done("promo-code", "make", "ten", "--code", "OLENA-1", "--customer", "0671234567", *until)
        == "OLENA-1\n"
    )
    for told, words in {
        "there is a code OLENA-1 already": ("ten", "--code", "olena-1"),
        "MAY stands in the programme": ("ten", "--code", "may"),
        "nothing in the programme": ("mug",),
        "from A to Z": ("ten", "--code", "a b"),
        "makes one code": ("ten", "--code", "x", "--count", "2"),
        "Nobody is known": ("ten", "--customer", "nobody"),
    }.items():
        run.refused(told, "promo-code", "make", *words, *until)
    listed = json.loads(run.done("promo-code", "list", "--opens", "ten", "--limit", "5", "--json"))["promo_codes"]
    assert len(listed) == 5
    assert (listed[0]["code"], listed[0]["used"], bool(listed[0]["customer_id"])) == ("OLENA-1", False, True)
    assert "OLENA-1\tten\t" in run.done("promo-code", "list")
    assert run.done("promo-code", "list", "--opens", "mug") == ""
    assert run.done("promo-code", "withdraw", made[0], "OLENA-1") == "Withdrawn: 2.\n"
    run.refused("There is no code OLENA-1", "promo-code", "withdraw", "OLENA-1")
    assert run.done("promo-code", "make", "ten", "--code", "OLENA-1", *until) == "OLENA-1\n"


def test_a_customer_is_forgotten_once(run: Run) -> None:
    run.done("offer", "give", "mug", "--customer", "0671234567", "--until", "2099-12-31")
    run.done("customers", "erase", "0671234567", "--yes")
    assert "Олена" not in run.done("customers", "export", "-")
    assert run.done("offer", "list") == ""
    run.refused("no such customer", "customers", "erase", "0671234567", "--yes")
    assert run("verify").exit_code == 0
