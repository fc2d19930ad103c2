"""What takes money off or gives goods, in plain words: offers, promo codes, stamps, rewards, memberships."""

from collections.abc import Iterator
from typing import assert_never

from terminal.rules.explaining_earn import with_code
from terminal.rules.explaining_terms import Audience, Point, conditions, names, percent, span, units
from terminal.rules.offer import (
    BuyGet,
    FreeDelivery,
    GiftProduct,
    HandedOver,
    Membership,
    MoneyOff,
    Offer,
    PercentOff,
    PromoCode,
    Reward,
    RewardMoney,
    RewardPercent,
    RewardProduct,
    StampCard,
)
from terminal.rules.phrase import Counted, Listed, Money, Phrase, Points, phrase
from terminal.rules.programme import Programme

_FREE = 100


def offers(programme: Programme, audience: Audience) -> Iterator[Point]:
    """Say each offer with all that limits it."""
    for offer in programme.offers:
        said = phrase("{name}: {what}.", name=offer.name, what=_offered(offer))
        yield Point(said, tuple(_offer_terms(programme, offer, audience)))


def promo_codes(programme: Programme) -> Iterator[Point]:
    """Say each promo code; this is for cashiers alone."""
    opened = {rule.code: rule.code for rule in programme.earn} | {one.code: one.name for one in programme.offers}
    for promo in programme.promo_codes:
        said = phrase("{code} opens “{name}”.", code=promo.code, name=opened.get(promo.opens, promo.opens))
        yield Point(said, tuple(_promo_terms(promo)))


def stamps(programme: Programme, audience: Audience) -> Iterator[Point]:
    """Say each stamp card."""
    for card in programme.stamps:
        said = phrase("{name}: {what}.", name=card.name, what=_stamped(card))
        yield Point(said, tuple(conditions(programme, card, audience)))


def rewards(programme: Programme, audience: Audience) -> Iterator[Point]:
    """Say what points buy."""
    for reward in programme.rewards:
        cost = units(programme, reward.points)
        yield Point(_reward(reward, cost), tuple(_reward_terms(programme, reward, audience)))


def memberships(programme: Programme) -> Iterator[Point]:
    """Say each paid period."""
    for one in programme.memberships:
        said = phrase(
            "{name}: {price} for {days}.", name=one.name, price=Money(one.price), days=Counted(one.days, "day")
        )
        yield Point(said, tuple(_member_terms(programme, one)))


def _offered(offer: Offer) -> Phrase:
    match offer:
        case PercentOff():
            share = percent(offer.percent)
            match offer.of:
                case "goods":
                    return phrase("{percent} off", percent=share)
                case "cheapest":
                    return phrase("{percent} off one piece, the cheapest", percent=share)
                case "dearest":
                    return phrase("{percent} off one piece, the dearest", percent=share)
        case MoneyOff():
            return phrase("{sum} off", sum=Money(offer.amount))
        case GiftProduct():
            pieces = Counted(offer.quantity, "piece")
            return phrase("product “{product}” as a gift, {pieces}", product=offer.product, pieces=pieces)
        case BuyGet():
            pieces, more = Counted(offer.buy, "piece"), Counted(offer.get, "piece")
            if offer.percent == _FREE:
                return phrase("pay for {pieces}, {more} more for nothing, the cheapest", pieces=pieces, more=more)
            return phrase(
                "pay for {pieces}, {percent} off {more} more, the cheapest",
                pieces=pieces,
                more=more,
                percent=percent(offer.percent),
            )
        case FreeDelivery():
            return phrase("free delivery")
    assert_never(offer)


def _offer_terms(programme: Programme, offer: Offer, audience: Audience) -> Iterator[Phrase]:
    yield from conditions(programme, offer, audience)
    if isinstance(offer, GiftProduct) and offer.when.birthday is not None:
        yield phrase("Once for each birthday.")
    if offer.cap is not None:
        yield phrase("At most {sum}.", sum=Money(offer.cap))
    if offer.needs_code:
        yield with_code(programme, offer.code, audience)
    if offer.personal:
        yield phrase("Only for customers to whom it was given.")
    if offer.best_of:
        others = Listed(tuple(one.name for one in programme.offers if one.best_of == offer.best_of))
        yield phrase("Of these only the best for the customer counts: {offers}.", offers=others)
    if offer.after and audience == "cashier":
        before = Listed(tuple(one.name for one in programme.offers if one.code in offer.after))
        yield phrase("Counted on what these have left: {offers}.", offers=before)
    yield from _uses(offer.uses_in_all, offer.uses_per_customer)


def _uses(in_all: int | None, each: int | None) -> Iterator[Phrase]:
    if in_all is not None:
        yield phrase("For all customers together: {times}.", times=Counted(in_all, "time"))
    if each is not None:
        yield phrase("For each customer: {times}.", times=Counted(each, "time"))


def _promo_terms(promo: PromoCode) -> Iterator[Phrase]:
    yield from span(promo.valid_from, promo.valid_until)
    yield from _uses(promo.uses_in_all, promo.uses_per_customer)
    if promo.customers:
        yield phrase("For these customers: {customers}.", customers=names(promo.customers))


def _stamped(card: StampCard) -> Phrase:
    full = Counted(card.needed, "stamp")
    by_piece = card.stamp_per == "piece"
    stamp = phrase("a stamp for each piece") if by_piece else phrase("a stamp for each bill")
    if card.percent == _FREE:
        return phrase("{stamp}; with {stamps} the next piece is free", stamp=stamp, stamps=full)
    return phrase(
        "{stamp}; with {stamps} the next piece is {percent} cheaper",
        stamp=stamp,
        stamps=full,
        percent=percent(card.percent),
    )


def _reward(reward: Reward, cost: Points) -> Phrase:
    match reward:
        case HandedOver():
            return phrase("{name} for {points}.", name=reward.name, points=cost)
        case RewardProduct():
            return phrase(
                "{name} for {points}: product “{product}”, {pieces}.",
                name=reward.name,
                points=cost,
                product=reward.product,
                pieces=Counted(reward.pack, "piece"),
            )
        case RewardPercent():
            share = percent(reward.percent)
            return phrase("{name} for {points}: {percent} off.", name=reward.name, points=cost, percent=share)
        case RewardMoney():
            off = Money(reward.amount)
            return phrase("{name} for {points}: {sum} off.", name=reward.name, points=cost, sum=off)


def _reward_terms(programme: Programme, reward: Reward, audience: Audience) -> Iterator[Phrase]:
    yield from conditions(programme, reward, audience)
    if isinstance(reward, RewardPercent) and reward.cap is not None:
        yield phrase("At most {sum}.", sum=Money(reward.cap))
    if reward.most_per_bill is not None:
        yield phrase("On one bill: {times}.", times=Counted(reward.most_per_bill, "time"))


def _member_terms(programme: Programme, one: Membership) -> Iterator[Phrase]:
    for tier in programme.tiers:
        if tier.code == one.tier:
            yield phrase("Tier “{tier}” at least.", tier=tier.name)
    if one.discount_percent is not None:
        yield phrase("{percent} off every bill.", percent=percent(one.discount_percent))
    if one.free_delivery:
        yield phrase("Free delivery.")
