"""Whether a write-off worked: one order that somebody lists, held against the journal's entries of its customer."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from terminal.rules.account import Account
from terminal.rules.bill import bill_of_total
from terminal.rules.entry import Entry
from terminal.rules.lots import Lot, spendable
from terminal.rules.phrase import Money, Phrase, Points, Refused, Value, phrase
from terminal.rules.programme import Programme
from terminal.rules.quoting import quote_bill
from terminal.rules.redeeming import worth_minor
from terminal.rules.verdict import FAILED, Books, Cause, Checked, ListedOrder, Step, ToldSale, Verdict
from terminal.rules.wish import ALL, Moment, Wish

_HOLDING = ("redeem", "restore", "order_settled")
"""Kinds that hold bonuses for an order, or free them."""

_Judged = tuple[Verdict, Cause, Phrase]


def not_found(order: ListedOrder) -> Checked:
    """Say that nobody has this phone or card."""
    return Checked(order, Verdict.NOT_FOUND, Cause.NOBODY, phrase("Nobody here has “{who}”.", who=order.who))


def not_told(order: ListedOrder, customer_id: str) -> Checked:
    """Say that the site has not told of the order's day yet, so nothing can be said here."""
    why = phrase("The site has not told this till of that day yet. Let it sync, or check there.")
    return Checked(order, Verdict.OUTSIDE, Cause.UNTOLD, why, customer_id)


def check_told(order: ListedOrder, customer_id: str, told: ToldSale) -> Checked:
    """Hold an order against what the site told of it: what the customer had then is known to the site alone."""
    verdict, cause, why = _judge_told(order, told)
    return Checked(order, verdict, cause, why, customer_id, done=told.redeemed)


def check_agreed(order: ListedOrder, books: Books, programme: Programme, told: ToldSale, agreed_ms: int) -> Checked:
    """Hold an order that nobody has paid yet against what was agreed at `agreed_ms` (UTC), where all is known."""
    before = sum(entry.at_ms < agreed_ms for entry in books.entries)
    then = _Then(books, order.on, before)
    possible = _possible(order, books, then, programme)
    if told.redeemed or order.expected is not None:
        verdict, cause, why = _judge_told(order, told)
    else:
        verdict, cause, why = _judge_undone(order, then, possible, booked=True)
    return Checked(order, verdict, cause, why, books.customer_id, then.balance, possible, told.redeemed)


def with_money_owed(checked: Checked, over_minor: int) -> Checked:
    """Say that an order was paid twice, or paid back twice (`over_minor` below 0), where nothing worse is wrong."""
    if not over_minor or checked.verdict in FAILED:
        return checked
    if over_minor > 0:
        why = phrase("Paid twice: give {sum} back.", sum=Money(over_minor))
    else:
        why = phrase("Paid back twice: ask for {sum}.", sum=Money(-over_minor))
    return replace(checked, verdict=Verdict.MONEY_OWED, cause=Cause.OWED, why=why)


def _judge_told(order: ListedOrder, told: ToldSale) -> _Judged:
    if told.state == "cancelled":
        return Verdict.OUTSIDE, Cause.CANCELLED, phrase("It was cancelled, and what it held went back.")
    if order.expected is not None and order.expected != told.redeemed:
        return _judge_amount(told.redeemed, order.expected)
    wrong = _wrong_total(order, told.total_minor, told.taken_off_minor)
    if wrong is not None:
        return wrong
    if not told.redeemed and order.expected is None:
        why = phrase("None were taken; what the customer had then is known to the site.")
        return Verdict.OUTSIDE, Cause.ELSEWHERE, why
    why = phrase("{points} were taken, as the site told.", points=Points(told.redeemed))
    return Verdict.WORKS, Cause.AGREES, why


def is_known(order: ListedOrder, books: Books, used: AbstractSet[str] = frozenset()) -> bool:
    """Tell whether a sale or a state of this order is among the customer's own entries."""
    return bool(_sales_of(order, books, used)) or any(True for _ in _states(order, books))


