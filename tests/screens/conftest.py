"""The demo shop for screen tests: made once, copied for each test, on an encrypted ledger of its own."""

import gc
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from terminal import desk
from terminal.desk import Operator
from terminal.desk.demo_shop import DemoCustomer, make_demo_till
from terminal.ledger import open_ledger
from terminal.ledger.key import KEY_BYTES, pepper
from tests.screens.stand import PINS, ShopFloor
from tests.shop import NOON, Clock

_SEED = 1


@pytest.fixture(scope="package", autouse=True)
def seldom_collected() -> Iterator[None]:
    """Look for garbage seldom: in a hundred trees of widgets it costs a quarter of the time."""
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    yield
    gc.set_threshold(*thresholds)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The shop as each test finds it: its file, and who is in it."""

    path: Path
    shop: desk.Shop
    customers: list[DemoCustomer]
    cashier: Operator
    manager: Operator


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Pattern:
    """The demo shop with a cashier and a manager, closed."""
    folder = tmp_path_factory.mktemp("shop")
    till, customers = make_demo_till(folder, "uk", _SEED, Clock())
    cashier = desk.add_operator(till, "Оксана", "cashier", PINS["cashier"])
    manager = desk.add_operator(till, "Петро Іванович", "manager", PINS["manager"])
    assert isinstance(cashier, Operator)
    assert isinstance(manager, Operator)
    till.ledger.close()
    return Pattern(till.ledger.path, till.shop, customers, cashier, manager)


@pytest.fixture
def shop(pattern: Pattern, tmp_path: Path) -> Iterator[ShopFloor]:
    """A shop of the test's own, at noon; its clock goes on by a millisecond at every look."""
    path = tmp_path / "till.ledger"
    shutil.copy(pattern.path, path)
    key = Random(_SEED).randbytes(KEY_BYTES)
    clock = Clock(NOON, timedelta(milliseconds=1))
    with open_ledger(path, key, durable=False) as ledger:
        till = desk.Till(ledger, clock, Random(2), pattern.shop, pepper(key))
        yield ShopFloor(till, clock, pattern.customers, pattern.cashier, pattern.manager)
