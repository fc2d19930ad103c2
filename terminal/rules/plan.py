"""A plan: a programme made ready for quoting, once for all its quotes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from terminal.rules.applies import Check, checks_of
from terminal.rules.conditions import Conditions
from terminal.rules.offer import Membership, Offer, PromoCode, Reward, StampCard
from terminal.rules.programme import EarnRule, Multiplier, Programme
from terminal.rules.scope import Scope, Scopes

_Rule = TypeVar("_Rule", bound=Conditions)
_Any = TypeVar("_Any", bound=Conditions, covariant=True)
_PLANS_KEPT = 8


@dataclass(frozen=True, slots=True, eq=False)
class Ready(Generic[_Any]):
    """A rule with the goods it is about and the checks of its conditions."""

    rule: _Any
    scope: Scope
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Offers and earn rules stand in groups, in the order in which they apply: of a group only the best counts.

    `unit_worth` is what the smallest part of a point takes off, in minor units: the part above and below the line.
    """

    programme: Programme
    offers: tuple[tuple[Ready[Offer], ...], ...]
    earn: tuple[tuple[Ready[EarnRule], ...], ...]
    multipliers: tuple[Ready[Multiplier], ...]
    stamps: tuple[Ready[StampCard], ...]
    rewards: dict[str, Ready[Reward]]
    codes: dict[str, PromoCode]
    opened: dict[str, Ready[Offer] | Ready[EarnRule]]
    memberships: dict[str, Membership]
    payable: Scope | None
    unit_worth: tuple[int, int]


@lru_cache(maxsize=_PLANS_KEPT)
def plan_of(programme: Programme) -> Plan:
    """Make a programme ready: goods and conditions of each rule, offers in their order, codes by what is typed."""
    scopes = Scopes()
    names = {tier.code: tier.name for tier in programme.tiers}
    names |= {membership.code: membership.name for membership in programme.memberships}

    def ready(rule: _Rule) -> Ready[_Rule]:
        scope = scopes.of(rule)
        return Ready(rule, scope, checks_of(rule, scope, names))

    opened: dict[str, Ready[Offer] | Ready[EarnRule]] = {}
    offers = [ready(offer) for offer in programme.offers]
    earn = [ready(rule) for rule in programme.earn]
    opened |= {one.rule.code: one for one in earn if one.rule.code}
    opened |= {one.rule.code: one for one in offers}
    worth = programme.minor_per_point
    return Plan(
        programme=programme,
        offers=_in_order(_grouped(offers)),
        earn=_grouped(earn),
        multipliers=tuple(ready(rule) for rule in programme.multipliers),
        stamps=tuple(ready(card) for card in programme.stamps),
        rewards={reward.code: ready(reward) for reward in programme.rewards},
        codes={folded(code.code): code for code in programme.promo_codes},
        opened=opened,
        memberships={membership.code: membership for membership in programme.memberships},
        payable=scopes.of(programme.redeem) if programme.redeem else None,
        unit_worth=(worth.numerator, worth.denominator * programme.units_per_point),
    )


def folded(code: str) -> str:
    """A code as it is compared: small and capital letters are the same, spaces around it are nothing."""
    return code.strip().casefold()


_Best = TypeVar("_Best", Ready[Offer], Ready[EarnRule])


def _grouped(rules: Iterable[_Best]) -> tuple[tuple[_Best, ...], ...]:
    """Put rules that exclude one another together, where the first of them stands."""
    groups: dict[object, list[_Best]] = {}
    for rule in rules:
        groups.setdefault(rule.rule.best_of or id(rule), []).append(rule)
    return tuple(tuple(group) for group in groups.values())


def _in_order(groups: tuple[tuple[Ready[Offer], ...], ...]) -> tuple[tuple[Ready[Offer], ...], ...]:
    """Put every group after those that it waits for, else in the order of the file.

    Groups that wait for one another can't all have their way: the first of them goes first.
    """
    if not any(one.rule.after for group in groups for one in group):
        return groups
    waiting = list(groups)
    ordered: list[tuple[Ready[Offer], ...]] = []
    while waiting:
        ahead = {one.rule.code for group in waiting for one in group}
        free = next((group for group in waiting if _waits_for(group).isdisjoint(ahead - _codes(group))), waiting[0])
        ordered.append(free)
        waiting.remove(free)
    return tuple(ordered)


def _codes(group: tuple[Ready[Offer], ...]) -> set[str]:
    return {one.rule.code for one in group}


def _waits_for(group: tuple[Ready[Offer], ...]) -> frozenset[str]:
    return frozenset().union(*(one.rule.after for one in group))
