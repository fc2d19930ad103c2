"""Refunds: what is paid back, which earned points go, which spent points return, in parts that add up.

Every part is counted from the start of the sale, and what earlier refunds took is subtracted: many small refunds
come to exactly what one whole refund would have been.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from terminal.rules.lots import Lot, Move, expired, spending_order
from terminal.rules.money import split
from terminal.rules.phrase import Money, Points, Refused, phrase
from terminal.rules.programme import Programme, WhenSpent
from terminal.rules.redeeming import worth_minor


@dataclass(frozen=True, slots=True)
class EarnedLot:
    """A lot that the sale made: its points, and how many of them have expired since."""

    lot_id: str
    points: int
    expired: int


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as it was sold, in minor units: its price after discounts, and the part of it that points paid."""

    name: str
    total_minor: int
    off_minor: int


Mark = tuple[str, str, int]
"""What is counted: its kind (stamp, use), its code, and the signed count."""

Stamps = tuple[tuple[str, tuple[tuple[int, int], ...]], ...]
"""By stamp card: the places of the lines whose pieces were stamped, and how many of each."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What a sale did: lines, points spent by lot in the order they were taken, and the lots it made.

    `marks` are what it counted: uses of offers, stamps less those of full cards; `stamped` says for which pieces.
    """

    lines: tuple[SoldLine, ...]
    spent: tuple[Move, ...]
    earned: tuple[EarnedLot, ...]
    marks: tuple[Mark, ...] = ()
    stamped: Stamps = ()

    @property
    def total_minor(self) -> int:
        """The bill, in minor units."""
        return sum(line.total_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class RefundedBefore:
    """What earlier refunds of the same sale gave back: minor units a line, points clawed back and returned."""

    line_minor: tuple[int, ...]
    clawed_points: int = 0
    returned_points: int = 0


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund. Money in minor units, points in units.

    `back_minor` is paid to the customer, after `cut_minor` for points that were spent already. `clawed` and
    `returned` are moves of lots. `owed_points` go below zero: in the sale's first lot, within `clawed`, or, where
    this till does not know that lot, as a `debt_points` lot of its own. `revived_points` return into a new lot
    that expires on `revived_until`. `marks` is what is counted back, in the sign that is booked.
    """

    line_minor: tuple[int, ...]
    back_minor: int
    cut_minor: int
    clawed: tuple[Move, ...]
    clawed_points: int
    owed_points: int
    debt_points: int
    returned: tuple[Move, ...]
    revived_points: int
    revived_until: date
    marks: tuple[Mark, ...] = ()

    @property
    def returned_points(self) -> int:
        """All points that return to the customer."""
        return sum(move.points for move in self.returned) + self.revived_points

    @property
    def taken_points(self) -> int:
        """All points that the customer loses, owed ones included."""
        return self.debt_points - sum(move.points for move in self.clawed)


def sold_lines(lines: Iterable[tuple[str, int, int, int]]) -> tuple[SoldLine, ...]:
    """Return what each line was sold for, from (name, price, all that was taken off, what of it no points paid).

    Discounts of the programme lower the price; a line below 0, the register's own discount, lowers the others' in
    proportion and can't be brought back itself. No line was paid with more points than its price.
    """
    told = list(lines)
    prices = [price - discount for _, price, _, discount in told]
    positive = [max(0, price) for price in prices]
    less = split(min(sum(positive), sum(positive) - sum(prices)), positive) if sum(positive) else positive
    prices = [price - part for price, part in zip(positive, less, strict=True)]
    points = [max(0, off - discount) for _, _, off, discount in told]
    paid = [min(part, price) for part, price in zip(points, prices, strict=True)]
    over = sum(points) - sum(paid)
    for place, price in enumerate(prices):
        room = min(over, price - paid[place])
        paid[place], over = paid[place] + room, over - room
    return tuple(SoldLine(name, price, part) for (name, *_), price, part in zip(told, prices, paid, strict=True))


def refund_sale(
    programme: Programme,
    sold: Sold,
    before: RefundedBefore,
    line_minor: tuple[int, ...],
    lots: Iterable[Lot],
    on: date,
) -> Refund | Refused:
    """Refund so many minor units of each line of a sale on a day.

    `lots` are all that the customer has now, and those of the sale that are empty. What the customer has but this
    till does not hold is owed, not asked in money: the site sets it off against the lot.
    """
    refused = _check(sold, before, line_minor)
    if refused is not None:
        return refused
    after = tuple(old + new for old, new in zip(before.line_minor, line_minor, strict=True))
    off_before, off_after = _off(sold, before.line_minor), _off(sold, after)
    back_minor = sum(line_minor) - (off_after - off_before)
    to_claw = _clawed_until(sold, sum(after)) - before.clawed_points
    by_id = {lot.id: lot for lot in lots}
    returned, revived = _return(sold, by_id, before.returned_points, _returned_until(sold, off_after), on)
    _put_back(by_id, returned)
    clawed, missing = _claw(sold, by_id, before.clawed_points, to_claw, on)
    owed = min(missing, _held_elsewhere(by_id.values(), on))
    spent = missing - owed
    cut_minor = debt = 0
    if spent:
        match programme.refund.when_spent:
            case WhenSpent.REFUSE:
                return Refused(
                    phrase("{points} of this sale were spent already: it can't be refunded.", points=Points(spent))
                )
            case WhenSpent.CUT:
                cut_minor = min(back_minor, worth_minor(programme, spent)) if programme.redeem else 0
            case WhenSpent.BELOW_ZERO:
                owed = missing
    if owed:
        clawed, debt = _owe(sold, by_id, clawed, owed)
    return Refund(
        line_minor=line_minor,
        back_minor=back_minor - cut_minor,
        cut_minor=cut_minor,
        clawed=clawed,
        clawed_points=to_claw,
        owed_points=owed,
        debt_points=debt,
        returned=returned,
        revived_points=revived,
        revived_until=on + timedelta(days=programme.refund.grace_days),
        marks=_marks_back(sold, before.line_minor, after),
    )


def refunded_until(sold: Sold, line_minor: tuple[int, ...]) -> tuple[int, int, int]:
    """Return what so much of a sale comes to in all: money (minor units), points clawed back, points returned."""
    if not sold.total_minor:
        return 0, 0, 0
    off_minor = _off(sold, line_minor)
    back_minor = sum(line_minor)
    return back_minor - off_minor, _clawed_until(sold, back_minor), _returned_until(sold, off_minor)


def marks_until(sold: Sold, line_minor: tuple[int, ...]) -> dict[tuple[str, str], int]:
    """Return what is no longer counted once so much of a sale came back, by kind and code.

    A stamp goes with its piece: of each stamped line in whole pieces, rounded down. A visit's stamp, those of
    full cards, and uses of offers and codes are counted back once the whole bill is back: half of it has used them.
    """
    if sum(line_minor) == sold.total_minor:
        return {(kind, code): count for kind, code, count in sold.marks}
    return {
        ("stamp", code): sum(
            pieces * line_minor[place] // sold.lines[place].total_minor
            for place, pieces in lines
            if sold.lines[place].total_minor
        )
        for code, lines in sold.stamped
    }


def _marks_back(sold: Sold, before: tuple[int, ...], after: tuple[int, ...]) -> tuple[Mark, ...]:
    gone, going = marks_until(sold, before), marks_until(sold, after)
    kept = dict.fromkeys((*going, *gone))
    return tuple(
        (*key, gone.get(key, 0) - going.get(key, 0)) for key in kept if gone.get(key, 0) != going.get(key, 0)
    )


def _check(sold: Sold, before: RefundedBefore, line_minor: tuple[int, ...]) -> Refused | None:
    assert len(line_minor) == len(sold.lines) == len(before.line_minor)
    if any(minor < 0 for minor in line_minor) or sum(line_minor) == 0:
        return Refused(phrase("Choose what is brought back."), "refund")
    for line, old, new in zip(sold.lines, before.line_minor, line_minor, strict=True):
        if old + new > line.total_minor:
            left = Money(line.total_minor - old)
            return Refused(
                phrase("Of “{name}” only {left} can be refunded.", name=line.name or "—", left=left), "refund"
            )
    return None


def _off(sold: Sold, line_minor: tuple[int, ...]) -> int:
    """What points had paid of the refunded part, in minor units, each line rounded down."""
    return sum(
        line.off_minor * minor // line.total_minor
        for line, minor in zip(sold.lines, line_minor, strict=True)
        if line.total_minor
    )


def _clawed_until(sold: Sold, refunded_minor: int) -> int:
    """Earned points that are to go once so much of the bill is refunded: pro rata, rounded down, all at the end."""
    return sum(lot.points for lot in sold.earned) * refunded_minor // sold.total_minor


def _returned_until(sold: Sold, off_minor: int) -> int:
    """Spent points that are to return once the part they paid is refunded."""
    whole_off = sum(line.off_minor for line in sold.lines)
    spent = -sum(move.points for move in sold.spent)
    return spent * off_minor // whole_off if whole_off else 0


def _claw(sold: Sold, lots: dict[str, Lot], before: int, points: int, on: date) -> tuple[tuple[Move, ...], int]:
    """Take points back: from the sale's own lots, then from what else the customer has; return what is missing.

    Points of the sale that expired unspent are gone already and are asked of nobody.
    """
    gone = sum(lot.expired for lot in sold.earned)
    wanted = max(0, before + points - gone) - max(0, before - gone)
    own = [lots[lot.lot_id] for lot in sold.earned if lot.lot_id in lots]
    others = sorted((lot for lot in lots.values() if lot not in own and not expired(lot, on)), key=spending_order)
    moves: list[Move] = []
    for lot in (*own, *others):
        taken = min(wanted, lot.left, lot.held)
        if taken > 0:
            moves.append(Move(lot.id, -taken))
            wanted -= taken
    return tuple(moves), wanted


def _put_back(lots: dict[str, Lot], returned: tuple[Move, ...]) -> None:
    """Let the lots be as they are once the spent points are back: a bill may have spent what it earned itself."""
    for move in returned:
        lot = lots[move.lot_id]
        lots[lot.id] = replace(lot, left=lot.left + move.points, held=lot.held + move.points)


def _held_elsewhere(lots: Iterable[Lot], on: date) -> int:
    """Points that the customer has and another till may spend."""
    return sum(max(0, lot.left - max(0, lot.held)) for lot in lots if not expired(lot, on))


def _owe(sold: Sold, lots: dict[str, Lot], clawed: tuple[Move, ...], missing: int) -> tuple[tuple[Move, ...], int]:
    """Let the sale's first lot go below zero by what is missing: the next earning fills it.

    Return the moves, and the debt that needs a lot of its own because that one is not known here.
    """
    debtor = sold.earned[0].lot_id
    if debtor not in lots:
        return clawed, missing
    taken = {move.lot_id: move.points for move in clawed}
    taken[debtor] = taken.get(debtor, 0) - missing
    return tuple(Move(lot_id, moved) for lot_id, moved in taken.items()), 0


def _return(sold: Sold, lots: dict[str, Lot], before: int, until: int, on: date) -> tuple[tuple[Move, ...], int]:
    """Return spent points to the lots they came from, last taken first; what came from expired lots is revived."""
    moves: list[Move] = []
    revived, passed = 0, 0
    for spent in reversed(sold.spent):
        first, last = passed, passed - spent.points
        part = min(last, until) - max(first, before)
        passed = last
        if part <= 0:
            continue
        lot = lots.get(spent.lot_id)
        if lot is None or expired(lot, on):
            revived += part
        else:
            moves.append(Move(spent.lot_id, part))
    return tuple(moves), revived
