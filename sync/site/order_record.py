"""An order as the site keeps it: what was agreed, and what the shop's own site has told of it."""

import msgspec

from terminal.rules.order import OrderRecord, OrderTold


class Record(OrderTold, frozen=True):
    """An order's document, of the shop's own site or of a till. Points in units, money in minor units."""

    told_hash: str = ""
    returns: tuple[tuple[str, int], ...] = ()  # id of a return, and what it paid back


def kept_record(agreed: OrderRecord, told_hash: str) -> Record:
    """Return the document of an order that was agreed just now; `told_hash` is of what the shop's site has told."""
    return Record(**msgspec.structs.asdict(agreed), told_hash=told_hash)
