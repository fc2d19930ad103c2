"""`tillmate audit`: what was corrected, refunded and let pass, in words, CSV and JSON."""

import csv
import io
import json

import pytest

from terminal import desk
from terminal.ledger.shop import Operator
from tests.commands.installed import Shop
from tests.commands.trade import PHONE, register, trade

BY = Operator("m-1", "Roman", "manager")


@pytest.fixture
def corrected(shop: Shop) -> str:
    """A customer who was given 50 for the queue, lost 20, and brought a bill back; and somebody else."""
    customer = trade(shop, 10_000)
    till = shop.till()
    with till.ledger:
        till.watch = None
        assert isinstance(desk.adjust(till, customer, 50, "goodwill", BY, note="=1+1, the queue"), int)
        assert isinstance(desk.adjust(till, customer, -20, "mistake", BY), int)
        sale = desk.last_sale(till)
        assert sale is not None
        shown = desk.show_refund(till, sale.id)
        assert isinstance(shown, desk.RefundShown)
        assert isinstance(desk.refund(till, shown, BY), desk.RefundDone)
        other = register(till, "Olha Test", "067 765 43 21")
        assert isinstance(desk.give(till, other, 7, "birthday", BY), int)
    return customer


def test_it_is_told_newest_first(shop: Shop, corrected: str) -> None:
    told = shop.call("audit")
    assert told.exit_code == 0, told.output
    lines = told.output.splitlines()
    assert [line.split(" | ")[1] for line in lines[:-1]] == ["Gift", "Refund", "Correction", "Correction"]
    assert " | -0.2 | " in lines[2]
    assert "Mistake at the till" in lines[2]
    assert "Sale No. 1; paid back" in lines[1]
    assert lines[-1] == "Entries: 4"


def test_one_customer_alone(shop: Shop, corrected: str) -> None:
    lines = shop.call("audit", "--customer", PHONE, "--json").output.splitlines()
    told = [json.loads(line) for line in lines]
    assert [(line["kind"], line["points"]) for line in told] == [("refund", 0), ("adjust", -20), ("adjust", 50)]
    assert {line["customer_id"] for line in told} == {corrected}
    assert (told[0]["sale_number"], told[0]["back_minor"], told[2]["note"]) == (1, 10_000, "=1+1, the queue")


def test_a_spreadsheet_gets_no_formula(shop: Shop, corrected: str) -> None:
    told = shop.call("audit", "--csv")
    rows = list(csv.DictReader(io.StringIO(told.output)))
    assert [row["kind"] for row in rows] == ["gift", "refund", "adjust", "adjust"]
    assert rows[3]["note"] == "'=1+1, the queue"
    assert rows[2]["points"] == "-20"


def test_days_bound_it(shop: Shop, corrected: str) -> None:
    assert shop.call("audit", "--to", "2020-01-01").output == "Entries: 0\n"
    assert shop.call("audit", "--from", "2020-01-01").output.endswith("Entries: 4\n")
    assert shop.call("audit", "--from", "tomorrow").exit_code == 2
    assert shop.call("audit", "--csv", "--json").exit_code == 2


def test_nobody_or_several_are_no_customer(shop: Shop, corrected: str) -> None:
    nobody = shop.call("audit", "--customer", "Nobody")
    assert (nobody.exit_code, nobody.output) == (1, "0 customers fit “Nobody”. Name one by card or phone.\n")
    assert shop.call("audit", "--customer", "Test").exit_code == 1
