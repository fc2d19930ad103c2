"""Replay: purchases of the past through the use-cases of every day, on a ledger of their own."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.resources import files
from random import Random
from typing import Literal, TypeVar

from terminal import desk
from terminal.desk.purchases import Purchase
from terminal.desk.till import Shop, Till
from terminal.ledger import shop as ledger_shop
from terminal.ledger.ledger import Ledger
from terminal.ledger.shop import Operator
from terminal.ledger.sums import Sums, sums
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Phrase, Refused, phrase
from terminal.rules.programme import Programme
from terminal.rules.quote import ALL, Quote

Policy = Literal["none", "all", "sometimes"]
Progress = Callable[[int, int], None]
"""Gets what is done and the whole of it."""

TERMINAL = "replay"
_REPLAYER = Operator("replay", "Replay", "cashier")
_COUNTRY = "UA"
_NIGHT = time(3, 0)
_NOON = time(12, 0)
_BATCH = 500
_CARD = re.compile(r"[0-9A-Z-]+")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is replayed: purchases in order, the programme with its text, who redeems, and the seed."""

    purchases: tuple[Purchase, ...]
    programme: Programme
    document: str
    redeem: Policy
    seed: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the ledger adds up to, and everything that does not agree."""

    sums: Sums
    faults: tuple[Phrase, ...]

    @property
    def ok(self) -> bool:
        """Tell whether everything agreed."""
        return not self.faults


class ReplayStopped(Exception):
    """A use-case refused the purchase of a line of the file; `reason` says why."""

    def __init__(self, line: int, reason: Phrase) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"line {line}: {reason.text.format(**dict(reason.values))}")


def default_programme() -> str:
    """Return the programme that is replayed when none is given, as TOML."""
    return (files(__package__) / "replay_programme.toml").read_text(encoding="utf-8")


def redeems(policy: Policy, seed: int, purchase: Purchase, nth: int) -> bool:
    """Tell whether the customer redeems at this purchase, their `nth` (from 1) of the file.

    "sometimes" is about every third purchase: the first byte of SHA-256 of "seed:customer:day:nth" divides by 3.
    """
    if policy != "sometimes":
        return policy == "all"
    told = f"{seed}:{purchase.customer}:{purchase.day.isoformat()}:{nth}"
    return hashlib.sha256(told.encode()).digest()[0] % 3 == 0


def play(ledger: Ledger, plan: Plan, progress: Progress) -> "Told":
    """Play every purchase on an empty ledger; return what the customers were told.

    `progress` hears of sales that are booked. Raises `ReplayStopped`; what was booked before stays.
    """
    player = _Player(ledger, plan)
    whole = len(plan.purchases)
    for start in range(0, whole, _BATCH):
        batch = plan.purchases[start : start + _BATCH]
        # One transaction for many sales: a scratch ledger promises nothing to anybody between two of them.
        with ledger.atomic():
            for purchase in batch:
                player.play(purchase)
        progress(start + len(batch), whole)
    return player.told


def check(ledger: Ledger, told: "Told", progress: Progress) -> Replayed:
    """Compare what was told with what is booked, then prove the ledger; `progress` hears of entries."""
    booked = sums(ledger)
    return Replayed(booked, (*told.differences(booked), *verify_ledger(ledger, progress).faults))


@dataclass(slots=True)
class Told:
    """What customers were told, added up beside the ledger: sums in minor units, points in units."""

    sales: int = 0
    customers: int = 0
    total_minor: int = 0
    taken_off_minor: int = 0
    earned: int = 0
    redeemed: int = 0
    expired: int = 0

    def add(self, shown: Quote) -> None:
        """Add a sale as it was quoted."""
        self.sales += 1
        self.total_minor += shown.bill.total_minor
        self.taken_off_minor += shown.taken_off_minor
        self.earned += shown.earned_points
        self.redeemed += shown.redeem_points

    def differences(self, booked: Sums) -> list[Phrase]:
        """Return what the ledger adds up to otherwise."""
        pairs = {
            "sales": (self.sales, booked.sales),
            "customers": (self.customers, booked.customers),
            "voided": (0, booked.voided),
            "total": (self.total_minor, booked.total_minor),
            "taken off": (self.taken_off_minor, booked.taken_off_minor),
            "earned": (self.earned, booked.earned),
            "redeemed": (self.redeemed, booked.redeemed),
            "expired": (self.expired, booked.expired),
            "outstanding": (self.earned - self.redeemed - self.expired, booked.points),
        }
        return [
            phrase("“{figure}”: {told} was told, {booked} is booked.", figure=figure, told=told, booked=found)
            for figure, (told, found) in pairs.items()
            if told != found
        ]


class _Player:
    """The counter of the past: its till, its day and the customers who have come so far."""

    def __init__(self, ledger: Ledger, plan: Plan) -> None:
        self.plan = plan
        self.told = Told()
        self.day: date | None = None
        self.moment = datetime(1970, 1, 1, tzinfo=UTC)
        self.customer_ids: dict[str, str] = {}
        self.visits: Counter[str] = Counter()
        programme = plan.programme
        shop = Shop(programme.name, (), "en", programme.currency, _COUNTRY, UTC)
        self.till = Till(ledger, lambda: self.moment, Random(plan.seed), shop)
        # The programme is in force for the whole file, whatever day it names.
        days = [programme.valid_from, *(purchase.day for purchase in plan.purchases[:1])]
        with ledger.atomic():
            ledger_shop.publish(ledger, programme.number, min(days), plan.document, 0)

    def play(self, purchase: Purchase) -> None:
        """Serve one customer: the night before if the day is new, registration, quote, sale."""
        if purchase.day != self.day:
            self._open(purchase.day)
        customer_id = self.customer_ids.get(purchase.customer) or self._register(purchase)
        self.visits[customer_id] += 1
        wanted = redeems(self.plan.redeem, self.plan.seed, purchase, self.visits[customer_id])
        bill = bill_of_total(purchase.amount_minor)
        shown = _done(desk.quote(self.till, customer_id, bill, ALL if wanted else 0), purchase)
        _done(desk.complete(self.till, shown, bill, _REPLAYER), purchase)
        self.told.add(shown)

    def _open(self, day: date) -> None:
        self.day = day
        self.moment = datetime.combine(day, _NIGHT, UTC)
        self.told.expired += desk.expire(self.till)
        self.moment = datetime.combine(day, _NOON, UTC)

    def _register(self, purchase: Purchase) -> str:
        """Register a customer at the first purchase; the phone is invented (there are ten million of them)."""
        number = len(self.customer_ids)
        card = f"REPLAY-{purchase.customer}" if _CARD.fullmatch(purchase.customer) else ""
        new = desk.NewCustomer(purchase.customer, f"+38067{number:07d}", card, agreed=True)
        customer_id = _done(desk.register(self.till, new, _REPLAYER), purchase)
        self.customer_ids[purchase.customer] = customer_id
        self.told.customers += 1
        return customer_id


def _done(answer: _T | Refused, purchase: Purchase) -> _T:
    if isinstance(answer, Refused):
        raise ReplayStopped(purchase.line, answer.reason)
    return answer
