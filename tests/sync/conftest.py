"""A site over a real socket, with the plain programme, and two tills of its shop."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from sync.site.migrating import migrate
from sync.site.setting_up import set_up
from sync.site.shop import publish
from sync.site.store import Store, open_store
from tests.shop import PROGRAMME, Clock, register, sell
from tests.site.stand import SHOP, Served
from tests.site.stand import Clock as SiteClock
from tests.sync.stand import Joined, join

NewTill = Callable[[str], Joined]


class ShopClock(SiteClock):
    """The site's clock, which is the tills' clock too."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def now_ms(self) -> int:  # type: ignore[override]
        return int(self._clock().timestamp() * 1000)


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'site.db'}", ShopClock(clock), Random(7))
    migrate(store)
    set_up(store, SHOP, "home")
    assert not isinstance(publish(store, PROGRAMME), str)
    yield store
    store.close()


@pytest.fixture
def served(store: Store, clock: Clock) -> Iterator[Served]:
    with Served(store, ShopClock(clock)) as served:
        yield served


@pytest.fixture
def new_till(served: Served, tmp_path: Path, clock: Clock) -> Iterator[NewTill]:
    made: list[Joined] = []

    def make(name: str) -> Joined:
        made.append(join(served, tmp_path / f"{name}.db", name, clock))
        return made[-1]

    yield make
    for joined in made:
        joined.link.client.close()
        joined.till.ledger.close()


@pytest.fixture
def one(new_till: NewTill) -> Joined:
    joined = new_till("till-1")
    joined.sync()
    return joined


@pytest.fixture
def two(new_till: NewTill) -> Joined:
    joined = new_till("till-2")
    joined.sync()
    return joined


@pytest.fixture
def customer(one: Joined, two: Joined) -> str:
    """A customer with 100 points, earned at till-1, whom both tills know."""
    customer = register(one.till)
    sell(one.till, customer, 1000_00)
    one.sync()
    two.sync()
    return customer
