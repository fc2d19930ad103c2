"""Sales: completed in one durable transaction with the slip in it, voided by new entries."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import msgspec

from printers.document import Document, document_to_json
from terminal.desk import slip
from terminal.desk.quotes import quote_again
from terminal.desk.referrals import reward_referral, take_back_referral
from terminal.desk.sale_facts import sale_facts, unmarked
from terminal.desk.till import Till
from terminal.desk.watching import Approval, append_flags, unless_approved, watch_reprint, watch_sale
from terminal.ledger import customers as ledger_customers
from terminal.ledger import orders as ledger_orders
from terminal.ledger import queues
from terminal.ledger import sales as ledger_sales
from terminal.ledger.customers import Person
from terminal.ledger.sales import Sale
from terminal.ledger.shop import Operator
from terminal.rules.bill import Bill
from terminal.rules.conditions import Channel as Channel
from terminal.rules.entry import Draft
from terminal.rules.phrase import Refused, phrase
from terminal.rules.quote import Quote


@dataclass(frozen=True, slots=True)
class Completed:
    """A sale that is durable, the balance after it (units), and its slip with the job that prints it."""

    sale: Sale
    balance: int
    slip: Document
    print_job_id: int


@dataclass(frozen=True, slots=True)
class Voided:
    """A sale that was taken back, and the balance after it (units)."""

    sale: Sale
    balance: int
    slip: Document
    print_job_id: int


def complete(
    till: Till,
    shown: Quote,
    bill: Bill,
    by: Operator,
    *,
    approval: Approval | None = None,
) -> Completed | Refused:
    """Book what was quoted: entries, balance and print job in one transaction, synced to disk.

    The bill is quoted again inside the transaction; when anything differs from what the cashier saw (the bill,
    the balance, the programme, the day), nothing is booked. `Flagged` asks for a manager's PIN first.
    """
    if not shown.customer_id:
        return Refused(phrase("Nothing is booked without a customer: the register alone sells this."), "find")
    with till.ledger.atomic():
        now = quote_again(till, shown, bill)
        if isinstance(now, Refused):
            return now
        at_ms = till.now_ms()
        if now != shown or till.day_of(at_ms) != shown.on:
            return Refused(phrase("The bill or the balance has changed. Check the figures, then confirm again."))
        hits = watch_sale(till, now)
        flagged = unless_approved(by, hits, approval)
        if flagged is not None:
            return flagged
        sale = _append_sale(till, now, by, at_ms)
        append_flags(till, hits, approval, by, sale.customer_id, sale.id)
        reward_referral(till, sale, by)
        account = ledger_customers.account(till.ledger, sale.customer_id)
        assert account is not None
        document = slip.sale_slip(till, sale, by, earnings=now.earnings, account=account)
        job_id = queues.queue_print(till.ledger, document_to_json(document), at_ms, sale.id)
    return Completed(sale, account[0].points, document, job_id)


def _append_sale(till: Till, booked: Quote, by: Operator, at_ms: int) -> Sale:
    """Append a sale's entries; return what they have made of it."""
    sale_id = till.new_id(at_ms)
    number = ledger_sales.next_number(till.ledger)
    draft = partial(till.draft, customer_id=booked.customer_id, sale_id=sale_id)
    first = till.ledger.append(draft("sale", by.id, at_ms, sale_facts(booked, number)))
    moves: list[list[object]] = [[move.lot_id, move.points] for move in booked.moves]
    short = booked.spent_points + sum(move.points for move in booked.moves)
    if booked.spent_points and not short:
        till.ledger.append(_redeem(draft, by, at_ms, booked, moves))
    for earning in booked.earnings:
        lot = till.ledger.append(draft("earn", by.id, at_ms, {"lot": earning.lot_facts()}, points=earning.points))
        if short and earning.available_from == booked.on:
            moves.append([lot.id, -short])
    if short:  # points that this bill has earned are spent on it: their lot has to be there first
        till.ledger.append(_redeem(draft, by, at_ms, booked, moves))
    return Sale(
        id=sale_id,
        number=number,
        customer_id=booked.customer_id,
        seq=first.seq,
        at_ms=at_ms,
        operator=by.id,
        channel=booked.channel,
        total_minor=booked.bill.total_minor,
        taken_off_minor=booked.taken_off_minor,
        redeemed=booked.spent_points,
        earned=booked.earned_points,
        voided=False,
    )


def _redeem(
    draft: Callable[..., Draft], by: Operator, at_ms: int, booked: Quote, moves: list[list[object]]
) -> Draft:
    payload = {"moves": moves, "taken_off_minor": booked.taken_off_minor - booked.discount_minor}
    return draft("redeem", by.id, at_ms, payload, points=-booked.spent_points)