def check_order(
    order: ListedOrder, books: Books, programme: Programme, used: AbstractSet[str] = frozenset()
) -> Checked:
    """Hold an order against its customer's entries, by the programme that was in force then.

    `used` are sales that earlier orders of the list were found by: without a number, none stands for two orders.
    """
    sales = _sales_of(order, books, used)
    ids = _ids_of(order, books, sales)
    then = _Then(books, order.on, _before(order, books, ids))
    done = sum(_redeemed(sale, books) for sale in sales)
    possible = _possible(order, books, then, programme)
    verdict, cause, why = (
        _judge_held(order, books)
        or _judge_sales(order, books, sales, programme)
        or _judge_undone(order, then, possible, booked=bool(sales))
    )
    steps = _steps(books, ids) if verdict in FAILED else ()
    operator = sales[0].operator if sales else steps[-1].operator if steps else ""
    found = tuple(sale.sale_id or "" for sale in sales)
    return Checked(
        order, verdict, cause, why, books.customer_id, then.balance, possible, done, operator, found, steps
    )


def _judge_held(order: ListedOrder, books: Books) -> _Judged | None:
    """Judge an order that was never paid."""
    state, until_ms, sale_id = "", None, None
    for entry in _states(order, books):
        facts = _facts(entry)
        state, until_ms, sale_id = facts["state"], facts.get("until_ms"), entry.sale_id
    if state not in ("held", "placed", "cancelled"):
        return None
    ours = [entry for entry in books.entries if entry.sale_id == sale_id]
    if any(entry.kind == "sale" for entry in ours):
        return None
    held = -sum(entry.points for entry in ours if entry.kind in _HOLDING)
    lapsed = until_ms is not None and until_ms < books.now_ms
    if held and (lapsed or state == "cancelled"):
        why = phrase("{points} are held for it and were never freed.", points=Points(held))
        return Verdict.NEVER_RELEASED, Cause.HELD, why
    if state == "cancelled":
        return Verdict.OUTSIDE, Cause.CANCELLED, phrase("It was cancelled, and what it held went back.")
    if order.expected is not None and order.expected != held:
        return _judge_amount(held, order.expected)
    return Verdict.WORKS, Cause.WAITS, phrase("It waits to be paid: {points} are held.", points=Points(held))


def _judge_sales(order: ListedOrder, books: Books, sales: list[Entry], programme: Programme) -> _Judged | None:
    spending = [sale for sale in sales if _redeemed(sale, books)]
    if not spending:
        return None
    done = sum(_redeemed(sale, books) for sale in spending)
    if len(spending) > 1:
        why = phrase("Booked {count} times, {points} in all.", count=len(spending), points=Points(done))
        return Verdict.APPLIED_TWICE, Cause.TWICE, why
    facts = _facts(spending[0])
    return _judge_worth(done, facts, programme) or _judge_done(order, done, facts)


def _judge_worth(done: int, facts: dict[str, Any], programme: Programme) -> _Judged | None:
    discount = sum(line.get("discount_minor", 0) for line in facts.get("lines", ()))
    for_points = facts["taken_off_minor"] - discount
    if programme.redeem is None or "claims" in facts or worth_minor(programme, done) == for_points:
        return None
    told: dict[str, Value] = {
        "points": Points(done),
        "worth": Money(worth_minor(programme, done)),
        "sum": Money(for_points),
    }
    why = phrase("{points} are worth {worth}, and {sum} was taken off.", **told)
    return Verdict.WRONG_AMOUNT, Cause.WORTH, why


def _judge_done(order: ListedOrder, done: int, facts: dict[str, Any]) -> _Judged:
    if order.expected is not None and order.expected != done:
        return _judge_amount(done, order.expected)
    wrong = _wrong_total(order, facts["total_minor"], facts["taken_off_minor"])
    if wrong is not None:
        return wrong
    why = phrase("{points} were taken; journal, sale and balance agree.", points=Points(done))
    return Verdict.WORKS, Cause.AGREES, why


