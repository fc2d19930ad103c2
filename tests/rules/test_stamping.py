"""Stamp cards: stamps for pieces and visits, full cards, and cards that this till may not use."""

import pytest

from terminal.rules.account import Account
from terminal.rules.bill import Bill
from tests.rules.quoted import NOBODY, lines, quoted, shop, why

CARD = '[[stamps]]\ncode = "s"\nname = "Coffee"\nonly = { products = ["coffee"] }\n'
CAKE = lines("coffee 1 x 40", "cake 1 x 60")


@pytest.mark.parametrize(
    ("keys", "have", "bill", "off", "added", "used"),
    [
        ("needed = 5", 0, CAKE, 0, 1, 0),
        ("needed = 5", 4, CAKE, 0, 1, 0),
        ("needed = 5", 5, CAKE, 4000, 0, 5),
        ("needed = 5", 5, lines("coffee 3 x 40"), 4000, 2, 5),
        ("needed = 5", 3, lines("coffee 3 x 40"), 4000, 2, 5),
        ("needed = 2", 0, lines("coffee 6 x 40"), 8000, 4, 4),
        ("needed = 5\npercent = 50", 5, CAKE, 2000, 0, 5),
        ("needed = 5", 5, lines("cake 1 x 60"), 0, 0, 0),
        ("needed = 5", 12, CAKE, 4000, 0, 5),
        ("needed = 5", -1, lines("coffee 6 x 40"), 0, 6, 0),
        ("needed = 5", -1, lines("coffee 7 x 40"), 4000, 6, 5),
        ("needed = 1", -9, CAKE, 0, 1, 0),
        ('needed = 5\nstamp_per = "visit"', 4, lines("coffee 3 x 40"), 0, 1, 0),
        ('needed = 5\nstamp_per = "visit"', 5, lines("coffee 3 x 40"), 4000, 0, 5),
    ],
)
def test_stamps(keys: str, have: int, bill: Bill, off: int, added: int, used: int) -> None:
    quote = quoted(shop(CARD + keys), bill, Account("a", stamps={"s": have}))
    assert quote.taken_off_minor == off
    assert [(card.added, card.used) for card in quote.stamps] == ([(added, used)] if added or used else [])


@pytest.mark.parametrize(
    ("keys", "have", "bill", "on_lines"),
    [
        ("needed = 5", 0, lines("coffee 2 x 40", "cake 1 x 60", "coffee 1 x 30"), ((0, 2), (2, 1))),
        ("needed = 5", 4, lines("coffee 2 x 40", "cake 1 x 60", "coffee 1 x 30"), ((0, 2),)),
        ("needed = 5\npercent = 50", 4, lines("coffee 2 x 40", "coffee 1 x 30"), ((0, 2),)),
        ("needed = 2", 0, lines("coffee 6 x 40"), ((0, 4),)),
        ("needed = 5", 5, CAKE, ()),
        ('needed = 5\nstamp_per = "visit"', 0, CAKE, ()),
    ],
)
def test_every_stamp_is_on_a_piece(keys: str, have: int, bill: Bill, on_lines: tuple[tuple[int, int], ...]) -> None:
    (card,) = quoted(shop(CARD + keys), bill, Account("a", stamps={"s": have})).stamps
    assert card.lines == on_lines
    assert sum(pieces for _, pieces in on_lines) == (card.added if "visit" not in keys else 0)


def test_a_full_card_takes_the_cheapest_piece() -> None:
    bill = lines("tea 1 x 50", "tea 1 x 30", "cake 1 x 10")
    quote = quoted(shop(CARD.replace("coffee", "tea") + "needed = 1\n"), bill, Account("a", stamps={"s": 0}))
    assert (quote.off_lines, quote.stamps[0].added, quote.stamps[0].used) == ((0, 3000, 0), 1, 1)


def test_a_card_that_is_not_leased_is_stamped_and_not_used() -> None:
    rules = shop(CARD + "needed = 5\n")
    quote = quoted(rules, CAKE, Account("a", stamps={"s": 5}, leased=frozenset()))
    assert (quote.taken_off_minor, quote.stamps[0].added, quote.stamps[0].used) == (0, 1, 0)
    assert "only the site can use it" in why(quote)
    assert quoted(rules, CAKE, Account("a", stamps={"s": 5}, leased=frozenset({"s"}))).taken_off_minor == 4000


def test_what_an_offer_made_free_gets_no_stamp_and_nobody_has_no_card() -> None:
    free = '[[offers]]\ncode = "o"\nname = "O"\nkind = "gift"\nproduct = "coffee"\n'
    assert quoted(shop(CARD + "needed = 5\n" + free), CAKE).stamps == ()
    assert quoted(shop(CARD + "needed = 5\n"), CAKE, NOBODY).stamps == ()
