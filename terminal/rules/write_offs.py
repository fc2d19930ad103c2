"""Whether a write-off worked: one order that somebody lists, held against the journal's entries of its customer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from terminal.rules.account import Account
from terminal.rules.bill import bill_of_total
from terminal.rules.conditions import Channel
from terminal.rules.entry import Entry
from terminal.rules.lots import Lot, spendable
from terminal.rules.phrase import Money, Phrase, Points, Refused, Value, phrase
from terminal.rules.programme import Programme
from terminal.rules.quoting import quote_bill
from terminal.rules.redeeming import worth_minor
from terminal.rules.wish import ALL, Moment, Wish


class Verdict(StrEnum):
    """What came of an order's write-off."""

    WORKS = "works"
    NOT_APPLIED = "not-applied"
    WRONG_AMOUNT = "wrong-amount"
    APPLIED_TWICE = "applied-twice"
    NEVER_RELEASED = "never-released"
    NOT_FOUND = "customer-not-found"
    OUTSIDE = "outside"


FAILED = frozenset(
    {Verdict.NOT_APPLIED, Verdict.WRONG_AMOUNT, Verdict.APPLIED_TWICE, Verdict.NEVER_RELEASED, Verdict.NOT_FOUND}
)
"""Verdicts that somebody has to look into."""


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order as a list tells it: `who` is a phone or a card; `expected` points should have been taken, None: it
    is not known. Money in minor units, points in units; `line` is its place in the list."""

    line: int
    number: str
    channel: Channel
    who: str
    total_minor: int
    on: date
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on one order. `balance` and `possible` are points (units) just before, `done` what was taken."""

    order: ListedOrder
    verdict: Verdict
    why: Phrase
    customer_id: str | None = None
    balance: int = 0
    possible: int = 0
    done: int = 0
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Books:
    """A customer's entries in the order of time, and what they are read with: `day_of` a time in UTC ms."""

    customer_id: str
    entries: Sequence[Entry]
    day_of: Callable[[int], date]
    now_ms: int


def not_found(order: ListedOrder) -> Checked:
    """Say that nobody has this phone or card."""
    return Checked(order, Verdict.NOT_FOUND, phrase("Nobody here has “{who}”.", who=order.who))


def check_order(order: ListedOrder, books: Books, programme: Programme) -> Checked:
    """Hold an order against its customer's entries, by the programme that was in force then."""
    sales = _sales_of(order, books)
    moment = _Then(books, _before(order, books, sales))
    held = _held(order, books)
    done = sum(_redeemed(sale, books) for sale in sales)
    possible = _possible(order, books, moment, programme)
    if held:
        verdict, why = (
            Verdict.NEVER_RELEASED,
            phrase("{points} are held for it and were never freed.", points=Points(held)),
        )
    elif len([sale for sale in sales if _spends(sale)]) > 1:
        why = phrase("Booked {count} times, {points} in all.", count=len(sales), points=Points(done))
        verdict = Verdict.APPLIED_TWICE
    elif done:
        verdict, why = _judge_done(done, order.expected, sales[0], programme)
    else:
        verdict, why = _judge_undone(order, moment, possible, booked=bool(sales))
    operator = sales[0].operator if sales else ""
    return Checked(order, verdict, why, books.customer_id, moment.balance, possible, done, operator)


def _judge_undone(order: ListedOrder, then: "_Then", possible: int, *, booked: bool) -> tuple[Verdict, Phrase]:
    if not then.registered:
        return Verdict.OUTSIDE, phrase("The customer was not registered then.")
    if then.balance <= 0:
        return Verdict.OUTSIDE, phrase("The customer had no bonuses then.")
    if not possible:
        return Verdict.OUTSIDE, phrase("The programme in force then took none on this bill.")
    if not booked:
        why = phrase("No sale of this order is in the journal: it went past the programme.")
    elif order.expected == 0:
        return Verdict.WORKS, phrase("None were wanted, none were taken.")
    elif order.expected is None:
        why = phrase("{points} could have been taken; nobody asked for it.", points=Points(possible))
    else:
        why = phrase("{points} were to be taken, none were.", points=Points(order.expected))
    return Verdict.NOT_APPLIED, why


def _judge_done(done: int, expected: int | None, sale: Entry, programme: Programme) -> tuple[Verdict, Phrase]:
    facts = _facts(sale)
    discount = sum(line.get("discount_minor", 0) for line in facts.get("lines", ()))
    for_points = facts["taken_off_minor"] - discount
    worth = worth_minor(programme, done) if programme.redeem is not None and "claims" not in facts else for_points
    if worth != for_points:
        told: dict[str, Value] = {"points": Points(done), "worth": Money(worth), "sum": Money(for_points)}
        return Verdict.WRONG_AMOUNT, phrase("{points} are worth {worth}, and {sum} was taken off.", **told)
    if expected is not None and expected != done:
        counts = {"expected": Points(expected), "done": Points(done)}
        return Verdict.WRONG_AMOUNT, phrase("{expected} were to be taken, {done} were.", **counts)
    return Verdict.WORKS, phrase("{points} were taken; journal, sale and balance agree.", points=Points(done))