def _judge_amount(done: int, expected: int) -> _Judged:
    if not done:
        why = phrase("{points} were to be taken, none were.", points=Points(expected))
        return Verdict.NOT_APPLIED, Cause.UNDONE, why
    counts = {"expected": Points(expected), "done": Points(done)}
    return Verdict.WRONG_AMOUNT, Cause.AMOUNT, phrase("{expected} were to be taken, {done} were.", **counts)


def _wrong_total(order: ListedOrder, total_minor: int, taken_off_minor: int) -> _Judged | None:
    """Lists name the bill before bonuses or what was paid: either agrees."""
    if order.total_minor in (total_minor, total_minor - taken_off_minor):
        return None
    sums = {"listed": Money(order.total_minor), "booked": Money(total_minor)}
    why = phrase("The list says {listed}, the sale was of {booked}.", **sums)
    return Verdict.WRONG_AMOUNT, Cause.TOTAL, why


def _judge_undone(order: ListedOrder, then: "_Then", possible: int, *, booked: bool) -> _Judged:
    if not then.registered:
        return Verdict.OUTSIDE, Cause.UNREGISTERED, phrase("The customer was not registered then.")
    if then.balance <= 0:
        return Verdict.OUTSIDE, Cause.NO_POINTS, phrase("The customer had no bonuses then.")
    if not possible:
        why = phrase("The programme in force then took none on this bill.")
        return Verdict.OUTSIDE, Cause.PROGRAMME, why
    if not booked:
        why = phrase("No sale of this order is in the journal: it went past the programme.")
        return Verdict.NOT_APPLIED, Cause.PAST, why
    if order.expected == 0:
        return Verdict.WORKS, Cause.AGREES, phrase("None were wanted, none were taken.")
    if order.expected is None:
        why = phrase("{points} could have been taken; nobody asked for it.", points=Points(possible))
        return Verdict.NOT_ASKED if order.sale_id else Verdict.NOT_APPLIED, Cause.UNASKED, why
    return _judge_amount(0, order.expected)


class _Then:
    """A customer's account just before a moment, folded from the entries before it."""

    def __init__(self, books: Books, on: date, before: int) -> None:
        self.registered = books.registered_ms is not None and books.day_of(books.registered_ms) <= on
        self.balance = self.spend_minor = self.purchases = 0
        self._left: dict[str, int] = {}
        self._days: dict[str, tuple[date, date | None]] = {}
        for entry in books.entries[:before]:
            self._take(entry)
        until_ms = books.entries[before].at_ms if before < len(books.entries) else books.now_ms + 1
        for at_ms, points in books.elsewhere:
            if at_ms < until_ms and books.day_of(at_ms) <= on:
                self.balance += points
                self._left[""] = self._left.get("", 0) + points

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


def _sales_of(order: ListedOrder, books: Books, used: AbstractSet[str]) -> list[Entry]:
    """The sales of an order: by what the journal calls it, by its number, else the one of that day and total."""
    gone = {entry.sale_id for entry in books.entries if entry.kind == "void"}
    sales = []
    for entry in books.entries:
        if entry.kind == "sale" and entry.sale_id not in gone:
            sales.append(entry)
            gone.add(entry.sale_id)  # an order that was paid at two places is one sale
    if order.sale_id:
        numbers = {_facts(sale).get("order", sale.sale_id) for sale in sales if sale.sale_id == order.sale_id}
        return [sale for sale in sales if _facts(sale).get("order", sale.sale_id) in numbers]
    for numbers_of in _readings(order, books):
        named = [sale for sale in sales if order.number in numbers_of(sale)]
        if named:
            return named if numbers_of is _order_number else [_likest(named, order, books, used)]
    if any(True for _ in _states(order, books)):
        return []
    # A register numbers its bills in its own way.
    for sale in sales:
        if _is_like(order, sale, books) and sale.sale_id not in used and "order" not in _facts(sale):
            return [sale]
    return []


