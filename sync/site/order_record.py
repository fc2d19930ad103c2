"""An order as the site keeps it: what was agreed, and what was earned and came back since."""

import msgspec

from terminal.rules.lots import Move
from terminal.rules.order import OrderRecord
from terminal.rules.refunding import EarnedLot, RefundedBefore, Sold, sold_lines


class Record(OrderRecord, frozen=True):
    """An order's document, of the shop's own site or of a till. Points in units, money in minor units."""

    told_hash: str = ""
    earned: tuple[tuple[str, int], ...] = ()
    line_minor: tuple[int, ...] = ()
    clawed: int = 0
    returned: int = 0
    returns: tuple[tuple[str, int], ...] = ()  # id of a return, and what it paid back

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


def kept_record(agreed: OrderRecord, told_hash: str) -> Record:
    """Return the document of an order that was agreed just now; `told_hash` is of what the shop's site has told."""
    return Record(**msgspec.structs.asdict(agreed), told_hash=told_hash)
