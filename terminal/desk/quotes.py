"""Quotes at the counter: the ledger's account and the programme in force, through the rules."""

from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.rules.bill import Bill
from terminal.rules.money import MAX_AMOUNT_MINOR
from terminal.rules.phrase import Money, Refused, phrase
from terminal.rules.quote import Account, Quote, quote_bill


def quote(till: Till, customer_id: str, bill: Bill, redeem: int = 0) -> Quote | Refused:
    """Quote a bill for a customer who redeems `redeem` points (units; `ALL` for the most the bill takes)."""
    if any(line.total_minor < 0 for line in bill.lines):
        return Refused(phrase("A bill can't be negative. Type the sum to pay; a return is a refund."), "amount")
    if bill.total_minor > MAX_AMOUNT_MINOR:
        return Refused(
            phrase("The sum is larger than {limit}. Was a barcode scanned here?", limit=Money(MAX_AMOUNT_MINOR)),
            "amount",
        )
    today = till.today()
    programme = till.programme(today)
    if isinstance(programme, Refused):
        return programme
    found = ledger_customers.account(till.ledger, customer_id)
    if found is None:
        return Refused(phrase("This customer is no longer here. Find them again."), "find")
    totals, lots = found
    account = Account(customer_id, lots, totals.spend_minor)
    return quote_bill(programme, account, bill, redeem, today)
