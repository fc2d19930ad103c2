"""Strategies of whole programmes, written as the owner writes them, and of the bills and customers they meet."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from terminal.rules.account import Account, Coupon, Member, PeriodFigures
from terminal.rules.bill import Bill, Line
from terminal.rules.document import ProgrammeError, read_programme
from terminal.rules.lots import Lot
from terminal.rules.programme import Programme
from terminal.rules.wish import ALL, Claim, Moment, Wish

TODAY = date(2026, 5, 4)
CATEGORIES = ("food", "coffee", "delivery", "")
PRODUCTS = ("a", "b", "c", "")
BRANDS = ("x", "y", "")
GROUPS = ("staff", "vip")
CODES = ("o0", "o1", "o2", "e0", "k0", "k1", "s0", "nothing")

Tables = dict[str, Any]
Drawn = st.SearchStrategy[Any]


def some(**keys: Drawn) -> st.SearchStrategy[Tables]:
    """A table with a few of these keys: with more of them a rule hardly ever applies."""
    few = st.lists(st.sampled_from(sorted(keys)), max_size=2, unique=True)
    return few.flatmap(lambda chosen: st.fixed_dictionaries({key: keys[key] for key in chosen}))


def _words(words: tuple[str, ...]) -> Drawn:
    return st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True)


def _number(least: str, most: str, places: int = 2) -> Drawn:
    return st.decimals(least, most, places=places).map(float)


DAYS = st.integers(-3, 3).map(lambda days: TODAY + timedelta(days))
MONEY = _number("0.01", "200")
SHARE = _number("0.5", "100", 1)
RATIO = _number("0.1", "5")
GOODS = some(products=_words(PRODUCTS), categories=_words(CATEGORIES), brands=_words(BRANDS)).filter(bool)
CHOSEN = {"only": GOODS, "except": GOODS, "reduced": st.sampled_from(["any", "without", "only"])}
CONDITIONS = CHOSEN | {
    "minimum_bill": MONEY,
    "minimum_goods": MONEY,
    "minimum_quantity": st.integers(0, 4),
    "minimum_tax": st.sampled_from(["with", "without"]),
    "with_goods": GOODS,
    "channels": st.just(["store", "site"]),
    "when": some(
        valid_from=DAYS,
        weekdays=st.just(["mon", "tue"]),
        hours=st.just(["09:00-18:00"]),
        birthday=some(days_before=st.integers(0, 9), days_after=st.integers(0, 9)),
    ),
    "who": some(
        registered=st.booleans(),
        groups=_words(GROUPS),
        memberships=st.just(["m0"]),
        customers=st.just(["a", "card-1"]),
        subscribers=st.booleans(),
        first_purchase=st.booleans(),
    ),
}


def _kind(name: str, needed: Mapping[str, Drawn], **optional: Drawn) -> st.SearchStrategy[Tables]:
    kind = st.fixed_dictionaries({"kind": st.just(name), **needed})
    return st.builds(_together, kind, some(**CONDITIONS), some(**optional))


def _together(*tables: Tables) -> Tables:
    return {key: value for table in tables for key, value in table.items()}


EARN_TERMS: dict[str, Drawn] = {
    "pending_days": st.integers(0, 3),
    "base": st.sampled_from(["with", "without"]),
    "after_discounts": st.booleans(),
    "on_part_paid_by_points": st.booleans(),
    "best_of": st.just("best"),
}
EARN = st.one_of(
    _kind("per-amount", {"points": RATIO, "per": MONEY}, whole_steps=st.booleans(), **EARN_TERMS),
    _kind("cashback", {"percent": SHARE}, **EARN_TERMS),
    _kind("per-unit", {"points": RATIO}, **EARN_TERMS),
    _kind("per-order", {"points": RATIO}, **EARN_TERMS),
)
OFFER_TERMS: dict[str, Drawn] = {
    "cap": MONEY,
    "best_of": st.just("best"),
    "needs_code": st.booleans(),
    "personal": st.booleans(),
    "uses_in_all": st.integers(1, 3),
    "uses_per_customer": st.integers(1, 2),
}
OFFER = st.one_of(
    _kind("percent", {"percent": SHARE}, of=st.sampled_from(["goods", "cheapest", "dearest"]), **OFFER_TERMS),
    _kind("money", {"amount": MONEY}, **OFFER_TERMS),
    _kind("gift", {"product": st.sampled_from(PRODUCTS[:3])}, quantity=st.integers(1, 3), **OFFER_TERMS),
    _kind("buy-get", {"buy": st.integers(1, 3)}, get=st.integers(1, 2), percent=SHARE, **OFFER_TERMS),
    _kind("free-delivery", {}, **OFFER_TERMS),
)
POINTS = st.integers(1, 20)
REWARD_TERMS: dict[str, Drawn] = {"most_per_bill": st.integers(1, 2)}
REWARD = st.one_of(
    _kind("handed-over", {"points": POINTS}, **REWARD_TERMS),
    _kind("product", {"points": POINTS, "product": st.sampled_from(PRODUCTS[:3])}, pack=POINTS, **REWARD_TERMS),
    _kind("percent", {"points": POINTS, "percent": SHARE}, cap=MONEY, **REWARD_TERMS),
    _kind("money", {"points": POINTS, "amount": MONEY}, **REWARD_TERMS),
)
MULTIPLIER = st.builds(
    _together, st.fixed_dictionaries({"name": st.just("Times"), "factor": RATIO}), some(**CONDITIONS)
)
STAMPS = st.builds(
    _together,
    st.fixed_dictionaries({"name": st.just("Card"), "needed": st.integers(1, 4)}),
    some(**CONDITIONS),
    some(stamp_per=st.sampled_from(["piece", "visit"]), percent=SHARE),
)
REDEEM = st.builds(
    _together,
    st.fixed_dictionaries({"money_per_point": RATIO}),
    some(**CHOSEN),
    some(
        block=st.integers(1, 5),
        max_share_percent=SHARE,
        keep_at_least=st.integers(0, 5),
        minimum_bill=MONEY,
        earn_or_spend=st.booleans(),
    ),
    some(spend_earned_at_once=st.booleans()),
)
ADVANTAGES = some(multiplier=RATIO, discount_percent=SHARE, free_delivery=st.booleans())
ROUNDINGS = st.sampled_from(["down", "half-up", "half-even"])


@st.composite
def whole_programmes(draw: st.DrawFn) -> Programme:
    """Any programme that can be published: what the checks refuse is drawn anew."""

    def coded(prefix: str, kind: Drawn, most: int = 3) -> list[Tables]:
        return [{"code": f"{prefix}{n}"} | table for n, table in enumerate(draw(st.lists(kind, max_size=most)))]

    tables: Tables = {
        "name": "T",
        "number": 1,
        "valid_from": date(2020, 1, 1),
        "currency": "UAH",
        "points_decimals": draw(st.integers(0, 2)),
        "rounding": draw(some(points=ROUNDINGS, money=ROUNDINGS, cash_step=st.sampled_from([0.1, 0.5, 1]))),
        "redeem": draw(REDEEM),
        "earn": coded("e", EARN),
        "multipliers": draw(st.lists(MULTIPLIER, max_size=3)),
        "earning": {"multipliers": draw(st.sampled_from(["multiply", "best", "add"]))},
        "offers": [table | {"name": "Offer"} for table in coded("o", OFFER, 4)],
        "rewards": [table | {"name": "Reward"} for table in coded("r", REWARD, 2)],
        "stamps": coded("s", STAMPS, 2),
        "tiers": [{"code": "t0", "name": "Silver", "from_spend": 100} | draw(ADVANTAGES)],
        "memberships": [
            {"code": "m0", "name": "Prime", "price": 5, "days": 30}
            | {key: value for key, value in draw(ADVANTAGES).items() if key != "multiplier"}
        ],
        "expiry": draw(some(after_days=st.integers(1, 99), end_of=st.sampled_from(["month", "year"]))),
    }
    opening = [table["code"] for table in (*tables["offers"], *tables["earn"])]
    tables["promo_codes"] = [
        {"code": f"k{n}", "opens": code} | draw(some(uses_per_customer=st.just(1), valid_until=DAYS))
        for n, code in enumerate(opening[:2])
    ]
    return _read(tables)


def _read(tables: Tables) -> Programme:
    """Take out what the checks name until the programme can be published."""
    for _ in range(60):
        try:
            return read_programme("\n".join(f"{key} = {_toml(value)}" for key, value in tables.items()))
        except ProgrammeError as refused:
            _take_out(tables, refused.mistakes[0].place)
    raise AssertionError("no programme came of it")


def _toml(value: object) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def _take_out(tables: Tables, place: str) -> None:
    """Take out what stands at a place such as offers[1].when, or the table that lacks something there."""
    path = [int(part) if part.isdigit() else part for part in re.findall(r"\w+", place)]
    found: Any = tables
    holders: list[tuple[Any, Any]] = []
    for part in path:
        holders.append((found, part))
        if isinstance(found, dict) and part not in found:
            break
        found = found[part]
    holder, part = holders.pop()
    if (isinstance(holder, dict) and part not in holder) or part in ("kind", "code", "name"):
        holder, part = next(pair for pair in reversed(holders) if isinstance(pair[1], int))
    del holder[part]


BILLS = st.lists(
    st.builds(
        Line,
        st.just("x"),
        st.integers(-50, 300).map(lambda coins: coins * 99),
        st.sampled_from([1000, 1000, 2000, 5000, 350]),
        st.sampled_from(PRODUCTS),
        st.sampled_from(CATEGORIES),
        st.sampled_from(BRANDS),
        st.booleans(),
        st.sampled_from([0, 2_000]),
    ),
    min_size=1,
    max_size=6,
).map(lambda lines: Bill(tuple(lines)))

LOT = st.builds(Lot, st.uuids().map(str), st.integers(-50, 9_000), st.integers(0, 9_000), DAYS, st.none() | DAYS)
USABLE = st.integers(0, 9_000).map(lambda points: Lot("usable", points, points, date(2026, 1, 1), None))
LOTS = st.builds(
    lambda usable, more: (usable, *more), USABLE, st.lists(LOT, max_size=2, unique_by=lambda lot: lot.id)
)
COUNTS = st.dictionaries(st.sampled_from(CODES), st.integers(0, 6), max_size=3)
COUPON = st.builds(
    Coupon, st.just("Personal"), st.sampled_from(CODES), DAYS, DAYS, st.sampled_from(["", "a", "b"]), st.booleans()
)
ACCOUNTS = st.builds(
    Account,
    customer_id=st.sampled_from(["a", "a", "a", "b", ""]),
    lots=LOTS,
    spend_minor=st.integers(5_000, 30_000),
    periods=st.just(()) | st.tuples(st.builds(PeriodFigures, st.integers(0, 30_000), st.integers(0, 300))),
    purchases=st.integers(0, 2),
    last_purchase=st.none() | DAYS,
    birthday=st.none()
    | st.dates(date(1930, 1, 1), date(2020, 1, 1))
    | DAYS.map(lambda day: day.replace(year=1996)),
    subscriber=st.booleans(),
    groups=st.frozensets(st.sampled_from(GROUPS)),
    cards=st.frozensets(st.just("card-1")),
    memberships=st.just(()) | st.tuples(st.builds(Member, st.just("m0"), DAYS)),
    offers=st.frozensets(st.sampled_from(CODES)),
    coupons=st.just(()) | st.tuples(COUPON),
    stamps=COUNTS,
    used=COUNTS,
    used_in_all=COUNTS,
    leased=st.none() | st.frozensets(st.sampled_from(CODES)),
)
CLAIMS = st.lists(st.builds(Claim, st.sampled_from(["r0", "r0", "r1", "no"]), st.integers(0, 3)), max_size=3)
WISHES = st.builds(
    Wish,
    redeem=st.sampled_from([ALL, ALL, 0]) | st.integers(-3, 60),
    codes=st.lists(st.sampled_from(["K0", "k1 ", "K0", "personal", "?"]), max_size=3).map(tuple),
    claims=CLAIMS.map(tuple),
)
MOMENTS = st.builds(
    Moment,
    st.just(TODAY) | DAYS,
    st.just(720) | st.integers(0, 1439),
    st.sampled_from(["store", "store", "manager"]),
)
