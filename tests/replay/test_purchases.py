"""Files of purchases as they come: their columns, their delimiters, their mistakes by line."""

from datetime import date

import pytest

from terminal.desk.purchases import BadLine, Purchase, Purchases, read_purchases
from terminal.rules.phrase import Refused
from tests.shop import said


def read(text: str) -> Purchases:
    purchases = read_purchases(text.splitlines(keepends=True), 2)
    assert isinstance(purchases, Purchases), purchases
    return purchases


def reasons(bad: tuple[BadLine, ...]) -> list[tuple[int, str]]:
    return [(one.line, said(Refused(one.reason))) for one in bad]


FIRST = Purchase(date(1997, 1, 31), "00002", 12_00, 2)


@pytest.mark.parametrize(
    "text",
    [
        " customer_id  date number_of_cds  dollar_value\r\n 00002 19970131  1   12.00\r\n",
        "date,customer,amount\n1997-01-31,00002,12.00\n",
        "\ufeffAmount;Customer ID;Date\n12,00;00002;19970131\n",
        'Customer-Id\tInvoiceDate\tTotal\n"00002"\t1997-01-31 08:26:00\t12\n',
        "store|CLIENT|day|value\nx|00002|1997-01-31T08:26|12.0\n\n",
        'date,customer,amount\n1997-01-31,00002,"12,00"\n',
    ],
)
def test_columns_are_found_by_name_and_the_delimiter_by_them(text: str) -> None:
    assert read(text) == Purchases((FIRST,), ())


def test_the_order_is_day_then_customer_then_place_in_the_file() -> None:
    text = "date,customer,amount\n19970202,1,1\n19970101,2,2\n19970101,10,3\n19970101,2,4\n19970101,10,5\n"
    assert [(one.customer, one.amount_minor) for one in read(text).good] == [
        ("10", 3_00),
        ("10", 5_00),
        ("2", 2_00),
        ("2", 4_00),
        ("1", 1_00),
    ]


def test_a_sale_of_nothing_is_a_sale() -> None:
    assert read("date,customer,amount\n19970101,1,0.00\n").good[0].amount_minor == 0


def test_each_bad_line_is_told_with_its_number() -> None:
    lines = [
        "date,customer,amount",
        "1997-02-30,1,1",
        "31.01.1997,1,1",
        "1969-12-31,1,1",
        "1997-0131,1,1",
        "19970101,1,-1",
        "19970101,1,abc",
        "19970101,1,1.234",
        "19970101,1,99999999999",
        "19970101,,1",
        "19970101,1",
        "19970101,1,1,1",
        "19970101,4111 1111 1111 1111,1",
        f"19970101,{'x' * 51},1",
        "",
        "19970101,1,1",
    ]
    purchases = read("\n".join(lines))
    told = reasons(purchases.bad)
    assert [line for line, _ in told] == list(range(2, 15))
    words = dict(told)
    assert words[2] == "“1997-02-30” is no day. Write 1997-01-31 or 19970131."
    assert words[6].startswith("A bill can't be negative.")
    assert words[7].startswith("“abc” is not a sum.")
    assert words[10] == "The customer is missing."
    assert words[11] == "2 columns instead of 3."
    assert "4111" not in words[13]
    assert [one.line for one in purchases.good] == [16]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "The file is empty."),
        ("19970101,1,11.77", "The first line names no column “date”."),
        ("date,customer,quantity", "The first line names no column “amount”."),
        ("date,customer,amount,total", "Two columns may be “amount”: amount / total."),
    ],
)
def test_a_file_without_the_three_columns_is_refused(header: str, reason: str) -> None:
    refused = read_purchases([header + "\n", "x\n"] if header else [], 2)
    assert said(refused).startswith(reason)


def test_a_name_shows_as_text() -> None:
    assert read("date,customer,amount\n19970101,\u202ea\u0007b,1\n").good[0].customer == "ab"
