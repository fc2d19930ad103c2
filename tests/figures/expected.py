"""The owner's figures computed a second time, with pandas, from purchases alone; none of it is the till's code."""

from datetime import date

import pandas as pd

from tests.replay.independent import Result


def sales_frame(result: Result) -> pd.DataFrame:
    """One row a purchase: customer, day, its month, cents, cents taken off and paid, parts spent and earned."""
    frame = pd.DataFrame(result.sales, columns=["customer", "day", "cents", "off", "spent", "earned"])
    frame["day"] = pd.to_datetime(frame["day"])
    frame["paid"] = frame["cents"] - frame["off"]
    frame["month"] = frame["day"].dt.to_period("M")
    return frame


def lots_frame(result: Result) -> pd.DataFrame:
    """One row a lot: customer, first day, last day, parts left."""
    frame = pd.DataFrame(result.lots, columns=["customer", "first", "last", "left"])
    frame["first"], frame["last"] = pd.to_datetime(frame["first"]), pd.to_datetime(frame["last"])
    return frame


def within(frame: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """The purchases of some days, both included."""
    return frame[(frame["day"] >= pd.Timestamp(first)) & (frame["day"] <= pd.Timestamp(last))]


def bought(frame: pd.DataFrame) -> tuple[int, int, int, int]:
    """Sales, customers, cents of the bills, cents paid."""
    return len(frame), int(frame["customer"].nunique()), int(frame["cents"].sum()), int(frame["paid"].sum())


def repeated(frame: pd.DataFrame) -> int:
    """Customers with two purchases or more."""
    return int((frame.groupby("customer").size() > 1).sum())


def by_month(frame: pd.DataFrame) -> dict[str, tuple[int, int, int, int]]:
    """What was bought in each month."""
    return {str(month): bought(rows) for month, rows in frame.groupby("month")}


def retention(every: pd.DataFrame, first: date, last: date) -> dict[str, list[int]]:
    """For each month of a first purchase in the period: who bought in it, and in each month after it."""
    known = every[every["day"] <= pd.Timestamp(last)].copy()
    known["began"] = known.groupby("customer")["day"].transform("min")
    known = known[known["began"] >= pd.Timestamp(first)]
    known["cohort"] = known["began"].dt.to_period("M")
    known["after"] = (known["month"] - known["cohort"]).map(lambda step: step.n)
    table = known.pivot_table(index="cohort", columns="after", values="customer", aggfunc="nunique", fill_value=0)
    return {
        str(cohort): [int(count) for count in row]
        for cohort, row in zip(table.index, table.to_numpy(), strict=True)
    }


def churn(every: pd.DataFrame, last: date, days: int) -> tuple[int, int]:
    """Customers of the days before the last days, and those of them who are not among the customers of these."""
    end = pd.Timestamp(last)
    middle, start = end - pd.Timedelta(days=days), end - pd.Timedelta(days=2 * days)
    earlier = every[(every["day"] > start) & (every["day"] <= middle)]["customer"]
    lately = every[(every["day"] > middle) & (every["day"] <= end)]["customer"]
    return int(earlier.nunique()), int(earlier[~earlier.isin(lately)].nunique())


def ages(lots: pd.DataFrame, on: date) -> list[int]:
    """Parts of points by how many days they have been usable."""
    days = (pd.Timestamp(on) - lots["first"]).dt.days
    return _sums(lots, days, [-100_000, -1, 30, 90, 180, 365, 100_000])


def expiries(lots: pd.DataFrame, on: date) -> list[int]:
    """Parts of points by how many days they have left; those without a last day come last, here none."""
    days = (lots["last"] - pd.Timestamp(on)).dt.days
    return [*_sums(lots, days, [-1, 30, 90, 180, 365, 100_000]), 0]


def _sums(lots: pd.DataFrame, days: "pd.Series[int]", edges: list[int]) -> list[int]:
    bands = pd.cut(days, edges, labels=range(len(edges) - 1))
    return [int(points) for points in lots.groupby(bands, observed=False)["left"].sum()]


def expiring(lots: pd.DataFrame, month: str) -> dict[str, int]:
    """Parts of points whose last day is in a month, by customer, most first."""
    due = lots[(lots["last"].dt.to_period("M") == pd.Period(month)) & (lots["left"] > 0)]
    sums = due.groupby("customer")["left"].sum().sort_values(ascending=False)
    return {str(customer): int(points) for customer, points in sums.items()}


def tiers(every: pd.DataFrame, active: pd.DataFrame, from_cents: list[int]) -> list[tuple[int, int]]:
    """Customers by tier, and how many of them are active; the first pair is of those below the first tier."""
    paid = every.groupby("customer")["paid"].sum()
    place = paid.map(lambda cents: sum(cents >= least for least in from_cents))
    buying = set(active["customer"])
    return [
        (int((place == tier).sum()), sum(customer in buying for customer in place.index[place == tier]))
        for tier in range(len(from_cents) + 1)
    ]
