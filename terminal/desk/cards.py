"""A customer's cards: bound, blocked when lost, replaced by a new one."""

from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger.customers import Card
from terminal.ledger.shop import Operator
from terminal.rules.card import read_card
from terminal.rules.phrase import Refused, phrase


def cards(till: Till, customer_id: str) -> list[Card]:
    """Return the customer's cards, active ones first."""
    return ledger_customers.cards_of(till.ledger, customer_id)


def bind_card(till: Till, customer_id: str, card: str, by: Operator) -> str | Refused:
    """Give a customer a (further) card; return its number."""
    with till.ledger.atomic():
        number = _free_card(till, card)
        if isinstance(number, Refused):
            return number
        if ledger_customers.totals(till.ledger, customer_id) is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        _append(till, "card_bound", customer_id, number, by)
    return number


def block_card(till: Till, card: str, by: Operator) -> str | Refused:
    """Block a lost card: it finds nobody any more. The bonuses stay with the customer."""
    with till.ledger.atomic():
        found = _active_card(till, card)
        if isinstance(found, Refused):
            return found
        _append(till, "card_blocked", found.customer_id, found.number, by)
    return found.number


def replace_card(till: Till, old: str, new: str, by: Operator) -> str | Refused:
    """Put a new card in the place of an active one; return the new number."""
    with till.ledger.atomic():
        number = _free_card(till, new)
        if isinstance(number, Refused):
            return number
        found = _active_card(till, old)
        if isinstance(found, Refused):
            return found
        _append(till, "card_replaced", found.customer_id, found.number, by)
        _append(till, "card_bound", found.customer_id, number, by)
    return number


def card_owner(till: Till, card: str) -> str | Refused | None:
    """Return whose card this is, None when it is nobody's yet."""
    number = read_card(card)
    if isinstance(number, Refused):
        return number
    found = ledger_customers.card(till.ledger, number)
    return found.customer_id if found else None


def replace_lost_card(till: Till, customer_id: str, new: str, by: Operator) -> str | Refused:
    """Block every card that a customer may have lost and give a new one; the account stays as it is."""
    with till.ledger.atomic():
        number = _free_card(till, new)
        if isinstance(number, Refused):
            return number
        if ledger_customers.totals(till.ledger, customer_id) is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        for lost in ledger_customers.cards_of(till.ledger, customer_id):
            if lost.state == "active":
                _append(till, "card_blocked", customer_id, lost.number, by)
        _append(till, "card_bound", customer_id, number, by)
    return number


def _free_card(till: Till, card: str) -> str | Refused:
    number = read_card(card)
    if isinstance(number, str) and ledger_customers.card(till.ledger, number) is not None:
        return Refused(phrase("Card {number} is in use already. Take another one.", number=number), "card")
    return number


def _active_card(till: Till, card: str) -> Card | Refused:
    number = read_card(card)
    if isinstance(number, Refused):
        return number
    found = ledger_customers.card(till.ledger, number)
    if found is None or found.state != "active":
        return Refused(phrase("Card {number} is not an active card.", number=number), "card")
    return found


def _append(till: Till, kind: str, customer_id: str, number: str, by: Operator) -> None:
    draft = till.draft(kind, by.id, till.now_ms(), {"card": number}, customer_id=customer_id)
    till.ledger.append(draft)
