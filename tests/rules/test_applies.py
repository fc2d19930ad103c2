"""When a rule applies: one table of cases for each kind of condition, the same for every rule."""

from datetime import date

import pytest

from terminal.rules.account import Account, Member
from terminal.rules.bill import Bill, Line
from terminal.rules.facts import near_birthday
from terminal.rules.wish import Moment
from tests.rules.quoted import MONDAY, NOBODY, NOW, SOMEBODY, lines, quoted, shop

BILL = Bill(
    (
        Line("pen", 11_500, 1000, "pen", "office", "x", tax_bp=1_500),
        Line("cup", 2_000, 2000, "cup", "home", "y", reduced=True),
    )
)


def applies(conditions: str, account: Account = SOMEBODY, bill: Bill = BILL, moment: Moment = NOW) -> bool:
    """Whether an offer with these conditions takes something off."""
    tier = '[[tiers]]\ncode = "gold"\nname = "Gold"\nfrom_spend = 100\n'
    club = '[[memberships]]\ncode = "club"\nname = "Club"\nprice = 1\ndays = 30\n'
    rules = f'[[offers]]\ncode = "o"\nname = "O"\nkind = "percent"\npercent = 10\n{conditions}\n{tier}{club}'
    return quoted(shop(rules), bill, account, moment=moment).taken_off_minor > 0


@pytest.mark.parametrize(
    ("goods", "off"),
    [
        ("", (1150, 200)),
        ('only = { products = ["pen"] }', (1150, 0)),
        ('only = { categories = ["home"] }', (0, 200)),
        ('only = { brands = ["x", "y"] }', (1150, 200)),
        ('only = { products = ["pen"], categories = ["home"] }', (1150, 200)),
        ('only = { brands = ["x", "y"] }\nexcept = { products = ["pen"] }', (0, 200)),
        ('except = { brands = ["x"] }', (0, 200)),
        ('reduced = "without"', (1150, 0)),
        ('reduced = "only"', (0, 200)),
        ('reduced = "only"\nonly = { products = ["pen"] }', (0, 0)),
    ],
)
def test_goods(goods: str, off: tuple[int, ...]) -> None:
    rules = f'[[offers]]\ncode = "o"\nname = "O"\nkind = "percent"\npercent = 10\n{goods}\n'
    assert quoted(shop(rules), BILL).off_lines == off


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ("minimum_bill = 135", True),
        ("minimum_bill = 135.01", False),
        ('minimum_bill = 120\nminimum_tax = "without"', True),
        ('minimum_bill = 120.01\nminimum_tax = "without"', False),
        ('only = { products = ["pen"] }\nminimum_goods = 115', True),
        ('only = { products = ["pen"] }\nminimum_goods = 100\nminimum_tax = "without"', True),
        ('only = { products = ["pen"] }\nminimum_goods = 100.01\nminimum_tax = "without"', False),
        ("minimum_quantity = 3", True),
        ("minimum_quantity = 4", False),
        ('with_goods = { brands = ["y"] }', True),
        ('with_goods = { brands = ["z"] }', False),
        ('channels = ["store"]', True),
        ('channels = ["site", "manager"]', False),
    ],
)
def test_minimums_company_and_channels(conditions: str, holds: bool) -> None:
    assert applies(conditions) is holds


@pytest.mark.parametrize(
    ("when", "day", "minute", "holds"),
    [
        ("valid_from = 2026-05-04", MONDAY, 0, True),
        ("valid_from = 2026-05-05", MONDAY, 0, False),
        ("valid_until = 2026-05-04", MONDAY, 1439, True),
        ("valid_until = 2026-05-03", MONDAY, 0, False),
        ('weekdays = ["mon"]', MONDAY, 0, True),
        ('weekdays = ["sat", "sun"]', MONDAY, 0, False),
        ('weekdays = ["sat", "sun"]', date(2026, 5, 10), 0, True),
        ('hours = ["17:00-19:00"]', MONDAY, 17 * 60, True),
        ('hours = ["17:00-19:00"]', MONDAY, 19 * 60, False),
        ('hours = ["17:00-19:00", "08:00-09:00"]', MONDAY, 8 * 60 + 59, True),
        ('hours = ["22:00-02:00"]', MONDAY, 60, True),
        ('hours = ["22:00-02:00"]', MONDAY, 12 * 60, False),
    ],
)
def test_days_and_hours(when: str, day: date, minute: int, holds: bool) -> None:
    assert applies(f"when = {{ {when} }}", moment=Moment(day, minute)) is holds


