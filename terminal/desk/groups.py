"""A customer's group: doctors, staff, wholesale; what rules may be for."""

from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused, phrase
from terminal.rules.text import safe_text


def put_in_group(till: Till, customer_id: str, group: str, by: Operator) -> str | Refused:
    """Put a customer into a group, by its code; "" takes them out of theirs."""
    code = safe_text(group)
    with till.ledger.atomic():
        if ledger_customers.person(till.ledger, customer_id) is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        till.ledger.append(till.draft("group", by.id, till.now_ms(), {"group": code}, customer_id=customer_id))
    return code
