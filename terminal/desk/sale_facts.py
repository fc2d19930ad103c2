"""A sale, as its journal entry's payload tells it."""

from collections.abc import Sequence
from typing import Any

from terminal.rules.quote import Quote

Mark = tuple[str, str, int]


def sale_facts(booked: Quote, number: int) -> dict[str, Any]:
    """Return the payload of a `sale` entry; what a plain sale does not have is not in it.

    A line's `off_minor` is all that was taken off it, `discount_minor` the part of it that no points paid.
    `marks` are what the sale counts: uses of offers and codes, stamps; `stamped` says on which lines' pieces.
    """
    discounts = [off - points for off, points in zip(booked.off_lines, booked.points_lines, strict=True)]
    facts: dict[str, Any] = {
        "number": number,
        "channel": booked.channel,
        "programme": booked.programme_number,
        "total_minor": booked.bill.total_minor,
        "taken_off_minor": booked.taken_off_minor,
        "lines": [
            {
                "name": line.name,
                "sku": line.sku,
                "category": line.category,
                "quantity_milli": line.quantity_milli,
                "total_minor": line.total_minor,
                "off_minor": off_minor,
                **({"brand": line.brand} if line.brand else {}),
                **({"discount_minor": discount_minor} if discount_minor else {}),
            }
            for line, off_minor, discount_minor in zip(booked.bill.lines, booked.off_lines, discounts, strict=True)
        ],
    }
    more = {
        "discounts": [
            [step.rule, step.code, step.money_minor]
            for step in booked.adjustments
            if step.money_minor and not step.points
        ],
        "claims": [[claim.code, claim.times, claim.points, claim.money_minor] for claim in booked.claims],
        "codes": list(booked.codes),
        "marks": _marks(booked),
        "stamped": [[card.code, [list(line) for line in card.lines]] for card in booked.stamps if card.lines],
    }
    return facts | {name: value for name, value in more.items() if value}


def unmarked(marks: Sequence[Mark]) -> list[Mark]:
    """Return what takes marks back."""
    return [(kind, code, -count) for kind, code, count in marks]


def _marks(booked: Quote) -> list[Mark]:
    uses = [("use", code, count) for code, count in booked.uses]
    stamps = [("stamp", card.code, card.added - card.used) for card in booked.stamps if card.added != card.used]
    return uses + stamps
