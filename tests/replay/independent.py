"""The replay's figures computed a second time: plain Python that shares no code with the till.

It goes customer by customer instead of day by day, and takes a programme as constants instead of a document.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True)
class Percent:
    """So much of the bill back; sums in cents, `wait` in days."""

    percent: Fraction
    from_cents: int = 0
    wait: int = 0
    on_paid_with_points: bool = False


@dataclass(frozen=True)
class Each:
    """So many parts of a point for each sum; only for full sums when `full`."""

    parts: Fraction
    per_cents: int
    full: bool = True
    from_cents: int = 0
    wait: int = 0
    on_paid_with_points: bool = False


@dataclass(frozen=True)
class Terms:
    """A programme: a part of a point is worth `worth` cents; blocks and what is kept are in parts."""

    earn: tuple[Percent | Each, ...]
    worth: Fraction
    block: int = 1
    share: int = 100
    keep: int = 0
    from_cents: int = 0
    life: int | None = None
    tiers: tuple[tuple[int, Fraction], ...] = ()
    round_points: str = "down"
    round_money: str = "half-up"


@dataclass(frozen=True)
class Row:
    """One purchase of the file."""

    day: date
    customer: str
    cents: int


@dataclass
class Result:
    """What it all comes to; balances by the file's name of the customer.

    `sales` are customer, day, cents, cents taken off, parts of points spent and earned; `lots` are what is left:
    customer, first day, last day, parts of points.
    """

    balances: dict[str, int] = field(default_factory=dict)
    sales: list[tuple[str, date, int, int, int, int]] = field(default_factory=list)
    lots: list[tuple[str, date, date, int]] = field(default_factory=list)
    earned: int = 0
    redeemed: int = 0
    expired: int = 0
    taken_off: int = 0


@dataclass
class _Lot:
    first: date
    last: date
    left: int


def rounded(exact: Fraction, way: str) -> int:
    """Round a number that is not negative."""
    below = exact.numerator // exact.denominator
    rest = exact - below
    if way == "half-up" and rest >= Fraction(1, 2):
        return below + 1
    if way == "half-even" and (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2 == 1)):
        return below + 1
    return below


def wants(policy: str, seed: int, row: Row, nth: int) -> bool:
    """Tell whether the customer redeems, as the documentation states it."""
    if policy == "sometimes":
        return sha256(f"{seed}:{row.customer}:{row.day:%Y-%m-%d}:{nth}".encode()).digest()[0] % 3 == 0
    return policy == "all"


def most(terms: Terms, cents: int, free: int) -> int:
    """Return the parts of points that a bill takes from somebody who has `free` of them."""
    if cents < terms.from_cents:
        return 0
    by_share = Fraction(cents * terms.share // 100) / terms.worth
    parts = min(rounded(by_share, "down"), max(0, free - terms.keep))
    if terms.block > 1:
        parts -= parts % terms.block
    return parts if rounded(parts * terms.worth, terms.round_money) > 0 else 0


def earned_by(terms: Terms, rule: Percent | Each, cents: int, off: int, spent: int) -> int:
    """Return the parts of points that one rule gives."""
    if cents < rule.from_cents:
        return 0
    base = Fraction(cents if rule.on_paid_with_points else cents - off)
    if isinstance(rule, Percent):
        exact = base * rule.percent / 100 / terms.worth
    else:
        times = base / rule.per_cents
        exact = rule.parts * (rounded(times, "down") if rule.full else times)
    factor = Fraction(1)
    for from_cents, multiplier in terms.tiers:
        if spent >= from_cents:
            factor = multiplier
    return rounded(exact * factor, terms.round_points)


def compute(rows: Iterable[Row], terms: Terms, policy: str, seed: int) -> Result:
    """Compute every balance on the morning of the file's last day, and after that day's purchases."""
    by_customer: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_customer[row.customer].append(row)
    end = max(row.day for purchases in by_customer.values() for row in purchases)
    result = Result()
    for customer, purchases in by_customer.items():
        result.balances[customer] = _customer(
            sorted(purchases, key=lambda row: row.day), terms, policy, seed, end, result
        )
    return result


def _customer(purchases: list[Row], terms: Terms, policy: str, seed: int, end: date, result: Result) -> int:
    lots: list[_Lot] = []
    spent = 0
    for nth, row in enumerate(purchases, start=1):
        usable = [lot for lot in lots if lot.first <= row.day <= lot.last]
        parts = 0
        if wants(policy, seed, row, nth):
            parts = most(terms, row.cents, sum(lot.left for lot in usable))
        off = rounded(parts * terms.worth, terms.round_money)
        result.redeemed += parts
        result.taken_off += off
        spent_parts, earned_before = parts, result.earned
        for lot in sorted(usable, key=lambda lot: (lot.last, lot.first)):
            taken = min(parts, lot.left)
            lot.left -= taken
            parts -= taken
        for rule in terms.earn:
            gain = earned_by(terms, rule, row.cents, off, spent)
            first = row.day + timedelta(days=rule.wait)
            lots.append(_Lot(first, first + timedelta(days=terms.life) if terms.life else date.max, gain))
            result.earned += gain
        result.sales.append((row.customer, row.day, row.cents, off, spent_parts, result.earned - earned_before))
        spent += row.cents - off
    result.lots += [(purchases[0].customer, lot.first, lot.last, lot.left) for lot in lots if lot.last >= end]
    gone = sum(lot.left for lot in lots if lot.last < end)
    result.expired += gone
    return sum(lot.left for lot in lots) - gone


def read_cdnow(path: Path) -> list[Row]:
    """Read the file as it is: columns by spaces, a line of names first."""
    rows = []
    for line in path.read_text(encoding="ascii").split("\n")[1:]:
        if line.strip():
            customer, day, _, dollars = line.split()
            whole, cents = dollars.split(".")
            at = date(int(day[:4]), int(day[4:6]), int(day[6:]))
            rows.append(Row(at, customer, int(whole) * 100 + int(cents)))
    return rows
