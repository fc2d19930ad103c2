"""A bill: what the customer buys, as lines or as one total typed in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `total_minor` is its price in minor units after the register's own discounts.

    `quantity_milli` is in thousandths (1 piece = 1000, 350 g = 350); `category` is the programme's word, or "".
    """

    name: str
    total_minor: int
    quantity_milli: int = 1000
    sku: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines of one bill. A bill typed as a total is one line without a product."""

    lines: tuple[Line, ...]

    @property
    def total_minor(self) -> int:
        """The sum to pay before bonuses, in minor units."""
        return sum(line.total_minor for line in self.lines)


def bill_of_total(total_minor: int) -> Bill:
    """Return a bill of which only the total is known."""
    return Bill((Line("", total_minor),))
