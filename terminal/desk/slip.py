"""Slips: what happened, as a document in the customer's language. A slip reads the ledger, never changes it."""

import json
from datetime import date

from printers.document import QR, Columns, Cut, Document, Element, Feed, Rule, Text
from terminal.desk.accounts import Found, plain_account, standing_of
from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger.customers import Person
from terminal.ledger.sales import Sale, entries_of_sale
from terminal.ledger.shop import Operator
from terminal.locale.words import LANGUAGES, Words
from terminal.rules.lots import expiring, pending, spendable
from terminal.rules.phrase import Points, Refused, phrase
from terminal.rules.quote import Earning
from terminal.rules.refunding import Refund
from terminal.rules.slip_code import SlipKind, slip_code
from terminal.rules.text import safe_text
from terminal.rules.tiers import Standing


def sale_slip(
    till: Till,
    sale: Sale,
    by: Operator,
    earnings: tuple[Earning, ...] | None = None,
    account: Found | None = None,
    *,
    copy: bool = False,
    language: str | None = None,
) -> Document:
    """Compose the slip of a sale: bill, taken off, earned and from when, balance, what expires, tier.

    It is in the customer's language, or the shop's, unless `language` asks for another. What was earned and the
    account after the sale are read, unless the caller has them.
    """
    person, today = slip_person(till, sale.customer_id), till.today()
    words = slip_words(till, person, today, language)
    _ = words.gettext
    elements = slip_head(till, words, by, sale.at_ms, copy=copy)
    elements += [
        Columns(words.say(phrase("Sale No. {number}", number=sale.number)), ""),
        Columns(_("Customer"), slip_customer(person)),
        Rule(),
        Columns(_("Bill"), words.paper_money(sale.total_minor)),
    ]
    if sale.redeemed:
        elements.append(Columns(_("Bonuses spent"), words.points_number(sale.redeemed)))
    if sale.taken_off_minor or sale.redeemed:
        elements.append(Columns(_("Taken off"), "-" + words.paper_money(sale.taken_off_minor)))
    elements.append(Columns(_("To pay"), words.paper_money(sale.total_minor - sale.taken_off_minor), bold=True))
    sold_on = till.day_of(sale.at_ms)
    for earning in earnings if earnings is not None else _earnings(till, sale):
        elements.append(Columns(_("Bonuses earned"), f"+{words.points_number(earning.points)}"))
        if earning.available_from > sold_on:
            elements.append(Columns("  " + _("usable from"), words.day(earning.available_from)))
    elements.append(Rule())
    return Document(
        (
            *elements,
            *_balance(till, words, person, today, account),
            _code(till, "sale", sale),
            *slip_foot(till, words),
        )
    )


def void_slip(till: Till, sale: Sale, by: Operator, *, copy: bool = False, language: str | None = None) -> Document:
    """Compose the slip that says that a sale was taken back."""
    person, today = slip_person(till, sale.customer_id), till.today()
    words = slip_words(till, person, today, language)
    _ = words.gettext
    elements = slip_head(till, words, by, till.now_ms(), copy=copy)
    elements += [
        Text(words.say(phrase("SALE No. {number} VOIDED", number=sale.number)), align="center", bold=True),
        Columns(_("Customer"), slip_customer(person)),
        Columns(_("Bill"), words.paper_money(sale.total_minor)),
        Columns(_("Bonuses returned"), words.points_number(sale.redeemed)),
        Columns(_("Bonuses taken back"), words.points_number(sale.earned)),
        Rule(),
    ]
    return Document(
        (*elements, *_balance(till, words, person, today), _code(till, "void", sale), *slip_foot(till, words))
    )


def refund_slip(till: Till, sale: Sale, given: Refund, by: Operator) -> Document:
    """Compose the slip of a refund: what is paid back, which bonuses return, which go."""
    person, today = slip_person(till, sale.customer_id), till.today()
    words = slip_words(till, person, today)
    _ = words.gettext
    elements = slip_head(till, words, by, till.now_ms(), copy=False)
    elements += [
        Text(words.say(phrase("REFUND, sale No. {number}", number=sale.number)), align="center", bold=True),
        Columns(_("Customer"), slip_customer(person)),
        Columns(_("Paid back"), words.paper_money(given.back_minor), bold=True),
    ]
    if given.cut_minor:
        elements.append(Columns(_("Kept for spent bonuses"), words.paper_money(given.cut_minor)))
    if given.returned_points:
        elements.append(Columns(_("Bonuses returned"), words.points_number(given.returned_points)))
    if given.taken_points:
        elements.append(Columns(_("Bonuses taken back"), words.points_number(given.taken_points)))
    return Document(
        (
            *elements,
            Rule(),
            *_balance(till, words, person, today),
            _code(till, "refund", sale),
            *slip_foot(till, words),
        )
    )


