"""`tillmate programme`: the owner's rules, checked, and put in force on a till without a site."""

from pathlib import Path

import click

from terminal import desk
from terminal.commands.invocation import Invocation
from terminal.rules.document import ProgrammeError, read_programme
from terminal.rules.limits import Mistake
from terminal.rules.phrase import Phrase, phrase
from terminal.rules.programme import Programme

PROGRAMME_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def programme() -> None:
    """Check a loyalty programme, or put it in force.

    Example: tillmate programme check programme.toml
    """


@programme.command()
@click.argument("file", type=PROGRAMME_FILE)
@click.pass_obj
def check(invocation: Invocation, file: Path) -> None:
    """Say whether a programme FILE can be published; exit 7 when not.

    Example: tillmate programme check programme.toml
    """
    invocation.echo(_described(read_programme(programme_text(file))))


@programme.command()
@click.argument("file", type=PROGRAMME_FILE)
@click.pass_obj
def publish(invocation: Invocation, file: Path) -> None:
    """Check a programme FILE and store it as this till's next version; exit 7 when it can't be.

    A running till takes it over with the next bill, once its first day has come.

    Example: tillmate programme publish programme.toml
    """
    document = programme_text(file)
    with invocation.till() as till:
        published = desk.publish_programme(till, document)
    invocation.echo(_described(published))
    invocation.echo(phrase("It is in force from {day}.", day=published.valid_from))


def programme_text(file: Path) -> str:
    """Read a programme's file; raises ProgrammeError when it is no text."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = bytes(fault.object[: fault.start]).count(b"\n") + 1
        reason, instead = phrase("This is no UTF-8 text."), phrase("Save the file as UTF-8.")
        raise ProgrammeError([Mistake("", line, reason, instead)]) from None


def _described(found: Programme) -> Phrase:
    return phrase("Programme “{name}”, version {number}: nothing is wrong.", name=found.name, number=found.number)
