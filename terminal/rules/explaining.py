"""A programme in plain words: what customers are told, and what cashiers should know besides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from terminal.rules.explaining_earn import earning, other_ways
from terminal.rules.explaining_goods import memberships, offers, promo_codes, rewards, stamps
from terminal.rules.explaining_terms import (
    Audience,
    Point,
    chosen,
    factor,
    names,
    percent,
    places,
    units,
    worth,
)
from terminal.rules.money import Rounding
from terminal.rules.phrase import Counted, Money, Phrase, phrase
from terminal.rules.programme import Notice, Programme, Redeem, Tier, WhenSpent


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the explanation, never an empty one."""

    title: Phrase
    points: tuple[Point, ...]


def explain(programme: Programme, audience: Audience) -> tuple[Section, ...]:
    """Say a programme in plain words, in the order in which people ask: what it gives, what for, till when."""
    parts: list[tuple[Phrase, Iterable[Point]]] = [
        (phrase("Bonuses for purchases"), earning(programme, audience)),
        (phrase("Other bonuses"), other_ways(programme)),
        (phrase("Paying with bonuses"), _redeeming(programme)),
        (phrase("Rewards"), rewards(programme, audience)),
        (phrase("Offers"), offers(programme, audience)),
        (phrase("Stamp cards"), stamps(programme, audience)),
        (phrase("Tiers"), _tiers(programme)),
        (phrase("Memberships"), memberships(programme)),
        (phrase("How long bonuses live"), _expiry(programme)),
        (phrase("Returned goods"), _refund(programme)),
        (phrase("Messages"), _notices(programme, audience)),
    ]
    if audience == "cashier":
        parts.append((phrase("Promo codes"), promo_codes(programme)))
        parts.append((phrase("Figures and words"), _figures(programme)))
    told = [Section(title, tuple(points)) for title, points in parts]
    return (_head(programme), *(section for section in told if section.points))


def _head(programme: Programme) -> Section:
    version = phrase("Version {number}, in force from {day}.", number=programme.number, day=programme.valid_from)
    return Section(phrase("“{name}”", name=programme.name), (Point(version),))


def _redeeming(programme: Programme) -> Iterator[Point]:
    redeem = programme.redeem
    if redeem is None:
        return
    yield Point(worth(programme, programme.minor_per_point), tuple(_redeem_terms(programme, redeem)))


def _redeem_terms(programme: Programme, redeem: Redeem) -> Iterator[Phrase]:
    yield from chosen(redeem)
    if redeem.max_share_percent < 100:
        share = percent(redeem.max_share_percent)
        yield phrase("They pay up to {share} of the goods that they may pay.", share=share)
    if redeem.minimum_bill:
        yield phrase("On bills of {sum} and more.", sum=Money(redeem.minimum_bill))
    if redeem.block is not None:
        yield phrase("In steps of {points}.", points=units(programme, redeem.block))
    if redeem.keep_at_least:
        yield phrase("{points} always stay on the account.", points=units(programme, redeem.keep_at_least))
    yield from places(redeem.channels)
    if redeem.earn_or_spend:
        yield phrase("A bill on which bonuses are spent earns none.")
    if redeem.spend_earned_at_once:
        yield phrase("What a bill earns can be spent on it at once.")


def _expiry(programme: Programme) -> Iterator[Point]:
    expiry = programme.expiry
    life: Phrase | None = None
    if expiry.after_days is not None:
        life = phrase("Bonuses live {time} from the day they can be spent.", time=Counted(expiry.after_days, "day"))
    elif expiry.after_months is not None:
        months = Counted(expiry.after_months, "month")
        life = phrase("Bonuses live {time} from the day they can be spent.", time=months)
    if life is not None:
        yield Point(life)
    match expiry.end_of:
        case "month" if life:
            yield Point(phrase("Then they live on to the end of that month."))
        case "year" if life:
            yield Point(phrase("Then they live on to the end of that year."))
        case "month":
            yield Point(phrase("Bonuses live to the end of the month in which they can be spent."))
        case "year":
            yield Point(phrase("Bonuses live to the end of the year in which they can be spent."))
        case _:
            pass
    if expiry.inactive_days is not None:
        yield Point(
            phrase("All are gone after {days} without a purchase.", days=Counted(expiry.inactive_days, "day"))
        )
    if not (life or expiry.end_of or expiry.inactive_days):
        yield Point(phrase("Bonuses don't expire."))
    else:
        warned = Counted(expiry.warn_days, "day")
        yield Point(phrase("They are called “expiring soon” {days} before that.", days=warned))


