"""When a rule applies: its conditions, each as one check with the words that say what it asks for.

The same checks serve every rule, so that they mean the same everywhere. A programme's checks are made once; only
conditions that are given become one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from terminal.rules.conditions import Conditions, Goods, Who
from terminal.rules.facts import Facts, near_birthday
from terminal.rules.phrase import Counted, Listed, Money, Phrase, phrase
from terminal.rules.scope import Scope

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

ONLY_REGISTERED = phrase("Only for registered customers.")
"""What is said when a rule needs to know whose bill it is."""

NOTHING_FOR_IT = phrase("Nothing on the bill is meant.")
"""What is said when none of a rule's goods is on the bill, or nothing is left of their price."""


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: whether it holds, and what to say when it does not."""

    holds: Callable[[Facts], bool]
    words: Phrase


def why_not(checks: tuple[Check, ...], facts: Facts) -> Phrase | None:
    """Return the first condition that does not hold, in words; None when the rule applies."""
    for check in checks:
        if not check.holds(facts):
            return check.words
    return None


def checks_of(rule: Conditions, scope: Scope, names: Mapping[str, str]) -> tuple[Check, ...]:
    """Make the checks of a rule; `names` are those of tiers and memberships, by code."""
    return (*_when(rule), *_where(rule), *_who(rule.who, names), *_what(rule, scope))


def _when(rule: Conditions) -> Iterator[Check]:
    when = rule.when
    if (first := when.valid_from) is not None:
        yield Check(lambda facts: facts.on >= first, phrase("It begins on {day}.", day=first))
    if (last := when.valid_until) is not None:
        yield Check(lambda facts: facts.on <= last, phrase("It ended on {day}.", day=last))
    if when.weekdays:
        numbers = frozenset(map(_WEEKDAYS.index, when.weekdays))
        yield Check(lambda facts: facts.weekday in numbers, phrase("Not on this day of the week."))
    if when.hours:
        words = phrase("Not at this hour.")
        yield Check(lambda facts: any(hours.holds(facts.moment.minute) for hours in when.hours), words)
    if (near := when.birthday) is not None:

        def around(facts: Facts) -> bool:
            born = facts.account.birthday
            return born is not None and near_birthday(born, facts.moment.on, near.days_before, near.days_after)

        yield Check(around, phrase("Only around the customer's birthday."))


def _where(rule: Conditions) -> Iterator[Check]:
    if rule.channels:
        yield Check(
            lambda facts: facts.moment.channel in rule.channels, phrase("Not for bills that are made here.")
        )


def _who(who: Who, names: Mapping[str, str]) -> Iterator[Check]:
    if who.registered or who.first_purchase:
        yield Check(lambda facts: facts.account.registered, ONLY_REGISTERED)
    if who.groups:
        yield Check(lambda facts: not who.groups.isdisjoint(facts.account.groups), _only_for(who.groups, {}))
    if who.tiers:
        yield Check(lambda facts: facts.tier_code in who.tiers, _only_for(who.tiers, names))
    if who.memberships:
        yield Check(lambda facts: not who.memberships.isdisjoint(facts.members), _only_for(who.memberships, names))
    if who.customers:
        words = phrase("It is for another customer.")
        yield Check(lambda facts: is_one_of(facts, who.customers), words)
    if who.subscribers:
        yield Check(lambda facts: facts.account.subscriber, phrase("Only for who agreed to the newsletter."))
    if who.first_purchase:
        yield Check(lambda facts: facts.account.purchases == 0, phrase("Only on the first purchase."))


def is_one_of(facts: Facts, customers: frozenset[str]) -> bool:
    """Tell whether the bill's customer is one of those named, by id or card number."""
    account = facts.account
    return account.customer_id in customers or not customers.isdisjoint(account.cards)


def _only_for(codes: frozenset[str], names: Mapping[str, str]) -> Phrase:
    told = tuple(names.get(code, code) for code in sorted(codes))
    return phrase("Only for: {who}.", who=Listed(told))


def _what(rule: Conditions, scope: Scope) -> Iterator[Check]:
    if rule.minimum_bill:
        words = phrase("From a bill of {sum} on.", sum=Money(rule.minimum_bill))
        yield Check(lambda facts: facts.bill_minor(rule.minimum_tax) >= rule.minimum_bill, words)
    if scope.only is not None or scope.excluded is not None or scope.reduced != "any":
        yield Check(lambda facts: bool(facts.shelf.places(scope)), NOTHING_FOR_IT)
    if rule.minimum_goods:
        words = phrase("From {sum} of the goods it is about.", sum=Money(rule.minimum_goods))
        yield Check(lambda facts: facts.goods_minor(scope, rule.minimum_tax) >= rule.minimum_goods, words)
    if rule.minimum_quantity:
        words = phrase("From {pieces} of the goods it is about.", pieces=Counted(rule.minimum_quantity, "piece"))
        yield Check(lambda facts: facts.goods_pieces(scope) >= rule.minimum_quantity, words)
    if (beside := rule.with_goods) is not None:
        words = phrase("Only together with: {goods}.", goods=_words_of(beside))
        yield Check(lambda facts: bool(facts.shelf.having(beside)), words)


def _words_of(goods: Goods) -> Listed:
    return Listed(tuple(sorted(goods.products | goods.categories | goods.brands)))
