"""`tillmate site`: the reference site, set up, served, and looked after from its own machine.

Everything that is heavy is imported when a command runs, so that `tillmate --help` stays quick.
"""

import json
import sys
from pathlib import Path

import click

from sync.site.cli_catalogue import catalogue
from sync.site.cli_customers import customers
from sync.site.cli_notices import notices
from sync.site.cli_offers import offer
from sync.site.cli_orders import order
from sync.site.cli_promo_codes import promo_code
from sync.site.cli_staff import staff
from sync.site.cli_tills import key, till
from sync.site.cli_write_offs import verify_orders

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.group()
@click.option(
    "--database",
    envvar="TILLMATE_SITE",
    show_envvar=True,
    metavar="URL",
    help="sqlite:///PATH or postgresql://USER@HOST/NAME; without it, a SQLite file in your data folder.",
)
@click.pass_context
def site(ctx: click.Context, database: str | None) -> None:
    """The shop's site: the one master of bonuses for all tills.

    Example: tillmate site init --name "Corner shop" --currency UAH --country UA --timezone Europe/Kyiv
    """
    if database is None:
        from sync.site.opening import default_database

        database = default_database()
    ctx.meta["tillmate.site"] = database


@site.command()
@click.option("--name", required=True, help="The shop's name, for slips.")
@click.option("--currency", required=True, help="Three letters, such as UAH.")
@click.option("--country", required=True, help="Two letters: how phones are typed.")
@click.option("--timezone", required=True, help="Such as Europe/Kyiv: where a day begins.")
@click.option("--language", type=click.Choice(["uk", "pl", "ru", "en"]), default="uk", show_default=True)
@click.option("--policy", type=click.Choice(["home", "site-first"]), default="home", show_default=True,
              help="Where free bonuses lie: at the customer's usual till, or here until a till asks.")  # fmt: skip
@click.option("--offline-days", type=click.IntRange(1, 365), default=14, show_default=True,
              help="A till without contact for so long redeems no more.")  # fmt: skip
@click.pass_context
def init(
    ctx: click.Context,
    name: str,
    currency: str,
    country: str,
    timezone: str,
    language: str,
    policy: str,
    offline_days: int,
) -> None:
    """Make the database and the shop's facts, or bring a database of an older version up to date.

    Example: tillmate site init --name "Corner shop" --currency UAH --country UA --timezone Europe/Kyiv
    """
    import secrets
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from sync.protocol import ShopFacts
    from sync.site.migrating import migrate
    from sync.site.opening import opened, was_set_up
    from sync.site.setting_up import set_up

    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise click.ClickException(f"{timezone!r} is no time zone, such as Europe/Kyiv.") from fault
    facts = ShopFacts(
        name=name,
        address=(),
        language=language,
        currency=currency.upper(),
        country=country.upper(),
        timezone=timezone,
        thank_you="",
        offline_days=offline_days,
        staff_pepper=secrets.token_bytes(32),
    )
    with opened(ctx.meta["tillmate.site"], new=True) as store:
        old = was_set_up(store)
        migrate(store)
        if not old:
            set_up(store, facts, policy)
    click.echo("The database is up to date." if old else f"The site of {name} is set up.")


@site.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8470, show_default=True)
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False), help="The certificate chain, PEM.")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False), help="Its private key, PEM.")
@click.option("--behind-proxy", is_flag=True, help="TLS ends at a proxy on this host, which forwards addresses.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True,
              help="Processes; more than one wants PostgreSQL.")  # fmt: skip
@click.pass_context
def serve(
    ctx: click.Context,
    host: str,
    port: int,
    tls_cert: str | None,
    tls_key: str | None,
    behind_proxy: bool,
    workers: int,
) -> None:
    """Answer tills and the shop's own site over HTTP, until stopped.

    Example: tillmate site serve --host 0.0.0.0 --tls-cert shop.pem --tls-key shop.key
    """
    import os

    from uvicorn import Config

    from sync.site.listening import serve as answer
    from sync.site.opening import opened

    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key go together.")
    if tls_cert is None and not behind_proxy and host not in _LOOPBACK:
        raise click.UsageError("Tokens never go over an open network: give --tls-cert and --tls-key.")
    database = ctx.meta["tillmate.site"]
    with opened(database) as store:
        if workers > 1 and store.engine.dialect.name == "sqlite":
            raise click.UsageError("SQLite takes one process. Use PostgreSQL for more.")
    os.environ["TILLMATE_SITE"] = database
    answer(
        Config(
            "sync.site.serving:app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            ssl_certfile=tls_cert,
            ssl_keyfile=tls_key,
            proxy_headers=behind_proxy,
            log_level="info",
            timeout_graceful_shutdown=5,
        )
    )


