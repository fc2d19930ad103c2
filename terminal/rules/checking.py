"""What no programme may say although each value is possible: what contradicts itself or can't be counted."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import prod

from terminal.rules.conditions import Conditions, Goods
from terminal.rules.kinds import nearest
from terminal.rules.limits import Finding, Path
from terminal.rules.money import MAX_AMOUNT_MINOR
from terminal.rules.phrase import Listed, phrase
from terminal.rules.programme import (
    CURRENCY_DECIMALS,
    Cashback,
    EarnRule,
    PerAmount,
    PerOrder,
    PerUnit,
    Programme,
    Tier,
)

MOST_EARNED_UNITS = 10**15
"""No bill may earn more smallest parts of a point, so that sums of them stay inside the ledger's 64 bits."""

_MOST_PIECES = 1_000_000
_CALENDAR = ("month", "quarter", "year")


def contradictions(programme: Programme) -> Iterator[Finding]:
    """Return what contradicts itself, with its place."""
    if programme.currency not in CURRENCY_DECIMALS:
        yield _currency(programme.currency)
    for check in (_earn, _figures, _dates, _goods, _redeem, _expiry, _tier_rules, _thresholds, _rising, _other):
        yield from check(programme)


def rules_of(programme: Programme) -> Iterator[tuple[Path, Conditions]]:
    """Return every rule that has conditions, with its place."""
    lists: tuple[tuple[str, Sequence[Conditions]], ...] = (
        ("earn", programme.earn),
        ("multipliers", programme.multipliers),
        ("offers", programme.offers),
        ("stamps", programme.stamps),
        ("rewards", programme.rewards),
    )
    for name, rules in lists:
        for i, rule in enumerate(rules):
            yield (name, i), rule


def goods_of(programme: Programme) -> Iterator[tuple[Path, Goods]]:
    """Return every choice of goods, with its place."""
    chosen = [*rules_of(programme)]
    for path, rule in chosen:
        if rule.with_goods is not None:
            yield (*path, "with_goods"), rule.with_goods
    redeem = [(("redeem",), programme.redeem)] if programme.redeem else []
    for path, about in [*chosen, *redeem]:
        for key, goods in (("only", about.only), ("except", about.excluded)):
            if goods is not None:
                yield (*path, key), goods


def _currency(word: str) -> Finding:
    known = ", ".join(CURRENCY_DECIMALS)
    like = nearest(word, CURRENCY_DECIMALS)
    instead = phrase("Did you mean “{word}”?", word=like) if like else phrase("Write one of: {words}.", words=known)
    return Finding(("currency",), phrase("There is no currency “{currency}” here.", currency=word), instead)


def _earn(programme: Programme) -> Iterator[Finding]:
    for i, rule in enumerate(programme.earn):
        if isinstance(rule, Cashback) and programme.redeem is None:
            yield Finding(
                ("earn", i, "kind"),
                phrase("Cashback is counted in money, and nothing says what a point is worth."),
                phrase("Add [redeem] with money_per_point."),
            )
        if rule.needs_code and not rule.code:
            yield Finding(
                ("earn", i, "needs_code"),
                phrase("A promo code opens a rule by its code, and this one has none."),
                phrase("Add code = with a short word."),
            )


def _figures(programme: Programme) -> Iterator[Finding]:
    """Refuse rates by which the largest bill would earn more than can be counted."""
    if programme.currency not in CURRENCY_DECIMALS:
        return
    factors = [max(rule.factor, Fraction(1)) for rule in programme.multipliers]
    tier = max((tier.multiplier for tier in programme.tiers), default=Fraction(1))
    match programme.earning.multipliers:
        case "multiply":
            most = prod(factors, start=Fraction(1)) * tier
        case "add":
            most = sum(factors, tier) - len(factors)
        case "best":
            most = max([tier, *factors])
    for i, rule in enumerate(programme.earn):
        if _most_units(programme, rule) * most * len(programme.earn) > MOST_EARNED_UNITS:
            yield Finding(
                ("earn", i, "percent" if isinstance(rule, Cashback) else "points"),
                phrase("With its multipliers a large bill would earn more points than can be counted."),
                phrase("Write a smaller figure."),
            )


def _most_units(programme: Programme, rule: EarnRule) -> Fraction:
    whole = Fraction(programme.units_per_point)
    match rule:
        case PerAmount():
            return whole * rule.points * MAX_AMOUNT_MINOR / rule.per_minor
        case Cashback():
            worth = programme.minor_per_point
            return whole * rule.percent / 100 * MAX_AMOUNT_MINOR / worth if worth else Fraction(0)
        case PerUnit():
            return whole * rule.points * _MOST_PIECES
        case PerOrder():
            return whole * rule.points


def _dates(programme: Programme) -> Iterator[Finding]:
    spans: list[tuple[Path, date | None, date | None]] = [
        ((*path, "when", "valid_until"), rule.when.valid_from, rule.when.valid_until)
        for path, rule in rules_of(programme)
    ]
    spans += [
        (("promo_codes", i, "valid_until"), promo.valid_from, promo.valid_until)
        for i, promo in enumerate(programme.promo_codes)
    ]
    for path, first, last in spans:
        if first is not None and last is not None and last < first:
            yield Finding(
                path,
                phrase("It ends on {last}, before it begins on {first}.", last=last, first=first),
                phrase("Let valid_until be valid_from or later."),
            )


