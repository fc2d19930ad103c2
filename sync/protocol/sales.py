"""Sales as the site tells them to all tills, so that a bill of one can be refunded at another."""

from typing import Annotated

from msgspec import Meta, Struct

from sync.protocol.limits import Amount, AtMs, Id, Seq, TerminalId, Text, Word

_Lines = Meta(max_length=1000)
_Count = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
_Place = Annotated[int, Meta(ge=0, le=999)]
_Stamped = Annotated[tuple[tuple[_Place, _Count], ...], _Lines]


class SoldLine(Struct, frozen=True, array_like=True):
    """A line as it was sold, in minor units: its price after discounts, the part of it that points paid, and how
    much of it was refunded since.
    """

    name: Text
    total_minor: Amount
    off_minor: Amount
    refunded_minor: Amount


class LotMove(Struct, frozen=True, array_like=True):
    """Points of a lot, below 0 when they were taken."""

    lot_id: Id
    points: Amount


class Refunded(Struct, frozen=True, array_like=True):
    """One refund by a till: money in minor units, before anything was cut from it, and points clawed back."""

    terminal_id: TerminalId
    at_ms: AtMs
    money_minor: Amount
    clawed_points: Amount


class Sale(Struct, frozen=True, kw_only=True):
    """A sale of any till, with what all tills refunded of it as of the page's `applied`. It replaces the one told
    before.

    A holder is not told of its own sales until something of them was refunded or has expired. `spent` and `earned`
    are by lot, in the order they were taken and made; `redeemed` and `earned_points` are their sums, in points.
    `expired` are how many of the earned points have, by lot. `marks` are what the sale counted: kind, code and
    count; `stamped` are, by stamp card, places of lines and their stamped pieces. `refunds` are told since tiers of
    a period count each on its own day.
    """

    id: Id
    terminal_id: TerminalId
    number: Seq
    customer_id: Id
    at_ms: AtMs
    operator: Word
    channel: Annotated[str, Meta(pattern="^(store|manager|site)$")]
    total_minor: Amount
    taken_off_minor: Amount
    redeemed: Amount
    earned_points: Amount
    voided: bool
    lines: Annotated[tuple[SoldLine, ...], _Lines]
    spent: Annotated[tuple[LotMove, ...], _Lines] = ()
    earned: Annotated[tuple[LotMove, ...], _Lines] = ()
    clawed_points: Amount = 0
    returned_points: Amount = 0
    marks: Annotated[tuple[tuple[Word, Id, _Count], ...], _Lines] = ()
    stamped: Annotated[tuple[tuple[Id, _Stamped], ...], Meta(max_length=50)] = ()
    refunds: Annotated[tuple[Refunded, ...], Meta(max_length=100)] = ()
    expired: Annotated[tuple[LotMove, ...], _Lines] = ()
