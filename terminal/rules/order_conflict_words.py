"""What two sides did to one order, in words that a manager can act on."""

from typing import assert_never

from terminal.rules.order import OrderConflict
from terminal.rules.phrase import Money, Phrase, phrase


def say_conflicts(
    conflicts: tuple[OrderConflict, ...], paid_at: tuple[str, ...], over_minor: int
) -> tuple[Phrase, ...]:
    """Say what happened, and first what to do about money: `over_minor` is the customer's, below 0 the shop's."""
    told = [_say(conflict, paid_at) for conflict in conflicts]
    if over_minor > 0:
        told.insert(0, phrase("Give {sum} back to the customer.", sum=Money(over_minor)))
    elif over_minor < 0:
        told.insert(0, phrase("{sum} was paid back too much: ask the customer for it.", sum=Money(-over_minor)))
    return tuple(told)


def _say(conflict: OrderConflict, paid_at: tuple[str, ...]) -> Phrase:
    match conflict:
        case "paid-twice":
            return phrase("Paid more than once: {places}.", places=", ".join(paid_at))
        case "paid-though-cancelled":
            return phrase("Cancelled at one place and paid at another: it counts as paid.")
        case "cancelled-twice":
            return phrase("Cancelled at two places: its bonuses went back once.")
        case "returned-twice":
            return phrase("Returned at two places: it counts once.")
        case "issued-twice":
            return phrase("Issued at two places: ask where the goods of the second are.")
        case _:
            assert_never(conflict)