class _Then:
    """A customer's account just before a moment, folded from the entries before it."""

    def __init__(self, books: Books, before: int) -> None:
        self.registered = False
        self.balance = self.spend_minor = self.purchases = 0
        self._left: dict[str, int] = {}
        self._days: dict[str, tuple[date, date | None]] = {}
        for entry in books.entries[:before]:
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        facts = _facts(entry)
        self.registered |= entry.kind == "register"
        self.balance += entry.points
        for lot_id, points in facts.get("moves", ()):
            self._left[lot_id] = self._left.get(lot_id, 0) + points
        if "lot" in facts:
            lot = facts["lot"]
            self._left[entry.id] = self._left.get(entry.id, 0) + lot["points"]
            last = lot.get("expires_on")
            self._days[entry.id] = (
                date.fromisoformat(lot["available_from"]),
                date.fromisoformat(last) if last else None,
            )
        if entry.kind == "sale":
            self.spend_minor += facts["total_minor"] - facts["taken_off_minor"]
            self.purchases += 1

    def lots(self) -> tuple[Lot, ...]:
        """The lots as they were; a lot whose beginning is not here is taken for one that never ends."""
        always = (date.min, None)
        return tuple(
            Lot(lot_id, left, left, *self._days.get(lot_id, always)) for lot_id, left in self._left.items() if left
        )


def _possible(order: ListedOrder, books: Books, then: _Then, programme: Programme) -> int:
    lots = then.lots()
    if spendable(lots, order.on) <= 0:
        return 0
    account = Account(books.customer_id, lots, then.spend_minor, purchases=then.purchases)
    moment = Moment(order.on, channel=order.channel)
    quoted = quote_bill(programme, account, bill_of_total(order.total_minor), Wish(ALL), moment)
    return 0 if isinstance(quoted, Refused) else quoted.redeem_points


def _sales_of(order: ListedOrder, books: Books) -> list[Entry]:
    """The sales of an order: by its number, else the one of that day with that total."""
    voided = {entry.sale_id for entry in books.entries if entry.kind == "void"}
    sales = [entry for entry in books.entries if entry.kind == "sale" and entry.sale_id not in voided]
    if order.number:
        # An order of a till may read like the number of one of its sales: the order comes first.
        for numbers in (_order_number, _sale_numbers):
            named = [sale for sale in sales if order.number in numbers(sale)]
            if named:
                return named
    like = [
        sale
        for sale in sales
        if _facts(sale)["total_minor"] == order.total_minor and books.day_of(sale.at_ms) == order.on
    ]
    return like[:1]


def _order_number(sale: Entry) -> tuple[str, ...]:
    return (str(_facts(sale).get("order", "")),)


def _sale_numbers(sale: Entry) -> tuple[str, ...]:
    number = str(_facts(sale).get("number", ""))
    return (number, f"{sale.terminal_id}-{number}")


def _before(order: ListedOrder, books: Books, sales: list[Entry]) -> int:
    """The place of the first entry that the order itself made, or of the first one after its day."""
    ids = {sale.sale_id for sale in sales} | {
        entry.sale_id
        for entry in books.entries
        if entry.kind == "order" and _facts(entry).get("number") == order.number
    }
    for place, entry in enumerate(books.entries):
        if entry.sale_id in ids if ids else books.day_of(entry.at_ms) > order.on:
            return place
    return len(books.entries)


def _redeemed(sale: Entry, books: Books) -> int:
    return -sum(entry.points for entry in books.entries if entry.kind == "redeem" and entry.sale_id == sale.sale_id)


def _spends(sale: Entry) -> bool:
    return bool(_facts(sale)["taken_off_minor"])


def _held(order: ListedOrder, books: Books) -> int:
    """Points that an order still holds although it can no longer be paid."""
    state, until_ms, sale_id = "", None, None
    for entry in books.entries:
        facts = _facts(entry)
        if entry.kind == "order" and facts.get("number") == order.number:
            state, until_ms, sale_id = facts["state"], facts.get("until_ms"), entry.sale_id
    if sale_id is None or state in ("paid", "issued", "closed", "returned"):
        return 0
    if state != "cancelled" and (until_ms is None or until_ms >= books.now_ms):
        return 0
    ours = [entry for entry in books.entries if entry.sale_id == sale_id and entry.kind in ("redeem", "restore")]
    return -sum(entry.points for entry in ours)


def _facts(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(entry.payload)
    return found
