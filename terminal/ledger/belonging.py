"""What a customer belongs to and has agreed to, and a code that the site made: asked by some programmes."""

from datetime import date

from terminal.ledger.ledger import Ledger
from terminal.rules.account import Coupon


def groups_of(ledger: Ledger, customer_id: str) -> frozenset[str]:
    """Return the codes of a customer's groups."""
    found = ledger.row("SELECT group_code FROM customer WHERE id = ? AND group_code IS NOT NULL", (customer_id,))
    return frozenset(found[:1]) if found else frozenset()


def agreed(ledger: Ledger, customer_id: str, purpose: str) -> bool:
    """Tell whether a customer has agreed to something and not taken it back."""
    found = ledger.row("SELECT given FROM consent WHERE customer_id = ? AND purpose = ?", (customer_id, purpose))
    return bool(found and found[0])


def coupon(ledger: Ledger, code: str) -> Coupon | None:
    """Return a promo code that the site made and told this till of, however it is spelled."""
    found = ledger.row(
        "SELECT code, offer_id, valid_from, valid_until, customer_id FROM promo_code"
        " WHERE code IN (?1, upper(?1), lower(?1))",
        (code,),
    )
    if found is None:
        return None
    first, last = date.fromisoformat(found[2]), date.fromisoformat(found[3])
    return Coupon(found[0], found[1], first, last, found[4] or "")
