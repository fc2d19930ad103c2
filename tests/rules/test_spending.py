"""Points for rewards and for money: a table for each kind of reward, then floors, and what is earned at once."""

from datetime import date

import pytest

from terminal.rules.account import Account
from terminal.rules.bill import Bill
from terminal.rules.lots import Lot
from terminal.rules.phrase import Refused
from terminal.rules.quoting import quote_bill
from terminal.rules.wish import ALL, Claim, Wish
from tests.rules.quoted import NOBODY, NOW, having, lines, quoted, shop, why
from tests.shop import said

REWARD = '[[rewards]]\ncode = "r"\nname = "Reward"\n'
TWO = lines("pen 5 x 10 office", "cup 1 x 50 home")


@pytest.mark.parametrize(
    ("keys", "bill", "times", "points", "off", "told"),
    [
        ('kind = "handed-over"\npoints = 7', TWO, 1, 7, (0, 0), ""),
        ('kind = "handed-over"\npoints = 7', TWO, 3, 21, (0, 0), ""),
        ('kind = "handed-over"\npoints = 7\nmost_per_bill = 2', TWO, 3, 0, (0, 0), "at most 2 on one bill"),
        ('kind = "product"\nproduct = "pen"\npack = 2\npoints = 3', TWO, 3, 9, (5000, 0), ""),
        ('kind = "product"\nproduct = "pen"\npack = 2\npoints = 3', TWO, 9, 9, (5000, 0), ""),
        ('kind = "product"\nproduct = "pen"\npack = 2\npoints = 3', TWO, 2, 6, (4000, 0), ""),
        ('kind = "product"\nproduct = "pen"\npack = 2\npoints = 3', lines("pen 5 x 0"), 3, 9, (0,), ""),
        ('kind = "product"\nproduct = "mug"\npoints = 3', TWO, 1, 3, (0, 0), ""),
        ('kind = "percent"\npercent = 10\npoints = 5', TWO, 1, 5, (500, 500), ""),
        ('kind = "percent"\npercent = 10\npoints = 5', TWO, 2, 10, (1000, 1000), ""),
        ('kind = "percent"\npercent = 60\npoints = 5', TWO, 3, 10, (5000, 5000), ""),
        ('kind = "percent"\npercent = 10\npoints = 5\ncap = 4', TWO, 1, 5, (200, 200), ""),
        (
            'kind = "percent"\npercent = 10\npoints = 5\nonly = { products = ["x"] }',
            TWO,
            1,
            0,
            (0, 0),
            "Nothing on",
        ),
        ('kind = "money"\namount = 20\npoints = 5', TWO, 1, 5, (1000, 1000), ""),
        ('kind = "money"\namount = 60\npoints = 5', TWO, 3, 10, (5000, 5000), ""),
        ('kind = "money"\namount = 20\npoints = 5\nminimum_bill = 101', TWO, 1, 0, (0, 0), "From a bill of"),
        ('kind = "money"\namount = 20\npoints = 51', TWO, 1, 0, (0, 0), "“Reward”"),
    ],
)
def test_rewards(keys: str, bill: Bill, times: int, points: int, off: tuple[int, ...], told: str) -> None:
    quote = quoted(shop(f"{REWARD}{keys}\n"), bill, having(50), Wish(claims=(Claim("r", times),)))
    assert (quote.spent_points, quote.off_lines, quote.points_lines) == (points, off, off)
    assert (told in why(quote)) if told else not quote.left_out
    assert (quote.discount_minor, quote.redeem_points) == (0, 0)


def test_two_rewards_and_money_add_up() -> None:
    rules = REWARD + 'kind = "money"\namount = 20\npoints = 30\n[redeem]\nmoney_per_point = 1\n'
    more = REWARD.replace('"r"', '"s"') + 'kind = "handed-over"\npoints = 15\n'
    wish = Wish(ALL, claims=(Claim("r"), Claim("s")))
    quote = quoted(shop(rules + more), TWO, having(50), wish)
    assert ([claim.points for claim in quote.claims], quote.redeem_points, quote.spent_points) == ([30, 15], 5, 50)
    assert (quote.taken_off_minor, -sum(move.points for move in quote.moves)) == (2500, 50)


