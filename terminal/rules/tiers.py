"""Tiers: which one a customer has, and what is missing to the next."""

from dataclasses import dataclass

from terminal.rules.programme import Programme, Tier


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's tier, the next one, and the spending (minor units) that is missing to it."""

    tier: Tier | None
    next_tier: Tier | None
    missing_minor: int
    progress_percent: int


def standing(programme: Programme, spend_minor: int) -> Standing:
    """Place a customer who has spent `spend_minor` to date among the programme's tiers."""
    reached = [tier for tier in programme.tiers if _least(tier) <= spend_minor]
    ahead = [tier for tier in programme.tiers if _least(tier) > spend_minor]
    tier = reached[-1] if reached else None
    if not ahead:
        return Standing(tier, None, 0, 100)
    start = _least(tier) if tier else 0
    missing = _least(ahead[0]) - spend_minor
    return Standing(tier, ahead[0], missing, (spend_minor - start) * 100 // (_least(ahead[0]) - start))


def _least(tier: Tier) -> int:
    return tier.from_spend_minor or 0
