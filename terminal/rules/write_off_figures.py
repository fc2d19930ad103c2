"""A check of write-offs as programs read it: each order, and the sums; the same at a till and on the site."""

from terminal.rules.verdict import FAILED, Cause, Checked
from terminal.rules.write_off_tally import Tally


def in_figures(one: Checked) -> dict[str, object]:
    """Return an order as programs read it: sums in minor units, points in units."""
    order = one.order
    return {
        "line": order.line,
        "number": order.number,
        "channel": order.channel,
        "customer": order.who if not order.sale_id else "",
        "customer_id": one.customer_id,
        "total_minor": order.total_minor,
        "date": order.on.isoformat(),
        "expected": order.expected,
        "verdict": one.verdict.value,
        "cause": one.cause.value,
        "fails": one.verdict in FAILED,
        "balance": one.balance,
        "possible": one.possible,
        "done": one.done,
        "operator": one.operator,
        "steps": [[step.at_ms, step.what, step.operator, step.points] for step in one.steps],
    }


def tally_in_figures(tally: Tally) -> dict[str, object]:
    """Return the sums as programs read them."""
    channels: dict[str, dict[str, int]] = {}
    for (channel, verdict), count in sorted(tally.by_channel.items()):
        channels.setdefault(channel, {})[verdict.value] = count
    return {
        "orders": tally.orders,
        "failed": tally.failures,
        "bad_lines": tally.bad_lines,
        "channels": channels,
        "causes": {cause.value: tally.by_cause[cause] for cause in Cause if tally.by_cause[cause]},
    }