def test_who_has_too_few_hears_why() -> None:
    rules = shop(REWARD + 'kind = "handed-over"\npoints = 30\n[redeem]\nmoney_per_point = 1\n')
    later = Account("a", (Lot("l", 1_200, 1_200, date(2026, 5, 18), None),))
    assert "are pending until 2026-05-18" in why(quoted(rules, TWO, later, Wish(claims=(Claim("r"),))))
    assert "are pending until" in said(quote_bill(rules, later, TWO, Wish(1), NOW))
    assert "Only for registered" in why(quoted(rules, TWO, NOBODY, Wish(claims=(Claim("r"),))))
    assert "no reward “x”" in why(quoted(rules, TWO, having(50), Wish(claims=(Claim("x"),))))
    nobody = quote_bill(rules, NOBODY, TWO, Wish(1), NOW)
    assert isinstance(nobody, Refused)


@pytest.mark.parametrize(
    ("redeem", "channel_or_goods", "most"),
    [
        ("", "", 90),
        ("keep_at_least = 20", "", 70),
        ('channels = ["site"]', "", 0),
        ('channels = ["store"]', "", 90),
        ('only = { categories = ["home"] }', "", 50),
        ('only = { categories = ["home"] }\nmax_share_percent = 50', "", 25),
        ('reduced = "only"', "", 0),
        ("", '[[offers]]\ncode = "o"\nname = "O"\nkind = "percent"\npercent = 50\n', 50),
        (
            'except = { categories = ["office"] }',
            '[[offers]]\ncode = "o"\nname = "O"\nkind = "percent"\npercent = 50\n',
            25,
        ),
    ],
)
def test_money_for_points_takes_what_offers_left(redeem: str, channel_or_goods: str, most: int) -> None:
    rules = shop(f"[redeem]\nmoney_per_point = 1\n{redeem}\n{channel_or_goods}")
    assert quoted(rules, TWO, having(90), Wish(ALL)).redeem_points == most


def test_a_floor_holds_for_rewards_too() -> None:
    rules = shop(REWARD + 'kind = "handed-over"\npoints = 40\n[redeem]\nmoney_per_point = 1\nkeep_at_least = 20\n')
    assert quoted(rules, TWO, having(59), Wish(claims=(Claim("r"),))).spent_points == 0
    assert quoted(rules, TWO, having(60), Wish(ALL, claims=(Claim("r"),))).spent_points == 40


EARN = '[[earn]]\nkind = "cashback"\npercent = 10\n'


@pytest.mark.parametrize(
    ("earn", "redeem", "have", "spent", "earned"),
    [
        (EARN + "on_part_paid_by_points = true\n", "spend_earned_at_once = true", 0, 1000, 1000),
        (EARN + "on_part_paid_by_points = true\n", "spend_earned_at_once = true", 500, 1500, 1000),
        (EARN, "spend_earned_at_once = true", 0, 909, 909),
        (EARN, "spend_earned_at_once = true\nkeep_at_least = 1", 0, 818, 918),
        (EARN, "spend_earned_at_once = true\nblock = 2", 0, 800, 920),
        (EARN + "pending_days = 1\n", "spend_earned_at_once = true", 300, 300, 970),
        (EARN, "", 300, 300, 970),
        (EARN, "earn_or_spend = true", 300, 300, 0),
        (EARN, "earn_or_spend = true", 0, 0, 1000),
    ],
)
def test_what_is_earned_now_may_be_spent_now(earn: str, redeem: str, have: int, spent: int, earned: int) -> None:
    rules = shop(f"[redeem]\nmoney_per_point = 1\n{redeem}\n{earn}", "points_decimals = 2\n")
    quote = quoted(rules, lines("a 1 x 100"), having(have), Wish(ALL))
    assert (quote.redeem_points, quote.earned_points) == (spent, earned)
    assert -sum(move.points for move in quote.moves) == min(have, spent)


def test_points_of_who_stayed_away_are_gone() -> None:
    rules = shop("[redeem]\nmoney_per_point = 1\n[expiry]\ninactive_days = 30\n")
    for last, most in ((date(2026, 4, 4), 50), (date(2026, 4, 3), 0)):
        assert quoted(rules, TWO, having(50, last_purchase=last), Wish(ALL)).redeem_points == most
