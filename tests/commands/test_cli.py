"""The command line as a whole: what it lists, what it imports, how it starts the till, what it answers with."""

import re
import shlex
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from terminal import cli
from terminal.cli import main
from terminal.commands.faults import Exit
from terminal.config import Config
from tests.commands.installed import Shop

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
CONTEXT = click.Context(main)


def own_commands() -> list[str]:
    return [entry.name for entry in entry_points(group="tillmate.commands") if entry.value.startswith("terminal.")]


def leaves(name: str, command: click.Command | None = None) -> list[tuple[str, click.Command]]:
    """The commands of a name that do something: itself, or its sub-commands."""
    command = command or main.get_command(CONTEXT, name)
    assert command is not None, name
    if isinstance(command, click.Group):
        return [leaf for part, one in command.commands.items() for leaf in leaves(f"{name} {part}", one)]
    return [(name, command)]


def test_the_version_is_said() -> None:
    assert re.fullmatch(
        r"tillmate, version \d+\.\d+\.\d+\n", CliRunner().invoke(main, ["--version"], prog_name="tillmate").output
    )


def test_help_lists_every_command_of_ours() -> None:
    told = CliRunner().invoke(main, ["--help"])
    assert told.exit_code == 0
    assert all(re.search(rf"^  {name} ", told.output, re.MULTILINE) for name in own_commands())
    assert sorted(cli._SUMMARIES) == sorted(own_commands())


def test_help_and_version_import_neither_database_nor_screen() -> None:
    program = (
        "import sys\nfrom terminal.cli import main\n"
        "main(['--help'], standalone_mode=False)\nmain(['--version'], standalone_mode=False)\n"
        "heavy = {'sqlcipher3', 'textual', 'rich', 'babel', 'escpos', 'msgspec', 'terminal.desk'}\n"
        "heavy &= set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("name", own_commands())
def test_every_command_says_what_it_does_with_an_example(name: str) -> None:
    for full_name, _ in leaves(name):
        told = CliRunner().invoke(main, [*full_name.split(), "--help"])
        assert told.exit_code == 0
        assert f"Example: tillmate {full_name}" in told.output


@pytest.mark.parametrize("name", own_commands())
def test_every_command_and_option_is_documented(name: str) -> None:
    for full_name, command in leaves(name):
        assert re.search(rf"^## tillmate {full_name}$", PAGE, re.MULTILINE), full_name
        part = PAGE.split(f"## tillmate {full_name}\n", 1)[1].split("\n## ", 1)[0]
        options = [option for one in command.params for option in one.opts if option.startswith("--")]
        assert [option for option in options if option not in part] == []


@pytest.mark.parametrize("name", own_commands())
def test_every_example_of_the_page_is_understood(name: str) -> None:
    for full_name, command in leaves(name):
        examples = [line for line in PAGE.splitlines() if line.startswith(f"tillmate {full_name}")]
        assert examples, full_name
        for line in examples:
            words = shlex.split(line)[1 + len(full_name.split()) :]
            command.make_parser(click.Context(command)).parse_args(words)


def test_the_exit_codes_are_the_same_in_help_and_page() -> None:
    codes = sorted(int(code) for code in Exit)
    told = CliRunner().invoke(main, ["--help"]).output.split("Exit codes:")[1]
    assert sorted(int(code) for code in re.findall(r"^ +(\d+) ", told, re.MULTILINE)) == codes
    assert sorted(int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)) == codes


def test_without_a_command_the_till_starts_with_its_config(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Config] = []

    def run_till(config: Config, config_path: Path) -> int:
        started.append(config)
        return 0

    monkeypatch.setattr("terminal.running.run_till", run_till)
    assert shop.call().exit_code == 0
    assert started == [shop.config]


def test_the_config_is_named_by_the_environment_too(shop: Shop) -> None:
    told = CliRunner().invoke(main, ["verify-ledger"], env={"TILLMATE_CONFIG": str(shop.config_path)})
    assert told.exit_code == Exit.OK


@pytest.mark.parametrize("words", [["no-such"], ["demo", "--sales", "many"], ["import"]])
def test_what_is_not_understood_exits_2(shop: Shop, words: list[str]) -> None:
    assert shop.spawn(*words).returncode == Exit.USAGE


def test_ctrl_c_is_one_line_and_130(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("terminal.commands.verify.verify_ledger", interrupted)
    told = shop.call("verify-ledger")
    assert told.exit_code == Exit.INTERRUPTED
    assert told.stderr.strip() == "Stopped. Nothing was lost."


@pytest.mark.parametrize(("lang", "language"), [("uk_UA.UTF-8", "uk"), ("pl", "pl"), ("C", "en"), ("de_DE", "en")])
def test_without_a_config_the_system_says_the_language(lang: str, language: str) -> None:
    from terminal.commands.invocation import system_language

    assert system_language({"LANG": lang}) == language
    assert system_language({"LANG": "en_US", "LC_ALL": lang}) == language
