"""Quotes at the counter: the ledger's account and the programme in force, through the rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from terminal.desk.accounts import account_of
from terminal.desk.leases import codes_here, why_stopped
from terminal.desk.till import Asked, Till
from terminal.ledger import belonging as ledger_belonging
from terminal.rules.account import Account
from terminal.rules.bill import Bill
from terminal.rules.conditions import Channel
from terminal.rules.money import MAX_AMOUNT_MINOR
from terminal.rules.phrase import Money, Refused, phrase
from terminal.rules.programme import Programme
from terminal.rules.quote import Quote
from terminal.rules.quoting import quote_bill
from terminal.rules.wish import Claim, Moment, Wish


def quote(
    till: Till,
    customer_id: str,
    bill: Bill,
    redeem: int = 0,
    codes: Sequence[str] = (),
    claims: Sequence[Claim] = (),
    channel: Channel = "store",
) -> Quote | Refused:
    """Quote a bill for a customer ("": for somebody who is not registered).

    They redeem `redeem` points (units; `ALL` for the most the bill takes), say promo codes, and claim rewards.
    """
    if bill.total_minor > MAX_AMOUNT_MINOR:
        return Refused(
            phrase("The sum is larger than {limit}. Was a barcode scanned here?", limit=Money(MAX_AMOUNT_MINOR)),
            "amount",
        )
    local = datetime.fromtimestamp(till.now_ms() // 1000, till.shop.timezone)
    today = local.date()
    programme = till.programme(today)
    if isinstance(programme, Refused):
        return programme
    account = _account(till, customer_id, programme, today, codes)
    if account is None:
        return Refused(phrase("This customer is no longer here. Find them again."), "find")
    if channel == "manager" and account.leased:
        # An order is paid later: what is leased could be used by another bill, or be given back, before that.
        account = replace(account, leased=frozenset())
    wish = Wish(redeem, tuple(codes), tuple(claims))
    moment = Moment(today, local.hour * 60 + local.minute, channel)
    return _told_why(till, account, _quoted(till, Asked(programme, account, bill, wish, moment)))


def _quoted(till: Till, asked: Asked) -> Quote | Refused:
    """Quote, or answer as just now: the same facts give the same quote, and a confirmation asks for it again."""
    if till.last_quote is not None and till.last_quote[0] == asked:
        return till.last_quote[1]
    answer = quote_bill(*asked)
    if isinstance(answer, Quote):
        till.last_quote = (asked._replace(wish=answer.wish), answer)
    return answer


def _told_why(till: Till, account: Account, answer: Quote | Refused) -> Quote | Refused:
    """Say why nothing is taken off where the site is what is missing, and not the customer's bonuses."""
    why = why_stopped(till) if account.lots else None
    if why is None:
        return answer
    if isinstance(answer, Refused):
        return Refused(why, "redeem") if answer.field == "redeem" else answer
    return replace(answer, max_reason=why)


def quote_again(till: Till, shown: Quote, bill: Bill) -> Quote | Refused:
    """Quote a bill as it was quoted before: the same points, codes and rewards."""
    wish = shown.wish
    return quote(till, shown.customer_id, bill, wish.redeem, wish.codes, wish.claims, shown.channel)


def _account(till: Till, customer_id: str, programme: Programme, on: date, codes: Sequence[str]) -> Account | None:
    account = account_of(till, customer_id, programme, on) if customer_id else Account(leased=codes_here(till, ""))
    if account is None or not codes:
        return account
    found = [ledger_belonging.coupon(till.ledger, code.strip()) for code in codes]
    return replace(account, coupons=tuple(coupon for coupon in found if coupon is not None))
