"""Referrals: a customer brings a friend, and both are rewarded after the friend's first purchase."""

from datetime import timedelta

import msgspec

from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger import marks as ledger_marks
from terminal.ledger.sales import Sale
from terminal.ledger.shop import Operator
from terminal.rules.entry import Entry
from terminal.rules.phrase import Refused, phrase
from terminal.rules.programme import Programme
from terminal.rules.quote import lot_to_be


def refer(till: Till, friend_id: str, referrer_id: str, by: Operator) -> Refused | None:
    """Book who brought a customer, before the first purchase; nothing is given yet."""
    with till.ledger.atomic():
        at_ms = till.now_ms()
        programme = till.programme(till.day_of(at_ms))
        if isinstance(programme, Refused):
            return programme
        if programme.referral is None:
            return Refused(phrase("This programme gives nothing for bringing friends."), "referrer")
        friend = ledger_customers.totals(till.ledger, friend_id)
        if friend is None or ledger_customers.person(till.ledger, referrer_id) is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        if friend_id == referrer_id:
            return Refused(phrase("Nobody brings themselves."), "referrer")
        if ledger_marks.referred(till.ledger, friend_id) is not None:
            return Refused(phrase("Who brought this customer is known already."), "referrer")
        if friend.visits:
            return Refused(phrase("This customer has bought here before."), "referrer")
        payload = {"referrer": referrer_id, "rewarded": False}
        till.ledger.append(till.draft("referral", by.id, at_ms, payload, customer_id=friend_id))
    return None


def reward_referral(till: Till, sale: Sale, by: Operator, order: str = "") -> None:
    """Reward both sides when a sale is a brought customer's first; in the sale's own transaction.

    `order` is the number of the order that it pays: another till may be paid for that too, and the site settles it.
    """
    programme = till.programme(till.day_of(sale.at_ms))
    assert not isinstance(programme, Refused)
    terms = programme.referral
    if terms is None or sale.total_minor - sale.taken_off_minor < terms.minimum_bill:
        return
    brought = ledger_marks.referred(till.ledger, sale.customer_id)
    if brought is None or brought.rewarded:
        return
    friend = ledger_customers.totals(till.ledger, sale.customer_id)
    if friend is None or friend.visits != 1:
        return
    full = terms.most_friends is not None and (
        ledger_marks.friends_rewarded(till.ledger, brought.referrer_id) >= terms.most_friends
    )
    paid = {"order": order} if order else {}
    told: dict[str, object] = {"referrer": brought.referrer_id, "rewarded": True, **paid}
    _append(till, programme, sale, by, "referral", sale.customer_id, int(terms.friend_points), told)
    known = ledger_customers.person(till.ledger, brought.referrer_id) is not None
    if known and not full and terms.referrer_points:
        told = {"reason": "referral", "friend": sale.customer_id, **paid}
        _append(till, programme, sale, by, "gift", brought.referrer_id, int(terms.referrer_points), told)


def _append(
    till: Till,
    programme: Programme,
    sale: Sale,
    by: Operator,
    kind: str,
    customer_id: str,
    points: int,
    told: dict[str, object],
) -> None:
    assert programme.referral is not None
    if points:
        usable = till.day_of(sale.at_ms) + timedelta(days=programme.referral.pending_days)
        told = told | {"lot": lot_to_be(programme, points, usable).lot_facts()}
    draft = till.draft(kind, by.id, sale.at_ms, told, points=points, customer_id=customer_id, sale_id=sale.id)
    till.ledger.append(draft)


def take_back_referral(till: Till, entries: list[Entry], by: Operator, at_ms: int) -> None:
    """Take back what a voided first purchase gave both sides, as far as it is there; the next may be the first."""
    for entry in entries:
        if entry.kind not in ("referral", "gift"):
            continue
        assert entry.customer_id is not None
        left = ledger_customers.lot_left(till.ledger, entry.customer_id, entry.id)
        told: dict[str, object] = {"moves": [[entry.id, -left]]} if left > 0 else {}
        given = msgspec.json.decode(entry.payload)
        told |= {"order": given["order"]} if "order" in given else {}
        if entry.kind == "referral":
            told |= {"referrer": given["referrer"], "rewarded": False}
        kind = "referral" if entry.kind == "referral" else "clawback"
        draft = till.draft(
            kind, by.id, at_ms, told, points=-max(left, 0), customer_id=entry.customer_id, sale_id=entry.sale_id
        )
        till.ledger.append(draft)
