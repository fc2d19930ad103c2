"""`tillmate site till` and `tillmate site key`: who may speak to the site."""

import json
import sys

import click

_DAY_MS = 24 * 60 * 60 * 1000


@click.group()
def till() -> None:
    """Tills, and relays that hold for a store.

    Example: tillmate site till list
    """


@till.command()
@click.argument("name")
@click.option("--relay", is_flag=True, help="It holds for all tills of its store.")
@click.option("--url", default="", help="This site's address, put into the QR beside the code.")
@click.pass_context
def enrol(ctx: click.Context, name: str, relay: bool, url: str) -> None:
    """Make a one-time code for a till, also as a QR; it works for a day.

    Example: tillmate site till enrol "till 3"
    """
    import qrcode

    from sync.site.opening import opened
    from sync.site.setting_up import new_code

    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise click.ClickException("A till's name has 1 to 64 letters.")
    with opened(ctx.meta["tillmate.site"]) as store:
        code = new_code(store, name, "relay" if relay else "till")
    shown = qrcode.QRCode(border=2)
    shown.add_data(f"{url}#{code}" if url else code)
    click.echo(f"Code for {name}: {code}")
    shown.print_ascii(out=sys.stdout)
    click.echo(f"On the till, within a day: tillmate sync enrol {url or 'URL'} {code}")


@till.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_context
def list_tills(ctx: click.Context, as_json: bool) -> None:
    """List tills: how far their journals are, what they hold, how long they were not heard of.

    Example: tillmate site till list
    """
    from dataclasses import asdict

    from sync.site.opening import opened
    from sync.site.standing import standing

    with opened(ctx.meta["tillmate.site"]) as store:
        tills, missing = standing(store)
    if as_json:
        click.echo(json.dumps({"tills": [asdict(one) for one in tills], "recovering": missing}))
        return
    for one in tills:
        days = one.silent_ms // _DAY_MS
        words = [f"{one.id}: {one.state}", f"entries {one.applied_seq}", f"holds {one.held_points}"]
        if one.quarantined:
            words.append("in quarantine")
        if one.held_why:
            words.append(f"HELD at {one.held_seq}: {one.held_why}")
        words.append(f"silent for {days} days" if days else "heard of today")
        click.echo(", ".join(words))
    if missing:
        click.echo(f"Restored from a backup; waiting for: {', '.join(missing)}")


@till.command()
@click.argument("name")
@click.confirmation_option(prompt="Its bonuses go back to the customers, at the shop's risk. Is it lost?")
@click.pass_context
def lost(ctx: click.Context, name: str) -> None:
    """Declare a till lost: revoke it, and give what it held back to the customers.

    Example: tillmate site till lost "till 3" --yes
    """
    from sync.site.losing import declare_lost
    from sync.site.opening import opened

    with opened(ctx.meta["tillmate.site"]) as store:
        given = declare_lost(store, name, "console")
    if given is None:
        raise click.ClickException(f"There is no till {name!r}.")
    click.echo(f"{name} is lost. Given back: {given}.")


@till.command()
@click.argument("name")
@click.pass_context
def found(ctx: click.Context, name: str) -> None:
    """Make a code with which a lost till that turned up, or a revoked one, brings its journal in, and nothing else.

    Example: tillmate site till found "till 3"
    """
    from sync.protocol import Fault
    from sync.site.losing import reopen
    from sync.site.opening import opened

    with opened(ctx.meta["tillmate.site"]) as store:
        code = reopen(store, name)
    if isinstance(code, Fault):
        raise click.ClickException(f"{name}: {code.text}.")
    click.echo(f"Code for {name}: {code}")


@till.command()
@click.argument("name")
@click.pass_context
def revoke(ctx: click.Context, name: str) -> None:
    """Let a till's token count no more; what it holds stays in quarantine until it is declared lost.

    Example: tillmate site till revoke "till 3"
    """
    from sync.site.losing import revoke as close
    from sync.site.opening import opened

    with opened(ctx.meta["tillmate.site"]) as store:
        if not close(store, name, "console"):
            raise click.ClickException(f"There is no till {name!r}.")
    click.echo(f"{name} is revoked.")


@till.command()
@click.pass_context
def recovered(ctx: click.Context) -> None:
    """Grant again after a restore, though some tills have not been heard of since.

    Example: tillmate site till recovered
    """
    from sync.site.opening import opened
    from sync.site.recovering import end_recovery

    with opened(ctx.meta["tillmate.site"]) as store, store.writing() as connection:
        end_recovery(connection, store, "console")
    click.echo("The site grants again.")


@click.group()
def key() -> None:
    """Keys of the shop's own site and of managers' programs.

    Example: tillmate site key make "web shop"
    """


@key.command()
@click.argument("name")
@click.option("--role", type=click.Choice(["shop", "manager"]), default="shop", show_default=True)
@click.pass_context
def make(ctx: click.Context, name: str, role: str) -> None:
    """Make a key; it is shown once.

    Example: tillmate site key make "web shop"
    """
    from sync.site.opening import opened
    from sync.site.setting_up import new_key

    with opened(ctx.meta["tillmate.site"]) as store:
        click.echo(new_key(store, name, role))


@key.command("revoke")
@click.argument("name")
@click.pass_context
def revoke_key(ctx: click.Context, name: str) -> None:
    """Let all keys of this name count no more.

    Example: tillmate site key revoke "web shop"
    """
    from sync.site.opening import opened
    from sync.site.setting_up import revoke_keys

    with opened(ctx.meta["tillmate.site"]) as store:
        count = revoke_keys(store, name)
    if not count:
        raise click.ClickException(f"There is no key {name!r}.")
    click.echo(f"Revoked: {count}.")
