"""What this till may take off: only points and codes that it holds, and none after too long without its site."""

from collections.abc import Iterable
from dataclasses import replace

from terminal.desk.till import Till
from terminal.ledger.code_leases import codes_held
from terminal.ledger.contact import Contact, contact
from terminal.ledger.shop import Operator
from terminal.rules.lots import Lot
from terminal.rules.phrase import Phrase, phrase

_DAY_MS = 24 * 60 * 60 * 1000


def why_stopped(till: Till) -> Phrase | None:
    """Say why no bonuses are taken off here now; None when they are. A till without a site is its own grantor."""
    now = contact(till.ledger)
    if now is None:
        return None
    return _why_stopped(till, now)


def _why_stopped(till: Till, now: Contact) -> Phrase | None:
    if now.trouble == "revoked":
        return phrase("The site has revoked this till: bonuses are earned here, but not taken off.")
    if now.for_good:
        return phrase("The site holds this till's journal: bonuses are earned here, but not taken off.")
    if now.restored:
        return phrase("This ledger was restored: bonuses are taken off again once the site has seen it.")
    days = min(now.offline_days, till.offline_days)
    if till.now_ms() - now.seen_ms > days * _DAY_MS:
        return phrase("No contact with the site for {days} days: bonuses are earned, but not taken off.", days=days)
    return None


def here(till: Till, lots: tuple[Lot, ...]) -> tuple[Lot, ...]:
    """Return lots as this till may spend them: held as they are, or not at all while it is stopped."""
    if not lots or why_stopped(till) is None:
        return lots
    return tuple(replace(lot, held=0) for lot in lots)


def all_here(lots: Iterable[Lot]) -> bool:
    """Tell whether this till holds every point of these lots, so that it may move them."""
    return all(lot.held >= lot.left for lot in lots)


def codes_here(till: Till, customer_id: str) -> frozenset[str] | None:
    """Return the codes of the limited offers, promo codes and stamp cards that this till may use for a customer.

    None: a till without a site is its own grantor.
    """
    if contact(till.ledger) is None:
        return None
    if not customer_id or why_stopped(till) is not None:
        return frozenset()
    return frozenset(codes_held(till.ledger, customer_id))


def give_back_codes(till: Till, customer_id: str, by: Operator, keep: frozenset[str] = frozenset()) -> None:
    """Give back what was leased for a customer and is not used after all, but for what is to be kept."""
    if contact(till.ledger) is None:
        return
    with till.ledger.atomic():
        codes = [code for code in codes_held(till.ledger, customer_id) if code not in keep]
        if codes:
            payload = {"returned": [], "leases": codes}
            till.ledger.append(till.draft("lease_return", by.id, till.now_ms(), payload, customer_id=customer_id))