@pytest.mark.parametrize(
    ("birthday", "on", "before", "after", "near"),
    [
        (date(1990, 5, 4), date(2026, 5, 4), 0, 0, True),
        (date(1990, 5, 4), date(2026, 5, 5), 0, 0, False),
        (date(1990, 5, 4), date(2026, 5, 5), 0, 1, True),
        (date(1990, 5, 4), date(2026, 5, 1), 3, 0, True),
        (date(1990, 5, 4), date(2026, 4, 30), 3, 0, False),
        (date(1990, 1, 2), date(2025, 12, 30), 3, 0, True),
        (date(1990, 12, 30), date(2026, 1, 2), 0, 3, True),
        (date(1996, 2, 29), date(2026, 2, 28), 0, 0, True),
        (date(1996, 2, 29), date(2026, 3, 1), 0, 0, False),
        (date(1996, 2, 29), date(2028, 2, 29), 0, 0, True),
        (date(1996, 2, 29), date(2028, 2, 28), 0, 0, False),
        (date(1996, 2, 29), date(2100, 2, 28), 0, 0, True),
        (date(1, 1, 1), date(1, 1, 1), 9, 9, True),
        (date(9999, 12, 31), date(9999, 12, 31), 9, 9, True),
    ],
)
def test_around_a_birthday(birthday: date, on: date, before: int, after: int, near: bool) -> None:
    assert near_birthday(birthday, on, before, after) is near
    if 2020 < on.year < 2200:
        keys = f"when = {{ birthday = {{ days_before = {before}, days_after = {after} }} }}"
        assert applies(keys, Account("a", birthday=birthday), moment=Moment(on)) is near
        assert not applies(keys, SOMEBODY, moment=Moment(on))


@pytest.mark.parametrize(
    ("who", "account", "holds"),
    [
        ("registered = true", SOMEBODY, True),
        ("registered = true", NOBODY, False),
        ("", NOBODY, True),
        ('groups = ["vip", "staff"]', Account("a", groups=frozenset({"vip"})), True),
        ('groups = ["vip"]', SOMEBODY, False),
        ('groups = ["vip"]', NOBODY, False),
        ('tiers = ["gold"]', Account("a", spend_minor=10_000), True),
        ('tiers = ["gold"]', Account("a", spend_minor=9_999), False),
        ('tiers = ["gold"]', Account("", spend_minor=10_000), False),
        ('memberships = ["club"]', Account("a", memberships=(Member("club", MONDAY),)), True),
        ('memberships = ["club"]', Account("a", memberships=(Member("club", date(2026, 5, 3)),)), False),
        ('customers = ["a", "7"]', SOMEBODY, True),
        ('customers = ["b", "7"]', SOMEBODY, False),
        ('customers = ["b", "7"]', Account("a", cards=frozenset({"7"})), True),
        ("subscribers = true", Account("a", subscriber=True), True),
        ("subscribers = true", SOMEBODY, False),
        ("first_purchase = true", SOMEBODY, True),
        ("first_purchase = true", Account("a", purchases=1), False),
        ("first_purchase = true", NOBODY, False),
        ('groups = ["vip"], subscribers = true', Account("a", groups=frozenset({"vip"})), False),
    ],
)
def test_who(who: str, account: Account, holds: bool) -> None:
    assert applies(f"who = {{ {who} }}", account) is holds


def test_the_same_conditions_hold_for_every_kind_of_rule() -> None:
    never = 'when = { valid_until = 2020-01-01 }\nonly = { products = ["pen"] }\n'
    kinds = (
        '[[earn]]\nkind = "per-order"\npoints = 1\n{0}',
        '[[earn]]\nkind = "per-order"\npoints = 1\n[[multipliers]]\nname = "M"\nfactor = 2\n{0}',
        '[[offers]]\ncode = "o"\nname = "O"\nkind = "money"\namount = 1\n{0}',
        '[[stamps]]\ncode = "s"\nname = "S"\nneeded = 5\n{0}',
    )
    for kind in kinds:
        now, then = (quoted(shop(kind.format(keys)), lines("pen 1 x 5")) for keys in ("", never))
        told = (now.earned_points, now.taken_off_minor, now.stamps)
        assert told != (then.earned_points, then.taken_off_minor, then.stamps), kind
