"""A bill: what the customer buys, as lines or as one total typed in."""

from dataclasses import dataclass

_PIECE = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `total_minor` is its price in minor units after the register's own discounts, tax in it.

    `quantity_milli` is in thousandths (1 piece = 1000, 350 g = 350); `category` and `brand` are the programme's
    words, or "". `reduced` tells that the register has reduced the price already; `tax_bp` is the rate of the tax
    that the price holds, in basis points (2000 = 20 %). A line below 0 is a discount of the register's own.
    """

    name: str
    total_minor: int
    quantity_milli: int = _PIECE
    sku: str = ""
    category: str = ""
    brand: str = ""
    reduced: bool = False
    tax_bp: int = 0

    @property
    def pieces(self) -> int:
        """Whole pieces; goods that are weighed (a part of a piece in their quantity) are one."""
        pieces, part = divmod(self.quantity_milli, _PIECE)
        return 1 if part else pieces


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines of one bill. A bill typed as a total is one line without a product."""

    lines: tuple[Line, ...]

    @property
    def total_minor(self) -> int:
        """The sum to pay before bonuses, in minor units."""
        return sum([line.total_minor for line in self.lines])  # a list is summed faster than a generator


def bill_of_total(total_minor: int) -> Bill:
    """Return a bill of which only the total is known."""
    return Bill((Line("", total_minor),))
