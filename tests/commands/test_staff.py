"""`tillmate staff`: people come, forget their PINs and go; the last manager stays."""

from datetime import UTC, datetime
from random import Random

from terminal import desk
from terminal.config import load_config
from terminal.wiring import open_till
from tests.commands.installed import Shop


def _unlocked(shop: Shop, name: str, pin: str) -> bool:
    config = load_config(shop.folder / "config.toml")
    till = open_till(config, clock=lambda: datetime(2026, 5, 4, 12, 0, tzinfo=UTC), chance=Random(1))
    with till.ledger:
        person = next(person for person in desk.operators(till) if person.name == name)
        return isinstance(desk.unlock(till, person.id, pin), desk.Operator)


def test_somebody_is_added_and_unlocks_the_till(shop: Shop) -> None:
    added = shop.call("staff", "add", "Oksana", "--pin", "2704")
    assert added.exit_code == 0, added.output
    assert "Oksana\tcashier" in shop.call("staff", "list").output
    assert _unlocked(shop, "Oksana", "2704")
    assert not _unlocked(shop, "Oksana", "2705")


def test_a_name_is_given_once_and_an_easy_pin_is_refused(shop: Shop) -> None:
    assert shop.call("staff", "add", "Oksana", "--pin", "2704").exit_code == 0
    assert shop.call("staff", "add", "Oksana", "--pin", "9136").exit_code == 1
    assert shop.call("staff", "add", "Petro", "--pin", "1234").exit_code == 1
    assert "Petro" not in shop.call("staff", "list").output


def test_a_forgotten_pin_is_replaced_and_wrong_tries_are_forgotten(shop: Shop) -> None:
    assert shop.call("staff", "add", "Oksana", "--pin", "2704").exit_code == 0
    for _ in range(5):
        assert not _unlocked(shop, "Oksana", "9999")
    assert not _unlocked(shop, "Oksana", "2704")
    assert shop.call("staff", "pin", "Oksana", "--pin", "9136").exit_code == 0
    assert _unlocked(shop, "Oksana", "9136")


def test_somebody_goes_but_the_last_manager_stays(shop: Shop) -> None:
    assert shop.call("staff", "add", "Oksana", "--pin", "2704").exit_code == 0
    assert shop.call("staff", "remove", "Oksana").exit_code == 0
    assert "Oksana" not in shop.call("staff", "list").output
    manager = shop.call("staff", "list").output.split("\t")[0]
    assert shop.call("staff", "remove", manager).exit_code == 1
    assert shop.call("staff", "remove", "Nobody").exit_code == 1
