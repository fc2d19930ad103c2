"""What a programme may say and its owner hardly means: told when it is checked, never refused."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from terminal.rules.checking import rules_of
from terminal.rules.limits import Finding
from terminal.rules.phrase import phrase
from terminal.rules.programme import Cashback, PerAmount, Programme


def doubts(programme: Programme) -> Iterator[Finding]:
    """Return what is worth a second look, with its place."""
    for doubt in (_gives_too_much, _alone, _closed, _over, _powerless, _once, _without_effect):
        yield from doubt(programme)


def _gives_too_much(programme: Programme) -> Iterator[Finding]:
    """Points worth the bill or more: an earn rule for everybody that gives more than it takes."""
    if programme.redeem is None:
        return
    tier = max((tier.multiplier for tier in programme.tiers), default=Fraction(1))
    for i, rule in enumerate(programme.earn):
        if isinstance(rule, Cashback):
            key, share = "percent", rule.percent / 100
        elif isinstance(rule, PerAmount):
            key, share = "points", rule.points * programme.minor_per_point / rule.per_minor
        else:
            continue
        if share * tier >= 1:
            yield Finding(
                ("earn", i, key),
                phrase("With the highest tier a bill earns points that are worth the bill or more."),
                phrase("Is that meant?"),
            )


def _alone(programme: Programme) -> Iterator[Finding]:
    for name, rules in (("earn", programme.earn), ("offers", programme.offers)):
        words = Counter(rule.best_of for rule in rules)
        for i, rule in enumerate(rules):
            if rule.best_of and words[rule.best_of] == 1:
                yield Finding(
                    (name, i, "best_of"),
                    phrase("No other rule has the word “{word}”, so nothing is compared.", word=rule.best_of),
                )


def _closed(programme: Programme) -> Iterator[Finding]:
    opened = {promo.opens for promo in programme.promo_codes}
    for name, rules in (("earn", programme.earn), ("offers", programme.offers)):
        for i, rule in enumerate(rules):
            if rule.needs_code and rule.code not in opened:
                yield Finding(
                    (name, i, "needs_code"),
                    phrase("No promo code of this file opens it: only single-use codes of the site can."),
                )


def _over(programme: Programme) -> Iterator[Finding]:
    for path, rule in rules_of(programme):
        until = rule.when.valid_until
        if until is not None and until < programme.valid_from:
            yield Finding(
                (*path, "when", "valid_until"),
                phrase("It is over before the programme begins on {day}.", day=programme.valid_from),
            )


def _powerless(programme: Programme) -> Iterator[Finding]:
    named = {code for _, rule in rules_of(programme) for code in rule.who.memberships}
    for i, one in enumerate(programme.memberships):
        gives = one.tier or one.discount_percent or one.free_delivery
        if not gives and one.code not in named:
            yield Finding(
                ("memberships", i, "code"),
                phrase("Members get nothing: no tier, no discount, no delivery, and no rule is for them."),
            )


def _once(programme: Programme) -> Iterator[Finding]:
    for i, action in enumerate(programme.actions):
        if action.code == "birthday" and action.how_often == "once":
            yield Finding(
                ("actions", i, "code"),
                phrase("Each customer gets this for one birthday only."),
                phrase('For every one write how_often = "year".'),
            )
        if action.code in ("newsletter", "profile") and action.how_often == "each":
            yield Finding(
                ("actions", i, "how_often"),
                phrase("Who leaves and comes back gets this again and again."),
                phrase('Write "once".'),
            )


def _without_effect(programme: Programme) -> Iterator[Finding]:
    standard = type(programme.tier_rules)()
    if not programme.tiers and programme.tier_rules != standard:
        yield Finding(("tier_rules",), phrase("There are no tiers for these rules."))
    expiry = programme.expiry
    lasting = not (expiry.after_days or expiry.after_months or expiry.end_of or expiry.inactive_days)
    for i, notice in enumerate(programme.notices):
        if notice.change == "expiring" and lasting:
            yield Finding(("notices", i, "change"), phrase("Points never expire here, so nobody is told of it."))
        if notice.change == "tier" and not programme.tiers:
            yield Finding(("notices", i, "change"), phrase("There are no tiers, so nobody is told of one."))
    gives = programme.earn or programme.actions or programme.referral
    if (programme.redeem or programme.rewards) and not gives:
        place = "redeem" if programme.redeem else "rewards"
        yield Finding((place,), phrase("Points can be spent, and nothing gives any but gifts by hand."))
