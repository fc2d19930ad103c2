"""A few customers and sales on a till that was set up by `init`."""

from terminal import desk
from terminal.desk.till import Till
from terminal.ledger.shop import Operator
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.rules.watch import Flagged
from tests.commands.installed import Shop

BY = Operator("c-1", "Oksana", "cashier")
MANAGER = Operator("m-1", "Roman", "manager")
PHONE = "067 123 45 67"


def register(till: Till, name: str = "Ivan Test", phone: str = PHONE, language: str = "") -> str:
    found = desk.register(till, desk.NewCustomer(name, phone, language=language, agreed=True), BY)
    assert isinstance(found, str), found
    return found


def sell(till: Till, customer_id: str, total_minor: int) -> int:
    """Sell, and return the sale's number."""
    bill = bill_of_total(total_minor)
    shown = desk.quote(till, customer_id, bill)
    assert not isinstance(shown, Refused), shown
    sold = desk.complete(till, shown, bill, BY)
    if isinstance(sold, Flagged):  # somebody buys more often than people do: a manager lets it pass
        sold = desk.complete(till, shown, bill, BY, approval=desk.Approval(MANAGER, sold.hits))
    assert not isinstance(sold, Refused), sold
    return sold.sale.number


def trade(shop: Shop, *totals_minor: int) -> str:
    """Register the customer if need be and sell to them; return their id."""
    till = shop.till()
    with till.ledger:
        found = desk.find(till, PHONE)
        customer_id = found[0].customer_id if isinstance(found, tuple) else register(till)
        for total_minor in totals_minor:
            sell(till, customer_id, total_minor)
    return customer_id


def entries(shop: Shop) -> int:
    till = shop.till()
    with till.ledger:
        return len(till.ledger.entries())
