"""Discounts: what each kind of offer takes off. A kind is one function here and one table of cases in the tests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, NamedTuple

from terminal.rules.money import Rounding, round_ratio
from terminal.rules.offer import BuyGet, FreeDelivery, GiftProduct, MoneyOff, Offer, PercentOff
from terminal.rules.phrase import Counted, Money, Percent, Phrase, phrase
from terminal.rules.reckoning import Part, Reckoning
from terminal.rules.scope import Shelf

_FINE = 10**6
"""Prices of pieces are told apart to a millionth of the smallest coin: whole numbers sort faster than fractions."""


@dataclass(slots=True)
class Cut:
    """What an offer would take off now, in minor units: the parts, or the lines to spread it over.

    Spreading is for the one that is taken: of many that exclude one another only the sum is asked. `to_add` are
    pieces of a gift that are not on the bill yet.
    """

    minor: int
    parts: list[Part]
    over: Sequence[int] = ()
    to_add: int = 0

    def split(self, reckoning: Reckoning) -> list[Part]:
        """Return the parts."""
        return self.parts or reckoning.spread(self.minor, self.over)


class Priced(NamedTuple):
    """Pieces of one line that cost the same: what is left of a line is shared evenly by the pieces not free yet."""

    place: int
    left_minor: int
    pieces: int


@dataclass(slots=True)
class Counter:
    """What a discount is worked out on: the bill so far, its goods, and the programme's own words and roundings."""

    reckoning: Reckoning
    shelf: Shelf
    money: Rounding
    delivery_category: str


def cut_of(offer: Offer, counter: Counter, places: tuple[int, ...]) -> Cut | None:
    """Work out what an offer takes off the lines it is about; None when there is nothing for it."""
    match offer:
        case PercentOff(of="goods"):
            minor = part_of(counter.reckoning.payable(places), offer.percent, counter.money)
            return _spread(counter, minor, offer.cap, places)
        case PercentOff():
            parts = percent_off_one(counter, places, offer.percent, offer.of)
        case MoneyOff():
            return _spread(counter, min(offer.amount, counter.reckoning.payable(places)), offer.cap, places)
        case GiftProduct():
            return _gift(offer, counter)
        case BuyGet():
            parts = buy_get(counter, places, offer.buy, offer.get, offer.percent)
        case FreeDelivery():
            parts = all_of(counter, counter.shelf.category(counter.delivery_category))
    return _cut(counter, parts, offer.cap)


def words_of(offer: Offer, cut: Cut) -> Phrase:
    """Say what an offer does."""
    match offer:
        case PercentOff(of="goods"):
            return phrase("“{offer}”: {percent} off", offer=offer.name, percent=percent_told(offer.percent))
        case PercentOff():
            return phrase(
                "“{offer}”: {percent} off one piece", offer=offer.name, percent=percent_told(offer.percent)
            )
        case MoneyOff():
            return phrase("“{offer}”: {sum} off", offer=offer.name, sum=Money(offer.amount))
        case GiftProduct() if cut.to_add:
            return phrase(
                "“{offer}”: give {pieces} of {product} for nothing",
                offer=offer.name,
                pieces=Counted(cut.to_add, "piece"),
                product=offer.product,
            )
        case GiftProduct():
            return phrase("“{offer}”: a gift", offer=offer.name)
        case BuyGet():
            return phrase(
                "“{offer}”: {buy} + {get}, {percent} off",
                offer=offer.name,
                buy=offer.buy,
                get=offer.get,
                percent=percent_told(offer.percent),
            )
        case FreeDelivery():
            return phrase("“{offer}”: delivery is free", offer=offer.name)


def _cut(counter: Counter, parts: list[Part], cap: int | None) -> Cut | None:
    kept = [part for part in counter.reckoning.at_most(parts, cap) if part.minor]
    return Cut(sum([part.minor for part in kept]), kept) if kept else None


def _spread(counter: Counter, minor: int, cap: int | None, places: Sequence[int]) -> Cut | None:
    most = counter.reckoning.left_minor if cap is None else min(cap, counter.reckoning.left_minor)
    return Cut(min(minor, most), [], places) if min(minor, most) else None


def percent_off(counter: Counter, places: Iterable[int], percent: Fraction) -> list[Part]:
    """A percent of what is left of some lines, spread over them."""
    places = tuple(places)
    minor = part_of(counter.reckoning.payable(places), percent, counter.money)
    return counter.reckoning.spread(minor, places)


