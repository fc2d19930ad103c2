"""`tillmate`: the till itself, and its sub-commands, each imported only when it is called."""

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import click

_GROUP = "tillmate.commands"

_SUMMARIES = {
    "audit": "List corrections, refunds, merges, blocked cards and what a manager let pass.",
    "backup": "Copy the ledger and prove that the copy opens.",
    "day": "Open the business day, look at its totals by cashier, and close it.",
    "demo": "Open a small invented shop, on the screen or without one.",
    "devices": "List the printers and scanners that are plugged in.",
    "doctor": "Check everything that the till needs, and say how to mend it.",
    "guide": "Print what to press, word by word: NAME is manager (an order in the store).",
    "import": "Bring customers in from a CSV file.",
    "init": "Set this till up: config, key, ledger, manager.",
    "printer": "Find out what the printer does.",
    "programme": "Check a loyalty programme, tell it in plain words, or put it in force.",
    "replay": "Run historical purchases through the till.",
    "report": "Say how the programme does, in figures with their definitions.",
    "restore": "Put a backup in the place of the ledger.",
    "scenario": "Try a programme without a shop, before it starts.",
    "slip": "Look at slips before they are printed.",
    "staff": "Add, list or remove who works at this till, and set PINs.",
    "verify": "Say whether the bonuses of orders were really taken.",
    "verify-ledger": "Prove that the ledger is whole.",
}
"""What `--help` says of our own commands, so that it need not import them; a test holds it to their own words."""

_EPILOG = """\b
Exit codes:
  0    done
  1    something failed, was refused, or is not as it should be
  2    the command was not understood
  3    the config can't be used
  4    the ledger's key can't be read
  5    the ledger can't be used
  6    the printer can't be used
  7    the programme is wrong
  8    the site can't be reached, or refuses
  130  stopped with Ctrl-C
"""


class Commands(click.Group):
    """The commands that the installed packages register, and the one place where their faults are told."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all registered commands."""
        return sorted(_registered())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command."""
        entry = _registered().get(cmd_name)
        if entry is None:
            return None
        command = entry.load()
        assert isinstance(command, click.Command), entry
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing those of this package."""
        rows = []
        for name in self.list_commands(ctx):
            command = None if name in _SUMMARIES else self.get_command(ctx, name)
            rows.append((name, command.get_short_help_str(80) if command else _SUMMARIES[name]))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a fault that has a name becomes one line on standard error and an exit code."""
        from terminal.commands.faults import FAULTS, Exit, told
        from terminal.commands.invocation import Invocation

        try:
            return super().invoke(ctx)
        except FAULTS as fault:
            code, line = told(fault, ctx.obj or Invocation.of(None))
        except (KeyboardInterrupt, click.Abort):
            code, line = Exit.INTERRUPTED, (ctx.obj or Invocation.of(None)).say_interrupted()
        click.echo(line, err=True)
        raise click.exceptions.Exit(code)


def _registered() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=_GROUP)}


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
)
@click.version_option(package_name="tillmate")
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="TILLMATE_CONFIG",
    show_envvar=True,
    metavar="PATH",
    help="The config file; without it, the one in your own config folder.",
)
@click.pass_context
def main(ctx: click.Context, config_path: Path | None) -> None:
    """Loyalty bonuses at the counter. Without a command, start the till.

    Example: tillmate --config /etc/tillmate/config.toml
    """
    from terminal.commands.invocation import Invocation

    ctx.obj = Invocation.of(config_path)
    if ctx.invoked_subcommand is None:
        from terminal.running import run_till

        ctx.exit(run_till(ctx.obj.config, ctx.obj.config_path))
