"""`tillmate demo`: an invented shop, on the screen, or played without one to show that every part works."""

import json
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import click

from printers.document import Document
from terminal.commands.demo_fleet import Fleet, play_fleet
from terminal.commands.demo_play import DemoClock, Played, play
from terminal.demo_site import site_starter
from terminal.desk.demo_shop import fixed_clock, make_demo_till
from terminal.locale.words import LANGUAGES, Words

COLUMNS = 48
"""Letters on a line of 80 mm paper."""


@click.command()
@click.option("--headless", is_flag=True, help="Play without a screen and print every slip.")
@click.option("--sales", default=20, show_default=True, type=click.IntRange(0, 100_000), help="How many sales.")
@click.option("--language", default="uk", show_default=True, type=click.Choice(LANGUAGES))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="The same seed, the same shop.")
@click.option(
    "--tills", type=click.IntRange(1, 20), help="How many tills, at a site of their own; with --headless."
)
@click.option(
    "--offline", type=click.FloatRange(0, 1), help="Share of the sales made with the cable pulled; with --headless."
)
def demo(headless: bool, sales: int, language: str, seed: int, tills: int | None, offline: float | None) -> None:
    """Open a small invented shop in a temporary folder; nothing of it stays.

    With --headless, print every slip as text and end with one line of JSON; exit 1 when a sum does not agree.
    With --tills or --offline too, the tills stand at a central site, and it has to agree with all of them.

    Example: tillmate demo --headless --sales 20 --language uk --seed 1
    """
    if not headless:
        if tills is not None or offline is not None:
            raise click.UsageError("--tills and --offline go with --headless.")
        from terminal.running import run_demo

        raise click.exceptions.Exit(run_demo(language=language, seed=seed))
    fleet: Fleet | None = None
    with TemporaryDirectory(prefix="tillmate-demo-") as folder:
        if tills is None and offline is None:
            played = _play(Path(folder), sales, language, seed)
        else:
            played, fleet = _play_fleet(Path(folder), sales, language, seed, tills or 1, offline or 0.0)
    if played.fault is not None:
        click.echo(Words(language, "UAH", UTC).say(played.fault), err=True)
    figures = {name: value for name, value in asdict(played).items() if name != "fault"}
    if fleet is not None:
        figures |= asdict(fleet)
    click.echo(json.dumps({**figures, "ok": played.ok}, separators=(",", ":")))
    raise click.exceptions.Exit(0 if played.ok else 1)


def _show(slip: Document) -> None:
    from printers.preview import preview_text

    click.echo(preview_text(slip, COLUMNS))


def _play(folder: Path, sales: int, language: str, seed: int) -> Played:
    clock = DemoClock(fixed_clock())
    till, customers = make_demo_till(folder, language, seed, clock)
    with till.ledger:
        return play(till, customers, sales, Random(seed), clock, _show)


def _play_fleet(
    folder: Path, sales: int, language: str, seed: int, tills: int, offline: float
) -> tuple[Played, Fleet]:
    start = site_starter()
    if start is None:
        raise click.ClickException("No site is installed here: pip install 'tillmate[site]'")
    return play_fleet(folder, start, language, seed, sales, tills, offline, _show)