def void(till: Till, sale_id: str, by: Operator) -> Voided | Refused:
    """Take back this till's last sale: spent points return to their lots, earned points are clawed back.

    For a sale that the register then refused. Only the last sale, only on its own day, only while nothing of
    what it earned was spent; everything else is a refund.
    """
    with till.ledger.atomic():
        sale = _voidable(till, sale_id)
        if isinstance(sale, Refused):
            return sale
        entries = ledger_sales.entries_of_sale(till.ledger, sale)
        spent: Counter[str] = Counter()
        for entry in entries:
            if entry.kind == "redeem":
                spent.update({lot: -points for lot, points in ledger_sales.moves_of(entry)})
        earned = {entry.id: entry.points for entry in entries if entry.kind == "earn"}
        for lot_id, points in earned.items():
            if ledger_customers.lot_left(till.ledger, sale.customer_id, lot_id) + spent[lot_id] < points:
                return Refused(phrase("Bonuses of this sale were spent already. Take it back as a refund."))
        at_ms = till.now_ms()
        draft = partial(till.draft, customer_id=sale.customer_id, sale_id=sale.id)
        marks = msgspec.json.decode(entries[0].payload).get("marks")
        back = {"marks": unmarked(marks)} if marks else {}
        till.ledger.append(draft("void", by.id, at_ms, {"number": sale.number, **back}))
        if spent:
            payload = {"moves": sorted([lot, points] for lot, points in spent.items())}
            till.ledger.append(draft("restore", by.id, at_ms, payload, points=spent.total()))
        if earned:
            payload = {"moves": sorted([lot, -points] for lot, points in earned.items())}
            till.ledger.append(draft("clawback", by.id, at_ms, payload, points=-sum(earned.values())))
        take_back_referral(till, entries, by, at_ms)
        return _voided(till, sale.id, by, at_ms)


def _voidable(till: Till, sale_id: str) -> Sale | Refused:
    sale = ledger_sales.last_sale(till.ledger)
    if sale is None or sale.id != sale_id:
        return Refused(phrase("Only the last sale can be voided. Take this one back as a refund."))
    if sale.voided:
        return Refused(phrase("Sale {number} is voided already.", number=sale.number))
    if till.day_of(sale.at_ms) != till.today():
        return Refused(phrase("Only a sale of today can be voided. Take this one back as a refund."))
    if ledger_customers.person(till.ledger, sale.customer_id) is None:
        return Refused(phrase("The customer was merged into another one since. Take it back as a refund."))
    if ledger_orders.order_of_sale(till.ledger, sale.id) is not None:
        return Refused(phrase("This sale paid an order. Take the order back instead."))
    later = ledger_sales.entries_after_sale(till.ledger, sale)
    if any(entry.kind == "refund" and entry.sale_id == sale.id for entry in later):
        return Refused(phrase("A part of this sale was refunded already. Take the rest back as a refund."))
    return sale


def _voided(till: Till, sale_id: str, by: Operator, at_ms: int) -> Voided:
    sale = ledger_sales.sale(till.ledger, sale_id)
    assert sale is not None
    totals = ledger_customers.totals(till.ledger, sale.customer_id)
    assert totals is not None
    document = slip.void_slip(till, sale, by)
    job_id = queues.queue_print(till.ledger, document_to_json(document), at_ms, sale.id)
    return Voided(sale, totals.points, document, job_id)


def last_sale(till: Till) -> Sale | None:
    """Return this till's last sale."""
    return ledger_sales.last_sale(till.ledger)


def reprint(till: Till, sale_id: str, by: Operator, *, approval: Approval | None = None) -> Document | Refused:
    """Queue a sale's slip again, marked as a copy, with today's balance.

    `Flagged` asks for a manager's PIN first.
    """
    sale = ledger_sales.sale(till.ledger, sale_id)
    if sale is None:
        return Refused(phrase("This sale is not in the ledger of this till."))
    document = (
        slip.void_slip(till, sale, by, copy=True) if sale.voided else slip.sale_slip(till, sale, by, copy=True)
    )
    with till.ledger.atomic():
        hits = watch_reprint(till, sale_id)
        flagged = unless_approved(by, hits, approval)
        if flagged is not None:
            return flagged
        append_flags(till, hits, approval, by, sale.customer_id, sale_id)
        queues.queue_print(till.ledger, document_to_json(document), till.now_ms(), sale_id, is_copy=True)
    return document


def print_balance(till: Till, customer_id: str, by: Operator) -> Document | Refused:
    """Queue a slip with the balance of a customer who buys nothing."""
    person: Person | None = ledger_customers.person(till.ledger, customer_id)
    if person is None:
        return Refused(phrase("This customer is no longer here. Find them again."), "find")
    document = slip.balance_slip(till, person, by)
    with till.ledger.atomic():
        queues.queue_print(till.ledger, document_to_json(document), till.now_ms())
    return document
