"""Corrections by a manager: points given or taken with a reason, and two customers who are one."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

from terminal.desk.customers import Profile, profile
from terminal.desk.leases import all_here, here
from terminal.desk.till import Till
from terminal.desk.watching import Approval, append_flags, unless_approved, watch_correction
from terminal.ledger import customers as ledger_customers
from terminal.ledger.shop import Operator
from terminal.rules.expiry import Earning, lot_to_be
from terminal.rules.lots import spend, spendable
from terminal.rules.phrase import Phrase, Points, Refused, phrase
from terminal.rules.programme import Programme
from terminal.rules.text import safe_text

REASONS: dict[str, Phrase] = {
    "goodwill": phrase("Goodwill"),
    "mistake": phrase("Mistake at the till"),
    "missed": phrase("Missed earning"),
    "lost-card": phrase("Lost card"),
    "other": phrase("Other (write a note)"),
}
"""Why bonuses are corrected: the code that the journal keeps, and the words of the list."""

MOST_CORRECTED = 1_000_000
"""Whole points; a barcode in the box of points is no correction."""


@dataclass(frozen=True, slots=True)
class MergeShown:
    """Two customers before they become one: the one who stays, and the one who ends in them."""

    stays: Profile
    ends: Profile
    cards: tuple[str, ...]


def adjust(
    till: Till,
    customer_id: str,
    points: int,
    reason: str,
    by: Operator,
    *,
    note: str = "",
    approval: Approval | None = None,
) -> int | Refused:
    """Give points (units) to a customer, or take some that can be spent; return the balance after it.

    What is given lives as long as what is earned today. `Flagged` asks for a second person's PIN first.
    """
    told, noted = safe_text(reason), safe_text(note)
    if not told:
        return Refused(phrase("Say why the bonuses are corrected."), "reason")
    if told == "other" and not noted:
        return Refused(phrase("Write a note: what happened?"), "note")
    payload = {"reason": told} | ({"note": noted} if noted else {})
    return _correct(till, "adjust", customer_id, points, payload, by, approval)


def give(
    till: Till, customer_id: str, points: int, note: str, by: Operator, *, approval: Approval | None = None
) -> int | Refused:
    """Give points (units) as a present; return the balance after it. It expires like what is earned today."""
    if points < 0:
        return Refused(phrase("A gift can't take bonuses."), "points")
    noted = safe_text(note)
    payload = {"reason": "gift"} | ({"note": noted} if noted else {})
    return _correct(till, "gift", customer_id, points, payload, by, approval)


def _correct(
    till: Till,
    kind: Literal["adjust", "gift"],
    customer_id: str,
    points: int,
    told: dict[str, str],
    by: Operator,
    approval: Approval | None,
) -> int | Refused:
    refused = _check(points, by)
    if refused is not None:
        return refused
    with till.ledger.atomic():
        at_ms = till.now_ms()
        programme = till.programme(till.day_of(at_ms))
        if isinstance(programme, Refused):
            return programme
        unit = programme.units_per_point
        if abs(points) > MOST_CORRECTED * unit:
            most = Points(MOST_CORRECTED * unit)
            return Refused(phrase("At most {most} are corrected at once.", most=most), "points")
        if ledger_customers.totals(till.ledger, customer_id) is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        moved = _moved(till, programme, customer_id, points, at_ms)
        if isinstance(moved, Refused):
            return moved
        hits = watch_correction(till, customer_id, points, unit)
        flagged = unless_approved(by, hits, approval)
        if flagged is not None:
            return flagged
        payload = told | moved | _approved_by(approval)
        till.ledger.append(till.draft(kind, by.id, at_ms, payload, points=points, customer_id=customer_id))
        append_flags(till, hits, approval, by, customer_id)
        totals = ledger_customers.totals(till.ledger, customer_id)
        assert totals is not None
    return totals.points


def _check(points: int, by: Operator) -> Refused | None:
    if by.role != "manager":
        return Refused(phrase("Only a manager can correct bonuses."))
    if points == 0:
        return Refused(phrase("A correction of 0 corrects nothing."), "points")
    return None


def _moved(
    till: Till, programme: Programme, customer_id: str, points: int, at_ms: int
) -> dict[str, object] | Refused:
    """The part of an entry that says which lot it makes, or which lots it takes from."""
    today = till.day_of(at_ms)
    if points > 0:
        return {"lot": lot_to_be(programme, points, today).lot_facts()}
    lots = here(till, ledger_customers.open_lots(till.ledger, customer_id))
    most = spendable(lots, today)
    if -points > most:
        return Refused(phrase("Only {most} can be taken.", most=Points(most)), "points")
    return {"moves": [[move.lot_id, move.points] for move in spend(lots, -points, today)]}


def _approved_by(approval: Approval | None) -> dict[str, str]:
    return {"approved_by": approval.by.id} if approval else {}


def show_merge(till: Till, source_id: str, target_id: str) -> MergeShown | Refused:
    """Show two customers before the source ends in the target."""
    if source_id == target_id:
        return Refused(phrase("These are the same customer."))
    ends, stays = profile(till, source_id), profile(till, target_id)
    for found in (ends, stays):
        if isinstance(found, Refused):
            return found
    assert isinstance(ends, Profile)
    assert isinstance(stays, Profile)
    cards = [card for card in ledger_customers.cards_of(till.ledger, source_id) if card.state == "active"]
    return MergeShown(stays, ends, tuple(card.number for card in cards))


def merge(
    till: Till, source_id: str, target_id: str, by: Operator, *, approval: Approval | None = None
) -> int | Refused:
    """Make two customers one: lots, spending and cards of the source go to the target; return its balance.

    Each lot keeps its days. The source's personal data is erased, so its phone is free and finds nobody.
    """
    if by.role != "manager":
        return Refused(phrase("Only a manager can merge customers."))
    if source_id == target_id:
        return Refused(phrase("These are the same customer."))
    with till.ledger.atomic():
        at_ms = till.now_ms()
        programme = till.programme(till.day_of(at_ms))
        source = ledger_customers.totals(till.ledger, source_id)
        target = ledger_customers.totals(till.ledger, target_id)
        if source is None or target is None or ledger_customers.person(till.ledger, source_id) is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        lots = ledger_customers.open_lots(till.ledger, source_id)
        elsewhere = sum(max(0, lot.left - max(0, lot.held)) for lot in lots)
        if elsewhere:
            there = Points(elsewhere)
            return Refused(phrase("{points} of them are held at another till. Merge on the site.", points=there))
        unit = 1 if isinstance(programme, Refused) else programme.units_per_point
        hits = watch_correction(till, target_id, source.points, unit)
        flagged = unless_approved(by, hits, approval)
        if flagged is not None:
            return flagged
        if not all_here(here(till, ledger_customers.open_lots(till.ledger, source_id))):
            return Refused(phrase("Bonuses of this customer are leased elsewhere. Merge the two on the site."))
        _append_merge(till, source, target_id, by, at_ms, approval)
        append_flags(till, hits, approval, by, target_id)
        ledger_customers.erase_person(till.ledger, source_id)
        after = ledger_customers.totals(till.ledger, target_id)
        assert after is not None
    return after.points


def _append_merge(
    till: Till,
    source: ledger_customers.Totals,
    target_id: str,
    by: Operator,
    at_ms: int,
    approval: Approval | None,
) -> None:
    source_id = source.customer_id
    into, out_of = (partial(till.draft, customer_id=whose) for whose in (target_id, source_id))
    lots = ledger_customers.open_lots(till.ledger, source_id)
    leaving = [[lot.id, -lot.left] for lot in lots]
    left = {"into": target_id, "moves": leaving, "spend_minor": -source.spend_minor} | _approved_by(approval)
    till.ledger.append(out_of("merge", by.id, at_ms, left, points=-sum(lot.left for lot in lots)))
    came = {"from": source_id, "spend_minor": source.spend_minor}
    till.ledger.append(into("merge", by.id, at_ms, came))
    for lot in lots:
        kept = Earning(lot.left, lot.available_from, lot.expires_on).lot_facts()
        till.ledger.append(into("merge", by.id, at_ms, {"from": source_id, "lot": kept}, points=lot.left))
    for card in ledger_customers.cards_of(till.ledger, source_id):
        kinds = {"active": "card_bound", "blocked": "card_blocked", "replaced": "card_replaced"}
        till.ledger.append(into(kinds[card.state], by.id, at_ms, {"card": card.number}))
