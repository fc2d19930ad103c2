"""Stamping: stamps that a bill adds to a card, and full cards that make pieces of it cheaper."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from terminal.rules.adjustment import LeftOut
from terminal.rules.applies import why_not
from terminal.rules.codes import not_here
from terminal.rules.discounts import Counter, Priced, by_price, cheapest_off, percent_told
from terminal.rules.facts import Facts
from terminal.rules.offer import StampCard
from terminal.rules.phrase import Counted, phrase
from terminal.rules.plan import Ready
from terminal.rules.reckoning import Reckoning


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a bill does to a stamp card: stamps added, and stamps of full cards that were used.

    `lines` are the places of lines whose pieces were stamped, and how many of each; none of a stamp for a visit.
    """

    code: str
    name: str
    added: int
    used: int
    lines: tuple[tuple[int, int], ...] = ()


def stamp(
    ready: Ready[StampCard], facts: Facts, reckoning: Reckoning, counter: Counter
) -> tuple[Stamped | None, LeftOut | None]:
    """Use the card's full rounds on this bill, and add what the bill earns.

    A piece (or a visit) that a full card was used on gets no stamp. Where the card is not leased to this till it is
    stamped, since that takes nothing from anybody, but not used.
    """
    card, account = ready.rule, facts.account
    places = facts.shelf.places(ready.scope)
    pieces = sum(max(0, reckoning.unfree(place)) for place in places if reckoning.left[place] > 0)
    if not account.registered or not pieces or why_not(ready.checks, facts) is not None:
        return None, None
    have = account.stamps.get(card.code, 0)  # below 0 where stamped goods came back: the next stamps make up for it
    full = _full(card, have, pieces)
    missing = not_here(facts, card.code, card.code, card.name) if full else None
    if missing is not None:
        if missing.needs:
            reason = phrase("“{name}” is full, but only the site can use it. Go on without it.", name=card.name)
            missing = replace(missing, reason=reason)
        lines = _lines(card, by_price(reckoning, places)[::-1], 0)
        return Stamped(card.code, card.name, _added(card, pieces, 0), 0, lines), missing
    free_first = by_price(reckoning, places)[::-1]
    parts = reckoning.at_most(cheapest_off(counter, places, full, card.percent), None) if full else []
    if any(part.minor for part in parts):
        words = phrase(
            "“{card}”: {pieces} {percent} off",
            card=card.name,
            pieces=Counted(full, "piece"),
            percent=percent_told(card.percent),
        )
        reckoning.take_off("stamps", words, parts, code=card.code)
    else:
        full = 0
    lines = _lines(card, free_first, full)
    return Stamped(card.code, card.name, _added(card, pieces, full), full * card.needed, lines), None


def _full(card: StampCard, have: int, pieces: int) -> int:
    """How many pieces of this bill full cards pay for; a round is so many stamps and one piece more."""
    if card.stamp_per == "visit":
        return 1 if have >= card.needed else 0
    return max(0, min(pieces, (have + pieces) // (card.needed + 1)))


def _lines(card: StampCard, cheapest_first: Sequence[Priced], full: int) -> tuple[tuple[int, int], ...]:
    """Where the stamps are: on every piece but those that full cards pay for, the cheapest."""
    stamped: dict[int, int] = {}
    for line in cheapest_first if card.stamp_per == "piece" else ():
        used = min(full, line.pieces)
        full -= used
        stamped[line.place] = line.pieces - used
    return tuple(sorted((place, pieces) for place, pieces in stamped.items() if pieces))


def _added(card: StampCard, pieces: int, full: int) -> int:
    if card.stamp_per == "visit":
        return 0 if full else 1
    return pieces - full
