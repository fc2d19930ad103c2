"""Claims: rewards that the customer takes for points. A kind is one function here and one table in the tests."""

from dataclasses import dataclass
from fractions import Fraction

from terminal.rules.discounts import Counter, dearest_off, money_off, percent_off, percent_told
from terminal.rules.offer import HandedOver, Reward, RewardMoney, RewardPercent, RewardProduct
from terminal.rules.phrase import Counted, Money, Phrase, phrase
from terminal.rules.reckoning import Part


@dataclass(frozen=True, slots=True)
class Claimed:
    """A reward that was taken: so many times, for so many points (units), and what it took off in minor units.

    `to_hand_over` is what stands on no bill and is to be given to the customer.
    """

    code: str
    name: str
    times: int
    points: int
    money_minor: int
    to_hand_over: bool = False


@dataclass(frozen=True, slots=True)
class Taking:
    """What a reward takes off: the parts, how many times it is paid for, and the words."""

    parts: list[Part]
    times: int
    words: Phrase
    to_hand_over: bool = False


def taking(reward: Reward, counter: Counter, places: tuple[int, ...], times: int) -> Taking | None:
    """Work out a reward that is wanted so many times; None when there is nothing on the bill for it.

    It is paid for only as often as it is needed: a second voucher for a bill that is paid already costs nothing.
    """
    match reward:
        case HandedOver():
            return _handed_over(reward, times, times)
        case RewardProduct():
            return _product(reward, counter, times)
        case RewardPercent():
            return _percent(reward, counter, places, times)
        case RewardMoney():
            return _money(reward, counter, places, times)


def _handed_over(reward: Reward, times: int, pieces: int) -> Taking:
    words = phrase("“{reward}”: hand over {pieces}", reward=reward.name, pieces=Counted(pieces, "piece"))
    return Taking([], times, words, to_hand_over=True)


def _product(reward: RewardProduct, counter: Counter, times: int) -> Taking | None:
    """Pieces that are on the bill cost nothing, the dearest first; a product that is not on it is handed over."""
    places = counter.shelf.product(reward.product)
    if not places:
        return _handed_over(reward, times, times * reward.pack)
    there = sum(counter.reckoning.unfree(place) for place in places)
    pieces = min(there, times * reward.pack)
    if pieces <= 0:
        return None
    words = phrase("“{reward}”: {pieces} for bonuses", reward=reward.name, pieces=Counted(pieces, "piece"))
    parts = counter.reckoning.at_most(dearest_off(counter, places, pieces), None)
    return Taking(parts, -(-pieces // reward.pack), words)


def _percent(reward: RewardPercent, counter: Counter, places: tuple[int, ...], times: int) -> Taking | None:
    most = -(-100 * reward.percent.denominator // reward.percent.numerator)
    times = min(times, most)
    percent = min(reward.percent * times, Fraction(100))
    parts = percent_off(counter, places, percent)
    parts = counter.reckoning.at_most(parts, reward.cap * times if reward.cap is not None else None)
    words = phrase("“{reward}”: {percent} off", reward=reward.name, percent=percent_told(percent))
    return Taking(parts, times, words) if _sum(parts) else None


def _money(reward: RewardMoney, counter: Counter, places: tuple[int, ...], times: int) -> Taking | None:
    parts = counter.reckoning.at_most(money_off(counter, places, reward.amount * times), None)
    minor = _sum(parts)
    words = phrase("“{reward}”: {sum} off", reward=reward.name, sum=Money(minor))
    return Taking(parts, -(-minor // reward.amount), words) if minor else None


def _sum(parts: list[Part]) -> int:
    return sum(part.minor for part in parts)
