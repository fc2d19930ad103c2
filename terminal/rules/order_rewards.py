"""Rewards for a brought friend whose first purchase is an order: given once, however many sides were paid."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RewardBooked:
    """What one side gave for the payment of an order, less what it took back: points of the friend who bought, and
    of the customer who had brought them. `taken_back` tells that the side did take it back, as far as it was there.
    """

    friend_points: int
    referrer_points: int
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class RewardsOver:
    """Points that were given too much."""

    friend_points: int
    referrer_points: int


def rewards_over(rewards: Sequence[RewardBooked], *, returned: bool) -> RewardsOver:
    """Say what goes: all but the first reward that stands, and that one too when the whole order came back.

    `rewards` are in the order of the payments, the one that counts first. What a side took back stands as it did.
    """
    standing = [one for one in rewards if not one.taken_back]
    over = standing if returned else standing[1:]
    return RewardsOver(sum(one.friend_points for one in over), sum(one.referrer_points for one in over))
