"""Promo codes: what each one that was typed opens, or why it opens nothing."""

from dataclasses import dataclass

from terminal.rules.adjustment import LeftOut
from terminal.rules.applies import ONLY_REGISTERED, is_one_of
from terminal.rules.facts import Facts
from terminal.rules.phrase import Phrase, phrase
from terminal.rules.plan import Plan, folded


@dataclass(frozen=True, slots=True)
class Opened:
    """A code that holds: as it was typed, its own spelling, what it opens, and whether its uses are counted."""

    typed: str
    code: str
    opens: str
    counted: bool


@dataclass(frozen=True, slots=True)
class Read:
    """What came of the codes of a bill: those that hold, and those that don't, each with the reason."""

    opened: tuple[Opened, ...]
    refused: tuple[LeftOut, ...]


def read_codes(plan: Plan, facts: Facts, typed: tuple[str, ...]) -> Read:
    """Look up each code that was typed, once."""
    if not typed:
        return Read((), ())
    opened: list[Opened] = []
    refused: list[LeftOut] = []
    for text in dict.fromkeys(code.strip() for code in typed):
        found = _coupon(plan, facts, text) or _promo_code(plan, facts, text)
        if isinstance(found, Phrase):
            refused.append(LeftOut(text, found))
        elif found.counted and (missing := not_here(facts, text, found.code, found.code)):
            refused.append(missing)
        else:
            opened.append(found)
    return Read(tuple(opened), tuple(refused))


def _promo_code(plan: Plan, facts: Facts, typed: str) -> Opened | Phrase:
    promo = plan.codes.get(folded(typed))
    if promo is None:
        if facts.account.leased is None:
            return phrase("There is no code “{code}”.", code=typed)
        return phrase("Code “{code}” is not known here: only the site can tell. Go on without it.", code=typed)
    on = facts.moment.on
    if promo.valid_from is not None and on < promo.valid_from:
        return phrase("Code “{code}” begins on {day}.", code=typed, day=promo.valid_from)
    if promo.valid_until is not None and on > promo.valid_until:
        return phrase("Code “{code}” ended on {day}.", code=typed, day=promo.valid_until)
    if promo.customers and not is_one_of(facts, promo.customers):
        return phrase("Code “{code}” is for another customer.", code=typed)
    reason = (
        used_up(facts, promo.code, promo.code, promo.uses_in_all, promo.uses_per_customer)
        if promo.limited
        else None
    )
    return reason or Opened(typed, promo.code, promo.opens, promo.limited)


def _coupon(plan: Plan, facts: Facts, typed: str) -> Opened | Phrase | None:
    """A code that the site made one by one, if it is known here."""
    account, on = facts.account, facts.moment.on
    coupon = next((one for one in account.coupons if folded(one.code) == folded(typed)), None)
    if coupon is None:
        return None
    if coupon.owner and coupon.owner != account.customer_id:
        return phrase("Code “{code}” is for another customer.", code=typed)
    if coupon.used:
        return phrase("Code “{code}” was used already.", code=typed)
    if on < coupon.valid_from:
        return phrase("Code “{code}” begins on {day}.", code=typed, day=coupon.valid_from)
    if on > coupon.valid_until:
        return phrase("Code “{code}” ended on {day}.", code=typed, day=coupon.valid_until)
    return used_up(facts, coupon.code, coupon.code, 1, None) or Opened(
        typed, coupon.code, coupon.opens, counted=True
    )


def not_here(facts: Facts, asked: str, code: str, name: str) -> LeftOut | None:
    """Say why something whose uses are counted is not this till's to use, as it was asked for; None when it is."""
    account = facts.account
    if code in account.taken:
        return LeftOut(asked, phrase("“{name}” is at another till or on an order. Go on without it.", name=name))
    if account.leased is not None and code not in account.leased:
        return LeftOut(asked, phrase("“{name}” needs the site. Go on without it.", name=name), needs=code)
    return None


def used_up(facts: Facts, code: str, name: str, in_all: int | None, per_customer: int | None) -> Phrase | None:
    """Say why something whose uses are counted can't be used once more; None when it can, wherever it is."""
    account = facts.account
    if in_all is not None and account.used_in_all.get(code, 0) >= in_all:
        return phrase("“{name}” is used up.", name=name)
    if per_customer is not None:
        if not account.registered:
            return ONLY_REGISTERED
        if account.used.get(code, 0) >= per_customer:
            return phrase("The customer has used “{name}” already.", name=name)
    return None