def _goods(programme: Programme) -> Iterator[Finding]:
    for path, goods in goods_of(programme):
        if not (goods.products or goods.categories or goods.brands):
            yield Finding(path, phrase("It names no goods."), phrase("Add products, categories or brands."))
    redeem = [(("redeem",), programme.redeem)] if programme.redeem else []
    for path, about in [*rules_of(programme), *redeem]:
        only, excluded = about.only, about.excluded
        if only is None or excluded is None:
            continue
        left = (
            only.products - excluded.products
            or only.categories - excluded.categories
            or only.brands - excluded.brands
        )
        if not left:
            yield Finding(
                (*path, "except"),
                phrase("It leaves out all that “only” names, so the rule is about nothing."),
                phrase("Take some of it out."),
            )


def _redeem(programme: Programme) -> Iterator[Finding]:
    redeem = programme.redeem
    if redeem is not None and redeem.earn_or_spend and redeem.spend_earned_at_once:
        yield Finding(
            ("redeem", "spend_earned_at_once"),
            phrase("With earn_or_spend a bill that is paid with points earns none to spend at once."),
            phrase("Take out one of the two."),
        )


def _expiry(programme: Programme) -> Iterator[Finding]:
    expiry = programme.expiry
    if expiry.after_days is not None and expiry.after_months is not None:
        yield Finding(
            ("expiry", "after_months"),
            phrase("Points can't be gone both after days and after months."),
            phrase("Take out after_days or after_months."),
        )


def _tier_rules(programme: Programme) -> Iterator[Finding]:
    rules, standard = programme.tier_rules, type(programme.tier_rules)()
    needed = phrase("Write period = as one of: {words}.", words=Listed(_CALENDAR))
    if rules.period != "rolling" and rules.days != standard.days:
        yield Finding(
            ("tier_rules", "days"),
            phrase("Days are the length of a rolling period only."),
            phrase('Write period = "rolling", or take the line out.'),
        )
    if rules.period not in _CALENDAR and rules.rises != standard.rises:
        yield Finding(
            ("tier_rules", "rises"), phrase("Without periods of the calendar there is no next one."), needed
        )
    if rules.period not in _CALENDAR and rules.keeps != standard.keeps:
        yield Finding(
            ("tier_rules", "keeps"), phrase("Without periods of the calendar there is no next one."), needed
        )


def _thresholds(programme: Programme) -> Iterator[Finding]:
    """Hold each tier to what tiers are counted by."""
    key, other = _threshold_keys(programme)
    for i, tier in enumerate(programme.tiers):
        _, threshold = _threshold(programme, tier)
        wrong = tier.from_points if programme.tier_rules.by == "spend" else tier.from_spend_minor
        if wrong is not None:
            yield Finding(
                ("tiers", i, other),
                phrase("Tiers are counted by {by} here.", by=programme.tier_rules.by),
                phrase("Write {key}, or change by = under [tier_rules].", key=key),
            )
        elif threshold is None:
            yield Finding(
                ("tiers", i, key),
                phrase("Nothing leads to this tier."),
                phrase("Add {key}; 0 is for everybody.", key=key),
            )


def _rising(programme: Programme) -> Iterator[Finding]:
    places = [(i, *_threshold(programme, tier)) for i, tier in enumerate(programme.tiers)]
    reached = [(i, key, threshold) for i, key, threshold in places if threshold is not None]
    for (before, _, lower), (i, key, higher) in pairwise(reached):
        if higher <= lower:
            names = {"name": programme.tiers[before].name}
            same = phrase("Tier “{name}” begins there already.", **names)
            below = phrase("Tier “{name}”, which stands before it, begins higher.", **names)
            yield Finding(
                ("tiers", i, key),
                same if higher == lower else below,
                phrase("Let each tier begin higher than the one before it."),
            )


def _threshold_keys(programme: Programme) -> tuple[str, str]:
    keys = ("from_spend", "from_points")
    return keys if programme.tier_rules.by == "spend" else (keys[1], keys[0])


def _threshold(programme: Programme, tier: Tier) -> tuple[str, int | None]:
    key, _ = _threshold_keys(programme)
    return key, tier.from_spend_minor if key == "from_spend" else tier.from_points


def _other(programme: Programme) -> Iterator[Finding]:
    counted = [*((("offers", i), offer) for i, offer in enumerate(programme.offers))]
    counted_codes = [*((("promo_codes", i), promo) for i, promo in enumerate(programme.promo_codes))]
    for path, one in [*counted, *counted_codes]:
        in_all, each = one.uses_in_all, one.uses_per_customer
        if in_all is not None and each is not None and each > in_all:
            yield Finding(
                (*path, "uses_per_customer"),
                phrase("One customer can't use it more often than all together."),
                phrase("Write {most} at most.", most=in_all),
            )
    for i, action in enumerate(programme.actions):
        if action.code == "registration" and action.how_often != "once":
            yield Finding(
                ("actions", i, "how_often"),
                phrase("A customer registers once."),
                phrase('Write "once", or take the line out.'),
            )
    referral = programme.referral
    if referral is not None and not (referral.referrer_points or referral.friend_points):
        yield Finding(("referral", "referrer_points"), phrase("Neither side is given anything."),
                      phrase("Write points for one of them, or take [referral] out."))  # fmt: skip
