"""Corrections by a manager: points added or taken with a reason, and two customers who are one."""

from functools import partial

from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger.shop import Operator
from terminal.rules.lots import spend, spendable
from terminal.rules.phrase import Points, Refused, phrase
from terminal.rules.quote import lot_to_be
from terminal.rules.text import safe_text


def adjust(till: Till, customer_id: str, points: int, reason: str, by: Operator) -> int | Refused:
    """Add points (units) to a customer, or take some that can be spent; return the balance after it.

    A reason is needed. What is added lives as long as what is earned today.
    """
    told = safe_text(reason)
    if not told:
        return Refused(phrase("Say why the bonuses are corrected."), "reason")
    if points == 0:
        return Refused(phrase("A correction of 0 corrects nothing."), "points")
    with till.ledger.atomic():
        at_ms = till.now_ms()
        today = till.day_of(at_ms)
        programme = till.programme(today)
        if isinstance(programme, Refused):
            return programme
        if ledger_customers.totals(till.ledger, customer_id) is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        payload: dict[str, object] = {"reason": told}
        if points > 0:
            earning = lot_to_be(programme, points, today)
            lot = {"points": points, "available_from": today.isoformat()}
            payload["lot"] = lot | ({"expires_on": earning.expires_on.isoformat()} if earning.expires_on else {})
        else:
            lots = ledger_customers.open_lots(till.ledger, customer_id)
            most = spendable(lots, today)
            if -points > most:
                return Refused(phrase("Only {most} can be taken.", most=Points(most)), "points")
            payload["moves"] = [[move.lot_id, move.points] for move in spend(lots, -points, today)]
        till.ledger.append(till.draft("adjust", by.id, at_ms, payload, points=points, customer_id=customer_id))
        totals = ledger_customers.totals(till.ledger, customer_id)
        assert totals is not None
    return totals.points


def merge(till: Till, source_id: str, target_id: str, by: Operator) -> int | Refused:
    """Make two customers one: lots, spending and cards of the source go to the target; return its balance.

    Each lot keeps its days. The source's personal data is erased, so its phone is free and finds nobody.
    """
    if source_id == target_id:
        return Refused(phrase("These are the same customer."))
    with till.ledger.atomic():
        at_ms = till.now_ms()
        source = ledger_customers.totals(till.ledger, source_id)
        target = ledger_customers.totals(till.ledger, target_id)
        if source is None or target is None or ledger_customers.person(till.ledger, source_id) is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        into, out_of = (partial(till.draft, customer_id=whose) for whose in (target_id, source_id))
        lots = ledger_customers.open_lots(till.ledger, source_id)
        leaving = [[lot.id, -lot.left] for lot in lots]
        left = {"into": target_id, "moves": leaving, "spend_minor": -source.spend_minor}
        till.ledger.append(out_of("merge", by.id, at_ms, left, points=-sum(lot.left for lot in lots)))
        came = {"from": source_id, "spend_minor": source.spend_minor}
        till.ledger.append(into("merge", by.id, at_ms, came))
        for lot in lots:
            kept = {"points": lot.left, "available_from": lot.available_from.isoformat()}
            if lot.expires_on is not None:
                kept["expires_on"] = lot.expires_on.isoformat()
            till.ledger.append(into("merge", by.id, at_ms, {"from": source_id, "lot": kept}, points=lot.left))
        for card in ledger_customers.cards_of(till.ledger, source_id):
            kinds = {"active": "card_bound", "blocked": "card_blocked", "replaced": "card_replaced"}
            till.ledger.append(into(kinds[card.state], by.id, at_ms, {"card": card.number}))
        ledger_customers.erase_person(till.ledger, source_id)
        after = ledger_customers.totals(till.ledger, target_id)
        assert after is not None
    return after.points
