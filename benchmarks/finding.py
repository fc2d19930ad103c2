"""Finding customers: by phone and card with all that is shown of them, by last digits, by a part of the name."""

from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.ledgers import open_bench_till
from benchmarks.people import Invented, invented, last_names
from benchmarks.report import Row
from benchmarks.timing import Pair
from terminal import desk
from terminal.desk import Till
from terminal.rules.phrase import Refused

_POINT_QUERY = "SELECT customer_id, name, phone, email, birthday, language, note FROM person WHERE phone = ?"
_PROFILE_RATIO, _PROFILE_P99_MS, _LIST_P99_MS = 6.0, 1.0, 5.0
_KNOWN = 20_000
_GOALS_FROM = 1_000_000


def finding_rows(path: Path, customers: int, calls: int) -> list[Row]:
    """Measure every way of finding on one ledger; goals are set at a million customers."""
    _warm(path)
    till = open_bench_till(path)
    try:
        chance = Random(7)
        people = _some_of(customers, chance)
        return [_profile_row(till, what, people, text, customers, calls) for what, text in _WAYS.items()] + [
            _list_row(till, what, texts(people, chance), people, customers, calls) for what, texts in _LISTS.items()
        ]
    finally:
        till.ledger.close()


def _warm(path: Path) -> None:
    """Let the system read the file once: what is measured is the till, and not the disk's first touch."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass


def _some_of(customers: int, chance: Random) -> list[Invented]:
    """Return customers from all over the ledger, in no order."""
    step = max(1, customers // _KNOWN)
    some = list(islice(invented(customers), 0, None, step))
    chance.shuffle(some)
    return some


def _typed_phone(one: Invented) -> str:
    return f"0{one.phone[3:5]} {one.phone[5:8]}-{one.phone[8:10]}-{one.phone[10:]}"


def _card(one: Invented) -> str:
    return one.card


_WAYS: dict[str, Callable[[Invented], str]] = {
    "find by phone, whole customer card": _typed_phone,
    "find by card, whole customer card": _card,
}


def _last_digits(people: list[Invented], chance: Random) -> list[str]:
    return [one.phone[-4:] for one in people[:500]]


def _beginnings(people: list[Invented], chance: Random) -> list[str]:
    return [one.name[: chance.randint(3, 9)].strip() for one in people[:500]]


def _fragments(people: list[Invented], chance: Random) -> list[str]:
    """Return what cashiers type of a family name: its ending, its beginning, its middle; some that nobody has."""
    found = ["енко", "чук", "ський", "ковал", "ski", "жжж"]
    for name in last_names():
        start = chance.randint(0, max(0, len(name) - 4))
        found.append(name[start : start + chance.randint(3, 5)])
    return found


def _swapped(people: list[Invented], chance: Random) -> list[str]:
    """Return whole names with the family name first, where the ledger has it last."""
    return [" ".join(reversed(one.name.split())) for one in people[:500]]


_LISTS: dict[str, Callable[[list[Invented], Random], list[str]]] = {
    "last four digits, first 20": _last_digits,
    "beginning of a name, first 20": _beginnings,
    "part of a name, first 20": _fragments,
    "both names the other way round, first 20": _swapped,
}


def _profile_row(
    till: Till, what: str, people: list[Invented], typed: Callable[[Invented], str], customers: int, calls: int
) -> Row:
    pair = Pair()
    for place in range(-calls // 4, calls):
        if place == 0:
            pair = Pair()
        other, one = people[2 * place % len(people)], people[(2 * place + 1) % len(people)]
        text = typed(one)
        pair.run(partial(_point_query, till, other.phone), partial(_whole_card, till, text))
    goals = customers >= _GOALS_FROM
    return Row.compared(
        what,
        pair.ours,
        pair.baseline,
        goal_ratio=_PROFILE_RATIO if goals else None,
        goal_p99=_PROFILE_P99_MS if goals else None,
        customers=customers,
    )


def _list_row(till: Till, what: str, texts: list[str], people: list[Invented], customers: int, calls: int) -> Row:
    pair = Pair()
    for place in range(calls):
        phone, text = people[place % len(people)].phone, texts[place % len(texts)]
        pair.run(partial(_point_query, till, phone), partial(desk.find, till, text))
    goal = _LIST_P99_MS if customers >= _GOALS_FROM else None
    return Row.compared(what, pair.ours, pair.baseline, goal_p99=goal, customers=customers)


def _point_query(till: Till, phone: str) -> None:
    assert till.ledger.connection.execute(_POINT_QUERY, (phone,)).fetchone() is not None


def _whole_card(till: Till, text: str) -> None:
    found = desk.find(till, text)
    assert isinstance(found, tuple)
    shown = desk.profile(till, found[0].customer_id)
    assert not isinstance(shown, Refused)
    assert shown.known > 0
