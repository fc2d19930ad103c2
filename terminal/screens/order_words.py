"""Orders in words: their steps, their states, their figures."""

from rich.cells import cell_len
from textual.content import Content

from terminal.desk.order_drafts import STEPS, OrderStep
from terminal.ledger.orders import Order
from terminal.locale.words import Words
from terminal.rules.order import UNPAID, OrderState
from terminal.rules.phrase import Phrase, Points, phrase
from terminal.rules.quote import Quote
from terminal.screens.names import short_name

_LABEL, _VALUE = 28, 14


def step_name(words: Words, step: OrderStep) -> str:
    """What a step is called."""
    _ = words.gettext
    match step:
        case "customer":
            return _("Customer")
        case "goods":
            return _("Goods")
        case "offers":
            return _("Offers")
        case "bonuses":
            return _("Bonuses")
        case "payment":
            return _("To pay")


def step_number(step: OrderStep) -> int:
    """Which step it is, from 1."""
    return STEPS.index(step) + 1


def step_title(words: Words, step: OrderStep) -> str:
    """Which step of how many it is, and its name."""
    told = phrase("Order, step {number} of {all}", number=step_number(step), all=len(STEPS))
    return f"{words.say(told)}: {step_name(words, step)}"


def state_name(words: Words, state: OrderState) -> str:
    """How far an order is."""
    _ = words.gettext
    match state:
        case "held":
            return _("being made")
        case "placed":
            return _("waits for payment")
        case "paid":
            return _("paid")
        case "issued":
            return _("issued")
        case "closed":
            return _("closed")
        case "cancelled":
            return _("cancelled")
        case "returned":
            return _("returned")


def channel_name(words: Words, channel: str) -> str:
    """Where an order was made."""
    _ = words.gettext
    return {"site": _("on the site"), "manager": _("by a manager"), "store": _("in the store")}[channel]


def reasons() -> dict[str, Phrase]:
    """Why an order is cancelled: the code that the journal keeps, and the words of the list."""
    return {
        "changed-mind": phrase("They changed their mind"),
        "out-of-stock": phrase("Out of stock"),
        "mistake": phrase("A mistake in the order"),
        "not-collected": phrase("Nobody came for it"),
    }


def applied(words: Words, shown: Quote) -> Content:
    """What applies to an order, step by step, and what was left out and why."""
    _ = words.gettext
    lines = [figure(_("Goods"), words.money(shown.bill.total_minor))]
    if not any(one.money_minor or one.points for one in shown.adjustments):
        lines.append(Content.styled("  " + _("No offer applies."), "dim"))
    for one in shown.adjustments:
        told = words.say(one.words)
        if one.money_minor:
            told += f"  -{words.money(one.money_minor)}"
        if one.points:
            told += f"  {'+' if one.points > 0 else ''}{words.points_number(one.points)}"
        lines.append(Content.styled(f"✓ {told}", "$success" if one.money_minor else ""))
    lines += [Content.styled(f"✗ {words.say(left.reason)}", "$warning") for left in shown.left_out]
    lines += [Content(""), figure(_("To pay"), words.money(shown.pay_minor), "bold $accent")]
    lines.append(figure(_("Will be earned"), f"+{words.points_number(shown.earned_points)}"))
    return Content("\n").join(lines)


def agreed(words: Words, order: Order) -> Content:
    """The goods of an order and its figures."""
    _, record = words.gettext, order.record
    lines: list[Content] = []
    for line in record.lines:
        pieces = f" ×{line.quantity_milli // 1000}" if line.quantity_milli >= 2000 else ""
        name = short_name(line.name or _("The bill"), _LABEL + _VALUE - len(pieces)) + pieces
        if cell_len(name) > _LABEL:
            lines.append(Content(name))
            name = ""
        lines.append(figure(name, words.money(line.total_minor)))
    lines.append(Content(""))
    lines.append(figure(_("Bill"), words.money(record.total_minor)))
    if record.taken_off_minor:
        lines.append(figure(_("Taken off"), "-" + words.money(record.taken_off_minor)))
    if record.redeemed:
        label = _("Bonuses held") if order.state in UNPAID else _("Bonuses used")
        lines.append(figure(label, words.points_number(record.redeemed)))
    return Content("\n").join(lines)


def order_line(words: Words, order: Order) -> str:
    """An order in one line: number, state, what is paid."""
    told = phrase(
        "Order {number}, {state}: {sum}",
        number=order.number,
        state=state_name(words, order.state),
        sum=words.money(order.record.pay_minor),
    )
    return words.say(told)


def held_points(words: Words, order: Order) -> str:
    """What an order holds, and until when."""
    points = Points(order.record.redeemed)
    if order.until_ms is None:
        return words.say(phrase("{points} are held", points=points))
    return words.say(phrase("{points} are held until {moment}", points=points, moment=words.moment(order.until_ms)))


def figure(label: str, value: str, style: str = "") -> Content:
    """A label with its figure at the right."""
    return Content.assemble((f"{label:<{_LABEL}}", style), (f"{value:>{_VALUE}}", style or "bold"))
