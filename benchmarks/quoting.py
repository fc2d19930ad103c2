"""A quote under a large programme, beside the least that any code must do: look at each line once for each rule."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from math import log
from random import Random

from benchmarks.report import Row
from benchmarks.timing import Pair
from terminal.rules.account import Account
from terminal.rules.bill import Bill, Line
from terminal.rules.document import read_programme
from terminal.rules.lots import Lot
from terminal.rules.quote import Quote
from terminal.rules.quoting import quote_bill
from terminal.rules.wish import ALL, Moment, Wish

_TODAY = date(2026, 5, 4)
_NOW = Moment(_TODAY)
_CATEGORIES = 40
_BRANDS = 60
_WARM_UP = 20
_GOAL = 15
_GOAL_P99_MS = 10


@dataclass(frozen=True)
class Large:
    """A bill and a programme of so many lines, earn rules and multipliers, and offers that are live."""

    lines: int
    rules: int
    offers: int


WHOLE = Large(lines=50, rules=100, offers=200)
"""The size that the goal is set for."""

STEPS = (
    Large(13, 25, 50),
    Large(25, 50, 100),
    Large(50, 50, 100),
    WHOLE,
    Large(100, 100, 200),
    Large(100, 200, 400),
)
"""From an eighth of it to four times as much."""


def quoting_rows(calls: int) -> list[Row]:
    """Quote at each size; the last row is how the time grows with lines x rules."""
    pairs = {size: _measured(size, calls if size == WHOLE else max(1, calls // 4)) for size in STEPS}
    whole = pairs[WHOLE]
    rows = [
        Row.compared(
            "quote of 50 lines, 100 rules, 200 live offers",
            whole.ours,
            whole.baseline,
            goal_ratio=_GOAL,
            goal_p99=_GOAL_P99_MS,
        )
    ]
    points = [(size.lines * (size.rules + size.offers), pair.ours.median_ns) for size, pair in pairs.items()]
    return [*rows, _grows(points, calls)]


def _grows(points: list[tuple[int, int]], calls: int) -> Row:
    """Fit the times to a power of lines x rules, by least squares of the logarithms: 1 is linear."""
    xs, ys = [log(work) for work, _ in points], [log(took) for _, took in points]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    slope /= sum((x - middle_x) ** 2 for x in xs)
    return Row(
        what="quote: its time grows with lines x rules to this power (1,000 to 60,000 of them)",
        unit="power",
        median=slope,
        baseline=1,
        ratio=slope,
        goal_ratio=1,
        calls=calls,
    )


def _measured(size: Large, calls: int) -> Pair:
    programme, chance = read_programme(programme_text(size)), Random(4)
    account = Account("a", (Lot("lot", 500, 500, _TODAY, _TODAY + timedelta(90)),), 150_000)
    words = [f"c{place % _CATEGORIES}" for place in range(size.rules + size.offers)]
    pair = Pair()
    for place in range(calls + _WARM_UP):
        if place == _WARM_UP:
            pair = Pair()
        bill = bill_of(size.lines, chance)
        ours: Callable[[], object] = partial(quote_bill, programme, account, bill, Wish(ALL), _NOW)
        pair.run(partial(_one_pass, bill.lines, words), ours)
    assert isinstance(ours(), Quote)
    return pair


def _one_pass(lines: tuple[Line, ...], words: list[str]) -> int:
    found = 0
    for word in words:
        for line in lines:
            if line.category == word:
                found += 1
    return found


def bill_of(lines: int, chance: Random) -> Bill:
    """Return a bill of so many different products."""
    return Bill(
        tuple(
            Line(
                f"product {number}",
                chance.randrange(500, 40_000),
                1000 * chance.randint(1, 3),
                f"p{chance.randrange(2_000)}",
                f"c{chance.randrange(_CATEGORIES)}",
                f"b{chance.randrange(_BRANDS)}",
                reduced=chance.random() < 0.1,
                tax_bp=2_000,
            )
            for number in range(lines)
        )
    )


def programme_text(size: Large) -> str:
    """Write a programme: two rules of three give points and the third multiplies, offers are of every kind."""
    head = 'name = "Large"\nnumber = 1\nvalid_from = 2020-01-01\ncurrency = "UAH"\npoints_decimals = 2\n'
    head += "[redeem]\nmoney_per_point = 1\nmax_share_percent = 50\n"
    head += '[[tiers]]\ncode = "gold"\nname = "Gold"\nfrom_spend = 1000\nmultiplier = 1.5\ndiscount_percent = 2\n'
    rules = [_multiplier(n) if n % 3 == 2 else _earn(n) for n in range(size.rules)]
    return head + "\n".join([*rules, *(_offer(n) for n in range(size.offers))])


def _earn(n: int) -> str:
    about = (f'categories = ["c{n % _CATEGORIES}"]', f'brands = ["b{n % _BRANDS}", "b{n * 7 % _BRANDS}"]')[n % 2]
    return f"""[[earn]]
kind = "{"cashback" if n % 4 else "per-unit"}"
{"percent = 1" if n % 4 else "points = 2"}
only = {{ {about} }}
except = {{ categories = ["tobacco"] }}
minimum_goods = 20
pending_days = {n % 3}
"""


def _multiplier(n: int) -> str:
    return f"""[[multipliers]]
name = "Times {n}"
factor = 1.1
only = {{ categories = ["c{n % _CATEGORIES}"] }}
when = {{ weekdays = ["mon", "tue", "sun"] }}
"""


def _offer(n: int) -> str:
    kinds = (
        f'kind = "percent"\npercent = 5\nonly = {{ categories = ["c{n % _CATEGORIES}"] }}',
        f'kind = "money"\namount = 3\nonly = {{ brands = ["b{n % _BRANDS}"] }}\nreduced = "without"',
        f'kind = "buy-get"\nbuy = 2\nonly = {{ categories = ["c{n % _CATEGORIES}", "c{n * 3 % _CATEGORIES}"] }}',
        f'kind = "percent"\npercent = {1 + n % 9}\nbest_of = "bill"\nminimum_bill = {n * 40}',
        f'kind = "percent"\npercent = 20\nof = "cheapest"\nonly = {{ products = ["p{n}", "p{n * 9}"] }}',
    )
    return f"""[[offers]]
code = "o{n}"
name = "Offer {n}"
{kinds[n % len(kinds)]}
when = {{ valid_from = 2026-01-01, valid_until = 2026-12-31 }}
cap = 200
"""
