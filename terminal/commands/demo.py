"""`tillmate demo`: an invented shop, on the screen, or played without one to show that every part works."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import click

from terminal.commands.demo_play import DemoClock, Played, play
from terminal.desk.demo_shop import fixed_clock, make_demo_till
from terminal.locale.words import LANGUAGES, Words

COLUMNS = 48
"""Letters on a line of 80 mm paper."""


@click.command()
@click.option("--headless", is_flag=True, help="Play without a screen and print every slip.")
@click.option("--sales", default=20, show_default=True, type=click.IntRange(0, 100_000), help="How many sales.")
@click.option("--language", default="uk", show_default=True, type=click.Choice(LANGUAGES))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="The same seed, the same shop.")
def demo(headless: bool, sales: int, language: str, seed: int) -> None:
    """Open a small invented shop in a temporary folder; nothing of it stays.

    With --headless, print every slip as text and end with one line of JSON; exit 1 when a sum does not agree.

    Example: tillmate demo --headless --sales 20 --language uk --seed 1
    """
    if not headless:
        from terminal.running import run_demo

        raise click.exceptions.Exit(run_demo(language=language, seed=seed))
    with TemporaryDirectory(prefix="tillmate-demo-") as folder:
        played = _play(Path(folder), sales, language, seed, click.echo)
    if played.fault is not None:
        click.echo(Words(language, "UAH", UTC).say(played.fault), err=True)
    figures = {name: value for name, value in asdict(played).items() if name != "fault"}
    click.echo(json.dumps({**figures, "ok": played.ok}, separators=(",", ":")))
    raise click.exceptions.Exit(0 if played.ok else 1)


def _play(folder: Path, sales: int, language: str, seed: int, show: Callable[[str], None]) -> Played:
    from printers.preview import preview_text

    clock = DemoClock(fixed_clock())
    till, customers = make_demo_till(folder, language, seed, clock)
    with till.ledger:
        return play(
            till,
            customers,
            sales,
            Random(seed),
            clock,
            lambda slip: show(preview_text(slip, COLUMNS)),
        )
