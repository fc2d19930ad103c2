"""On 69,659 real purchases the figures are those that pandas computes from the file."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from terminal.desk.figures import Asked, Figures, figures
from terminal.desk.till import Shop, Till
from terminal.rules.reporting import Bought, Period
from tests.figures import expected
from tests.replay.independent import Result, compute, read_cdnow
from tests.replay.played import CDNOW, Played, kept_ledger
from tests.replay.programmes import BUILT_IN
from tests.shop import Clock, new_till

END = date(1998, 6, 30)
WHOLE = Period(date(1997, 1, 1), END)
PART = Period(date(1997, 2, 12), date(1998, 3, 7))
RECORDS = Shop("Record Club", (), "en", "USD", "UA", UTC)


@dataclass(frozen=True)
class Cdnow:
    """The till on the replayed ledger, and the purchases as pandas sees them."""

    till: Till
    sales: pd.DataFrame
    lots: pd.DataFrame
    result: Result

    def ask(self, period: Period, churn_days: int = 90) -> Figures:
        return figures(self.till, Asked(period, churn_days))

    def within(self, period: Period) -> pd.DataFrame:
        return expected.within(self.sales, period.first, period.last)


@pytest.fixture(scope="module")
def cdnow(whole_cdnow: Played, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cdnow]:
    result = compute(read_cdnow(CDNOW), BUILT_IN, "sometimes", 1)
    path = tmp_path_factory.mktemp("read") / whole_cdnow.ledger_path.name
    for suffix in ("", ".key"):
        shutil.copy(f"{whole_cdnow.ledger_path}{suffix}", f"{path}{suffix}")
    with kept_ledger(path) as ledger:
        till = new_till(ledger, Clock(datetime(1998, 6, 30, 20, 0, tzinfo=UTC)), RECORDS)
        yield Cdnow(till, expected.sales_frame(result), expected.lots_frame(result), result)


def test_the_frames_hold_the_file(cdnow: Cdnow) -> None:
    assert (len(cdnow.sales), cdnow.sales["customer"].nunique()) == (69_659, 23_570)
    assert cdnow.sales["cents"].sum() == 2_500_315_63
    assert cdnow.lots["left"].sum() == cdnow.result.earned - cdnow.result.redeemed - cdnow.result.expired > 0


@pytest.mark.parametrize("period", [WHOLE, PART], ids=["whole", "part"])
def test_purchases_and_repeat_purchases(cdnow: Cdnow, period: Period) -> None:
    found, rows = cdnow.ask(period), cdnow.within(period)
    assert found.bought == Bought(*expected.bought(rows))
    assert found.repeated == expected.repeated(rows)
    assert {f"{one.month:%Y-%m}": one.bought for one in found.months} == {
        month: Bought(*numbers) for month, numbers in expected.by_month(rows).items()
    }


@pytest.mark.parametrize("period", [WHOLE, PART], ids=["whole", "part"])
def test_retention_by_cohort(cdnow: Cdnow, period: Period) -> None:
    found = cdnow.ask(period)
    wanted = expected.retention(cdnow.sales, period.first, period.last)
    assert len(wanted) >= 2
    for cohort in found.cohorts:
        row = wanted.get(f"{cohort.month:%Y-%m}", [])
        assert list(cohort.bought) == (row + [0] * len(cohort.bought))[: len(cohort.bought)]
        assert cohort.customers == (row[0] if row else 0)
    assert [month.new for month in found.months] == [cohort.customers for cohort in found.cohorts]
    assert found.new_customers == sum(row[0] for row in wanted.values())


@pytest.mark.parametrize("days", [30, 90, 200])
@pytest.mark.parametrize("last", [END, PART.last], ids=["whole", "part"])
def test_churn(cdnow: Cdnow, last: date, days: int) -> None:
    churn = cdnow.ask(Period(WHOLE.first, last), days).churn
    assert (churn.customers, churn.lost) == expected.churn(cdnow.sales, last, days)
    assert 0 < churn.lost < churn.customers


def test_points_given_out_and_spent(cdnow: Cdnow) -> None:
    for period in (WHOLE, PART):
        rows, moved = cdnow.within(period), cdnow.ask(period).moved
        assert (moved.issued, moved.redeemed) == (rows["earned"].sum(), rows["spent"].sum())
    assert cdnow.ask(WHOLE).moved.expired == cdnow.result.expired > 0


def test_points_outstanding_by_age_and_expiry(cdnow: Cdnow) -> None:
    outstanding = cdnow.ask(WHOLE).outstanding
    left = int(cdnow.lots["left"].sum())
    assert outstanding.points == left
    # A point is worth 5 cents, so a tenth of one half a cent: rounded half up once.
    assert outstanding.worth_minor == (left + 1) // 2
    assert [band.points for band in outstanding.by_age] == expected.ages(cdnow.lots, END)
    assert [band.points for band in outstanding.by_expiry] == expected.expiries(cdnow.lots, END)
    assert sum(band.points > 0 for band in outstanding.by_age) >= 3


def test_what_expires_next_month_and_whose_it_is(cdnow: Cdnow) -> None:
    wanted = expected.expiring(cdnow.lots, "1998-07")
    found = cdnow.ask(WHOLE).expiring
    assert (found.month.first, found.month.last) == (date(1998, 7, 1), date(1998, 7, 31))
    assert (found.customers, found.points) == (len(wanted), sum(wanted.values()))
    assert [one.points for one in found.listed] == list(wanted.values())[: len(found.listed)]
    assert 0 < len(found.listed) < len(wanted)
    every = figures(cdnow.till, Asked(WHOLE, names=1_000_000)).expiring
    assert {one.name: one.points for one in every.listed} == wanted


def test_active_by_tier(cdnow: Cdnow) -> None:
    found = cdnow.ask(PART).tiers
    # The tiers are of now, whatever the period: 0, 100 and 500 dollars to date.
    wanted = expected.tiers(cdnow.sales, cdnow.within(PART), [0, 100_00, 500_00])
    assert [(tier.customers, tier.active) for tier in found] == wanted
    assert [tier.name for tier in found] == [None, "Listener", "Collector", "Archivist"]


def test_an_offer_with_and_without_it(cdnow: Cdnow) -> None:
    ledger = cdnow.till.ledger
    first, last = date(1997, 5, 10), date(1997, 6, 8)
    rows = ledger.rows("SELECT customer_id, name FROM person")
    chosen = [(customer_id, name) for customer_id, name in rows if int(name) % 7 == 0]
    with ledger.atomic():
        for customer_id, _ in chosen:
            ledger.write("INSERT INTO offer VALUES (?, 'may', 'May', ?, ?)", (customer_id, str(first), str(last)))
    (offer,) = cdnow.ask(WHOLE).offers
    sales = cdnow.sales
    began = sales.groupby("customer")["day"].min()
    there = set(began.index[began < pd.Timestamp(1997, 4, 10)])
    names = {name for _, name in chosen}
    for group, members in ((offer.having, there & names), (offer.others, there - names)):
        own = sales[sales["customer"].isin(members)]
        during = expected.within(own, first, last)
        before = expected.within(own, date(1997, 4, 10), date(1997, 5, 9))
        assert (group.customers, group.buyers) == (len(members), during["customer"].nunique())
        assert (group.sales, group.paid_minor) == (len(during), during["paid"].sum())
        assert group.paid_before_minor == before["paid"].sum()
    change = offer.having.change_minor / offer.having.customers - offer.others.change_minor / offer.others.customers
    assert offer.extra_minor == pytest.approx(change * offer.having.customers, abs=1)
