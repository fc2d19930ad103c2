"""The owner's report, put together from the figures: what stands in it, and in which order."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from terminal.desk.figures import Figures
from terminal.desk.sections import Cell, Chart, Report, Section, Series, Table
from terminal.rules.definitions import DEFINITIONS
from terminal.rules.phrase import Factor, Money, Percent, Phrase, Points, phrase
from terminal.rules.reporting import Bought, Cohort, OfferFigures, decimal_mean, mean, share

_COHORT_LINES = 3


def report(figures: Figures, shop: str, terminal_id: str) -> Report:
    """Put the figures in the order in which they are read."""
    made = datetime.fromtimestamp(figures.at_ms // 1000, UTC)
    return Report(shop, terminal_id, figures.asked.period, made, tuple(part(figures) for part in _PARTS))


def _repeat(figures: Figures) -> Section:
    bought = figures.bought
    return Section(
        DEFINITIONS["repeat"],
        (
            (phrase("Share of customers who bought again"), _percent(figures.repeated, bought.customers)),
            (phrase("Customers who bought"), bought.customers),
            (phrase("of them twice or more"), figures.repeated),
        ),
    )


def _bill(figures: Figures) -> Section:
    bought, register = figures.bought, figures.asked.register
    facts: list[tuple[Phrase, Cell]] = [
        (phrase("Average bill with a card"), _money(mean(bought.total_minor, bought.sales))),
        (phrase("Average paid with a card, after bonuses"), _money(mean(bought.paid_minor, bought.sales))),
    ]
    if register is None:
        note = phrase(
            "This till books only sales with a customer. Tell what the register's own report counts in the same"
            " period, and the bills without a card are shown: --register-bills and --register-total."
        )
        return Section(DEFINITIONS["bill"], tuple(facts), notes=(note,))
    others, others_minor = register.bills - bought.sales, register.paid_minor - bought.paid_minor
    facts.append((phrase("Average paid without a card"), _money(mean(others_minor, others))))
    facts.append((phrase("Bills with a card, of all bills"), _percent(bought.sales, register.bills)))
    notes: tuple[Phrase, ...] = ()
    if others < 0 or others_minor < 0:
        notes = (
            phrase("The register's report counts less than this till: it is of other days or another register."),
        )
    return Section(DEFINITIONS["bill"], tuple(facts), notes=notes)


def _frequency(figures: Figures) -> Section:
    bought = figures.bought
    return Section(
        DEFINITIONS["frequency"],
        (
            (phrase("Purchases per customer in the period"), _ratio(bought.sales, bought.customers)),
            (phrase("Sales"), bought.sales),
            (phrase("Bills in all"), Money(bought.total_minor)),
            (phrase("Paid per customer"), _money(mean(bought.paid_minor, bought.customers))),
        ),
    )


def _months(figures: Figures) -> Section:
    head = (
        phrase("Month"),
        phrase("Sales"),
        phrase("Customers"),
        phrase("New"),
        phrase("Per customer"),
        phrase("Average bill"),
        phrase("Paid"),
    )
    rows = [_month_row(month.month, month.bought, month.new) for month in figures.months]
    chart = Chart(
        "bars",
        phrase("Customers who bought"),
        "count",
        tuple(_month(month.month) for month in figures.months),
        (Series(phrase("Customers"), tuple(month.bought.customers for month in figures.months)),),
    )
    return Section(DEFINITIONS["months"], (), (Table("months", head, tuple(rows)),), chart)


def _month_row(month: date, bought: Bought, new: int) -> tuple[Cell, ...]:
    return (
        _month(month),
        bought.sales,
        bought.customers,
        new,
        _ratio(bought.sales, bought.customers),
        _money(mean(bought.total_minor, bought.sales)),
        Money(bought.paid_minor),
    )


def _cohorts(figures: Figures) -> Section:
    cohorts = [cohort for cohort in figures.cohorts if cohort.customers]
    most = max((len(cohort.bought) for cohort in cohorts), default=1)
    after = tuple(f"+{months}" for months in range(1, most))
    head: tuple[Cell, ...] = (phrase("First purchase"), phrase("Customers"), *after)
    rows: list[tuple[Cell, ...]] = []
    for cohort in cohorts:
        shares = [_whole_percent(count, cohort.customers) for count in cohort.bought[1:]]
        rows.append((_month(cohort.month), cohort.customers, *shares, *[""] * (most - len(cohort.bought))))
    series = _cohort_lines(cohorts, most)
    chart = Chart("lines", phrase("Bought again, by months after the first purchase"), "percent", after, series)
    table = Table("cohorts", head, tuple(rows))
    return Section(DEFINITIONS["cohorts"], (), (table,), chart if most > 2 else None)


def _cohort_lines(cohorts: list[Cohort], most: int) -> tuple[Series, ...]:
    """Draw all cohorts as one, each month by those that have reached it, and the newest three that make a line."""
    together = []
    for after in range(1, most):
        reached = [cohort for cohort in cohorts if len(cohort.bought) > after]
        together.append(share(sum(one.bought[after] for one in reached), sum(one.customers for one in reached)))
    lines = [cohort for cohort in cohorts if len(cohort.bought) > 2][-_COHORT_LINES:]
    return (
        Series(phrase("all together"), tuple(together)),
        *(
            Series(_month(one.month), tuple(share(count, one.customers) for count in one.bought[1:]))
            for one in lines
        ),
    )


def _churn(figures: Figures) -> Section:
    churn = figures.churn
    return Section(
        DEFINITIONS["churn"],
        (
            (phrase("Share of customers lost"), _percent(churn.lost, churn.customers)),
            (phrase("Days looked at, and as many before"), churn.days),
            (phrase("Bought in the days before"), churn.customers),
            (phrase("of them nothing since"), churn.lost),
        ),
    )


def _redemption(figures: Figures) -> Section:
    moved = figures.moved
    return Section(
        DEFINITIONS["redemption"],
        (
            (phrase("Share of bonuses spent"), _percent(moved.redeemed, moved.issued)),
            (phrase("Given out"), Points(moved.issued)),
            (phrase("Spent"), Points(moved.redeemed)),
            (phrase("Expired"), Points(moved.expired)),
        ),
    )


def _liability(figures: Figures) -> Section:
    out = figures.outstanding
    tables = tuple(
        Table(
            name,
            (said, phrase("Bonuses"), phrase("Share")),
            tuple((band.says, Points(band.points), _percent(band.points, out.points)) for band in bands),
        )
        for name, said, bands in (
            ("liability-by-age", phrase("Usable for"), out.by_age),
            ("liability-by-expiry", phrase("Days left"), out.by_expiry),
        )
    )
    chart = Chart(
        "rows",
        phrase("Bonuses by the days they have left"),
        "points",
        tuple(band.says for band in out.by_expiry),
        (Series(phrase("Bonuses"), tuple(band.points for band in out.by_expiry)),),
    )
    facts = (
        (phrase("Outstanding today"), Points(out.points)),
        (phrase("They take off bills at most"), _money(out.worth_minor)),
        (phrase("Day"), figures.on),
    )
    return Section(DEFINITIONS["liability"], facts, tables, chart)


def _expiring(figures: Figures) -> Section:
    found = figures.expiring
    facts = (
        (phrase("Month"), _month(found.month.first)),
        (phrase("Bonuses"), Points(found.points)),
        (phrase("They take off bills at most"), _money(found.worth_minor)),
        (phrase("Customers"), found.customers),
    )
    rows = tuple((one.name, Points(one.points), one.first_on) for one in found.listed)
    table = Table("expiring", (phrase("Customer"), phrase("Bonuses"), phrase("First last day")), rows, shown=20)
    return Section(DEFINITIONS["expiring"], facts, (table,) if rows else ())


def _acquisition(figures: Figures) -> Section:
    spend, new = figures.asked.spend_minor, figures.new_customers
    facts: tuple[tuple[Phrase, Cell], ...] = ((phrase("New customers"), new),)
    if spend is None:
        return Section(DEFINITIONS["acquisition"], facts, notes=(phrase("Tell what was spent: --spend."),))
    told = ((phrase("Cost of a new customer"), _money(mean(spend, new))), (phrase("Spent"), Money(spend)))
    return Section(DEFINITIONS["acquisition"], (*told, *facts))


def _offers(figures: Figures) -> Section:
    if not figures.offers:
        note = phrase("No customer had a personal offer in the period.")
        return Section(DEFINITIONS["offers"], notes=(note,))
    head = (
        phrase("Offer"),
        phrase("Group"),
        phrase("Customers"),
        phrase("Bought"),
        phrase("Sales"),
        phrase("Paid before"),
        phrase("Paid in its days"),
    )
    rows: list[tuple[Cell, ...]] = []
    facts: list[tuple[Phrase, Cell]] = []
    for offer in figures.offers:
        for said, group in ((phrase("with it"), offer.having), (phrase("without it"), offer.others)):
            paid = Money(group.paid_before_minor), Money(group.paid_minor)
            rows.append((offer.title, said, group.customers, group.buyers, group.sales, *paid))
        facts += _offer_facts(offer, figures.asked.offer_cost_minor)
    table = Table("offers", head, tuple(rows))
    notes = (phrase("Tell what an offer cost, and its return is shown: --offer and --offer-cost."),)
    return Section(
        DEFINITIONS["offers"], tuple(facts), (table,), notes=() if figures.asked.offer_cost_minor else notes
    )


def _offer_facts(offer: OfferFigures, cost_minor: int | None) -> Iterator[tuple[Phrase, Cell]]:
    days = offer.period
    said = phrase("“{offer}”, {first} to {last}: brought", offer=offer.title, first=days.first, last=days.last)
    yield said, _money(offer.extra_minor)
    if cost_minor:
        result = offer.return_bp(cost_minor)
        yield phrase("Its return on {cost}", cost=Money(cost_minor)), None if result is None else Percent(result)


def _tiers(figures: Figures) -> Section:
    head = (phrase("Tier"), phrase("Customers"), phrase("Bought in the period"), phrase("Share"))
    rows = tuple(
        (
            phrase("below the first tier") if tier.name is None else tier.name,
            tier.customers,
            tier.active,
            _percent(tier.active, tier.customers),
        )
        for tier in figures.tiers
        if tier.name is not None or tier.customers
    )
    if not figures.tiers:
        note = phrase("No programme is in force.")
        return Section(DEFINITIONS["tiers"], notes=(note,))
    return Section(DEFINITIONS["tiers"], (), (Table("tiers", head, rows),))


def _health(figures: Figures) -> Section:
    state, asked = figures.health.state, figures.asked
    last = datetime.fromtimestamp(state.last_entry_ms // 1000, UTC) if state.last_entry_ms else None
    unsent: Cell = state.unsent if state.has_site else phrase("nothing to send to")
    backup: Cell = asked.last_backup or phrase("none was found")
    whole = phrase("as it was written") if figures.health.head_holds else phrase("was changed: restore a backup")
    return Section(
        DEFINITIONS["health"],
        (
            (phrase("Entries"), state.last_seq),
            (phrase("Last entry"), last),
            (phrase("The last entry is"), whole),
            (phrase("Entries not sent"), unsent),
            (phrase("Slips waiting"), state.slips_waiting),
            (phrase("Slips to ask about"), state.slips_unknown),
            (phrase("Last backup"), backup),
        ),
    )


_PARTS: tuple[Callable[[Figures], Section], ...] = (
    _repeat,
    _bill,
    _frequency,
    _months,
    _cohorts,
    _churn,
    _redemption,
    _liability,
    _expiring,
    _acquisition,
    _offers,
    _tiers,
    _health,
)


def _month(month: date) -> str:
    return f"{month:%Y-%m}"


def _money(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor)


def _percent(part: int, whole: int) -> Percent | None:
    found = share(part, whole)
    return None if found is None else Percent(found)


def _whole_percent(part: int, whole: int) -> Percent | None:
    found = mean(part * 100, whole)
    return None if found is None else Percent(found * 100)


def _ratio(part: int, whole: int) -> Factor | None:
    found = decimal_mean(part, whole)
    return None if found is None else Factor(found)
