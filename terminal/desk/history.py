"""What happened: a customer's history and the till's last sales, in lines that a cashier can read."""

from dataclasses import dataclass

import msgspec

from terminal.desk.till import Till
from terminal.ledger import sales as ledger_sales
from terminal.ledger.sales import Sale
from terminal.rules.entry import Entry
from terminal.rules.phrase import Money, Phrase, phrase


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a customer's history: when (UTC ms), what in words, signed points (units), the sale if any."""

    at_ms: int
    words: Phrase
    points: int
    sale_id: str | None


SAID = {
    "register": phrase("Registered"),
    "sale": phrase("Sale"),
    "order": phrase("Order"),
    "redeem": phrase("Bonuses spent"),
    "earn": phrase("Bonuses earned"),
    "gift": phrase("Gift"),
    "referral": phrase("A friend came"),
    "action": phrase("Bonuses for something else than buying"),
    "membership": phrase("Membership paid for"),
    "group": phrase("Put into a group"),
    "lease_return": phrase("Bonuses handed back to the site"),
    "void": phrase("Sale voided"),
    "refund": phrase("Refund"),
    "adjust": phrase("Correction"),
    "merge": phrase("Customers merged"),
    "restore": phrase("Bonuses returned"),
    "clawback": phrase("Bonuses taken back"),
    "expire": phrase("Bonuses expired"),
    "card_bound": phrase("Card given"),
    "card_blocked": phrase("Card blocked"),
    "card_replaced": phrase("Card replaced"),
    "phone_changed": phrase("Phone changed"),
    "note_changed": phrase("Note changed"),
    "flag": phrase("Let pass by a manager"),
}
"""What each kind of entry of a customer is called."""


def history(till: Till, customer_id: str, limit: int = 100) -> list[Happened]:
    """Return what happened to a customer on this till, newest first."""
    return [_happened(entry) for entry in ledger_sales.entries_of_customer(till.ledger, customer_id, limit)]


def recent_sales(till: Till, customer_id: str | None = None, limit: int = 50) -> list[Sale]:
    """Return the newest sales of this till, or of one customer."""
    return ledger_sales.sales(till.ledger, customer_id, limit)


def _happened(entry: Entry) -> Happened:
    words = _money_moved(entry) or SAID.get(entry.kind, phrase("{kind}", kind=entry.kind))
    return Happened(entry.at_ms, words, entry.points, entry.sale_id)


def _money_moved(entry: Entry) -> Phrase | None:
    """Say which way the money went that an order was paid, or paid back, once too often."""
    if entry.kind != "order" or "given_minor" not in entry.payload:
        return None
    given_minor: int = msgspec.json.decode(entry.payload)["given_minor"]
    if given_minor < 0:
        return phrase("Order: {sum} received, paid back twice", sum=Money(-given_minor))
    return phrase("Order: {sum} given back, paid twice", sum=Money(given_minor))
