"""The slip of an order: what was agreed, what is held for it, until when, and the QR by which any till finds it."""

from printers.document import QR, Columns, Document, Rule, Text
from terminal.desk.slip import slip_customer, slip_foot, slip_head, slip_person, slip_words
from terminal.desk.till import Till
from terminal.ledger.orders import Order
from terminal.ledger.shop import Operator
from terminal.rules.phrase import phrase
from terminal.rules.slip_code import slip_code
from terminal.rules.text import safe_text


def order_slip(till: Till, order: Order, by: Operator) -> Document:
    """Compose the slip in the customer's language."""
    person = slip_person(till, order.customer_id)
    words = slip_words(till, person, till.today())
    _ = words.gettext
    record = order.record
    elements = slip_head(till, words, by, order.at_ms, copy=False)
    elements += [
        Text(words.say(phrase("ORDER {number}", number=order.number)), align="center", bold=True),
        Columns(_("Customer"), slip_customer(person)),
        Rule(),
    ]
    for line in record.lines:
        if line.name:
            elements.append(Columns(safe_text(line.name), words.paper_money(line.total_minor)))
    elements.append(Columns(_("Bill"), words.paper_money(record.total_minor)))
    if record.taken_off_minor:
        elements.append(Columns(_("Taken off"), "-" + words.paper_money(record.taken_off_minor)))
    if record.redeemed:
        elements.append(Columns(_("Bonuses held"), words.points_number(record.redeemed)))
    elements.append(Columns(_("To pay"), words.paper_money(record.pay_minor), bold=True))
    if order.until_ms is not None:
        elements.append(Columns(_("Held until"), words.moment(order.until_ms)))
    code = QR(slip_code("order", till.ledger.terminal_id, _own_number(order), order.sale_id))
    told = Text(_("Pay at any till: show this code."), align="center")
    return Document((*elements, Rule(), told, code, *slip_foot(till, words)))


def _own_number(order: Order) -> int:
    return int(order.number.rpartition("-")[2])
