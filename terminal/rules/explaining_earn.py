"""How points are earned, in plain words: by buying, by other things, and by bringing a friend."""

from collections.abc import Iterator

from terminal.rules.explaining_terms import Audience, Point, conditions, factor, percent, points, units
from terminal.rules.phrase import Counted, Listed, Money, Phrase, phrase
from terminal.rules.programme import (
    Action,
    Cashback,
    EarnRule,
    PerAmount,
    PerOrder,
    PerUnit,
    Programme,
    Referral,
)


def earning(programme: Programme, audience: Audience) -> Iterator[Point]:
    """Say what a bill earns."""
    for rule in programme.earn:
        yield Point(_earned(programme, rule), tuple(_terms(programme, rule, audience)))
    if any(not rule.on_part_paid_by_points for rule in programme.earn) and programme.redeem is not None:
        yield Point(phrase("What is paid with bonuses earns nothing unless it is said above."))
    for multiplier in programme.multipliers:
        said = phrase(
            "{name}: × {factor} of what is earned.", name=multiplier.name, factor=factor(multiplier.factor)
        )
        yield Point(said, tuple(conditions(programme, multiplier, audience)))
    if programme.multipliers:
        yield Point(_together(programme))


def other_ways(programme: Programme) -> Iterator[Point]:
    """Say what else gives points."""
    for action in programme.actions:
        said = phrase("{name}: {points}.", name=action.name, points=units(programme, action.points))
        yield Point(said, tuple(_action_terms(action)))
    if programme.referral is not None:
        yield Point(_friend(programme, programme.referral), tuple(_friend_terms(programme.referral)))


def usable_later(days: int) -> Iterator[Phrase]:
    """Say how long points wait."""
    if days:
        yield phrase("They can be spent after {days}.", days=Counted(days, "day"))


def _earned(programme: Programme, rule: EarnRule) -> Phrase:
    match rule:
        case PerAmount():
            given = points(programme, rule.points)
            if rule.whole_steps:
                return phrase("{points} for each full {sum}.", points=given, sum=Money(rule.per_minor))
            return phrase(
                "{points} for each {sum}, and a part for a part.", points=given, sum=Money(rule.per_minor)
            )
        case Cashback():
            return phrase("{percent} of the bill comes back as bonuses.", percent=percent(rule.percent))
        case PerUnit():
            return phrase("{points} for each piece.", points=points(programme, rule.points))
        case PerOrder():
            return phrase("{points} for each bill.", points=points(programme, rule.points))


def _terms(programme: Programme, rule: EarnRule, audience: Audience) -> Iterator[Phrase]:
    yield from conditions(programme, rule, audience)
    if rule.needs_code:
        yield with_code(programme, rule.code, audience)
    if rule.base == "without":
        yield phrase("Counted without tax.")
    if not rule.after_discounts:
        yield phrase("Counted on the full price, before discounts.")
    if rule.on_part_paid_by_points:
        yield phrase("What is paid with bonuses earns too.")
    if rule.best_of:
        yield _only_the_best(rule.best_of, audience)
    yield from usable_later(rule.pending_days)


def _only_the_best(word: str, audience: Audience) -> Phrase:
    if audience == "cashier":
        return phrase("Of all that is marked “{word}” only the best for the customer counts.", word=word)
    return phrase("Of several such bonuses only the best for the customer counts.")


def with_code(programme: Programme, code: str, audience: Audience) -> Phrase:
    """Say that a promo code is needed, to cashiers which."""
    codes = tuple(promo.code for promo in programme.promo_codes if promo.opens == code)
    if audience == "cashier" and codes:
        return phrase("Only with a promo code: {codes}.", codes=Listed(codes))
    return phrase("Only with a promo code.")


def _together(programme: Programme) -> Phrase:
    match programme.earning.multipliers:
        case "multiply":
            return phrase("Several multipliers, the tier's among them, are multiplied with one another.")
        case "best":
            return phrase("Of several multipliers, the tier's among them, the highest counts.")
        case "add":
            return phrase("Of several multipliers, the tier's among them, each adds what it has above 1.")


def _action_terms(action: Action) -> Iterator[Phrase]:
    match action.how_often:
        case "once":
            yield phrase("Once for each customer.")
        case "year":
            yield phrase("Once a year.")
        case "each":
            yield phrase("Each time.")
    yield from usable_later(action.pending_days)


def _friend(programme: Programme, referral: Referral) -> Phrase:
    for_one, for_other = units(programme, referral.referrer_points), units(programme, referral.friend_points)
    if not referral.friend_points:
        return phrase("Who brings a friend gets {points} after the friend's first purchase.", points=for_one)
    if not referral.referrer_points:
        return phrase("A friend who is brought gets {points} after the first purchase.", points=for_other)
    return phrase(
        "Who brings a friend gets {points}, the friend gets {friend_points}, after the friend's first purchase.",
        points=for_one,
        friend_points=for_other,
    )


def _friend_terms(referral: Referral) -> Iterator[Phrase]:
    if referral.minimum_bill:
        yield phrase("When that purchase comes to {sum} or more.", sum=Money(referral.minimum_bill))
    if referral.most_friends is not None:
        yield phrase("For {friends} at most.", friends=Counted(referral.most_friends, "friend"))
    yield from usable_later(referral.pending_days)
