"""Names in a programme: each is given once, names something, and no rules wait for one another in a circle."""

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import islice

from terminal.rules.checking import goods_of, rules_of
from terminal.rules.kinds import nearest, one_of
from terminal.rules.limits import Finding, Path
from terminal.rules.phrase import Phrase, phrase
from terminal.rules.programme import Programme
from terminal.rules.text import safe_text

MOST_FINDINGS = 100
"""Of one kind no more are looked for: whoever has so many made one mistake many times."""

_Named = list[tuple[Path, str]]


def names_of_nothing(programme: Programme) -> Iterator[Finding]:
    """Return names that are given twice or name nothing, with their places."""
    for check in (_unreadable, _twice, _promo_codes, _given_tiers, _after, _circles, _who, _categories):
        yield from islice(check(programme), MOST_FINDINGS)


def unknown_categories(programme: Programme, known: Iterable[str]) -> Iterator[Finding]:
    """Return the categories that rules name and that are not among the known ones, nor the one of delivery."""
    words = {*known, programme.delivery_category}
    for path, goods in goods_of(programme):
        for category in sorted(goods.categories - words):
            reason = phrase("There is no category “{category}”.", category=category)
            yield Finding((*path, "categories"), reason, _of_many(category, sorted(words)))


def _codes(programme: Programme) -> _Named:
    """Return the codes that sales and promo codes name."""
    return [
        *((("earn", i, "code"), rule.code) for i, rule in enumerate(programme.earn) if rule.code),
        *((("offers", i, "code"), offer.code) for i, offer in enumerate(programme.offers)),
        *((("stamps", i, "code"), card.code) for i, card in enumerate(programme.stamps)),
        *((("rewards", i, "code"), reward.code) for i, reward in enumerate(programme.rewards)),
        *((("memberships", i, "code"), one.code) for i, one in enumerate(programme.memberships)),
    ]


def _tiers(programme: Programme) -> _Named:
    return [(("tiers", i, "code"), tier.code) for i, tier in enumerate(programme.tiers)]


def _actions(programme: Programme) -> _Named:
    return [(("actions", i, "code"), action.code) for i, action in enumerate(programme.actions)]


def _promos(programme: Programme) -> _Named:
    return [(("promo_codes", i, "code"), promo.code) for i, promo in enumerate(programme.promo_codes)]


def _unreadable(programme: Programme) -> Iterator[Finding]:
    named = [*_codes(programme), *_tiers(programme), *_actions(programme), *_promos(programme)]
    for path, code in named:
        if safe_text(code) != code:
            yield Finding(path, phrase("The code has spaces around it or signs that don't show."),
                          phrase("Write letters, digits and hyphens."))  # fmt: skip


def _twice(programme: Programme) -> Iterator[Finding]:
    for named in (_codes(programme), _tiers(programme), _actions(programme)):
        yield from _repeated(named, phrase("Give each a code of its own."))
    yield from _repeated(
        _promos(programme), phrase("Give each a code of its own; small and capital letters are the same.")
    )
    notices: _Named = [
        (("notices", i, "change"), f"{one.change} {one.channel} {one.days_before}")
        for i, one in enumerate(programme.notices)
    ]
    yield from _repeated(notices, phrase("Take one of them out."))


def _repeated(named: _Named, instead: Phrase) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, code in named:
        # Customers type promo codes in either case.
        same = code.casefold() if path[0] == "promo_codes" else code
        if same in seen:
            yield Finding(path, phrase("“{code}” is there already.", code=code), instead)
        seen.add(same)


def _promo_codes(programme: Programme) -> Iterator[Finding]:
    openable = {rule.code: rule.needs_code for rule in programme.earn if rule.code}
    openable |= {offer.code: offer.needs_code for offer in programme.offers}
    for i, promo in enumerate(programme.promo_codes):
        path = ("promo_codes", i, "opens")
        if promo.opens not in openable:
            reason = phrase("No offer and no earn rule has the code “{code}”.", code=promo.opens)
            yield Finding(path, reason, _of_many(promo.opens, openable))
        elif not openable[promo.opens]:
            reason = phrase("“{code}” applies without a promo code too.", code=promo.opens)
            yield Finding(path, reason, phrase("Add needs_code = true to it, or take the promo code out."))


def _given_tiers(programme: Programme) -> Iterator[Finding]:
    for i, one in enumerate(programme.memberships):
        codes = [tier.code for tier in programme.tiers]
        if one.tier and one.tier not in codes:
            reason = phrase("There is no tier “{code}”.", code=one.tier)
            yield Finding(("memberships", i, "tier"), reason, _of_many(one.tier, codes))


def _after(programme: Programme) -> Iterator[Finding]:
    codes = [offer.code for offer in programme.offers]
    for i, offer in enumerate(programme.offers):
        for code in sorted(offer.after - set(codes)):
            reason = phrase("There is no offer “{code}”.", code=code)
            yield Finding(("offers", i, "after"), reason, _of_many(code, codes))


def _circles(programme: Programme) -> Iterator[Finding]:
    """Name every circle of offers of which each is to apply after the next."""
    order = {offer.code: i for i, offer in enumerate(programme.offers)}
    graph = {offer.code: offer.after & order.keys() for offer in programme.offers}
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as found:
            circle: list[str] = found.args[1][:-1]
        else:
            return
        first = min(range(len(circle)), key=lambda i: order[circle[i]])
        circle = circle[first:] + circle[: first + 1]
        yield Finding(
            ("offers", order[circle[0]], "after"),
            phrase("Each is to apply before the next, in a circle: {circle}.", circle=" → ".join(circle)),
            phrase("Take one of them out of an “after”."),
        )
        graph = {code: after for code, after in graph.items() if code not in circle}


def _who(programme: Programme) -> Iterator[Finding]:
    tiers = [tier.code for tier in programme.tiers]
    memberships = [one.code for one in programme.memberships]
    for path, rule in rules_of(programme):
        for code in sorted(rule.who.tiers - set(tiers)):
            reason = phrase("There is no tier “{code}”.", code=code)
            yield Finding((*path, "who", "tiers"), reason, _of_many(code, tiers))
        for code in sorted(rule.who.memberships - set(memberships)):
            reason = phrase("There is no membership “{code}”.", code=code)
            yield Finding((*path, "who", "memberships"), reason, _of_many(code, memberships))


def _categories(programme: Programme) -> Iterator[Finding]:
    if programme.categories:
        yield from unknown_categories(programme, programme.categories)


def _of_many(word: str, known: Iterable[str]) -> Phrase | None:
    """Name the nearest; a long list of all would help nobody."""
    words = tuple(known)
    few = 12
    if not words or (len(words) > few and nearest(word, words) is None):
        return None
    return one_of(word, words)
