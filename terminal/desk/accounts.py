"""Accounts: what the ledger knows of a customer, gathered for the rules: no more of it than a programme asks."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from terminal.desk.leases import codes_here, here
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


def account_of(till: Till, customer_id: str, programme: Programme, on: date) -> Account | None:
    """Gather a customer's account for a day, None when the customer is not here."""
    found = ledger_customers.account(till.ledger, customer_id)
    return _whole(till, plain_account(till, programme, found), programme, on) if found else None


def plain_account(till: Till, programme: Programme, found: Found) -> Account:
    """Return what every programme asks of figures and lots that were read just now.

    Lots end no later than the programme's inactivity lets them, and are held as far as this till may spend now.
    """
    totals, lots = found
    last = till.day_of(totals.last_sale_ms) if totals.last_sale_ms is not None else None
    return Account(
        customer_id=totals.customer_id,
        lots=living(programme.expiry, here(till, lots), last),
        spend_minor=totals.spend_minor,
        purchases=totals.visits,
        last_purchase=last,
    )


def standing_of(till: Till, plain: Account, programme: Programme, on: date) -> Standing:
    """Place a customer among the tiers."""
    return standing(programme, _whole(till, plain, programme, on), on) if programme.tiers else Standing(None, None)


def _whole(till: Till, plain: Account, programme: Programme, on: date) -> Account:
    needs = needs_of(programme)
    return _asked(till, plain, programme, needs, on) if needs else plain


def _asked(till: Till, plain: Account, programme: Programme, needs: Needs, on: date) -> Account:
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
    if Needs.LEASES in needs:
        more["leased"] = codes_here(till, customer_id)
    return replace(plain, **more)


def _periods(till: Till, customer_id: str, programme: Programme, on: date) -> tuple[PeriodFigures, ...]:
    figures = []
    for first, last in tier_periods(programme.tier_rules, on):
        bought = ledger_periods.bought_between(
            till.ledger, customer_id, till.start_ms(first), till.start_ms(last + timedelta(days=1))
        )
        figures.append(PeriodFigures(bought.spend_minor, bought.points))
    return tuple(figures)
