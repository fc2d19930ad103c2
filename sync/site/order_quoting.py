"""What an order of the shop's own site comes to by what is free, and what tills have of all that it could use."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sync.protocol import Code, Fault
from sync.site.code_leases import Whose, held_by_tills
from sync.site.events import said
from sync.site.holders import holders
from sync.site.order_books import NO_PROGRAMME, Site
from sync.site.reckoning import account_of, coupons_named
from sync.site.shop_messages import AskQuote, LeftOut, OrderLine, Quoted
from sync.site.store import Store
from terminal.rules.bill import Bill, Line
from terminal.rules.lots import spendable
from terminal.rules.phrase import Money, Phrase, Points, Refused
from terminal.rules.plan import folded
from terminal.rules.quote import Quote
from terminal.rules.quoting import quote_bill
from terminal.rules.wish import Wish

NO_CUSTOMER = Fault(code=Code.UNKNOWN, text="there is no such customer")

Held = Mapping[str, Sequence[Whose]]
"""Codes that tills have, with (holder, customer) of each who has it."""


def quote(store: Store, asked: AskQuote) -> Quoted | Fault:
    """Quote an order with what is free, and say where the rest of the points is."""
    with store.writing() as connection:  # it locks the customer, so that the figures are of one moment
        site = Site(connection, store, asked.customer_id)
        wish = Wish(asked.redeem, asked.codes)
        quoted = quote_order(site, asked.lines, wish)
        if isinstance(quoted, Fault):
            return quoted
        assert site.programme is not None
        held = held_of(site, quote_order(site, asked.lines, wish, all_lots=True, all_codes=True))
        free = account_of(connection, site.books, asked.customer_id, site.programme, site.moment.on).lots
        return Quoted(
            total_minor=quoted.bill.total_minor,
            taken_off_minor=quoted.taken_off_minor,
            pay_minor=quoted.pay_minor,
            redeemed=quoted.spent_points,
            earns=quoted.earned_points,
            available=spendable(free, site.moment.on),
            elsewhere=site.elsewhere(),
            steps=tuple((_plain(step.words), step.money_minor, step.points) for step in quoted.adjustments),
            left_out=left_out_of(site, quoted, held),
        )


def quote_order(
    site: Site,
    lines: tuple[OrderLine, ...],
    wish: Wish,
    *,
    all_lots: bool = False,
    all_codes: bool = False,
) -> Quote | Fault:
    """Quote lines by what is free; with `all_lots` and `all_codes` as if tills had leased none of them."""
    if site.customer_id not in site.books.customers:
        return NO_CUSTOMER
    if site.programme is None:
        return NO_PROGRAMME
    bill = Bill(
        tuple(
            Line(one.name, one.total_minor, one.quantity_milli, one.sku, one.category, one.brand) for one in lines
        )
    )
    account = account_of(
        site.connection,
        site.books,
        site.customer_id,
        site.programme,
        site.moment.on,
        all_lots=all_lots,
        all_codes=all_codes,
    )
    account = replace(account, coupons=coupons_named(site.connection, wish.codes))
    quoted = quote_bill(site.programme, account, bill, wish, site.moment)
    if isinstance(quoted, Refused):
        return Fault(code=Code.REFUSED, text=said(quoted.reason))
    return quoted


def held_of(site: Site, best: Quote | Fault) -> Held:
    """Return what tills have of all that a quote uses which was made as if they had nothing."""
    if isinstance(best, Fault):
        return {}
    codes = {code for code, _ in best.uses} | {card.code for card in best.stamps if card.used}
    return held_by_tills(site.connection, site.customer_id, codes, site.moment.on)


def left_out_of(site: Site, quoted: Quote, held: Held) -> tuple[LeftOut, ...]:
    """Say what an order goes without, and why; of what tills have, who has it."""
    away = {folded(code) for code in held}
    others = (LeftOut(one.code, _plain(one.reason)) for one in quoted.left_out if folded(one.code) not in away)
    names = {one.id: one.name for one in holders(site.connection)} if held else {}
    at_tills = (
        LeftOut(code, "held at " + ", ".join(sorted({names.get(holder_id, holder_id) for holder_id, _ in whose})))
        for code, whose in sorted(held.items())
    )
    return (*others, *at_tills)


def _plain(words: Phrase) -> str:
    values = {
        name: value.minor if isinstance(value, Money) else value.units if isinstance(value, Points) else value
        for name, value in words.values
    }
    return words.text.format_map(values)