def _likest(named: list[Entry], order: ListedOrder, books: Books, used: AbstractSet[str]) -> Entry:
    """Return the sale that is meant: each till has a sale 17, so day and total tell which, where they can."""
    return min(named, key=lambda sale: (not _is_like(order, sale, books), sale.sale_id in used))


def _readings(order: ListedOrder, books: Books) -> tuple[Callable[[Entry], tuple[str, ...]], ...]:
    """How a number may be meant."""
    if not order.number:
        return ()
    if names_sale(order, books):
        return (_sale_numbers,)
    return (_order_number,) if any(True for _ in _states(order, books)) else (_order_number, _sale_numbers)


def names_sale(order: ListedOrder, books: Books) -> bool:
    """Tell whether a number is a sale's.

    An order of a till may read like the number of one of its sales: in the store, day and total tell which.
    """
    return (
        order.channel == "store"
        and bool(order.number)
        and any(
            entry.kind == "sale" and order.number in _sale_numbers(entry) and _is_like(order, entry, books)
            for entry in books.entries
        )
    )


def _is_like(order: ListedOrder, sale: Entry, books: Books) -> bool:
    """Tell whether day and sum agree; a list may name what was paid."""
    facts = _facts(sale)
    sums = (facts["total_minor"], facts["total_minor"] - facts["taken_off_minor"])
    return order.total_minor in sums and books.day_of(sale.at_ms) == order.on


def _order_number(sale: Entry) -> tuple[str, ...]:
    return (str(_facts(sale).get("order", "")),)


def _sale_numbers(sale: Entry) -> tuple[str, ...]:
    number = str(_facts(sale).get("number", ""))
    return (number, f"{sale.terminal_id}-{number}")


def _states(order: ListedOrder, books: Books) -> Iterator[Entry]:
    """The order's own entries, in their order."""
    if not order.number or (not order.sale_id and names_sale(order, books)):
        return
    for entry in books.entries:
        if entry.kind != "order" or order.sale_id not in ("", entry.sale_id):
            continue
        if _facts(entry).get("number") == order.number:
            yield entry


def _ids_of(order: ListedOrder, books: Books, sales: list[Entry]) -> set[str | None]:
    return {sale.sale_id for sale in sales} | {entry.sale_id for entry in _states(order, books)}


def _before(order: ListedOrder, books: Books, ids: set[str | None]) -> int:
    """The place of the first entry that the order itself made, or of the first one after its day."""
    for place, entry in enumerate(books.entries):
        if entry.sale_id in ids if ids else books.day_of(entry.at_ms) > order.on:
            return place
    return len(books.entries)


def _redeemed(sale: Entry, books: Books) -> int:
    """Points that a sale took; an order that was held elsewhere names them itself."""
    taken = [entry.points for entry in books.entries if entry.kind == "redeem" and entry.sale_id == sale.sale_id]
    return -sum(taken or (points for _, points in _facts(sale).get("spent", ())))


def _steps(books: Books, ids: set[str | None]) -> tuple[Step, ...]:
    return tuple(
        Step(
            entry.at_ms,
            f"order:{_facts(entry)['state']}" if entry.kind == "order" else entry.kind,
            entry.operator,
            entry.points,
        )
        for entry in books.entries
        if entry.sale_id in ids
    )


def _facts(entry: Entry) -> dict[str, Any]:
    return _decoded(entry.payload)


@lru_cache(maxsize=4096)
def _decoded(payload: str) -> dict[str, Any]:
    """Every order of a customer reads the same entries again; nobody changes what was read."""
    found: dict[str, Any] = msgspec.json.decode(payload)
    return found
