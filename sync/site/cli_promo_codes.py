"""`tillmate site promo-code`: codes that the site makes, each of which works once."""

import json
from datetime import datetime

import click

from sync.progress import progress_bar
from sync.site.cli_days import days, days_options

_MOST = 100_000


@click.group("promo-code")
def promo_code() -> None:
    """Promo codes beside those of the programme: each works once.

    Example: tillmate site promo-code list
    """


@promo_code.command()
@click.argument("opens")
@click.option("--count", type=click.IntRange(1, _MOST), default=1, show_default=True, help="So many codes.")
@click.option("--code", help="One code of your own; without it they are made so that nobody guesses one.")
@click.option("--customer", metavar="WHO", help="For this customer alone, by id, card or phone.")
@days_options
@click.pass_context
def make(
    ctx: click.Context,
    opens: str,
    count: int,
    code: str | None,
    customer: str | None,
    first: datetime | None,
    last: datetime,
) -> None:
    """Make codes that open OPENS, an offer or earn rule of the programme that needs a code; print one a line.

    Example: tillmate site promo-code make --count 500 --until 2026-12-31 ten-off
    """
    from sync.site import promo_codes
    from sync.site.naming import customer_named
    from sync.site.opening import opened
    from sync.site.shop import today

    if code is not None and count != 1:
        raise click.UsageError("--code makes one code.")
    with opened(ctx.meta["tillmate.site"]) as store:
        with store.reading() as connection:
            on = today(connection, store)
            whose = customer_named(connection, customer) if customer is not None else None
        if customer is not None and whose is None:
            raise click.ClickException(f"Nobody is known by {customer}.")
        asked = promo_codes.Asked(opens, whose, *days(first, last, on))
        if code is not None:
            why_not = promo_codes.make_named(store, asked, code, "console")
            made: list[str] | str = [code.upper()] if why_not is None else why_not
        else:
            with progress_bar("Making codes") as progress:
                made = promo_codes.make(store, asked, count, "console", progress)
    if isinstance(made, str):
        raise click.ClickException(f"{made}.")
    for one in made:
        click.echo(one)


@promo_code.command("list")
@click.option("--opens", metavar="CODE", help="Only those that open this offer or earn rule.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 1_000_000),
              help="So many, newest first.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_context
def list_codes(ctx: click.Context, opens: str | None, limit: int, as_json: bool) -> None:
    """List the newest codes: what they open, for whom, when, and whether they were used.

    Example: tillmate site promo-code list --opens ten-off
    """
    from dataclasses import asdict

    from sync.site.opening import opened
    from sync.site.promo_codes import listed

    with opened(ctx.meta["tillmate.site"]) as store:
        found = listed(store, opens, limit)
    if as_json:
        click.echo(json.dumps({"promo_codes": [asdict(one) for one in found]}))
        return
    for one in found:
        words = [one.code, one.opens, f"{one.valid_from} – {one.valid_until}", "used" if one.used else "not used"]
        click.echo("\t".join([*words, *([one.customer_id] if one.customer_id else [])]))


@promo_code.command()
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@click.pass_context
def withdraw(ctx: click.Context, codes: tuple[str, ...]) -> None:
    """Let codes open nothing any more; exit 1 when one of them is not there.

    Example: tillmate site promo-code withdraw SPRING-1
    """
    from sync.site.opening import opened
    from sync.site.promo_codes import withdraw as take_back

    with opened(ctx.meta["tillmate.site"]) as store:
        missing = [code for code in codes if not take_back(store, code, "console")]
    click.echo(f"Withdrawn: {len(codes) - len(missing)}.")
    if missing:
        raise click.ClickException(f"There is no code {', '.join(missing)}.")
