"""`tillmate site`: a site from nothing to verified books, and what its commands refuse."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from sync.site.cli import site
from tests.site.stand import PLAIN

PAGE = (Path(__file__).parent.parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")
INIT = ("init", "--name", "Shop", "--currency", "UAH", "--country", "UA", "--timezone", "Europe/Kyiv")


def leaves(name: str, command: click.Command) -> list[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        return [leaf for part, one in command.commands.items() for leaf in leaves(f"{name} {part}", one)]
    return [(name, command)]


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'site.db'}"


def call(database: str, *words: str) -> Result:
    return CliRunner().invoke(site, ["--database", database, *words])


def test_a_site_is_set_up_filled_and_verified(database: str, tmp_path: Path) -> None:
    programme, customers = tmp_path / "p.toml", tmp_path / "c.csv"
    programme.write_text(PLAIN, encoding="utf-8")
    customers.write_text("name,phone,points\nОлена,0671234567,100\n", encoding="utf-8")
    assert call(database, *INIT).exit_code == 0
    assert call(database, "programme", "publish", str(programme)).exit_code == 0
    enrolled = call(database, "till", "enrol", "till 1")
    assert re.search(r"Code for till 1: [A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\n", enrolled.output)
    assert "█" in enrolled.output
    assert call(database, "customers", "import", str(customers)).output == "Imported: 1.\n"
    told = call(database, "verify", "--json")
    found = json.loads(told.output)
    assert (told.exit_code, found["ok"], found["issued"], found["balances"]) == (0, True, 100, 100)
    assert call(database, "nightly").exit_code == 0
    assert call(database, *INIT).output == "The database is up to date.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("verify",), "There is no"),
        ((*INIT[:-1], "Mars/Olympus"), "no time zone"),
        (("serve", "--host", "0.0.0.0"), "open network"),
        (("serve", "--tls-cert", __file__), "go together"),
    ],
)
def test_what_can_not_be_done_is_one_line(database: str, words: tuple[str, ...], told: str) -> None:
    result = call(database, *words)
    assert result.exit_code in (1, 2)
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_stranger_is_not_declared_lost(database: str) -> None:
    call(database, *INIT)
    for words in (("till", "lost", "nobody", "--yes"), ("till", "revoke", "nobody"), ("till", "found", "nobody")):
        assert call(database, *words).exit_code == 1, words


@pytest.mark.parametrize(("name", "command"), leaves("site", site))
def test_every_command_is_documented_with_an_example(name: str, command: click.Command) -> None:
    assert f"Example: tillmate {name}" in (command.help or "")
    assert f"\n## tillmate {name}\n" in PAGE
    part = PAGE.split(f"\n## tillmate {name}\n", 1)[1].split("\n## ", 1)[0]
    assert f"tillmate {name}" in part
    options = [option for one in command.params for option in one.opts if option.startswith("--")]
    assert [option for option in options if option not in part] == []
