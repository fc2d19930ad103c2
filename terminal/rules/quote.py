"""A quote: what will be taken off a bill and what it will earn, every step with its rule and its words."""

from dataclasses import dataclass, field
from datetime import date

from terminal.rules.account import Account as Account
from terminal.rules.adjustment import Adjustment, LeftOut
from terminal.rules.bill import Bill
from terminal.rules.claims import Claimed
from terminal.rules.conditions import Channel
from terminal.rules.expiry import Earning as Earning
from terminal.rules.expiry import lot_to_be as lot_to_be
from terminal.rules.lots import Move
from terminal.rules.phrase import Phrase
from terminal.rules.stamping import Stamped
from terminal.rules.wish import ALL as ALL
from terminal.rules.wish import Wish


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer for one bill. Money in minor units, points in the smallest part of a point.

    `bill` is as the register rounds it. `taken_off_minor` is the whole sum to take off there: `discount_minor` for
    nothing, the rest for points; `off_lines` is the whole by line, `points_lines` the part of it that points paid.
    `redeem_points` become money; rewards cost points of their own. `wish` asks for this very quote again: `ALL` is
    the number that it came to. `codes` are the promo codes that opened something, `uses` what is to be counted.
    `moves` are the lots that the points come from: the ledger's own affair, and no part of what was shown; what
    they lack is spent of what this bill earns.
    """

    customer_id: str
    programme_number: int
    on: date
    channel: Channel
    bill: Bill
    wish: Wish
    redeem_points: int
    taken_off_minor: int
    discount_minor: int
    off_lines: tuple[int, ...]
    points_lines: tuple[int, ...]
    max_redeem_points: int
    max_taken_off_minor: int
    max_reason: Phrase | None
    claims: tuple[Claimed, ...]
    codes: tuple[str, ...]
    uses: tuple[tuple[str, int], ...]
    stamps: tuple[Stamped, ...]
    free_delivery: bool
    earnings: tuple[Earning, ...]
    adjustments: tuple[Adjustment, ...]
    left_out: tuple[LeftOut, ...]
    moves: tuple[Move, ...] = field(default=(), compare=False)

    @property
    def pay_minor(self) -> int:
        """What the customer pays in money."""
        return self.bill.total_minor - self.taken_off_minor

    @property
    def earned_points(self) -> int:
        """All that the bill earns, usable now or later."""
        return sum(earning.points for earning in self.earnings)

    @property
    def spent_points(self) -> int:
        """All that leaves the account: turned into money, and for rewards."""
        return self.redeem_points + sum(claim.points for claim in self.claims)
