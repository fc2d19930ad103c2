"""`tillmate scenario`: a programme tried without a shop, figure by figure."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from terminal.commands.faults import Declined
from terminal.commands.invocation import Invocation
from terminal.desk.scenario import ScenarioError, read_scenario, scenario_files
from terminal.desk.scenario_run import Compared, run_scenario
from terminal.locale.words import Words
from terminal.rules.phrase import Phrase, phrase
from terminal.rules.text import safe_text


@click.group()
def scenario() -> None:
    """Try a programme without a shop, before it starts.

    Example: tillmate scenario run docs/programmes
    """


@scenario.command()
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--quiet", is_flag=True, help="Only the figures that differ.")
@click.pass_obj
def run(invocation: Invocation, places: tuple[Path, ...], quiet: bool) -> None:
    """Run scenario files, or all that end in .scenario.toml below folders.

    Prints each figure expected and got; exit 1 when one differs or a file can't be run.

    Example: tillmate scenario run shop.scenario.toml
    """
    files = scenario_files(places)
    if not files:
        raise Declined(phrase("There is no scenario there: their names end in .scenario.toml."))
    wrong = [file for file in files if not _run(invocation.words, file, quiet=quiet)]
    invocation.echo(phrase("Scenarios: {count}, of which {wrong} differ.", count=len(files), wrong=len(wrong)))
    raise click.exceptions.Exit(1 if wrong else 0)


def _run(words: Words, file: Path, *, quiet: bool) -> bool:
    with TemporaryDirectory(prefix="tillmate-scenario-") as folder:
        try:
            found, programme = read_scenario(file)
            compared, faults = run_scenario(found, programme, Path(folder))
        except (ScenarioError, ValueError) as fault:
            click.echo(f"✗ {fault}", err=True)
            return False
    _show(words, file, found.name, [one for one in compared if not (quiet and one.same)], faults)
    return not faults and all(one.same for one in compared)


def _show(words: Words, file: Path, name: str, compared: list[Compared], faults: tuple[Phrase, ...]) -> None:
    if compared:
        _ = words.gettext
        click.echo(f"{file}: {safe_text(name)}")
        table = Table(box=None)
        for head in ("", _("Step"), _("Figure"), _("Expected"), _("Got")):
            table.add_column(head)
        for one in compared:
            row = ("✓" if one.same else "✗", f"{one.step} {one.did}", one.figure, one.expected, one.got)
            table.add_row(*(Text(cell) for cell in row), style="" if one.same else "bold red")
        Console().print(table)
    for fault in faults:
        click.echo("✗ " + words.say(fault), err=True)
