"""Stamping: stamps that a bill adds to a card, and full cards that make pieces of it cheaper."""

from dataclasses import dataclass

from terminal.rules.adjustment import LeftOut
from terminal.rules.applies import why_not
from terminal.rules.codes import is_leased
from terminal.rules.discounts import Counter, cheapest_off, percent_told
from terminal.rules.facts import Facts
from terminal.rules.offer import StampCard
from terminal.rules.phrase import Counted, phrase
from terminal.rules.plan import Ready
from terminal.rules.reckoning import Reckoning


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a bill does to a stamp card: stamps added, and stamps of full cards that were used."""

    code: str
    name: str
    added: int
    used: int


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
    have = max(0, account.stamps.get(card.code, 0))
    full = _full(card, have, pieces)
    if full and not is_leased(facts, card.code):
        reason = phrase("“{name}” is full, but only the site can use it. Go on without it.", name=card.name)
        return Stamped(card.code, card.name, _added(card, pieces, 0), 0), LeftOut(card.code, reason)
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
    return Stamped(card.code, card.name, _added(card, pieces, full), full * card.needed), None


def _full(card: StampCard, have: int, pieces: int) -> int:
    """How many pieces of this bill full cards pay for; a round is so many stamps and one piece more."""
    if card.stamp_per == "visit":
        return 1 if have >= card.needed else 0
    return min(pieces, (have + pieces) // (card.needed + 1))


def _added(card: StampCard, pieces: int, full: int) -> int:
    if card.stamp_per == "visit":
        return 0 if full else 1
    return pieces - full
