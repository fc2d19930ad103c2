"""Spending: points for rewards and points for money on one bill, within what the customer has and must keep."""

from collections.abc import Sequence

from terminal.rules.applies import NOTHING_FOR_IT, ONLY_REGISTERED, why_not
from terminal.rules.claims import Claimed, taking
from terminal.rules.discounts import Counter
from terminal.rules.earning import Earner
from terminal.rules.facts import Facts
from terminal.rules.lots import Lot, Move, pending, spend, spendable
from terminal.rules.phrase import Money, Phrase, Points, Refused, phrase
from terminal.rules.plan import Plan
from terminal.rules.reckoning import Part
from terminal.rules.redeeming import NO_COIN, NOTHING_TO_SPEND, Limit, redeem_limit, taken_off, worth_of
from terminal.rules.wish import ALL, Claim

_LOOKS = 12
"""How often the most that can be spent of what is only earned now is looked at: each look halves what is wrong."""


class Spending:
    """What is spent on a bill so far, in units; points it earns count where the programme lets them be spent."""

    def __init__(self, plan: Plan, facts: Facts, counter: Counter, earner: Earner, lots: Sequence[Lot]) -> None:
        self._plan = plan
        self._facts = facts
        self._counter = counter
        self._reckoning = counter.reckoning
        self._earner = earner
        self._lots = lots
        redeem = plan.programme.redeem
        registered = facts.account.registered
        self._have = spendable(lots, facts.moment.on) if registered else 0
        self._kept = redeem.keep_at_least if redeem else 0
        self._counts_earned = bool(
            redeem and redeem.spend_earned_at_once and not redeem.earn_or_spend and registered
        )
        self.claimed: list[Claimed] = []

    def claim(self, claim: Claim) -> Phrase | None:
        """Take a reward; return why not when it can't be had."""
        ready = self._plan.rewards.get(claim.code)
        if ready is None:
            return phrase("This programme has no reward “{code}”.", code=claim.code)
        reward, facts = ready.rule, self._facts
        if not facts.account.registered:
            return ONLY_REGISTERED
        reason = why_not(ready.checks, facts)
        if reason is not None:
            return reason
        before = sum(one.times for one in self.claimed if one.code == claim.code)
        if claim.times < 1:
            return phrase("Say how many times, 1 or more.")
        if reward.most_per_bill is not None and before + claim.times > reward.most_per_bill:
            return phrase(
                "“{reward}”: at most {times} on one bill.", reward=reward.name, times=reward.most_per_bill
            )
        found = taking(reward, self._counter, facts.shelf.places(ready.scope), claim.times)
        if found is None:
            return NOTHING_FOR_IT
        cost = found.times * reward.points
        free = self._free(found.parts)
        if cost > free:
            return self._too_dear(reward.name, cost, free)
        self._reckoning.take_off("reward", found.words, found.parts, code=reward.code, points=-cost, by_points=True)
        minor = sum(part.minor for part in found.parts)
        self.claimed.append(Claimed(reward.code, reward.name, found.times, cost, minor, found.to_hand_over))
        return None

    def redeem(self, wanted: int) -> tuple[int, Limit] | Refused:
        """Turn points into money, `ALL` for the most; return how many, and how many it could have been."""
        limit = self._limit()
        points = limit.points if wanted == ALL else wanted
        reason = self._why_not(points, limit)
        if reason is not None:
            return Refused(reason, "redeem")
        if points:
            minor = worth_of(self._plan, points)
            if not minor:
                return Refused(NO_COIN, "redeem")
            parts = taken_off(self._plan, self._facts, self._reckoning, minor)
            if points > self._free(parts):
                return Refused(phrase("At most {most} can be taken here.", most=Points(limit.points)), "redeem")
            words = phrase("{points} pay {sum}", points=Points(points), sum=Money(minor))
            self._reckoning.take_off("redeem", words, parts, points=-points, by_points=True)
        return points, limit

    def moves(self, redeemed: int) -> tuple[Move, ...]:
        """What leaves which lot for these points and the rewards; the rest is spent of what the bill earns."""
        points = min(redeemed + self._spent, self._have)
        return spend(self._lots, points, self._facts.moment.on) if points else ()

    @property
    def _spent(self) -> int:
        return sum(one.points for one in self.claimed)

    def _free(self, parts: Sequence[Part]) -> int:
        """Points that may be spent yet, when `parts` more of the bill are paid with points."""
        return max(0, self._have + self._earned(parts) - self._kept - self._spent)

    def _earned(self, parts: Sequence[Part]) -> int:
        if not self._counts_earned:
            return 0
        return self._earner.earned(self._reckoning.paid_by_points(parts)).at_once

    def _limit(self) -> Limit:
        """The most points for money.

        What is paid with points may earn less, so that points earned now and spent now hang on one another: the
        limit is looked at with what it would leave to earn until it stands.
        """
        earned = self._earned(())
        limit = redeem_limit(self._plan, self._facts, self._reckoning, self._have + earned - self._spent)
        if not self._counts_earned:
            return self._told(limit)
        best = Limit(0, limit.reason)
        for _ in range(_LOOKS):
            minor = worth_of(self._plan, limit.points) if limit.points else 0
            parts = taken_off(self._plan, self._facts, self._reckoning, minor) if minor else []
            left = self._have + self._earned(parts) - self._spent
            if limit.points <= left - self._kept and limit.points > best.points:
                best = limit
            again = redeem_limit(self._plan, self._facts, self._reckoning, left)
            if again.points == limit.points:
                break
            limit = again
        return self._told(best)

    def _told(self, limit: Limit) -> Limit:
        if not self._facts.account.registered:
            return Limit(0, ONLY_REGISTERED)
        waiting = self._pending() if limit.reason is NOTHING_TO_SPEND else None
        return limit if waiting is None else Limit(limit.points, waiting)

    def _pending(self) -> Phrase | None:
        points, day = pending(self._lots, self._facts.moment.on)
        return phrase("{points} are pending until {day}.", points=Points(points), day=day) if day else None

    def _too_dear(self, name: str, cost: int, free: int) -> Phrase:
        words = phrase(
            "“{reward}”: {points} needed, {free} can be spent.",
            reward=name,
            points=Points(cost),
            free=Points(free),
        )
        return words if free else self._pending() or words

    def _why_not(self, points: int, limit: Limit) -> Phrase | None:
        redeem = self._plan.programme.redeem
        block = (redeem.block if redeem else None) or 1
        if points < 0:
            return phrase("Type how many bonuses to take, 0 or more.")
        if points > limit.points:
            if limit.points == 0 and limit.reason is not None:
                return limit.reason
            return phrase("At most {most} can be taken here.", most=Points(limit.points))
        if points % block:
            return phrase("Bonuses are taken in steps of {block}.", block=Points(block))
        return None
