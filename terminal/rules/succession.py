"""What a programme must keep to because of the shop it is for and of the versions before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from terminal.rules.limits import Finding
from terminal.rules.naming import unknown_categories
from terminal.rules.phrase import phrase
from terminal.rules.programme import CURRENCY_DECIMALS, Programme


@dataclass(frozen=True, slots=True)
class Before:
    """A shop as the next version finds it.

    `number` and `first_day` are of the newest version and of the latest first day (0 and None: there is none),
    `points_decimals` is what points are counted in; `categories` are the catalogue's, empty when it has none.
    """

    currency: str
    today: date
    number: int = 0
    first_day: date | None = None
    points_decimals: int | None = None
    points_exist: bool = False
    categories: frozenset[str] = frozenset()


def out_of_line(programme: Programme, before: Before) -> Iterator[Finding]:
    """Return what keeps a programme from being the shop's next version, with its place."""
    if programme.currency != before.currency:
        yield _other_currency(programme.currency, before.currency)
    if programme.number <= before.number:
        yield Finding(
            ("number",),
            phrase("Version {number} was published already.", number=before.number),
            phrase("Give this one number {next}.", next=before.number + 1),
        )
    if before.first_day is not None and programme.valid_from < before.first_day:
        yield Finding(
            ("valid_from",),
            phrase("Another version begins on {day}.", day=before.first_day),
            phrase("Let this one begin then or later."),
        )
    yield from _other_decimals(programme, before)
    if before.categories:
        yield from unknown_categories(programme, before.categories | programme.categories)


def _other_currency(currency: str, shop: str) -> Finding:
    text = phrase("The programme counts in {programme}, the shop in {shop}.", programme=currency, shop=shop)
    if CURRENCY_DECIMALS[currency] != CURRENCY_DECIMALS.get(shop):
        text = phrase(
            "The programme counts in {programme}, which has other decimals than the shop's {shop}.",
            programme=currency,
            shop=shop,
        )
    return Finding(("currency",), text, phrase("Write “{currency}”.", currency=shop))


def _other_decimals(programme: Programme, before: Before) -> Iterator[Finding]:
    """The ledger counts in the smallest part of a point: with other decimals every balance would be another sum."""
    if before.points_decimals in (None, programme.points_decimals):
        return
    path = ("points_decimals",)
    decimals = phrase("Decimals of bonuses here: {decimals}.", decimals=before.points_decimals or 0)
    if before.points_exist:
        yield Finding(path, decimals, phrase("That can't be changed once customers have bonuses."))
    elif programme.valid_from > before.today:
        # Customers may have some by then.
        yield Finding(path, decimals, phrase("It can be changed at once only: let this version begin today."))
