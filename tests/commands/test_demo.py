"""The demo without a screen: what it prints, that it is the same every time, and that it would notice."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from terminal import desk
from terminal.cli import main
from terminal.commands.demo_play import DemoClock, play
from terminal.desk.demo_shop import CUSTOMERS, fixed_clock, make_demo_till
from terminal.desk.quotes import quote
from terminal.desk.till import Till
from terminal.ledger.sales import sales
from terminal.rules.bill import Bill
from terminal.rules.phrase import Refused, phrase
from terminal.rules.quote import Quote
from tests.commands.installed import Shop


def demo(*more: str) -> Result:
    return CliRunner().invoke(main, ["demo", "--headless", *more])


def figures(told: Result) -> dict[str, object]:
    found: dict[str, object] = json.loads(told.stdout.splitlines()[-1])
    return found


def test_it_prints_every_slip_and_one_line_of_json() -> None:
    told = demo("--sales", "20", "--language", "uk", "--seed", "1")
    assert told.exit_code == 0
    found = figures(told)
    assert list(found) == ["sales", "earned", "redeemed", "balances_checked", "ok"]
    assert (found["sales"], found["balances_checked"], found["ok"]) == (20, CUSTOMERS, True)
    assert told.stdout.count("Крамниця «Смаколик»") >= 20


def test_the_same_seed_prints_the_same_and_another_does_not() -> None:
    first, again, other = demo("--seed", "7"), demo("--seed", "7"), demo("--seed", "8")
    assert first.stdout == again.stdout != other.stdout


def test_no_sale_is_a_demo_too() -> None:
    assert figures(demo("--sales", "0"))["ok"] is True


@pytest.mark.parametrize("language", ["uk", "pl", "ru", "en"])
def test_slips_are_in_the_language(language: str, tmp_path: Path) -> None:
    till, _ = make_demo_till(tmp_path, language, 1, fixed_clock)
    with till.ledger:
        bill = till.words(language).gettext("Bill")
        told = demo("--sales", "2", "--language", language).stdout
    assert any(line.startswith(bill + " ") for line in told.splitlines())


def test_a_long_day_has_every_kind_of_slip(tmp_path: Path) -> None:
    """Redeeming all, some and none; voided sales made up for; balances for customers who buy nothing."""
    clock = DemoClock(fixed_clock())
    till, customers = make_demo_till(tmp_path, "en", 5, clock)
    with till.ledger:
        before = len(sales(till.ledger, None, 10_000))
        slips: list[object] = []
        played = play(till, customers, 60, Random(5), clock, slips.append)
        assert played.ok
        rows = sales(till.ledger, None, 10_000)[:-before]
        standing = [sale for sale in rows if not sale.voided]
        assert len(standing) == played.sales == 60
        assert sum(sale.earned for sale in standing) == played.earned
        assert sum(sale.redeemed for sale in standing) == played.redeemed
        assert 0 < sum(sale.redeemed > 0 for sale in standing) < 60
        voided = len(rows) - len(standing)
        assert voided
        assert len(slips) > len(rows) + voided


def refusing(till: Till, shown: Quote, bill: Bill, by: desk.Operator) -> Refused:
    return Refused(phrase("Closed."))


def forgetful(till: Till, shown: Quote, bill: Bill, by: desk.Operator) -> desk.Completed | Refused:
    """Book another bill than the one that was shown."""
    from terminal.desk.sales import complete

    less = Bill(tuple(replace(line, total_minor=line.total_minor // 2) for line in bill.lines))
    other = quote(till, shown.customer_id, less)
    assert not isinstance(other, Refused)
    return complete(till, other, less, by)


@pytest.mark.parametrize("broken", [refusing, forgetful])
def test_a_broken_use_case_is_noticed(broken: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "complete", broken)
    told = demo()
    assert told.exit_code == 1
    assert figures(told)["ok"] is False
    assert told.stderr.strip()


def test_with_a_screen_the_app_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[dict[str, object]] = []

    def run_demo(**told: object) -> int:
        called.append(told)
        return 0

    monkeypatch.setattr("terminal.running.run_demo", run_demo)
    assert CliRunner().invoke(main, ["demo", "--language", "pl", "--seed", "3"]).exit_code == 0
    assert called == [{"language": "pl", "seed": 3}]


def test_as_a_process_needs_no_config(no_shop: Shop) -> None:
    told = no_shop.spawn("demo", "--headless", "--sales", "3")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout.splitlines()[-1])["sales"] == 3
    assert told.stderr == ""
