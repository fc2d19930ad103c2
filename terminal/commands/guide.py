"""`tillmate guide`: written sequences of steps, to be read or printed."""

import click

from terminal.commands.invocation import Invocation
from terminal.locale.guides import GUIDES, guide_text
from terminal.locale.words import LANGUAGES


@click.command()
@click.argument("name", type=click.Choice(GUIDES))
@click.option("--language", type=click.Choice(LANGUAGES), help="Another language than the shop's.")
@click.pass_obj
def guide(invocation: Invocation, name: str, language: str | None) -> None:
    """Print what to press, word by word: NAME is manager (an order in the store).

    Example: tillmate guide manager --language uk
    """
    click.echo(guide_text(name, language or invocation.words.language), nl=False)
