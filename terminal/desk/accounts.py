"""Accounts: what the ledger knows of a customer, gathered for the rules: no more of it than a programme asks."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from terminal.desk.leases import here
from terminal.desk.till import Till
from terminal.ledger import belonging as ledger_belonging
from terminal.ledger import customers as ledger_customers
from terminal.ledger import marks as ledger_marks
from terminal.ledger import periods as ledger_periods
from terminal.ledger.customers import Totals
from terminal.rules.account import Account, Member, PeriodFigures
from terminal.rules.expiry import living
from terminal.rules.lots import Lot
from terminal.rules.needs import Needs, needs_of
from terminal.rules.programme import Programme
from terminal.rules.tiers import Standing, standing, tier_periods

NEWSLETTER = "messages"
"""The consent that makes a customer a subscriber."""

Found = tuple[Totals, tuple[Lot, ...]]


def account_of(
    till: Till, customer_id: str, programme: Programme, on: date, found: Found | None = None
) -> Account | None:
    """Gather a customer's account for a day; `found` are figures and lots that were read just now.

    None when the customer is not here. Lots end no later than the programme's inactivity lets them.
    """
    found = found or ledger_customers.account(till.ledger, customer_id)
    if found is None:
        return None
    totals, lots = found[0], here(till, found[1])
    last = till.day_of(totals.last_sale_ms) if totals.last_sale_ms is not None else None
    needs = needs_of(programme)
    plain = Account(
        customer_id=customer_id,
        lots=living(programme.expiry, lots, last),
        spend_minor=totals.spend_minor,
        purchases=totals.visits,
        last_purchase=last,
    )
    return _whole(till, plain, programme, needs, on) if needs else plain


def standing_of(till: Till, customer_id: str, programme: Programme, on: date, found: Found) -> Standing:
    """Place a customer among the tiers, by figures and lots that were read just now."""
    if not programme.tiers:
        return Standing(None, None)
    account = account_of(till, customer_id, programme, on, found)
    assert account is not None
    return standing(programme, account, on)


def _whole(till: Till, plain: Account, programme: Programme, needs: Needs, on: date) -> Account:
    """Read what else the programme asks about."""
    ledger, customer_id = till.ledger, plain.customer_id
    more: dict[str, Any] = {}
    if Needs.BIRTHDAY in needs:
        person = ledger_customers.person(ledger, customer_id)
        more["birthday"] = person.birthday if person else None
    if Needs.CARDS in needs:
        cards = ledger_customers.cards_of(ledger, customer_id)
        more["cards"] = frozenset(card.number for card in cards if card.state == "active")
    if Needs.GROUPS in needs:
        more["groups"] = ledger_belonging.groups_of(ledger, customer_id)
    if Needs.SUBSCRIBER in needs:
        more["subscriber"] = ledger_belonging.agreed(ledger, customer_id, NEWSLETTER)
    if Needs.OFFERS in needs:
        offers = ledger_customers.offers_of(ledger, customer_id, on)
        more["offers"] = frozenset(offer.id for offer in offers)
    if Needs.MEMBERSHIPS in needs:
        joined = ledger_marks.memberships_of(ledger, customer_id)
        more["memberships"] = tuple(Member(code, until) for code, until in sorted(joined.items()))
    if Needs.COUNTS in needs:
        marks, everybody = (ledger_marks.marks_of(ledger, whose) for whose in (customer_id, ledger_marks.EVERYBODY))
        more |= {"stamps": marks.stamps, "used": marks.uses, "used_in_all": everybody.uses}
    if Needs.PERIODS in needs:
        more["periods"] = _periods(till, customer_id, programme, on)
        more["earned_points"] = ledger_periods.earned_to_date(ledger, customer_id)
    if Needs.LEASES in needs and ledger.fact("site") is not None:
        more["leased"] = frozenset()
    return replace(plain, **more)


def _periods(till: Till, customer_id: str, programme: Programme, on: date) -> tuple[PeriodFigures, ...]:
    figures = []
    for first, last in tier_periods(programme.tier_rules, on):
        bought = ledger_periods.bought_between(
            till.ledger, customer_id, till.start_ms(first), till.start_ms(last + timedelta(days=1))
        )
        figures.append(PeriodFigures(bought.spend_minor, bought.points))
    return tuple(figures)
