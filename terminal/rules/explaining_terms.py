"""The conditions of a programme's rules in plain words, and the figures that its sentences are made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from terminal.rules.conditions import Birthday, Conditions, Goods, GoodsChosen, When, Who
from terminal.rules.phrase import (
    Counted,
    Factor,
    Listed,
    Money,
    Percent,
    Phrase,
    Points,
    Value,
    Weekday,
    phrase,
)
from terminal.rules.programme import Programme
from terminal.rules.quantity import Hours

Audience = Literal["customer", "cashier"]
"""Who listens: a cashier is told everything; customers neither codes nor names, nor how figures are rounded."""

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence, and what is to be said below it."""

    said: Phrase
    details: tuple[Phrase, ...] = ()


def factor(value: Fraction) -> Factor:
    """Say an exact number of the programme."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return Factor(f"{exact.normalize():f}")


def percent(share: Fraction) -> Value:
    """Say a percent; one that is finer than hundredths is said as it is written."""
    basis_points = share * 100
    if basis_points.denominator == 1:
        return Percent(int(basis_points))
    return phrase("{number} %", number=factor(share))


def points(programme: Programme, count: Fraction) -> Points:
    """Say a number of points, which may be finer than the programme's smallest part of one."""
    decimals = programme.points_decimals
    while (count * 10**decimals).denominator != 1:
        decimals += 1
    return Points(int(count * 10**decimals), decimals)


def units(programme: Programme, count: int) -> Points:
    """Say points that are kept in the smallest part of one."""
    return Points(count, programme.points_decimals)


def worth(programme: Programme, minor_per_point: Fraction) -> Phrase:
    """Say what points take off: of so many points that it is a whole sum."""
    count = minor_per_point.denominator
    sum_off = Money(int(minor_per_point * count))
    return phrase("{points} = {sum} off the bill.", points=points(programme, Fraction(count)), sum=sum_off)


def names(words: Iterable[str]) -> Listed:
    """List names in a steady order."""
    return Listed(tuple(sorted(words)))


def conditions(programme: Programme, rule: Conditions, audience: Audience) -> Iterator[Phrase]:
    """Say when a rule holds: goods, sums, places, days and customers."""
    yield from chosen(rule)
    yield from _minimums(rule)
    if rule.with_goods is not None:
        yield phrase("Only when the bill has one of these too: {goods}.", goods=_goods(rule.with_goods))
    yield from places(rule.channels)
    yield from _days(rule.when)
    yield from _customers(programme, rule.who, audience)


def chosen(rule: GoodsChosen) -> Iterator[Phrase]:
    """Say which goods a rule is about."""
    if rule.only is not None:
        yield phrase("Only: {goods}.", goods=_goods(rule.only))
    if rule.excluded is not None:
        yield phrase("Not: {goods}.", goods=_goods(rule.excluded))
    if rule.reduced == "without":
        yield phrase("Not for goods that are reduced already.")
    elif rule.reduced == "only":
        yield phrase("Only for goods that are reduced already.")


def places(channels: frozenset[str]) -> Iterator[Phrase]:
    """Say where a rule holds."""
    said = {
        "store": phrase("in the shop"),
        "manager": phrase("by a manager's order"),
        "site": phrase("on the site"),
    }
    if channels:
        yield phrase("Only {places}.", places=Listed(tuple(said[one] for one in said if one in channels)))


def _goods(goods: Goods) -> Listed:
    said: list[Value] = [phrase("category “{name}”", name=name) for name in sorted(goods.categories)]
    said += [phrase("brand “{name}”", name=name) for name in sorted(goods.brands)]
    said += [phrase("product “{name}”", name=name) for name in sorted(goods.products)]
    return Listed(tuple(said))


def _minimums(rule: Conditions) -> Iterator[Phrase]:
    if rule.minimum_bill:
        yield phrase("On bills of {sum} and more.", sum=Money(rule.minimum_bill))
    if rule.minimum_goods:
        yield phrase("When these goods come to {sum} or more.", sum=Money(rule.minimum_goods))
    if rule.minimum_quantity:
        pieces = Counted(rule.minimum_quantity, "piece")
        yield phrase("When there are at least so many of these goods: {pieces}.", pieces=pieces)
    if rule.minimum_tax == "without" and (rule.minimum_bill or rule.minimum_goods):
        yield phrase("That sum is counted without tax.")


def _days(when: When) -> Iterator[Phrase]:
    yield from span(when.valid_from, when.valid_until)
    if when.weekdays:
        days = Listed(tuple(Weekday(i) for i, day in enumerate(_WEEKDAYS) if day in when.weekdays))
        yield phrase("On these days: {days}.", days=days)
    if when.hours:
        yield phrase("At these hours: {hours}.", hours=Listed(tuple(map(_hours, when.hours))))
    if when.birthday is not None:
        yield _birthday(when.birthday)


def span(first: date | None, last: date | None) -> Iterator[Phrase]:
    """Say from when till when something holds."""
    match first, last:
        case date(), date() if first == last:
            yield phrase("On {day} only.", day=first)
        case date(), date():
            yield phrase("From {first} to {last}, both days included.", first=first, last=last)
        case date(), None:
            yield phrase("From {first} on.", first=first)
        case None, date():
            yield phrase("Till {last}, that day included.", last=last)
        case _:
            pass


def _hours(hours: Hours) -> str:
    return "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in hours)


def _birthday(birthday: Birthday) -> Phrase:
    before, after = Counted(birthday.days_before, "day"), Counted(birthday.days_after, "day")
    match bool(birthday.days_before), bool(birthday.days_after):
        case True, True:
            return phrase(
                "Around the birthday: {before} before it and {after} after it.", before=before, after=after
            )
        case True, False:
            return phrase("On the birthday and {before} before it.", before=before)
        case False, True:
            return phrase("On the birthday and {after} after it.", after=after)
        case _:
            return phrase("On the birthday.")


def _customers(programme: Programme, who: Who, audience: Audience) -> Iterator[Phrase]:
    if who.registered:
        yield phrase("Only for registered customers.")
    if who.groups:
        yield phrase("For customers of these groups: {groups}.", groups=names(who.groups))
    if who.tiers:
        tiers = Listed(tuple(tier.name for tier in programme.tiers if tier.code in who.tiers))
        yield phrase("For customers of these tiers: {tiers}.", tiers=tiers)
    if who.memberships:
        clubs = Listed(tuple(one.name for one in programme.memberships if one.code in who.memberships))
        yield phrase("For members: {memberships}.", memberships=clubs)
    if who.customers and audience == "cashier":
        yield phrase("For these customers: {customers}.", customers=names(who.customers))
    elif who.customers:
        yield phrase("For certain customers.")
    if who.subscribers:
        yield phrase("For subscribers of the newsletter.")
    if who.first_purchase:
        yield phrase("On the first purchase only.")