def _tiers(programme: Programme) -> Iterator[Point]:
    if not programme.tiers:
        return
    for tier in programme.tiers:
        yield Point(_reached(programme, tier), tuple(_tier_gives(tier)))
    rules = programme.tier_rules
    counted = phrase("the money spent") if rules.by == "spend" else phrase("the bonuses earned")
    match rules.period:
        case "ever":
            yield Point(phrase("What counts: {what} to date.", what=counted))
        case "rolling":
            yield Point(
                phrase("What counts: {what} over the last {days}.", what=counted, days=Counted(rules.days, "day"))
            )
        case "month":
            yield Point(phrase("What counts: {what} in a month of the calendar.", what=counted))
        case "quarter":
            yield Point(phrase("What counts: {what} in a quarter of the calendar.", what=counted))
        case "year":
            yield Point(phrase("What counts: {what} in a year of the calendar.", what=counted))
    if rules.rises == "at-once":
        yield Point(phrase("A new tier holds from the next bill on."))
    else:
        yield Point(phrase("A new tier holds from the next period on."))
    if rules.period in ("month", "quarter", "year"):
        next_too = rules.keeps == "next-period"
        yield Point(phrase("It holds to the end of the next period.") if next_too
                    else phrase("It holds to the end of its period."))  # fmt: skip


def _reached(programme: Programme, tier: Tier) -> Phrase:
    if tier.from_spend_minor:
        return phrase("{name}: from {sum}.", name=tier.name, sum=Money(tier.from_spend_minor))
    if tier.from_points:
        return phrase("{name}: from {points}.", name=tier.name, points=units(programme, tier.from_points))
    return phrase("{name}: for everybody.", name=tier.name)


def _tier_gives(tier: Tier) -> Iterator[Phrase]:
    if tier.multiplier != 1:
        yield phrase("× {factor} of what is earned.", factor=factor(tier.multiplier))
    if tier.discount_percent is not None:
        yield phrase("{percent} off every bill.", percent=percent(tier.discount_percent))
    if tier.free_delivery:
        yield phrase("Free delivery.")
    for privilege in tier.privileges:
        yield phrase("Also: {words}.", words=privilege)


def _refund(programme: Programme) -> Iterator[Point]:
    yield Point(phrase("Bonuses that returned goods earned are taken back; bonuses that paid for them return."))
    match programme.refund.when_spent:
        case WhenSpent.BELOW_ZERO:
            yield Point(phrase("If they were spent already, the account goes below zero until new ones cover it."))
        case WhenSpent.CUT:
            yield Point(phrase("If they were spent already, less money is paid back."))
        case WhenSpent.REFUSE:
            yield Point(phrase("If they were spent already, the goods can't be returned with the programme."))
    grace = Counted(programme.refund.grace_days, "day")
    yield Point(phrase("Bonuses that return after their time live {days} more.", days=grace))


def _notices(programme: Programme, audience: Audience) -> Iterator[Point]:
    for notice in programme.notices:
        by_email = notice.channel == "email"
        way = phrase("by e-mail") if by_email else phrase("by SMS")
        yield Point(
            phrase("{change}: {way}.", change=_change(notice), way=way), tuple(_notice_terms(notice, audience))
        )


def _change(notice: Notice) -> Phrase:
    match notice.change:
        case "earned":
            return phrase("Bonuses were earned")
        case "expiring":
            return phrase("Bonuses expire soon")
        case "tier":
            return phrase("Another tier")
        case "offer":
            return phrase("A new offer")
        case "order":
            return phrase("News of an order")
        case "registration":
            return phrase("Welcome")
        case "birthday":
            return phrase("Birthday")


def _notice_terms(notice: Notice, audience: Audience) -> Iterator[Phrase]:
    if notice.change in ("expiring", "birthday"):
        yield phrase("{days} ahead.", days=Counted(notice.days_before, "day"))
    if notice.template and audience == "cashier":
        yield phrase("In the words of “{template}”.", template=notice.template)


def _figures(programme: Programme) -> Iterator[Point]:
    """Say what only the shop needs to know: how figures are rounded, and what its words mean."""
    yield Point(phrase("Currency: {currency}.", currency=programme.currency))
    if programme.points_decimals:
        yield Point(phrase("Decimals of bonuses here: {decimals}.", decimals=programme.points_decimals))
    yield Point(phrase("Parts of a bonus: {how}.", how=_rounded(programme.rounding.points)))
    yield Point(phrase("Parts of the smallest coin: {how}.", how=_rounded(programme.rounding.money)))
    if programme.rounding.cash_step is not None:
        step = Money(programme.rounding.cash_step)
        yield Point(phrase("The register rounds a bill to {sum} before bonuses.", sum=step))
    if programme.categories:
        yield Point(phrase("Categories: {categories}.", categories=names(programme.categories)))
    yield Point(phrase("Delivery is category “{category}”.", category=programme.delivery_category))


def _rounded(rounding: Rounding) -> Phrase:
    match rounding:
        case Rounding.DOWN:
            return phrase("dropped")
        case Rounding.HALF_UP:
            return phrase("rounded, a half upwards")
        case Rounding.HALF_EVEN:
            return phrase("rounded, a half to the even figure")
