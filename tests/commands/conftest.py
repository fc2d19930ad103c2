"""A till on disk for every test of a command, made once by `init` and copied."""

import shutil
from pathlib import Path

import pytest

from tests.commands.installed import PIN, Shop


@pytest.fixture(scope="session")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("made") / "till")
    told = shop.call("init", "--yes", "--name", "Shop", "--language", "en", "--country", "UA", "--pin", PIN)
    assert told.exit_code == 0, told.output
    return shop


@pytest.fixture
def shop(made_shop: Shop, tmp_path: Path) -> Shop:
    """A till of the test's own: English, UAH, one manager, the simple programme."""
    return Shop(Path(shutil.copytree(made_shop.folder, tmp_path / "till")))


@pytest.fixture
def no_shop(tmp_path: Path) -> Shop:
    """A folder in which nothing was set up."""
    return Shop(tmp_path / "nothing" / "here")
