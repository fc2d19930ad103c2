"""A scripted week ends in a report that names exactly what is broken, in every form and as exit code."""

import json
import re
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from terminal.commands.faults import Exit
from tests.commands.conftest import made_shop
from tests.commands.installed import Shop
from tests.figures.test_command import Tags
from tests.write_offs.week import BROKEN, Week

__all__ = ["made_shop"]


@dataclass(frozen=True)
class Played:
    """The shop after its week, its own list, and the days."""

    shop: Shop
    listed: Path
    first: date
    last: date
    site: str

    def verify(self, *args: str | Path) -> tuple[int, dict[str, str], dict[str, object]]:
        """Return the exit code, each order's verdict by its number and channel, and the sums."""
        told = self.shop.call("verify", *args, "--json")
        *lines, sums = [json.loads(line) for line in told.stdout.splitlines()]
        return told.exit_code, {f"{line['channel']} {line['number']}": line["verdict"] for line in lines}, sums


@pytest.fixture(scope="module")
def played(made_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Tests only read it."""
    folder = tmp_path_factory.mktemp("week")
    shop = Shop(Path(shutil.copytree(made_shop.folder, folder / "till")))
    week = Week(shop)
    last = week.play(folder / "orders.csv")
    return Played(shop, folder / "orders.csv", week.first, last, f"sqlite:///{folder / 'site.db'}")


def test_exactly_the_broken_orders_fail(played: Played) -> None:
    code, verdicts, sums = played.verify(played.listed)
    assert code == Exit.FAILED
    assert verdicts == {
        "manager till-1-1": "works",
        "manager till-1-2": "works",
        "manager till-1-3": "never-released",
        "manager till-1-4": "applied-twice",
        "manager till-1-5": "outside",
        "store till-2-2": "works",
        "store till-1-1000": "works",
        "store till-1-1001": "works",
        "store till-1-1002": "wrong-amount",
        "site W-1": "works",
        "site W-2": "works",
        "site W-3": "outside",
        "store 777": "not-applied",
        "store 778": "outside",
    }
    assert (sums["orders"], sums["failed"], sums["bad_lines"]) == (14, len(BROKEN), 0)


def test_the_tills_own_days_tell_of_the_same(played: Played) -> None:
    """What is past the journal it can't list, and nobody says what was wanted."""
    code, verdicts, _ = played.verify("--from", str(played.first), "--to", str(played.last))
    assert code == Exit.FAILED
    failed = {number: verdict for number, verdict in verdicts.items() if verdict not in ("works", "outside")}
    assert failed == {"manager till-1-3": "never-released", "manager till-1-4": "applied-twice"}
    assert verdicts["manager till-1-1"] == "works", "it was paid at the till that was offline"
    assert verdicts["store till-1-2"] == "outside", "a sale with the number of an order is another thing"
    assert verdicts["site W-2"] == "works"


def test_the_site_says_the_same_of_all_tills(played: Played) -> None:
    """By the journals of both tills: what the other till sold while it was offline has its own entries here."""
    days = ("--from", str(played.first), "--to", str(played.last))
    told = played.shop.call("site", "--database", played.site, "verify-orders", *days, "--json")
    assert told.exit_code == Exit.FAILED, told.output
    *lines, sums = [json.loads(line) for line in told.stdout.splitlines()]
    verdicts = {f"{line['channel']} {line['number']}": line["verdict"] for line in lines}
    failed = {f"{line['channel']} {line['number']}": line["verdict"] for line in lines if line["fails"]}
    assert failed == {"manager till-1-3": "never-released", "manager till-1-4": "applied-twice"}
    assert {verdicts["manager till-1-1"], verdicts["store till-2-2"]} == {"works"}
    assert sums["failed"] == 2
    before = ("--from", "2020-01-01", "--to", "2020-01-02")
    none = played.shop.call("site", "--database", played.site, "verify-orders", *before, "--language", "en")
    assert (none.exit_code, "There is no order to check." in none.output) == (Exit.OK, True)


def test_the_site_says_the_same_of_the_shops_list(played: Played) -> None:
    """But for two orders that nobody told the site of: they stand in the till's replica alone."""
    _, here, _ = played.verify(played.listed)
    told = played.shop.call("site", "--database", played.site, "verify-orders", played.listed, "--json")
    assert told.exit_code == Exit.FAILED, told.output
    *lines, _ = [json.loads(line) for line in told.stdout.splitlines()]
    there = {f"{line['channel']} {line['number']}": line["verdict"] for line in lines}
    assert there == here | {"site W-2": "not-applied", "site W-3": "not-applied"}


def test_days_of_nothing_are_well(played: Played) -> None:
    before = played.first - timedelta(days=9)
    told = played.shop.call("verify", "--from", str(before), "--to", str(before))
    assert told.exit_code == Exit.OK
    assert "There is no order to check." in told.output


def test_the_terminal_names_the_broken_ones_and_what_to_change(played: Played) -> None:
    told = played.shop.call("verify", played.listed)
    assert told.exit_code == Exit.FAILED
    problems = told.output.split("\nProblems\n")[1].split("\nWhat really happened\n")[0]
    found = dict(re.findall(r"^(\S+): ([^.]+)\. ", problems, re.MULTILINE))
    assert found == BROKEN
    steps = told.output.split("\nWhat really happened\n")[1].split("\nWhat to change\n")[0]
    held = re.findall(r"^till-1-3 +(.+?)  ", steps, re.MULTILINE)
    assert held == ["bonuses held", "bonuses taken"], "agreed on it never was, and nothing freed it"
    assert re.search(r"^777 +nothing", steps, re.MULTILINE)
    assert "Booked more than once: 1." in told.output
    assert "Not in the journal: 1." in told.output


@pytest.mark.parametrize("language", ["uk", "pl", "ru", "en"])
def test_the_page_names_them_too_and_needs_nothing_else(played: Played, language: str, tmp_path: Path) -> None:
    html = tmp_path / "write-offs.html"
    told = played.shop.call("verify", played.listed, "--html", html, "--language", language)
    assert told.exit_code == Exit.FAILED
    text = html.read_text(encoding="utf-8")
    page = Tags(text)
    assert page.tags[0] == ("html", {"lang": language})
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert "<svg" in text
    problems = text.split('<section id="problems">')[1].split("</section>")[0]
    rows = re.findall(r"<tr><td[^>]*>([^<]+)</td>", problems)
    assert sorted(rows) == sorted(BROKEN)


def test_markdown(played: Played, tmp_path: Path) -> None:
    path = tmp_path / "write-offs.md"
    assert played.shop.call("verify", played.listed, "--markdown", path).exit_code == Exit.FAILED
    text = path.read_text(encoding="utf-8")
    problems = text.split("## Problems\n")[1].split("\n## ")[0]
    assert sorted(re.findall(r"^\| (\S+) \| (?!---|Verdict)", problems, re.MULTILINE)) == sorted(BROKEN)


def test_the_probe_shows_that_each_channel_takes_bonuses_and_touches_nothing(played: Played) -> None:
    till = played.shop.till()
    with till.ledger:
        before = till.ledger.last_seq()
    told = played.shop.call("verify", played.listed, "--probe", "--customers", "3")
    tried = told.output.split("\nTried on a copy\n")[1].split("\nAll orders\n")[0]
    for channel in ("Site", "Manager", "Store"):
        assert re.search(rf"^{channel} +takes bonuses$", tried, re.MULTILINE), tried
    assert len(re.findall(r"^Customer \d", tried, re.MULTILINE)) == 9
    till = played.shop.till()
    with till.ledger:
        assert till.ledger.last_seq() == before


def test_it_asks_for_files_or_days(played: Played) -> None:
    assert played.shop.call("verify").exit_code == Exit.USAGE
    assert played.shop.call("verify", played.listed, "--from", "2026-05-01").exit_code == Exit.USAGE
    told = played.shop.call("verify", "--from", "2026-05-02", "--to", "2026-05-01")
    assert told.exit_code == Exit.FAILED
