"""`tillmate programme`: the owner's rules, checked, told in plain words, and put in force."""

from datetime import UTC
from pathlib import Path
from typing import get_args

import click

from terminal import desk
from terminal.commands.invocation import Invocation, words_in
from terminal.locale.words import LANGUAGES, Words
from terminal.rules.document import ProgrammeError, doubts_about, read_programme
from terminal.rules.explaining import explain as explained
from terminal.rules.explaining_terms import Audience
from terminal.rules.limits import Mistake
from terminal.rules.phrase import Phrase, phrase
from terminal.rules.programme import Programme
from terminal.rules.syntax import MOST_CHARACTERS

PROGRAMME_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
LANGUAGE = click.option("--language", type=click.Choice(LANGUAGES), help="Another language than the shop's.")


@click.group()
def programme() -> None:
    """Check a loyalty programme, tell it in plain words, or put it in force.

    Example: tillmate programme check programme.toml
    """


@programme.command()
@click.argument("file", type=PROGRAMME_FILE)
@LANGUAGE
@click.pass_obj
def check(invocation: Invocation, file: Path, language: str | None) -> None:
    """Say whether a programme FILE can be published; exit 7 when not.

    Prints every mistake with its line and what to write instead, and what is possible and yet hardly meant.

    Example: tillmate programme check programme.toml
    """
    if language is not None:
        invocation.words = words_in(language)
    document = programme_text(file)
    found = read_programme(document)
    invocation.echo(_described(found))
    for doubt in doubts_about(found, document):
        invocation.echo(phrase("Look again. {doubt}", doubt=doubt.told))


@programme.command()
@click.argument("file", type=PROGRAMME_FILE)
@LANGUAGE
@click.option(
    "--for",
    "audience",
    type=click.Choice(get_args(Audience)),
    default="customer",
    show_default=True,
    help="Whom it is told: a cashier is told codes, names and figures too.",
)
@click.pass_obj
def explain(invocation: Invocation, file: Path, language: str | None, audience: Audience) -> None:
    """Tell a programme FILE in plain words; exit 7 when it is wrong.

    Example: tillmate programme explain programme.toml --language uk --for cashier
    """
    if language is not None:
        invocation.words = words_in(language)
    found = read_programme(programme_text(file))
    words = Words(invocation.words.language, found.currency, UTC, found.points_decimals)
    for i, section in enumerate(explained(found, audience)):
        click.echo(("\n" if i else "") + words.say(section.title))
        for point in section.points:
            click.echo(f"• {words.say(point.said)}")
            for detail in point.details:
                click.echo(f"    – {words.say(detail)}")


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
    with file.open("rb") as opened:
        # One byte more than a programme can have characters is refused for its length.
        written = opened.read(MOST_CHARACTERS * 4 + 1)
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = bytes(fault.object[: fault.start]).count(b"\n") + 1
        reason, instead = phrase("This is no UTF-8 text."), phrase("Save the file as UTF-8.")
        raise ProgrammeError([Mistake("", line, reason, instead)]) from None


def _described(found: Programme) -> Phrase:
    return phrase("Programme “{name}”, version {number}: nothing is wrong.", name=found.name, number=found.number)
