"""Memberships: a paid period with advantages; the register takes the money, the ledger keeps the days."""

from datetime import date, timedelta

from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger import marks as ledger_marks
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused, phrase
from terminal.rules.text import safe_text


def join(till: Till, customer_id: str, code: str, by: Operator) -> date | Refused:
    """Book that a customer has paid for a membership; return its last day.

    Who is a member already goes on after the last day paid for.
    """
    with till.ledger.atomic():
        at_ms = till.now_ms()
        today = till.day_of(at_ms)
        programme = till.programme(today)
        if isinstance(programme, Refused):
            return programme
        membership = next((found for found in programme.memberships if found.code == code), None)
        if membership is None:
            return Refused(phrase("This programme has no membership “{code}”.", code=safe_text(code)), "membership")
        if ledger_customers.person(till.ledger, customer_id) is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        paid_until = ledger_marks.memberships_of(till.ledger, customer_id).get(code, date.min)
        begins = max(today, paid_until + timedelta(days=1)) if paid_until > date.min else today
        until = begins + timedelta(days=membership.days - 1)
        payload = {
            "code": code,
            "from": begins.isoformat(),
            "until": until.isoformat(),
            "price_minor": int(membership.price),
        }
        till.ledger.append(till.draft("membership", by.id, at_ms, payload, customer_id=customer_id))
    return until
