"""`tillmate sync`: join a site, keep in step with it, and say how the till stands with it."""

import json
import platform
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sync.progress import progress_bar

if TYPE_CHECKING:
    from terminal.config import Config

SITE_FAULT = 8
"""Exit code: the site can't be reached or used."""


def _config_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add `--config`; give the command its path, and the exit code of a fault between till and site."""

    @click.option(
        "--config",
        "named",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="PATH",
        help="The config file; the one that `tillmate --config` names goes before.",
    )
    @click.pass_obj
    @wraps(command)
    def with_config(given: Any, /, named: Path | None, **options: Any) -> None:
        from sync.faults import SyncFault
        from terminal.config import default_config_path

        path: Path = named or (given.config_path if given is not None else default_config_path())
        try:
            command(path, **options)
        except SyncFault as fault:
            click.echo(str(fault), err=True)
            raise click.exceptions.Exit(SITE_FAULT) from None

    return with_config


@click.group(
    epilog="""\b
Exit codes, besides those of tillmate:
  8  the site can't be reached, or refuses
""",
)
def sync() -> None:
    """Keep this till in step with the shop's site.

    Example: tillmate sync enrol https://bonus.shop.example ABCD-EFGH-JKMN
    """


@sync.command()
@click.option("--child", is_flag=True, help="End when standard input ends, as the till starts it.")
@_config_option
def run(path: Path, child: bool) -> None:
    """Push and pull until stopped; one process a ledger. The till starts it by itself.

    Exit 1 when another one runs already.

    Example: tillmate sync run
    """
    from sync.process import run_daemon

    raise click.exceptions.Exit(run_daemon(_config(path), child=child))


@sync.command()
@_config_option
def once(path: Path) -> None:
    """Push all that the site has not, pull all that is new, and end.

    Example: tillmate sync once
    """
    from sync.faults import SyncFault
    from sync.joining import joined
    from sync.pull import pull_all
    from sync.push import push_all

    with joined(_config(path)) as link:
        try:
            sent = push_all(link)
            with progress_bar("Loading from the site") as progress:
                pull_all(link, progress)
        except SyncFault as fault:
            link.note_fault(fault)
            raise
        click.echo(f"In step with {link.client.url}: the site has entry {sent}.")


@sync.command()
@_config_option
def load(path: Path) -> None:
    """Bring everything from the site into a new ledger, as fast as it goes. The till must be closed.

    Stopped, it goes on where it was when it is called again.

    Example: tillmate sync load
    """
    from sync.joining import joined
    from sync.load import load as load_replica

    with joined(_config(path)) as link, progress_bar("Loading from the site") as progress:
        load_replica(link, progress)
        click.echo("The till has all that the site has.")


@sync.command()
@click.argument("url")
@click.argument("code")
@click.option("--no-load", is_flag=True, help="Do not bring the site's customers now; the sync does it later.")
@_config_option
def enrol(path: Path, url: str, code: str, no_load: bool) -> None:
    """Join the site at URL by a one-time CODE, which `tillmate site till enrol NAME` shows there.

    What this till has booked already is brought along. A till whose journal the site holds (it was restored or
    copied), or that was revoked, joins again by the same command with a new code: it begins a new ledger under a
    new name, and the old one is kept beside it. What the site has not got of the old one goes along. The till must
    be closed.

    Example: tillmate sync enrol https://bonus.shop.example ABCD-EFGH-JKMN
    """
    from sync.client import check_address
    from sync.joining import joined
    from sync.load import load as load_replica
    from sync.rejoining import join_site

    try:
        address = check_address(url)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
    software = f"tillmate {version('tillmate')}"
    name = join_site(path, address, code, machine=platform.node(), software=software, say=click.echo)
    click.echo(f"This till is {name} at {address}.")
    if not no_load:
        with joined(_config(path)) as link, progress_bar("Loading from the site") as progress:
            load_replica(link, progress)
        click.echo("The till has all that the site has.")


@sync.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@_config_option
def status(path: Path, as_json: bool) -> None:
    """Say how this till stands with its site, from the ledger alone. Exit 1 when somebody should look.

    Example: tillmate sync status
    """
    from sync.status import status_of

    found = status_of(_config(path))
    if as_json:
        click.echo(json.dumps(found.figures))
    else:
        for line in found.lines:
            click.echo(line)
    raise click.exceptions.Exit(0 if found.good else 1)


@sync.command()
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each step, for a log.")
@_config_option
def nightly(path: Path, as_json: bool) -> None:
    """Do the night's work: compare with the site, mend, expire, close the day, verify, back up, report.

    Safe to start twice and to stop at any time: what is done is not done again. Exit 0 when all is well, 1 when
    differences were found and reported, 2 when something could not be done.

    Example: tillmate sync nightly --json
    """
    from sync.nightly import run_nightly

    raise click.exceptions.Exit(run_nightly(_config(path), as_json=as_json))


def _config(path: Path) -> "Config":
    from terminal.config import load_config

    return load_config(path)


def main() -> int:
    """Run `python -m sync`, which tells the faults of config, key and ledger by `tillmate`'s exit codes."""
    from terminal.config import ConfigError
    from terminal.ledger.errors import LedgerError
    from terminal.ledger.key import KeyUnavailable

    try:
        return int(sync.main(obj=None, prog_name="python -m sync", standalone_mode=False) or 0)
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except (ConfigError, KeyUnavailable, LedgerError) as fault:
        click.echo(str(fault), err=True)
        return {ConfigError: 3, KeyUnavailable: 4}.get(type(fault), 5)
    except (KeyboardInterrupt, click.Abort):
        return 130
