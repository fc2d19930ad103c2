"""The owner's figures of a period, counted from the till's ledger beside the till's own work."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from terminal.desk.state import TillState, state
from terminal.desk.tier_figures import TierFigures, count_tiers
from terminal.desk.till import Till
from terminal.ledger import figures as ledger_figures
from terminal.ledger.figures import Expiring
from terminal.ledger.health import health
from terminal.rules.phrase import Refused
from terminal.rules.programme import Programme
from terminal.rules.redeeming import worth_minor
from terminal.rules.reporting import (
    Band,
    Bought,
    Churn,
    Cohort,
    MonthFigures,
    OfferFigures,
    Period,
    PointsMoved,
    by_age,
    by_expiry,
    last_months,
    month_after,
    months,
)

OFFERS_SHOWN = 5
NAMES_SHOWN = 20
USUAL_MONTHS = 12
CHURN_DAYS = 90


@dataclass(frozen=True, slots=True)
class Register:
    """What the cash register's own report says of the same period: all its bills, and what was paid for them."""

    bills: int
    paid_minor: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the owner wants to know. Sums in minor units; what is None was not told.

    `names` is how many of the customers whose points expire are named; `last_backup` is a moment in UTC.
    """

    period: Period
    churn_days: int = CHURN_DAYS
    spend_minor: int | None = None
    register: Register | None = None
    offer_id: str = ""
    offer_cost_minor: int | None = None
    names: int = NAMES_SHOWN
    last_backup: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outstanding:
    """All points on the accounts (units), their worth (minor units, None when they buy nothing), and their days."""

    points: int
    worth_minor: int | None
    by_age: tuple[Band, ...]
    by_expiry: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class ExpiringSoon:
    """What expires in a month (units and minor units), of how many customers, and those with the most of it."""

    month: Period
    customers: int
    points: int
    worth_minor: int | None
    listed: tuple[Expiring, ...]


@dataclass(frozen=True, slots=True)
class TillHealth:
    """How the till is; `head_holds` tells whether the journal's last entry is as it was written."""

    state: TillState
    head_holds: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the report shows, as of a day and a moment (UTC ms)."""

    asked: Asked
    on: date
    at_ms: int
    bought: Bought
    repeated: int
    months: tuple[MonthFigures, ...]
    cohorts: tuple[Cohort, ...]
    churn: Churn
    moved: PointsMoved
    outstanding: Outstanding
    expiring: ExpiringSoon
    offers: tuple[OfferFigures, ...]
    tiers: tuple[TierFigures, ...]
    health: TillHealth

    @property
    def new_customers(self) -> int:
        """Customers whose first purchase of all is in the period."""
        return sum(cohort.customers for cohort in self.cohorts)


def usual_period(till: Till) -> Period:
    """Return the last twelve calendar months, as far as today."""
    return last_months(till.today(), USUAL_MONTHS)


def figures(till: Till, asked: Asked) -> Figures:
    """Count everything at one state of the ledger, on a connection of its own: selling goes on meanwhile."""
    with till.ledger.beside() as ledger, ledger.snapshot():
        return _figures(replace(till, ledger=ledger), asked)


def _figures(till: Till, asked: Asked) -> Figures:
    ledger, on = till.ledger, till.today()
    found = till.programme(on)
    programme = None if isinstance(found, Refused) else found
    starts = _gather(till, asked)
    buyers = ledger_figures.buyers(ledger)
    cohorts = _cohorts(till, asked)
    return Figures(
        asked=asked,
        on=on,
        at_ms=till.now_ms(),
        bought=buyers.bought,
        repeated=buyers.repeated,
        months=_by_month(till, asked, cohorts),
        cohorts=cohorts,
        churn=Churn(asked.churn_days, buyers.earlier, buyers.lost),
        moved=ledger_figures.points_moved(ledger, starts[0], starts[-1]),
        outstanding=_outstanding(till, programme, on),
        expiring=_expiring(till, programme, month_after(on), asked.names),
        offers=tuple(_offers(till, asked)),
        tiers=count_tiers(till, programme, on) if programme else (),
        health=TillHealth(state(till), health(ledger).head_holds),
    )


def _gather(till: Till, asked: Asked) -> tuple[int, ...]:
    """Sum the sales by customer and month; return the starts of the months and the period's end (UTC ms)."""
    period = asked.period
    days = [period.first, *list(months(period))[1:], period.last + timedelta(days=1)]
    starts = tuple(till.start_ms(day) for day in days)
    lately = period.last - timedelta(days=asked.churn_days - 1)
    earlier = lately - timedelta(days=asked.churn_days)
    ledger_figures.gather_visits(till.ledger, starts, (till.start_ms(earlier), till.start_ms(lately)))
    return starts


def _cohorts(till: Till, asked: Asked) -> tuple[Cohort, ...]:
    counts = ledger_figures.cohort_counts(till.ledger)
    names = list(months(asked.period))
    bought = [
        tuple(counts.get((place, after), 0) for after in range(len(names) - place)) for place in range(len(names))
    ]
    return tuple(Cohort(name, row[0], row) for name, row in zip(names, bought, strict=True))


def _by_month(till: Till, asked: Asked, cohorts: tuple[Cohort, ...]) -> tuple[MonthFigures, ...]:
    found = ledger_figures.bought_by_month(till.ledger)
    nothing = Bought(0, 0, 0, 0)
    return tuple(
        MonthFigures(name, found.get(place, nothing), cohorts[place].customers)
        for place, name in enumerate(months(asked.period))
    )


def _outstanding(till: Till, programme: Programme | None, on: date) -> Outstanding:
    lots = ledger_figures.open_points(till.ledger, on)
    points = sum(lot.points for lot in lots)
    return Outstanding(points, _worth(programme, points), by_age(lots, on), by_expiry(lots, on))


def _expiring(till: Till, programme: Programme | None, month: Period, names: int) -> ExpiringSoon:
    customers, points, listed = ledger_figures.expiring_between(till.ledger, month.first, month.last, names)
    return ExpiringSoon(month, customers, points, _worth(programme, points), tuple(listed))


def _offers(till: Till, asked: Asked) -> Iterator[OfferFigures]:
    """Look at the newest offers of the period, or at the one that was asked for."""
    period = asked.period
    known = ledger_figures.offers_between(till.ledger, period.first, period.last, asked.offer_id, OFFERS_SHOWN)
    for offer_id, title, first, last in known:
        days = Period(first, min(last, period.last))
        edges = (days.before().first, days.first, days.last + timedelta(days=1))
        starts = till.start_ms(edges[0]), till.start_ms(edges[1]), till.start_ms(edges[2])
        having, others = ledger_figures.offer_groups(till.ledger, offer_id, starts)
        yield OfferFigures(offer_id, title, days, having, others)


def _worth(programme: Programme | None, points: int) -> int | None:
    return worth_minor(programme, points) if programme and programme.redeem else None
