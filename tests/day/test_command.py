"""`tillmate day` on a till on disk: opened, reported, closed; files, JSON and exit codes."""

import csv
import json
from datetime import UTC, datetime
from typing import Any

from terminal.commands.faults import Exit
from tests.commands.conftest import made_shop, shop
from tests.commands.installed import PIN, Shop
from tests.commands.trade import entries, trade

__all__ = ["made_shop", "shop"]


def facts(shop: Shop, *args: str) -> dict[str, Any]:
    told = shop.call("day", *args, "--json")
    assert told.exit_code == Exit.OK, told.output
    (line,) = told.stdout.splitlines()
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def test_a_day_by_commands(shop: Shop) -> None:
    assert shop.call("staff", "add", "Petro", "--role", "manager", "--pin", PIN).exit_code == Exit.OK
    assert shop.call("day", "open", "--by", "Petro").exit_code == Exit.OK
    trade(shop, 100_00, 50_00)
    totals = facts(shop, "report")
    assert totals["total"] == {
        **dict.fromkeys(totals["total"], 0),
        "sales": 2,
        "total_minor": 150_00,
        "earned": 450,
    }
    assert totals["closed"] is None
    done = facts(shop, "close", "--by", "Petro")
    assert done["total"] == totals["total"]
    assert done["head_seq"] == entries(shop)
    assert (done["closed"]["by"], done["closed"]["seq"]) == ("Petro", entries(shop))
    # The closing's own slip waits for the printer by now.
    assert facts(shop, "report", "--date", done["date"]) == {**done, "slips_waiting": 3}
    assert shop.call("verify-ledger").exit_code == Exit.OK


def test_refusals_exit_1_and_book_nothing(shop: Shop) -> None:
    assert shop.call("staff", "add", "Oksana", "--pin", PIN).exit_code == Exit.OK
    for args in (["close"], ["close", "--by", "Oksana"], ["open", "--by", "Nobody"]):
        told = shop.call("day", *args)
        assert told.exit_code == Exit.FAILED
        assert len(told.stderr.strip().splitlines()) == 1
    assert entries(shop) == 0
    assert shop.call("day", "open").exit_code == Exit.OK
    assert shop.call("day", "open").exit_code == Exit.FAILED
    assert entries(shop) == 1


def test_the_table_and_the_file(shop: Shop) -> None:
    trade(shop, 100_00, 50_00)
    file = shop.folder / "day.csv"
    told = shop.call("day", "report", "--csv", file)
    assert told.exit_code == Exit.OK
    assert "In all" in told.output
    assert "UAH" in told.output or "₴" in told.output
    with file.open(encoding="utf-8-sig", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert (row["cashier"], row["sales"], row["total_minor"], row["earned"]) == ("c-1", "2", "15000", "450")
    assert datetime.fromisoformat(row["date"]).date() >= datetime(2026, 1, 1, tzinfo=UTC).date()
