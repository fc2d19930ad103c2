"""Do write-offs really work? Orders that somebody lists, each held against the journal of this till."""

from collections.abc import Iterable, Iterator

from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger import sales as ledger_sales
from terminal.ledger.audit import merged_into
from terminal.rules.card import read_card
from terminal.rules.phone import read_phone
from terminal.rules.phrase import Refused, phrase
from terminal.rules.write_offs import Books, Checked, ListedOrder, Verdict, check_order, not_found

_MOST_ENTRIES = 100_000


def check_orders(till: Till, orders: Iterable[ListedOrder]) -> Iterator[Checked]:
    """Check orders one by one, as they come; nothing is written."""
    for order in orders:
        customer_id = _customer_of(till, order.who)
        yield _check(till, order, customer_id) if customer_id else not_found(order)


def _check(till: Till, order: ListedOrder, customer_id: str) -> Checked:
    programme = till.programme(order.on)
    if isinstance(programme, Refused):
        return Checked(order, Verdict.OUTSIDE, phrase("No programme was in force then."), customer_id)
    entries = ledger_sales.entries_of_customer(till.ledger, customer_id, _MOST_ENTRIES)
    entries.reverse()
    return check_order(order, Books(customer_id, entries, till.day_of, till.now_ms()), programme)


def _customer_of(till: Till, who: str) -> str | None:
    number = read_card(who)
    card = ledger_customers.card(till.ledger, number) if isinstance(number, str) else None
    if card is not None:
        return merged_into(till.ledger, card.customer_id)
    phone = read_phone(who, till.shop.country)
    person = ledger_customers.person_by_phone(till.ledger, phone) if isinstance(phone, str) else None
    return person.customer_id if person else None