def balance_slip(till: Till, person: Person, by: Operator) -> Document:
    """Compose the slip for a customer who only asks for the balance."""
    today = till.today()
    words = slip_words(till, person, today)
    elements = slip_head(till, words, by, till.now_ms(), copy=False)
    elements += [Columns(words.gettext("Customer"), slip_customer(person)), Rule()]
    return Document((*elements, *_balance(till, words, person, today), *slip_foot(till, words)))


def slip_head(till: Till, words: Words, by: Operator, at_ms: int, *, copy: bool) -> list[Element]:
    """Return what stands above every slip: the shop, the time, the till, who made it."""
    _ = words.gettext
    elements: list[Element] = [Text(safe_text(till.shop.name), align="center", bold=True, size="tall")]
    elements += [Text(safe_text(line), align="center") for line in till.shop.address]
    if till.training:
        elements.append(Text(_("TRAINING - NOTHING COUNTS"), align="center", bold=True, size="tall"))
    if copy:
        elements.append(Text(_("COPY"), align="center", bold=True))
    elements += [
        Rule(),
        Columns(words.moment(at_ms), safe_text(till.ledger.terminal_id)),
        Columns(_("Cashier"), safe_text(by.name)),
    ]
    return elements


def _balance(till: Till, words: Words, person: Person, today: date, account: Found | None = None) -> list[Element]:
    programme = till.programme(today)
    found = account or ledger_customers.account(till.ledger, person.customer_id)
    if isinstance(programme, Refused) or found is None:
        return []
    plain = plain_account(till, programme, found)
    known, lots = found[0].points, plain.lots
    _ = words.gettext
    elements: list[Element] = [Columns(_("Balance"), words.points(known), bold=True)]
    now = spendable(lots, today)
    if now != known:
        elements.append(Columns(_("Can be spent now"), words.points_number(now)))
    later, later_from = pending(lots, today)
    if later and later_from:
        told = phrase("Usable later: {points}, from {day}", points=Points(later), day=later_from)
        elements.append(Text(words.say(told)))
    soon, soon_on = expiring(lots, today, programme.expiry.warn_days)
    if soon and soon_on:
        told = phrase("Expiring soon: {points}, last day {day}", points=Points(soon), day=soon_on)
        elements.append(Text(words.say(told)))
    return elements + _tier(words, standing_of(till, plain, programme, today))


def _tier(words: Words, reached: Standing) -> list[Element]:
    elements: list[Element] = []
    if reached.tier is not None:
        elements.append(Columns(words.gettext("Tier"), safe_text(reached.tier.name)))
    if reached.next_tier is not None:
        missing = words.paper_money(reached.missing_minor)
        if reached.missing_points:
            missing = words.points_number(reached.missing_points)
        name = safe_text(reached.next_tier.name)
        elements.append(Columns(words.say(phrase("To “{tier}”", tier=name)), missing))
    return elements


def _code(till: Till, kind: SlipKind, sale: Sale) -> QR:
    """What any till finds the sale by, when its goods come back."""
    return QR(slip_code(kind, till.ledger.terminal_id, sale.number, sale.id))


def slip_foot(till: Till, words: Words) -> list[Element]:
    """Return what stands below every slip: thanks, and the cut."""
    thanks = safe_text(till.shop.thank_you) or words.gettext("Thank you! Come again.")
    return [Rule(), Text(thanks, align="center"), Feed(1), Cut()]


def slip_customer(person: Person) -> str:
    """The name, and only the end of the phone: a slip is left on counters."""
    if person.phone is None:
        return safe_text(person.name)
    return f"{safe_text(person.name)}, ..{person.phone[-4:]}"


def slip_person(till: Till, customer_id: str) -> Person:
    """Return whose slip it is, somebody unnamed when they were erased."""
    found = ledger_customers.person(till.ledger, customer_id)
    return found or Person(customer_id, "—", None, None, None, None, "")


def slip_words(till: Till, person: Person, today: date, language: str | None = None) -> Words:
    """Return the words of the language asked for, else the customer's, else the shop's."""
    return till.words(language or (person.language if person.language in LANGUAGES else None), today)


def _earnings(till: Till, sale: Sale) -> list[Earning]:
    found = []
    for entry in entries_of_sale(till.ledger, sale):
        if entry.kind == "earn":
            lot = json.loads(entry.payload)["lot"]
            found.append(Earning(lot["points"], date.fromisoformat(lot["available_from"]), None))
    return found
