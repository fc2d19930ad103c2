"""Boosts: what multiplies the points of a bill, the tier's factor and the multipliers, brought together."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Literal

from terminal.rules.adjustment import Rule
from terminal.rules.applies import why_not
from terminal.rules.facts import Facts
from terminal.rules.phrase import Factor, Phrase, phrase
from terminal.rules.plan import Plan
from terminal.rules.programme import Tier

Together = Literal["multiply", "best", "add"]
_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Boosts:
    """Lines that are boosted alike form a group: `group_of` names that of each line, and is empty where all are.

    `extras` are by group: a boost's place in `told`, and what it adds to a factor of 1 in parts of `denominator`.
    """

    told: tuple[tuple[Rule, Phrase], ...]
    group_of: tuple[int, ...]
    extras: tuple[tuple[tuple[int, int], ...], ...]
    denominator: int


@dataclass(frozen=True, slots=True)
class _Boost:
    rule: Rule
    words: Phrase
    factor: Fraction
    places: tuple[int, ...]


NO_BOOSTS = Boosts((), (), (), 1)
"""Points as the rules give them."""


def boosts_of(plan: Plan, facts: Facts) -> Boosts:
    """Find what boosts this bill's lines, the tier first."""
    if not plan.multipliers:
        return _of_tier(facts.tier) if facts.tier is not None else NO_BOOSTS
    boosts = _applying(plan, facts)
    if not boosts:
        return NO_BOOSTS
    of_line: list[list[int]] = [[] for _ in facts.shelf.every]
    for n, boost in enumerate(boosts):
        for place in boost.places:
            of_line[place].append(n)
    groups: dict[tuple[int, ...], int] = {}
    group_of = tuple([groups.setdefault(tuple(mine), len(groups)) for mine in of_line])
    factors, together = [boost.factor for boost in boosts], plan.programme.earning.multipliers
    columns = [_extras(factors, mine, together) for mine in groups]
    denominator = lcm(*(extra.denominator for column in columns for extra in column.values()))
    extras = tuple(
        tuple((n, extra.numerator * (denominator // extra.denominator)) for n, extra in column.items())
        for column in columns
    )
    told = tuple((boost.rule, boost.words) for boost in boosts)
    return Boosts(told, group_of if len(groups) > 1 else (), extras, denominator)


@lru_cache(maxsize=64)
def _of_tier(tier: Tier) -> Boosts:
    """The tier alone, as most programmes have it: every line is boosted alike."""
    if tier.multiplier == 1:
        return NO_BOOSTS
    extra = tier.multiplier - 1
    return Boosts((("tier", _tier_words(tier)),), (), (((0, extra.numerator),),), extra.denominator)


def _tier_words(tier: Tier) -> Phrase:
    factor = Factor(decimal_text(tier.multiplier))
    return phrase("Tier “{tier}”: × {multiplier}", tier=tier.name, multiplier=factor)


def _applying(plan: Plan, facts: Facts) -> list[_Boost]:
    boosts = []
    tier = facts.tier
    if tier is not None and tier.multiplier != 1:
        boosts.append(_Boost("tier", _tier_words(tier), tier.multiplier, facts.shelf.every))
    for ready in plan.multipliers:
        places = facts.shelf.places(ready.scope)
        if places and why_not(ready.checks, facts) is None:
            rule = ready.rule
            words = phrase("“{name}”: × {multiplier}", name=rule.name, multiplier=Factor(decimal_text(rule.factor)))
            boosts.append(_Boost("multiplier", words, rule.factor, places))
    return boosts


def _extras(factors: list[Fraction], mine: tuple[int, ...], together: Together) -> dict[int, Fraction]:
    """What each boost adds to a factor of 1 where those of `mine` come together; the whole is never below 0."""
    extras, whole = {}, _ONE
    match together:
        case "multiply":
            for n in mine:
                extras[n] = whole * (factors[n] - 1)
                whole *= factors[n]
        case "best":
            if mine:
                best = max(mine, key=lambda n: (factors[n], -n))
                extras[best] = factors[best] - 1
        case "add":
            for n in mine:
                extras[n] = max(-whole, factors[n] - 1)
                whole += extras[n]
    return extras


def decimal_text(value: Fraction) -> str:
    """Return an exact short decimal such as 1.5 (multipliers come from decimals, so it always ends)."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.normalize():f}"
