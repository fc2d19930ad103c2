"""Offering: the offers that apply to a bill, one after another, and why those that were asked for do not."""

from dataclasses import dataclass, field

from terminal.rules.adjustment import LeftOut
from terminal.rules.applies import NOTHING_FOR_IT, why_not
from terminal.rules.codes import not_here, used_up
from terminal.rules.discounts import Counter, Cut, cut_of, words_of
from terminal.rules.facts import Facts, birthday_near
from terminal.rules.offer import FreeDelivery, GiftProduct, Offer
from terminal.rules.phrase import Phrase, phrase
from terminal.rules.plan import Plan, Ready

_BETTER = phrase("Another offer is better for the customer.")
_PERSONAL = phrase("It is for another customer.")


@dataclass(slots=True)
class Offered:
    """Codes of the offers that applied, which of them are counted, what this till must leave out, and why offers
    that a code opened did not apply."""

    applied: set[str] = field(default_factory=set)
    counted: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    why_not: dict[str, Phrase] = field(default_factory=dict)
    free_delivery: bool = False


def apply_offers(plan: Plan, facts: Facts, counter: Counter, opened: frozenset[str]) -> Offered:
    """Take every offer off the bill that applies, each from what the ones before it left; of a group the best."""
    offered = Offered()
    for group in plan.offers:
        best: tuple[Ready[Offer], Cut] | None = None
        for ready in group:
            cut = _cut(ready, facts, counter, opened, offered)
            if cut is None:
                continue
            if best is None or cut.minor > best[1].minor:
                best, beaten = (ready, cut), best
            else:
                beaten = (ready, cut)
            if beaten is not None:
                offered.why_not[beaten[0].rule.code] = _BETTER
        if best is not None:
            _take(best[0].rule, best[1], facts, counter, offered)
    return offered


def _cut(
    ready: Ready[Offer], facts: Facts, counter: Counter, opened: frozenset[str], offered: Offered
) -> Cut | None:
    """What an offer would take off; None when it does not apply, with the reason kept."""
    offer, places = ready.rule, facts.shelf.places(ready.scope)
    reason: Phrase | None = NOTHING_FOR_IT
    cut: Cut | None = None
    if offer.needs_code and offer.code not in opened:
        return None
    if offer.personal and offer.code not in facts.account.offers:
        reason = _PERSONAL
    elif places or offer.code in opened:
        reason = why_not(ready.checks, facts)
        cut = cut_of(offer, counter, places) if reason is None else None
        if offer.limited and cut is not None:
            reason = _limit(offer, facts, offered)
        if reason is None and isinstance(offer, FreeDelivery):
            offered.free_delivery = True
        if cut is None:
            reason = reason or NOTHING_FOR_IT
    if reason is None:
        return cut
    offered.why_not[offer.code] = reason
    return None


def _limit(offer: Offer, facts: Facts, offered: Offered) -> Phrase | None:
    """Say why an offer whose uses are counted can't be used here once more; what only lacks a lease is left out."""
    reason = used_up(facts, offer.code, offer.name, offer.uses_in_all, offer.uses_per_customer)
    reason = reason or _had_this_year(facts, offer)
    missing = not_here(facts, offer.code, offer.code, offer.name) if reason is None else None
    if missing is None:
        return reason
    offered.left_out.append(missing)
    return missing.reason


def _had_this_year(facts: Facts, offer: Offer) -> Phrase | None:
    """Refuse a birthday's gift that was given for this birthday already."""
    year = _birthday_use(facts, offer)
    if year is None or not facts.account.used.get(year):
        return None
    return phrase("The customer has used “{name}” already.", name=offer.name)


def _birthday_use(facts: Facts, offer: Offer) -> str | None:
    """The word that a gift for this birthday is counted by besides its code, such as gift/2026."""
    near, born = offer.when.birthday, facts.account.birthday
    if not isinstance(offer, GiftProduct) or near is None or born is None:
        return None
    day = birthday_near(born, facts.moment.on, near.days_before, near.days_after)
    return f"{offer.code}/{day.year}" if day else None


def _take(offer: Offer, cut: Cut, facts: Facts, counter: Counter, offered: Offered) -> None:
    counter.reckoning.take_off("offer", words_of(offer, cut), cut.split(counter.reckoning), code=offer.code)
    offered.applied.add(offer.code)
    if offer.limited:
        year = _birthday_use(facts, offer)
        offered.counted += [offer.code] if year is None else [offer.code, year]