def percent_off_one(
    counter: Counter, places: Iterable[int], percent: Fraction, which: Literal["cheapest", "dearest", "goods"]
) -> list[Part]:
    """A percent of one piece: of the cheapest or the dearest line that still costs something."""
    priced = by_price(counter.reckoning, places)
    if not priced:
        return []
    chosen = priced[-1] if which == "cheapest" else priced[0]
    return [_reduced(chosen, 1, percent, counter.money)]


def money_off(counter: Counter, places: Iterable[int], minor: int) -> list[Part]:
    """A sum, at most what is left of the lines, spread over them."""
    places = tuple(places)
    return counter.reckoning.spread(min(minor, counter.reckoning.payable(places)), places)


def all_of(counter: Counter, places: Iterable[int]) -> list[Part]:
    """Everything that is left of some lines."""
    left = counter.reckoning.left
    return [Part(place, left[place]) for place in places if left[place] > 0]


def buy_get(counter: Counter, places: Iterable[int], buy: int, get: int, percent: Fraction) -> list[Part]:
    """Of every full set of `buy` + `get` pieces the `get` cheapest are reduced.

    Sets are made from the dearest piece down, which is best for the customer.
    """
    parts, before, size = [], 0, buy + get
    priced = by_price(counter.reckoning, places)
    counted = sum(line.pieces for line in priced) // size * size
    for line in priced:
        last = min(before + line.pieces, counted)
        reduced = _reduced_until(last, buy, size) - _reduced_until(min(before, counted), buy, size)
        if reduced:
            parts.append(_reduced(line, reduced, percent, counter.money))
        before += line.pieces
    return parts


def _reduced_until(pieces: int, buy: int, size: int) -> int:
    """How many of the first pieces, the dearest first, are reduced ones."""
    return pieces // size * (size - buy) + max(0, pieces % size - buy)


def cheapest_off(counter: Counter, places: Iterable[int], pieces: int, percent: Fraction) -> list[Part]:
    """A percent off so many of the cheapest pieces."""
    return _off_first(counter, reversed(by_price(counter.reckoning, places)), pieces, percent)


def dearest_off(counter: Counter, places: Iterable[int], pieces: int) -> list[Part]:
    """So many of the dearest pieces for nothing."""
    return _off_first(counter, by_price(counter.reckoning, places), pieces, Fraction(100))


def _off_first(counter: Counter, priced: Iterable[Priced], pieces: int, percent: Fraction) -> list[Part]:
    parts = []
    for line in priced:
        taken = min(pieces, line.pieces)
        if taken:
            parts.append(_reduced(line, taken, percent, counter.money))
        pieces -= taken
    return parts


def by_price(reckoning: Reckoning, places: Iterable[int]) -> list[Priced]:
    """Return the lines that still cost something, the dearest piece first."""
    left = reckoning.left
    priced = [
        Priced(place, left[place], pieces)
        for place in places
        if left[place] > 0 and (pieces := reckoning.unfree(place)) > 0
    ]
    return sorted(priced, key=lambda line: (-(line.left_minor * _FINE // line.pieces), line.place))


def part_of(minor: int, percent: Fraction, rounding: Rounding) -> int:
    """A percent of a sum in minor units."""
    return round_ratio(minor * percent.numerator, 100 * percent.denominator, rounding)


def _reduced(line: Priced, pieces: int, percent: Fraction, rounding: Rounding) -> Part:
    minor = round_ratio(
        line.left_minor * pieces * percent.numerator, line.pieces * 100 * percent.denominator, rounding
    )
    return Part(line.place, minor, pieces if percent.numerator == 100 * percent.denominator else 0)


def _gift(offer: GiftProduct, counter: Counter) -> Cut | None:
    """The gift's pieces that are on the bill for nothing; the cashier is told to add the others."""
    places = counter.shelf.product(offer.product)
    there = min(offer.quantity, sum(line.pieces for line in by_price(counter.reckoning, places)))
    missing = max(0, offer.quantity - sum(counter.reckoning.bill.lines[place].pieces for place in places))
    cut = _cut(counter, dearest_off(counter, places, there), offer.cap) or (Cut(0, []) if missing else None)
    return replace(cut, to_add=missing) if cut is not None else None


def percent_told(percent: Fraction) -> Percent:
    """A percent as a phrase says it."""
    return Percent(round_ratio(percent.numerator * 100, percent.denominator, Rounding.HALF_UP))
