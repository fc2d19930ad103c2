"""A day of three tills, two of them without a network for hours: the books agree, and nothing is overspent."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from sync.site.cli import site as command
from sync.site.night import nightly
from sync.site.shop import publish
from sync.site.store import Store
from terminal import desk
from terminal.rules.phrase import Refused
from tests.shop import PROGRAMME, balance, register, sell
from tests.shop import Clock as TillClock
from tests.site.stand import Clock, Served
from tests.sync.conftest import ShopClock
from tests.sync.stand import Joined, join, site_accounts
from tests.sync.test_leases import redeem_all
from tests.sync.totals import recomputed


@pytest.fixture
def hours() -> TillClock:
    return TillClock()


@pytest.fixture
def clock(hours: TillClock) -> Clock:
    """The site's clock is the tills'."""
    return ShopClock(hours)


@pytest.fixture
def tills(served: Served, store: Store, hours: TillClock, tmp_path: Path) -> Iterator[list[Joined]]:
    programme = PROGRAMME.replace("number = 1", "number = 2").replace("2020-01-01", "2026-01-01")
    assert not isinstance(publish(store, programme), str)
    names = [f"till-{number}" for number in (1, 2, 3)]
    joined = [join(served, tmp_path / f"{name}.db", name, hours) for name in names]
    for one in joined:
        one.sync()
    yield joined
    for one in joined:
        one.link.client.close()
        one.till.ledger.close()


def trade(joined: Joined, customers: list[str], chance: Random) -> None:
    """A sale to each; every second one spends all that the till may take off."""
    for customer in customers:
        book = redeem_all if chance.random() < 0.5 else sell
        book(joined.till, customer, chance.randrange(1, 40) * 10_00)


def test_three_tills_of_which_two_were_offline_for_hours_agree_with_the_site(
    tills: list[Joined], served: Served, database_url: str, hours: TillClock
) -> None:
    chance = Random(12)
    customers = [register(tills[0].till, f"Клієнт {number}", f"06711166{number:02}") for number in range(6)]
    rich = customers[0]
    sell(tills[0].till, rich, 5000_00)
    for joined in tills:
        joined.sync()
    for hour in range(9, 19):
        hours.advance(minutes=55)
        online = tills[:1] if 11 <= hour < 16 else tills
        for joined in tills:
            trade(joined, chance.sample(customers[1:], 2), chance)
        for joined in online:
            joined.sync()
        if hour == 14:
            taken = [redeem_everything(joined, rich) for joined in tills[1:]]
            taken.append(redeem_everything(tills[0], rich))
            assert sum(taken) == 500, "the same bonuses, asked for at three tills"
    nightly(served.site.store)
    for joined in (*tills, *tills):
        joined.sync()

    totals = recomputed([joined.till.ledger.path for joined in tills])
    told = site_accounts(served, tills[0])
    for customer in customers:
        assert told[customer].points == totals[customer] >= 0
        assert {balance(joined.till, customer) for joined in tills} == {totals[customer]}
    for joined in tills:
        joined.assert_whole()
    said = CliRunner().invoke(command, ["--database", database_url, "verify", "--json"])
    assert said.exit_code == 0, said.output
    figures = json.loads(said.output)
    assert figures["issued"] == figures["spent"] + figures["expired"] + figures["balances"]
    assert (figures["overspent"], figures["balances"]) == (0, sum(totals.values()))


def redeem_everything(joined: Joined, customer: str) -> int:
    """Take off all that a till may of a customer's points; return how many they were."""
    shown = desk.profile(joined.till, customer)
    assert not isinstance(shown, Refused)
    if shown.spendable:
        sell(joined.till, customer, shown.spendable * 1_00, redeem=shown.spendable)
    return shown.spendable