@site.command()
def openapi() -> None:
    """Print the OpenAPI document that a shop's own site can implement.

    Example: tillmate site openapi
    """
    from random import Random

    from sync.site.app import described, make_app
    from sync.site.store import open_store

    store = open_store("sqlite:///never-opened", lambda: 0, Random(0))
    click.echo(json.dumps(described(make_app(store)), indent=2, ensure_ascii=False))


@site.group()
def programme() -> None:
    """The loyalty programme of all tills.

    Example: tillmate site programme publish programme.toml
    """


@programme.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def publish(ctx: click.Context, file: Path) -> None:
    """Check a programme and put it in force here and on all tills.

    Example: tillmate site programme publish programme.toml
    """
    from sync.site.opening import opened
    from sync.site.shop import publish as put_in_force
    from terminal.rules.document import ProgrammeError

    with opened(ctx.meta["tillmate.site"]) as store:
        try:
            done = put_in_force(store, file.read_text(encoding="utf-8"))
        except (ProgrammeError, UnicodeDecodeError) as fault:
            raise click.ClickException(f"{file}: {fault}") from fault
    if isinstance(done, str):
        raise click.ClickException(f"{file}: {done}.")
    click.echo(f"Version {done.number} of “{done.name}” is in force from {done.valid_from}.")


@site.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Prove that issued = spent + expired + balances and that nothing was spent twice; exit 1 otherwise.

    Example: tillmate site verify
    """
    from dataclasses import asdict

    from sync.site.opening import opened
    from sync.site.verify import verify as check

    with opened(ctx.meta["tillmate.site"]) as store:
        found = check(store)
    if as_json:
        click.echo(json.dumps({**asdict(found), "ok": found.ok}))
    else:
        click.echo(f"Entries: {found.entries}, of which {found.waiting} wait; customers: {found.customers}")
        click.echo(
            f"Issued {found.issued} = spent {found.spent} + expired {found.expired} + balances {found.balances}"
        )
        click.echo(f"Leased to holders: {found.leased}; paid by the loss account: {found.loss}")
        click.echo(f"Overspent: {found.overspent}")
        for fault in found.faults:
            click.echo(f"✗ {fault}")
        click.echo("✓ The books agree." if found.ok else "✗ The books do not agree.")
    sys.exit(0 if found.ok else 1)


@site.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_context
def nightly(ctx: click.Context, as_json: bool) -> None:
    """Expire what is free and past its day, move homes, and lease free bonuses to them. Safe to run again.

    Example: tillmate site nightly
    """
    from dataclasses import asdict

    from sync.site.night import nightly as work
    from sync.site.opening import opened

    with opened(ctx.meta["tillmate.site"]) as store:
        done = work(store, (lambda step: None) if as_json else (lambda step: click.echo(f"{step} …", err=True)))
    if as_json:
        click.echo(json.dumps(asdict(done)))
    else:
        click.echo(f"Expired {done.expired}, moved {done.moved} homes, leased {done.leased}.")


@site.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000),
              help="So many, newest first.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_context
def audit(ctx: click.Context, limit: int, as_json: bool) -> None:
    """List who did what here: codes, keys, tills, staff, offers, programmes, imports, and what was refused.

    Example: tillmate site audit --limit 20
    """
    from dataclasses import asdict

    from sync.site.audit_list import noted
    from sync.site.opening import opened

    with opened(ctx.meta["tillmate.site"]) as store:
        found = noted(store, limit)
    if as_json:
        click.echo(json.dumps({"audit": [asdict(one) for one in found]}))
        return
    for one in found:
        click.echo("\t".join((one.at, one.who, one.what, one.about, one.detail)).rstrip())


for _command in (till, key, customers, staff, catalogue, offer, promo_code, order, notices, verify_orders):
    site.add_command(_command)
