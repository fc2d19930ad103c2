"""An order as the site keeps it: what was sold, which points were spent and earned, what came back since."""

from typing import Any

import msgspec

from terminal.rules.lots import Move
from terminal.rules.quote import Quote
from terminal.rules.refunding import EarnedLot, RefundedBefore, Sold, sold_lines


class RecordLine(msgspec.Struct, frozen=True):
    """A line as it was sold; all that was taken off it, and the part of that which no points paid."""

    name: str
    total_minor: int
    quantity_milli: int = 1000
    sku: str = ""
    category: str = ""
    brand: str = ""
    off_minor: int = 0
    discount_minor: int = 0


class Record(msgspec.Struct, frozen=True):
    """An order's document, of the shop's own site or of a till. Points in units, money in minor units."""

    sale_id: str
    programme: int
    lines: tuple[RecordLine, ...]
    taken_off_minor: int
    redeemed: int
    spent: tuple[tuple[str, int], ...]
    earns: tuple[tuple[int, int], ...]  # points, and the days until they can be spent
    codes: tuple[str, ...] = ()
    marks: tuple[tuple[str, str, int], ...] = ()
    told_hash: str = ""
    earned: tuple[tuple[str, int], ...] = ()
    line_minor: tuple[int, ...] = ()
    clawed: int = 0
    returned: int = 0
    returns: tuple[tuple[str, int], ...] = ()  # id of a return, and what it paid back

    @property
    def total_minor(self) -> int:
        """The bill before anything was taken off."""
        return sum(line.total_minor for line in self.lines)

    @property
    def sold(self) -> Sold:
        """What the rules of a refund ask for."""
        lines = ((line.name, line.total_minor, line.off_minor, line.discount_minor) for line in self.lines)
        return Sold(
            sold_lines(lines),
            tuple(Move(lot_id, points) for lot_id, points in self.spent),
            tuple(EarnedLot(lot_id, points, 0) for lot_id, points in self.earned),
        )

    @property
    def before(self) -> RefundedBefore:
        """What came back so far."""
        return RefundedBefore(self.line_minor or (0,) * len(self.lines), self.clawed, self.returned)

    def sale_facts(self, number: str) -> dict[str, Any]:
        """Return the payload of the `sale` entry."""
        facts: dict[str, Any] = {
            "order": number,
            "number": 0,
            "channel": "site",
            "programme": self.programme,
            "total_minor": self.total_minor,
            "taken_off_minor": self.taken_off_minor,
            "spent": [list(one) for one in self.spent],
            "lines": [msgspec.structs.asdict(line) for line in self.lines],
        }
        more = {"codes": list(self.codes), "marks": [list(one) for one in self.marks]}
        return facts | {name: value for name, value in more.items() if value}


def record_of(quoted: Quote, told_hash: str, sale_id: str) -> Record:
    """Return the record of an order that was quoted so."""
    discounts = (off - points for off, points in zip(quoted.off_lines, quoted.points_lines, strict=True))
    stamps = [("stamp", card.code, card.added - card.used) for card in quoted.stamps if card.added != card.used]
    return Record(
        told_hash=told_hash,
        sale_id=sale_id,
        programme=quoted.programme_number,
        lines=tuple(
            RecordLine(
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
    )
