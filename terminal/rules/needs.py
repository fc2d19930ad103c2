"""Needs: what a programme asks of a customer, so that a till reads only that before it quotes."""

from enum import Flag, auto
from functools import lru_cache

from terminal.rules.conditions import Conditions
from terminal.rules.programme import Programme

_KEPT = 8


class Needs(Flag):
    """Parts of an account beyond its lots, its spending to date, and its purchases."""

    NOTHING = 0
    BIRTHDAY = auto()
    CARDS = auto()
    GROUPS = auto()
    SUBSCRIBER = auto()
    COUNTS = auto()
    MEMBERSHIPS = auto()
    OFFERS = auto()
    PERIODS = auto()
    LEASES = auto()


@lru_cache(maxsize=_KEPT)
def needs_of(programme: Programme) -> Needs:
    """Tell what a programme's rules ask about."""
    rules: tuple[Conditions, ...] = (
        *programme.earn,
        *programme.multipliers,
        *programme.offers,
        *programme.stamps,
        *programme.rewards,
    )
    counted = (
        bool(programme.stamps)
        or any(offer.limited for offer in programme.offers)
        or any(code.limited for code in programme.promo_codes)
    )
    coded = bool(programme.promo_codes) or any(rule.needs_code for rule in (*programme.earn, *programme.offers))
    asked = {
        Needs.BIRTHDAY: any(rule.when.birthday for rule in rules),
        Needs.CARDS: any(rule.who.customers for rule in rules)
        or any(code.customers for code in programme.promo_codes),
        Needs.GROUPS: any(rule.who.groups for rule in rules),
        Needs.SUBSCRIBER: any(rule.who.subscribers for rule in rules),
        Needs.COUNTS: counted,
        Needs.LEASES: counted or coded,
        Needs.MEMBERSHIPS: bool(programme.memberships),
        Needs.OFFERS: any(offer.personal for offer in programme.offers),
        Needs.PERIODS: bool(programme.tiers)
        and (programme.tier_rules.period != "ever" or programme.tier_rules.by == "points"),
    }
    return Needs(sum(need.value for need, wanted in asked.items() if wanted))
