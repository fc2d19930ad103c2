"""What an earn rule counts, and how multipliers, the tier and other rules come together: a table for each."""

import pytest

from terminal.rules.account import Account, Member
from terminal.rules.bill import Bill, Line
from terminal.rules.wish import Claim, Wish
from tests.rules.quoted import MONDAY, NOBODY, having, lines, quoted, shop, why

TWO = lines("pen 2 x 50 office", "cup 1 x 100 home")
TAXED = Bill((Line("pen", 11_500, 1000, "pen", tax_bp=1_500), Line("cup", 5_000, 1000, "cup")))
UNIT, ORDER, EACH = (
    f'[[earn]]\nkind = "{kind}"\npoints = 10\n' for kind in ("per-unit", "per-order", "per-amount")
)
OFF = '[[offers]]\ncode = "o"\nname = "O"\nkind = '


@pytest.mark.parametrize(
    ("rules", "bill", "points"),
    [
        (UNIT, TWO, 30),
        (UNIT + 'only = { products = ["pen"] }\n', TWO, 20),
        (UNIT, lines("pen 0.35 x 50"), 10),
        (UNIT, lines("pen 2 x 0", "cup 1 x 5"), 10),
        (UNIT + OFF + '"buy-get"\nbuy = 1\n', lines("pen 2 x 50"), 10),
        (UNIT + "after_discounts = false\n" + OFF + '"buy-get"\nbuy = 1\n', lines("pen 2 x 50"), 20),
        (UNIT + OFF + '"percent"\npercent = 10\n', TWO, 30),
        (ORDER, TWO, 10),
        (ORDER + 'only = { products = ["mug"] }\n', TWO, 0),
        (ORDER + OFF + '"percent"\npercent = 100\n', TWO, 0),
        (ORDER + "minimum_quantity = 4\n", TWO, 0),
        (EACH + "per = 100\n", TAXED, 10),
        (EACH + 'per = 100\nbase = "without"\n', TAXED, 10),
        (EACH + 'per = 1\nbase = "without"\n', TAXED, 1500),
        (EACH + "per = 1\n", TAXED, 1650),
        (EACH + "per = 1\n" + OFF + '"money"\namount = 50\n', TWO, 1500),
        (EACH + "per = 1\nafter_discounts = false\n" + OFF + '"money"\namount = 50\n', TWO, 2000),
        (ORDER + UNIT, TWO, 40),
        (ORDER + 'best_of = "b"\n' + UNIT + 'best_of = "b"\n', TWO, 30),
        (ORDER.replace("10", "40") + 'best_of = "b"\n' + UNIT + 'best_of = "b"\n', TWO, 40),
    ],
)
def test_what_counts(rules: str, bill: Bill, points: int) -> None:
    assert quoted(shop(rules), bill).earned_points == points


TIER = '[[tiers]]\ncode = "t"\nname = "Gold"\nfrom_spend = 0\nmultiplier = 1.5\n'


def times(factor: str, keys: str = "") -> str:
    return f'[[multipliers]]\nname = "Times {factor}"\nfactor = {factor}\n{keys}\n'


@pytest.mark.parametrize(
    ("together", "rules", "points"),
    [
        ("multiply", times("2") + times("3"), 60),
        ("best", times("2") + times("3"), 30),
        ("add", times("2") + times("3"), 40),
        ("multiply", TIER + times("2"), 30),
        ("best", TIER + times("2"), 20),
        ("add", TIER + times("2"), 25),
        ("add", times("0.2") + times("0.3"), 0),
        ("multiply", times("2", 'only = { products = ["pen"] }'), 15),
        ("best", TIER + times("2", 'only = { products = ["pen"] }'), 17),
        ("multiply", TIER + times("2", 'only = { products = ["pen"] }'), 22),
        ("multiply", times("2", 'only = { products = ["mug"] }'), 10),
        ("multiply", times("2", 'when = { weekdays = ["sun"] }'), 10),
    ],
)
def test_how_multipliers_come_together(together: str, rules: str, points: int) -> None:
    head = f'[earning]\nmultipliers = "{together}"\n'
    quote = quoted(shop(head + EACH.replace("10", "1") + "per = 20\n" + rules), TWO)
    assert quote.earned_points == points == sum(step.points for step in quote.adjustments)


def test_a_bill_without_a_customer_earns_nothing_and_who_earns_nothing_hears_why() -> None:
    assert quoted(shop(ORDER), TWO, NOBODY).earnings == ()
    assert "From a bill of" in why(quoted(shop(ORDER + "minimum_bill = 500\n"), TWO))


@pytest.mark.parametrize(("keys", "earned"), [("", 90), ("on_part_paid_by_points = true\n", 100)])
def test_what_a_reward_took_off_was_paid_by_points(keys: str, earned: int) -> None:
    rules = '[[rewards]]\ncode = "r"\nname = "R"\nkind = "percent"\npercent = 10\npoints = 5\n'
    bill = lines("x 1 x 100")
    quote = quoted(
        shop(EACH.replace("10", "1") + "per = 1\n" + keys + rules), bill, having(5), Wish(claims=(Claim("r"),))
    )
    assert quote.earned_points == earned


@pytest.mark.parametrize(
    ("account", "off", "free"),
    [
        (Account("a"), 2_000, True),
        (Account("a", memberships=(Member("m", MONDAY),)), 3_800, True),
        (NOBODY, 0, False),
    ],
)
def test_what_tiers_and_memberships_take_off(account: Account, off: int, free: bool) -> None:
    rules = TIER + "discount_percent = 10\nfree_delivery = true\n"
    rules += '[[memberships]]\ncode = "m"\nname = "Club"\nprice = 1\ndays = 9\ndiscount_percent = 10\n'
    quote = quoted(shop(rules), TWO, account)
    assert (quote.taken_off_minor, quote.free_delivery) == (off, free)


@pytest.mark.parametrize(
    ("step", "bill", "total", "lines_minor"),
    [
        ("1", lines("x 1 x 100.60"), 10_100, (10_100,)),
        ("1", lines("x 1 x 100.49"), 10_000, (10_000,)),
        ("0.05", lines("x 1 x 1.02", "y 1 x 1.01"), 205, (103, 102)),
        ("0.50", lines("x 1 x 1.50"), 150, (150,)),
        ("1", lines("x 1 x 0.30"), 0, (0,)),
    ],
)
def test_the_register_rounds_a_bill_first(step: str, bill: Bill, total: int, lines_minor: tuple[int, ...]) -> None:
    quote = quoted(shop(f"[rounding]\ncash_step = {step}\n"), bill)
    assert (quote.bill.total_minor, tuple(line.total_minor for line in quote.bill.lines)) == (total, lines_minor)
    assert (quote.pay_minor, quote.taken_off_minor) == (total, 0)
