"""Fixtures for every floor: a real ledger file, a clock moved by hand, a till, the demo shop."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from terminal.desk import Till
from terminal.ledger import Ledger, create_ledger
from tests.replay.played import CDNOW, Played, replay
from tests.shop import KEY, TERMINAL, Clock, new_ledger, new_till, register

# A small till's disk is no reason to fail: the examples count, not their seconds.
settings.register_profile("till", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("till")


@pytest.fixture
def ledger_path(tmp_path: Path) -> Path:
    return tmp_path / "till.ledger"


@pytest.fixture
def empty_ledger(ledger_path: Path) -> Iterator[Ledger]:
    """A new ledger file that waits for the disk, without a programme."""
    with create_ledger(ledger_path, KEY, TERMINAL) as ledger:
        yield ledger


@pytest.fixture
def ledger(ledger_path: Path) -> Iterator[Ledger]:
    """A new ledger file with the plain programme; it does not wait for the disk."""
    with new_ledger(ledger_path) as ledger:
        yield ledger


@pytest.fixture
def clock() -> Clock:
    """Noon of 4 May 2026 in UTC (15:00 in Kyiv), until the test moves it."""
    return Clock()


@pytest.fixture
def till(ledger: Ledger, clock: Clock) -> Till:
    """A till in Kyiv on the plain programme."""
    return new_till(ledger, clock)


@pytest.fixture
def customer(till: Till) -> str:
    """The id of Олена Коваленко, 067 123-45-67, without a card."""
    return register(till)


@pytest.fixture(scope="session")
def demo_programme() -> str:
    """The demo shop's programme, as its owner wrote it."""
    return (files("terminal.desk") / "demo" / "programme.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def whole_cdnow(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The whole of CDNOW, replayed once for every test that reads it; a test that writes takes a copy."""
    return replay(tmp_path_factory.mktemp("cdnow"), CDNOW, "--json")
