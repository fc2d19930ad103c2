"""An order: goods that are agreed on now and paid for later, with bonuses held for it meanwhile."""

from typing import Any, Literal

import msgspec

from terminal.rules.quote import Quote
from terminal.rules.refunding import Mark, Stamps

OrderState = Literal["held", "placed", "cancelled", "paid", "issued", "closed", "returned"]
OrderConflict = Literal["paid-twice", "paid-though-cancelled", "cancelled-twice", "returned-twice", "issued-twice"]
"""What two sides may do to one order while they do not hear of each other."""

NEXT: dict[OrderState, frozenset[OrderState]] = {
    "held": frozenset({"placed", "cancelled"}),
    "placed": frozenset({"paid", "cancelled"}),
    "cancelled": frozenset(),
    "paid": frozenset({"issued", "closed", "returned"}),
    "issued": frozenset({"closed", "returned"}),
    "closed": frozenset({"returned"}),
    "returned": frozenset(),
}
"""An order's one life: bonuses held, awaiting payment, paid (it earns), issued, closed; which state may follow."""

LIFE = tuple(NEXT)
"""The states in order. Where two sides disagree, the later counts: what is paid is not cancelled."""

UNPAID = frozenset[OrderState]({"held", "placed"})
"""States in which bonuses are held and may still be freed."""


class OrderLine(msgspec.Struct, frozen=True):
    """A line as it was agreed; all that is taken off it, and the part of that which no points pay."""

    name: str
    total_minor: int
    quantity_milli: int = 1000
    sku: str = ""
    category: str = ""
    brand: str = ""
    off_minor: int = 0
    discount_minor: int = 0


class OrderRecord(msgspec.Struct, frozen=True):
    """What was agreed. Points in units, money in minor units; the site's own orders have the same shape.

    `spent` are the lots that were taken from, points below 0; `earns` are points and days until usable.
    """

    sale_id: str
    programme: int
    lines: tuple[OrderLine, ...]
    taken_off_minor: int
    redeemed: int
    spent: tuple[tuple[str, int], ...]
    earns: tuple[tuple[int, int], ...]
    codes: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    stamped: Stamps = ()

    @property
    def total_minor(self) -> int:
        """The bill before anything was taken off."""
        return sum(line.total_minor for line in self.lines)

    @property
    def pay_minor(self) -> int:
        """What the customer pays in money."""
        return self.total_minor - self.taken_off_minor

    def sale_facts(self, order: str, number: int, channel: str) -> dict[str, Any]:
        """Return the payload of the `sale` entry that pays this order; `spent` stands for its `redeem` entry."""
        facts: dict[str, Any] = {
            "order": order,
            "number": number,
            "channel": channel,
            "programme": self.programme,
            "total_minor": self.total_minor,
            "taken_off_minor": self.taken_off_minor,
            "lines": [msgspec.structs.asdict(line) for line in self.lines],
        }
        more: dict[str, Any] = {
            "spent": [list(move) for move in self.spent],
            "codes": list(self.codes),
            "marks": [list(mark) for mark in self.marks],
            "stamped": [[code, [list(line) for line in lines]] for code, lines in self.stamped],
        }
        return facts | {name: value for name, value in more.items() if value}


class OrderTold(OrderRecord, frozen=True):
    """What the site tells of an order besides: what came back, and what two sides did to it. Money in minor units.

    `over_minor` is to be given back to the customer; below 0, so much was paid back too much. `given` is what each
    till has given back of it, `paid_at` where it was paid.
    """

    refunded_minor: int = 0
    over_minor: int = 0
    conflicts: tuple[OrderConflict, ...] = ()
    paid_at: tuple[str, ...] = ()
    given: tuple[tuple[str, int], ...] = ()


def record_of(quoted: Quote, sale_id: str) -> OrderRecord:
    """Return what was agreed when a bill was quoted so."""
    discounts = (off - points for off, points in zip(quoted.off_lines, quoted.points_lines, strict=True))
    stamps = [("stamp", card.code, card.added - card.used) for card in quoted.stamps if card.added != card.used]
    return OrderRecord(
        sale_id=sale_id,
        programme=quoted.programme_number,
        lines=tuple(
            OrderLine(
                line.name,
                line.total_minor,
                line.quantity_milli,
                line.sku,
                line.category,
                line.brand,
                off_minor,
                discount_minor,
            )
            for line, off_minor, discount_minor in zip(quoted.bill.lines, quoted.off_lines, discounts, strict=True)
        ),
        taken_off_minor=quoted.taken_off_minor,
        redeemed=quoted.spent_points,
        spent=tuple((move.lot_id, move.points) for move in quoted.moves),
        earns=tuple((one.points, (one.available_from - quoted.on).days) for one in quoted.earnings),
        codes=quoted.codes,
        marks=(*(("use", code, count) for code, count in quoted.uses), *stamps),
        stamped=tuple((card.code, card.lines) for card in quoted.stamps if card.lines),
    )
