"""`tillmate report` on a till on disk: text, page, files, JSON, what it refuses, and names from outside."""

import csv
import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from terminal.commands.faults import Exit
from terminal.ledger.figures import open_points
from terminal.rules.definitions import DEFINITIONS
from tests.commands.conftest import made_shop, shop
from tests.commands.installed import Shop
from tests.commands.trade import register, sell, trade

__all__ = ["made_shop", "shop"]

HOSTILE = '=cmd|"<script>alert(1)</script>&amp;'
PAGE = Path(__file__).parent.parent.parent / "docs" / "figures.md"


class Tags(HTMLParser):
    """Every tag with its attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def facts(shop: Shop, *args: str) -> dict[str, Any]:
    told = shop.call("report", *args, "--json")
    assert told.exit_code == Exit.OK, told.output
    (line,) = told.stdout.splitlines()
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def test_the_figures_of_a_few_sales(shop: Shop) -> None:
    trade(shop, 100_00, 50_00)
    register_other(shop)
    found = facts(shop, "--spend", "90", "--register-bills", "5", "--register-total", "450,00")
    assert (found["sales"], found["customers"], found["repeated"], found["new_customers"]) == (3, 2, 1, 2)
    assert (found["total_minor"], found["repeat_share_bp"]) == (180_00, 5000)
    assert found["points"] == {"issued": 540, "redeemed": 0, "expired": 0, "redeemed_share_bp": 0}
    assert (found["outstanding"]["points"], found["outstanding"]["worth_minor"]) == (540, 5_40)
    assert (found["spend_minor"], found["register_bills"], found["register_paid_minor"]) == (90_00, 5, 450_00)
    assert found["till"]["last_entry_holds"] is True
    assert found["till"]["last_backup"] is None
    told = shop.call("report", "--spend", "90", "--register-bills", "5", "--register-total", "450,00").output
    assert re.search(r"Average bill with a card +\D*60\.00", told)
    assert re.search(r"Average paid without a card +\D*135\.00", told)
    assert re.search(r"Cost of a new customer +\D*45\.00", told)
    assert re.search(r"Bills with a card, of all bills +60%", told)


def register_other(shop: Shop) -> None:
    till = shop.till()
    with till.ledger:
        sell(till, register(till, HOSTILE, "067 123 45 99"), 30_00)


def test_every_figure_stands_beside_its_definition(shop: Shop) -> None:
    trade(shop, 100_00)
    told = " ".join(shop.call("report").output.split())
    html = shop.folder / "report.html"
    assert shop.call("report", "--html", html).exit_code == Exit.OK
    page = Tags(html.read_text(encoding="utf-8"))
    for definition in DEFINITIONS.values():
        assert definition.title.text in told
        assert definition.says.text in told
        assert definition.says.text in page.text
        if definition.url:
            assert f"Source: {definition.source}, {definition.url}" in told
            assert ("a", {"href": definition.url}) in page.tags
            assert definition.url in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["uk", "pl", "ru", "en"])
def test_the_page_needs_nothing_else(shop: Shop, language: str) -> None:
    trade(shop, 100_00, 50_00)
    register_other(shop)
    html = shop.folder / "report.html"
    assert shop.call("report", "--html", html, "--language", language).exit_code == Exit.OK
    text = html.read_text(encoding="utf-8")
    page = Tags(text)
    assert page.tags[0] == ("html", {"lang": language})
    fetched = [attrs for tag, attrs in page.tags if tag != "a" and {"src", "href", "srcset", "data"} & set(attrs)]
    assert fetched == []
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "embed"})
    assert not re.search(r"url\(|@import", text)
    drawn = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawn) >= 2
    assert all(ElementTree.fromstring(svg).tag.endswith("svg") for svg in drawn)


def test_names_from_outside_are_data(shop: Shop) -> None:
    till = shop.till()
    with till.ledger:
        customer = register(till, HOSTILE, "067 123 45 99")
        sell(till, customer, 100_00)
        with till.ledger.atomic():
            # Let it expire next month, so that the name is shown.
            (lot,) = open_points(till.ledger, till.today())
            first = (till.today().replace(day=28) + timedelta(days=4)).replace(day=15)
            till.ledger.connection.execute("UPDATE lot SET expires_on = ?", (first.isoformat(),))
    html, folder = shop.folder / "report.html", shop.folder / "csv"
    told = shop.call("report", "--html", html, "--csv", folder)
    assert told.exit_code == Exit.OK
    assert lot.points == 300
    page = Tags(html.read_text(encoding="utf-8"))
    assert HOSTILE in page.text
    assert "script" not in {tag for tag, _ in page.tags}
    with (folder / "expiring.csv").open(encoding="utf-8-sig", newline="") as lines:
        (row,) = list(csv.reader(lines))[1:]
    assert row == [f"'{HOSTILE}", "3.00", first.isoformat()]


def test_the_files(shop: Shop) -> None:
    trade(shop, 100_00, 50_00)
    folder = shop.folder / "csv"
    told = shop.call("report", "--csv", folder, "--language", "en")
    assert told.exit_code == Exit.OK
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "cohorts.csv",
        "figures.csv",
        "liability-by-age.csv",
        "liability-by-expiry.csv",
        "months.csv",
        "tiers.csv",
    ]
    assert all(str(folder / name) in told.output for name in names)
    with (folder / "figures.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = {row["figure"]: row for row in csv.DictReader(lines)}
    assert rows["Average bill with a card"]["value"] == "75.00"
    assert rows["Average bill with a card"]["url"] == DEFINITIONS["bill"].url
    with (folder / "months.csv").open(encoding="utf-8-sig", newline="") as lines:
        months = list(csv.reader(lines))
    assert len(months) == 13
    assert months[-1][1:4] == ["2", "1", "1"]


@pytest.mark.parametrize(
    "args",
    [
        ["--from", "2026-05-02", "--to", "2026-05-01"],
        ["--from", "2000-01-01", "--to", "2026-05-01"],
        ["--spend", "much"],
        ["--register-bills", "5"],
        ["--register-total", "5"],
        ["--offer-cost", "5"],
        ["--html", "/nowhere/at/all/report.html"],
        ["--csv", "/dev/null/csv"],
    ],
)
def test_what_it_refuses(shop: Shop, args: list[str]) -> None:
    told = shop.call("report", *args)
    assert told.exit_code == Exit.FAILED
    assert len(told.stderr.strip().splitlines()) == 1


def test_an_empty_till_and_an_empty_period(shop: Shop) -> None:
    for args in ([], ["--from", "2020-01-01", "--to", "2020-01-01"]):
        html = shop.folder / "empty.html"
        told = shop.call("report", *args, "--html", html)
        assert told.exit_code == Exit.OK, told.output
        assert "Share of customers who bought again  —" in told.output
        assert "<svg" in html.read_text(encoding="utf-8")
    found = facts(shop, "--from", "2020-01-01", "--to", "2020-01-31")
    assert (found["sales"], found["repeat_share_bp"]) == (0, None)
    assert date.fromisoformat(found["from"]) == date(2020, 1, 1)
