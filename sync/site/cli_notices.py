"""`tillmate site notices`: what customers are told, sent, looked at, and sent again."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sync.site.notice_words import Words

_SETTINGS = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def notices() -> None:
    """What customers are told by e-mail or SMS, where the programme names it and they agreed to it.

    Example: tillmate site notices preview
    """


@notices.command()
@click.argument("settings", type=_SETTINGS)
@click.option("--watch", is_flag=True, help="Go on until stopped, and look every few seconds.")
@click.option("--every", default=5, show_default=True, type=click.IntRange(1, 3600), help="So many seconds.")
@click.pass_context
def send(ctx: click.Context, settings: Path, watch: bool, every: int) -> None:
    """Send what is due, each once, by the ways that the file SETTINGS names ([smtp], [sms]).

    What could not be sent is tried again later; exit 1 when something was given up.

    Example: tillmate site notices send /etc/tillmate/notices.toml --watch
    """
    from sync.site.notice_ways import NoticeError, read_telling, ways_of
    from sync.site.notice_words import Words
    from sync.site.opening import opened
    from sync.site.telling import tell_due

    try:
        telling = read_telling(settings)
        ways = ways_of(telling)
        words = Words(settings.parent / telling.words if telling.words else None)
        with opened(ctx.meta["tillmate.site"]) as store:
            while True:
                told = tell_due(store, ways, words)
                if told.sent or told.later or told.given_up or not watch:
                    click.echo(f"sent {told.sent}, to be tried again {told.later}, given up {told.given_up}")
                if not watch:
                    raise click.exceptions.Exit(1 if told.given_up else 0)
                time.sleep(every)
    except NoticeError as fault:
        raise click.ClickException(str(fault)) from fault


@notices.command()
@click.option("--words", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="A folder with your own words, such as uk.toml.")  # fmt: skip
@click.pass_context
def preview(ctx: click.Context, folder: Path | None) -> None:
    """Show what waits, word by word, as it would be sent now; nothing is sent.

    Example: tillmate site notices preview --words /etc/tillmate/words
    """
    from sync.site.notice_ways import NoticeError
    from sync.site.opening import opened
    from sync.site.telling import preview as waiting

    with opened(ctx.meta["tillmate.site"]) as store:
        try:
            words: Words = _words(folder)
            for message in waiting(store, words):
                click.echo(f"--- {message.channel} to {message.to or 'nobody: not agreed to'} ({message.id})")
                click.echo(f"{message.subject}\n\n{message.text}\n")
        except NoticeError as fault:
            raise click.ClickException(str(fault)) from fault


def _words(folder: Path | None) -> "Words":
    from sync.site.notice_words import Words

    return Words(folder)


@notices.command()
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="So many, newest first."
)
@click.pass_context
def log(ctx: click.Context, limit: int) -> None:
    """List the newest notices and how each fared.

    Example: tillmate site notices log --limit 20
    """
    from sync.site.opening import opened
    from sync.site.telling import log as newest

    with opened(ctx.meta["tillmate.site"]) as store:
        for row in newest(store, limit):
            click.echo(f"{row.state:8} {row.channel:5} {row.customer_id} {row.id} {row.fault}".rstrip())


@notices.command()
@click.argument("customer")
@click.argument("notice_id", metavar="NOTICE")
@click.pass_context
def again(ctx: click.Context, customer: str, notice_id: str) -> None:
    """Queue one more time a NOTICE of a CUSTOMER that failed or whose fate is unknown (see: log).

    Example: tillmate site notices again 0199… earned/0199…/email
    """
    from sync.site.opening import opened
    from sync.site.telling import again as queue_again

    with opened(ctx.meta["tillmate.site"]) as store:
        if not queue_again(store, customer, notice_id):
            raise click.ClickException("There is no such notice that failed.")
    click.echo("Queued.")
