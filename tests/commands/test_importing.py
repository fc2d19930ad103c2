"""Customers from a CSV file: forms of the file, bad lines by number, all or nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal import desk
from terminal.commands.customer_file import customer_rows, open_customer_file
from terminal.commands.faults import Declined, Exit
from terminal.desk.importing import BadRow, ImportRow
from terminal.ledger.lock import hold_till
from terminal.ledger.verify import verify_ledger
from tests.commands.installed import Shop
from tests.commands.trade import entries, trade

GOOD = """name,phone,card,points,email,birthday,language,spend
Олена Ткач,067 111 22 33,2900000000018,150.5,olena@example.com,1990-12-31,uk,"1 234,56"
Jan Żak,+48 512 345 678,,,,31.12.1985,pl,
Ivan,380501112233,CARD-77,0,,,,20000
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "customers.csv"


def profile(shop: Shop, asked: str) -> desk.Profile:
    till = shop.till()
    with till.ledger:
        found = desk.find(till, asked)
        assert isinstance(found, tuple), found
        shown = desk.profile(till, found[0].customer_id)
        assert isinstance(shown, desk.Profile)
        assert verify_ledger(till.ledger).ok
        return shown


def test_good_rows_are_customers_with_an_opening_account(shop: Shop, file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")
    told = shop.call("import", file)
    assert told.exit_code == Exit.OK, told.output
    assert "Customers: 3" in told.output
    assert "Cards: 2" in told.output
    assert "150.5 bonus points" in told.output
    olena = profile(shop, "2900000000018")
    assert (olena.known, olena.spendable, olena.spend_minor, olena.visits) == (15050, 15050, 123456, 0)
    assert (olena.person.email, str(olena.person.birthday)) == ("olena@example.com", "1990-12-31")
    assert profile(shop, "+48512345678").person.language == "pl"
    assert profile(shop, "CARD-77").spend_minor == 2_000_000


def test_what_was_imported_can_be_spent_and_expires(shop: Shop, file: Path) -> None:
    file.write_text("name,phone,points\nIvan,0671234567,50\n", encoding="utf-8")
    assert shop.call("import", file).exit_code == Exit.OK
    till = shop.till()
    with till.ledger:
        (entry,) = [one for one in till.ledger.entries() if one.kind == "gift"]
        assert '"expires_on"' in entry.payload
    customer_id = trade(shop, 100_00)
    assert profile(shop, "0671234567").person.customer_id == customer_id


BAD = [
    ("Ivan,123", "not a possible phone"),
    (",0671234567", "name"),
    ("Ivan,0671234567,2900000000017", "check digit"),
    ("Ivan,0671234567,4111111111111111", "bank card"),
    ("Ivan,0671234567,,-5", "not a number of bonuses"),
    ("Ivan,0671234567,,nan", "not a number of bonuses"),
    ("Ivan,0671234567,,1e99", "not a number of bonuses"),
    ("Ivan,0671234567,,1.005", "too many decimals"),
    ("Ivan,0671234567,,,no-sign", "e-mail"),
    ("Ivan,0671234567,,,,31.13.1990", "birthday"),
    ("Ivan,0671234567,,,,2999-01-01", "birthday"),
    ("Ivan,0671234567,,,,,xx", "language"),
    ("Ivan,0671234567,,,,,,-1", "negative"),
    ("Ivan,0671234567,,,,,,,more,columns", "Columns"),
    ('Ivan,"0671234567', "can't be read"),
    ("Other,067 111 22 33", "Line 2 has the same phone"),
    ("Other,0671234567,2900000000018", "Line 2 has the same card"),
    ("Other,050 765 43 21", "has this phone already"),
]


@pytest.mark.parametrize(("line", "words"), BAD, ids=[words for _, words in BAD])
def test_a_bad_line_is_told_by_its_number_and_nothing_is_imported(
    shop: Shop, file: Path, line: str, words: str
) -> None:
    till = shop.till()
    with till.ledger:
        desk.register(
            till, desk.NewCustomer("Known", "0507654321", agreed=True), desk.Operator("c", "C", "cashier")
        )
    before = entries(shop)
    file.write_text(GOOD + line + "\n", encoding="utf-8")
    told = shop.call("import", file)
    assert told.exit_code == Exit.FAILED
    assert "Line 5:" in told.stderr
    assert words in told.stderr
    assert "Nothing was imported" in told.stderr
    assert entries(shop) == before
    skipped = shop.call("import", file, "--skip-bad")
    assert skipped.exit_code == Exit.OK
    assert "Customers: 3" in skipped.output
    assert entries(shop) > before
    assert profile(shop, "2900000000018").known == 15050


def test_a_dry_run_books_nothing(shop: Shop, file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")
    told = shop.call("import", file, "--dry-run")
    assert told.exit_code == Exit.OK
    assert "Customers: 3" in told.output
    assert entries(shop) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_told_apart(file: Path, encoding: str, delimiter: str) -> None:
    rows = [["Клієнт", "Телефон", "Номер картки"], ["Їжакевич, Ґалина", "0671112233", "CARD-1"]]
    text = "".join(delimiter.join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)
    file.write_bytes(text.encode(encoding))
    source = open_customer_file(file)
    assert list(customer_rows(source)) == [ImportRow(2, "Їжакевич, Ґалина", "0671112233", "CARD-1")]


def test_another_encoding_is_named(file: Path) -> None:
    file.write_bytes("name;phone\nŻółć;512345678\n".encode("cp1250"))
    (row,) = customer_rows(open_customer_file(file, "cp1250"))
    assert isinstance(row, ImportRow)
    assert row.name == "Żółć"
    for wrong in ("ascii", "no-such-encoding"):
        with pytest.raises(Declined):
            list(customer_rows(open_customer_file(file, wrong)))


@pytest.mark.parametrize(
    "header",
    [
        "Ім'я;Телефон;Бонуси;Дата народження",
        "ПІБ;Номер телефону;Бали;День народження",
        "Imię i nazwisko;Numer telefonu;Punkty;Data urodzenia",
        "ФИО;Телефон;Баллы;Дата рождения",
        "NAME;Phone Number;Points;Birthday",
    ],
)
def test_headers_are_known_in_four_languages(file: Path, header: str) -> None:
    file.write_text(f"{header}\nIvan;0671112233;5;1990-01-02\n", encoding="utf-8")
    source = open_customer_file(file)
    assert source.unused == ()
    assert list(customer_rows(source)) == [ImportRow(2, "Ivan", "0671112233", points="5", birthday="1990-01-02")]


@pytest.mark.parametrize("text", ["", "\n", "name\nIvan\n", "1,2,3\n", "name,phone,name\n", "\x00\x01"])
def test_a_file_without_a_header_is_refused(shop: Shop, file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    told = shop.call("import", file)
    assert told.exit_code == Exit.FAILED
    assert told.stderr


def test_unused_columns_are_told(shop: Shop, file: Path) -> None:
    file.write_text("name,phone,shoe size\nIvan,0671234567,44\n", encoding="utf-8")
    told = shop.call("import", file)
    assert told.exit_code == Exit.OK
    assert "shoe size" in told.stderr


def test_lines_are_numbered_as_an_editor_does(file: Path) -> None:
    file.write_text('name,phone\n\n"Two\nlines",1\nbad,2,3\nlast,4\n', encoding="utf-8")
    rows = list(customer_rows(open_customer_file(file)))
    assert [(row.line, type(row)) for row in rows] == [(3, ImportRow), (5, BadRow), (6, ImportRow)]


def test_a_running_till_is_not_disturbed(shop: Shop, file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")
    with hold_till(shop.config.till.ledger):
        told = shop.spawn("import", file)
    assert told.returncode == Exit.LEDGER
    assert entries(shop) == 0


def test_as_a_process_bad_lines_exit_1(shop: Shop, file: Path) -> None:
    file.write_text(GOOD + "Ivan,123\n", encoding="utf-8")
    told = shop.spawn("import", file)
    assert told.returncode == Exit.FAILED
    assert told.stderr.splitlines()[0].startswith("Line 5: ")
    assert shop.spawn("import", file, "--skip-bad").returncode == Exit.OK


@given(st.text(max_size=200))
def test_no_file_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("any") / "any.csv"
    file.write_bytes(b"name,phone,card\n" + text.encode("utf-8", "surrogatepass"))
    for row in customer_rows(open_customer_file(file)):
        assert row.line >= 2
