"""Scope: which lines of a bill a rule is about, found by the goods' words and not by looking at every line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from terminal.rules.bill import Line
from terminal.rules.conditions import Goods, GoodsChosen

_NOWHERE: list[int] = []


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The goods that a rule chooses; rules that choose the same share one, so that it is looked up once a bill."""

    only: Goods | None
    excluded: Goods | None
    reduced: Literal["any", "without", "only"]


class Scopes:
    """The scopes of one programme, each kept once."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Scope] = {}

    def of(self, chosen: GoodsChosen) -> Scope:
        """Return the scope of a rule."""
        key = (chosen.only, chosen.excluded, chosen.reduced)
        return self._known.setdefault(key, Scope(*key))


class Shelf:
    """A bill's lines by their words ("" is the word of goods that have none); places are positions in the bill."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.every = tuple(range(len(lines)))
        self._products = _by_word([line.sku for line in lines])
        self._categories = _by_word([line.category for line in lines])
        self._brands = _by_word([line.brand for line in lines])
        self._found: dict[Scope, tuple[int, ...]] = {}

    def places(self, scope: Scope) -> tuple[int, ...]:
        """Return the places of a scope's goods, in the order of the bill."""
        found = self._found.get(scope)
        if found is None:
            found = self._found[scope] = self._look_up(scope)
        return found

    def having(self, goods: Goods) -> set[int]:
        """Return the places of lines that have one of the goods' words."""
        return {
            *_places(goods.products, self._products),
            *_places(goods.categories, self._categories),
            *_places(goods.brands, self._brands),
        }

    def product(self, sku: str) -> list[int]:
        """Return the places of one product."""
        return self._products.get(sku, [])

    def category(self, word: str) -> list[int]:
        """Return the places of one category."""
        return self._categories.get(word, [])

    def _look_up(self, scope: Scope) -> tuple[int, ...]:
        places = self.every if scope.only is None else tuple(self._in_order(scope.only))
        if places and scope.excluded is not None:
            gone = self.having(scope.excluded)
            if gone:
                places = tuple(place for place in places if place not in gone)
        if places and scope.reduced != "any":
            wanted = scope.reduced == "only"
            places = tuple(place for place in places if self.lines[place].reduced == wanted)
        return places

    def _in_order(self, goods: Goods) -> list[int]:
        """The places of goods as they stand in the bill; most rules name one word, whose places are in order."""
        kinds = (
            (goods.products, self._products),
            (goods.categories, self._categories),
            (goods.brands, self._brands),
        )
        named = [kind for kind in kinds if kind[0]]
        if len(named) == 1 and len(named[0][0]) == 1:
            return _places(*named[0])
        return sorted(self.having(goods))


def _by_word(words: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        found.setdefault(word, []).append(place)
    return found


def _places(words: frozenset[str], by_word: dict[str, list[int]]) -> list[int]:
    if not words:
        return _NOWHERE
    if len(words) == 1:
        (word,) = words
        return by_word.get(word, _NOWHERE)
    return [place for word in words & by_word.keys() for place in by_word[word]]
