"""The section [watch]: how much passes at the till before a manager has to look."""

from typing import Annotated

import msgspec
from msgspec import Meta

_Minutes = Meta(ge=0, le=24 * 60)
_Times = Meta(ge=0, le=10_000)


class WatchConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What needs a manager's PIN before it is booked or printed, and is listed by `tillmate audit`.

    A limit of 0 turns its rule off.
    """

    staff_cards: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...],
        Meta(
            max_length=1000,
            description="The card numbers of those who work here: their own purchases, refunds and gifts are "
            "looked at.",
        ),
    ] = ()
    sales_a_day: Annotated[
        int, _Times, Meta(description="Purchases that one customer may have in a day before the next is looked at.")
    ] = 5
    switched_min: Annotated[
        int,
        _Minutes,
        Meta(
            description="A bill that was paid, taken back, and is booked again for another customer within so many "
            "minutes is looked at."
        ),
    ] = 30
    refunds: Annotated[
        int,
        _Times,
        Meta(description="Bills that one customer may bring back in refunds_days before the next is looked at."),
    ] = 3
    refunds_days: Annotated[int, Meta(ge=1, le=366), Meta(description="The days that refunds counts.")] = 30
    redeem_after_correction_min: Annotated[
        int,
        _Minutes,
        Meta(description="Bonuses spent within so many minutes after some were given by hand are looked at."),
    ] = 60
    clock_step_min: Annotated[
        int,
        _Minutes,
        Meta(description="Minutes that the machine's clock may jump, forward or back, before it is looked at."),
    ] = 5
    copies_of_a_slip: Annotated[
        int, _Times, Meta(description="Copies of one slip that are printed before the next is looked at.")
    ] = 2
    copies_an_hour: Annotated[
        int, _Times, Meta(description="Copies of slips that are printed in an hour before the next is looked at.")
    ] = 10
    four_eyes_points: Annotated[
        int,
        Meta(ge=0, le=1_000_000_000),
        Meta(description="Bonuses that a manager may correct alone; for more, a second person types their PIN."),
    ] = 500
