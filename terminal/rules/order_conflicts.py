"""What two sides did to one order while they did not hear of each other, and what puts it right.

The rules are in docs/decisions/013-orders-that-two-sides-moved.md. Nothing here asks in which order entries came:
the same entries give the same answer, so it may be asked again after each of them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from terminal.rules.lots import Move
from terminal.rules.order import LIFE, OrderConflict, OrderRecord, OrderState
from terminal.rules.order_rewards import RewardBooked, rewards_over
from terminal.rules.refunding import EarnedLot, Mark, Sold, marks_until, refunded_until, sold_lines

Marks = tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ReturnBooked:
    """One refund of the order, as it was booked: minor units by line, money with what was cut from it, points."""

    line_minor: tuple[int, ...]
    money_minor: int
    clawed_points: int
    returned_points: int
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class OrderHistory:
    """All that any side has booked of an order. Points in units, money in minor units.

    `states` are those that entries told, `paid_at` the side of each payment, the one that counts first; `issued_at`
    the sides that gave the goods out; `cancels` how often what was held went back. `given` is money that a manager
    gave back, by side. `rewards` are what payments gave because somebody had brought the customer, as `paid_at`.
    `settled_*` is what the site has put right so far.
    """

    agreed: OrderRecord
    states: frozenset[OrderState]
    paid_at: tuple[str, ...] = ()
    issued_at: frozenset[str] = frozenset()
    cancels: int = 0
    returns: tuple[ReturnBooked, ...] = ()
    given: tuple[tuple[str, int], ...] = ()
    settled_points: int = 0
    settled_spend_minor: int = 0
    settled_marks: Marks = ()
    rewards: tuple[RewardBooked, ...] = ()
    settled_referrer_points: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """What came back of an order, once no line counts twice: minor units by line, money, points."""

    line_minor: tuple[int, ...]
    money_minor: int = 0
    clawed_points: int = 0
    returned_points: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an order stands, and what the site books to put it right: the customer's points, signed, spending, marks.

    `over_minor` is money that the customer paid too much; below 0, so much was paid back too much.
    `referrer_points` are booked for whoever brought the customer.
    """

    state: OrderState
    conflicts: tuple[OrderConflict, ...]
    over_minor: int
    points: int
    spend_minor: int
    marks: Marks
    due: Due
    referrer_points: int = 0

    @property
    def books_nothing(self) -> bool:
        """Tell whether the customer's balance, spending and counts are right as they are."""
        return not (self.points or self.spend_minor or self.marks)


def settle_order(history: OrderHistory) -> Settlement:
    """Say how an order stands and what is wrong with its money and points, by the same rules whoever came first."""
    agreed, payments = history.agreed, len(history.paid_at)
    due = _due_back(history)
    whole = bool(history.returns) and sum(due.line_minor) == sold_of(agreed, ()).total_minor
    reached = {*history.states, *(["paid"] if payments else []), *(["returned"] if payments and whole else [])}
    state = max((one for one in LIFE if one in reached), key=LIFE.index)
    is_paid = LIFE.index(state) >= LIFE.index("paid")
    counts = int(payments > 0)
    earns = sum(points for points, _ in agreed.earns)
    came = sum(one.money_minor for one in history.returns)
    rewards = rewards_over(history.rewards, returned=state == "returned")
    return Settlement(
        state=state,
        conflicts=_conflicts(history, due, is_paid=is_paid),
        over_minor=agreed.pay_minor * (payments - counts)
        - (came - due.money_minor)
        - sum(minor for _, minor in history.given),
        points=_spent_over(history, due, is_paid=is_paid)
        - earns * (payments - counts)
        + sum(one.clawed_points for one in history.returns)
        - due.clawed_points
        - rewards.friend_points
        - history.settled_points,
        spend_minor=came - due.money_minor - history.settled_spend_minor,
        marks=_marks_over(history, due, payments),
        due=due,
        referrer_points=-rewards.referrer_points - history.settled_referrer_points,
    )


def _spent_over(history: OrderHistory, due: Due, *, is_paid: bool) -> int:
    """Points that entries took beyond what the order is worth; below 0 they gave back too much."""
    held = history.agreed.redeemed
    taken = held * (1 - history.cancels) - sum(one.returned_points for one in history.returns)
    if not is_paid:
        return taken - (0 if history.cancels else held)
    return taken - (held - due.returned_points)


def sold_of(agreed: OrderRecord, earned: Iterable[EarnedLot]) -> Sold:
    """Return what the rules of a refund ask of an order that was paid."""
    lines = ((line.name, line.total_minor, line.off_minor, line.discount_minor) for line in agreed.lines)
    spent = tuple(Move(*move) for move in agreed.spent)
    return Sold(sold_lines(lines), spent, tuple(earned), agreed.marks, agreed.stamped)


def _due_back(history: OrderHistory) -> Due:
    """What came back, no line twice. Refunds that fit together count as they were booked."""
    earns = sum(points for points, _ in history.agreed.earns)
    sold = sold_of(history.agreed, (EarnedLot("", earns, 0),))
    back = [0] * len(sold.lines)
    for one in history.returns:
        back = [old + new for old, new in zip(back, one.line_minor, strict=True)]
    capped = tuple(min(minor, line.total_minor) for minor, line in zip(back, sold.lines, strict=True))
    if list(capped) == back:
        return Due(
            capped,
            sum(one.money_minor for one in history.returns),
            sum(one.clawed_points for one in history.returns),
            sum(one.returned_points for one in history.returns),
        )
    return Due(capped, *refunded_until(sold, capped))


def _conflicts(history: OrderHistory, due: Due, *, is_paid: bool) -> tuple[OrderConflict, ...]:
    back = sum(sum(one.line_minor) for one in history.returns)
    struck: dict[OrderConflict, bool] = {
        "paid-twice": len(history.paid_at) > 1,
        "paid-though-cancelled": is_paid and (history.cancels > 0 or "cancelled" in history.states),
        "cancelled-twice": history.cancels > 1,
        "returned-twice": back > sum(due.line_minor),
        "issued-twice": len(history.issued_at) > 1,
    }
    return tuple(name for name, is_so in struck.items() if is_so)


def _marks_over(history: OrderHistory, due: Due, payments: int) -> Marks:
    """Stamps and uses that were counted for payments beyond the first, or taken back beyond what came back."""
    over: Counter[tuple[str, str]] = Counter()
    _add(over, ((kind, code, count * (min(payments, 1) - payments)) for kind, code, count in history.agreed.marks))
    if payments:
        gone = marks_until(sold_of(history.agreed, ()), due.line_minor)
        _add(over, ((*key, -count) for key, count in gone.items()))
    over.subtract(_sum(mark for one in history.returns for mark in one.marks))
    over.subtract(_sum(history.settled_marks))
    return tuple((kind, code, count) for (kind, code), count in sorted(over.items()) if count)


def _sum(marks: Iterable[Mark]) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    _add(counted, marks)
    return counted


def _add(counted: Counter[tuple[str, str]], marks: Iterable[Mark]) -> None:
    for kind, code, count in marks:
        counted[kind, code] += count
