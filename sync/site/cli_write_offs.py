"""`tillmate site verify-orders`: do write-offs work, by what all tills and the site have booked."""

import json
import sys
from datetime import datetime

import click

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("verify-orders")
@click.option("--from", "first", type=_DAY, required=True, metavar="DAY", help="The first day of orders and sales.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The last day, included; without it, today.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON an order, and one of the sums at the end.")
@click.pass_context
def verify_orders(ctx: click.Context, first: datetime, last: datetime | None, as_json: bool) -> None:
    """Say whether the bonuses of the orders and sales of some days were really taken, at all tills and on the site.

    The verdicts are those of `tillmate verify`, held against the journals that the site has. Exit 1 when one fails.

    Example: tillmate site verify-orders --from 2026-05-01 --to 2026-05-07
    """
    from sync.site.opening import opened
    from sync.site.order_check import check_days
    from sync.site.order_report import report_lines
    from sync.site.shop import money_decimals, programme_on, today
    from terminal.rules.write_off_figures import in_figures, tally_in_figures
    from terminal.rules.write_off_tally import Tally

    tally = Tally()
    with opened(ctx.meta["tillmate.site"]) as store:
        with store.reading() as connection:
            now, money_places = today(connection, store), money_decimals(connection)
            programme = programme_on(connection, now)
        days = (first.date(), last.date() if last else now)
        if days[0] > days[1]:
            raise click.ClickException("The first day is after the last one.")
        for checked in check_days(store, *days):
            tally.add(checked)
            if as_json:
                click.echo(json.dumps(in_figures(checked), ensure_ascii=False))
    if as_json:
        click.echo(json.dumps(tally_in_figures(tally), ensure_ascii=False))
    else:
        for line in report_lines(tally, money_places, programme.points_decimals if programme else 0):
            click.echo(line)
    sys.exit(1 if tally.failures else 0)
