"""What is always true of a quote, whatever the programme: no programme that can be published breaks it."""

from dataclasses import replace

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from terminal.rules.account import Account
from terminal.rules.bill import Bill
from terminal.rules.expiry import living
from terminal.rules.lots import spendable
from terminal.rules.phrase import Refused
from terminal.rules.programme import Programme
from terminal.rules.quote import Quote
from terminal.rules.quoting import quote_bill
from terminal.rules.wish import ALL, Moment, Wish
from tests.rules.programmes import ACCOUNTS, BILLS, MOMENTS, WISHES, whole_programmes

ROUNDS = settings(max_examples=150, deadline=None)


@ROUNDS
@given(whole_programmes(), ACCOUNTS, BILLS, WISHES, MOMENTS)
def test_a_quote_is_refused_or_adds_up(
    shop: Programme, who: Account, bill: Bill, wish: Wish, moment: Moment
) -> None:
    quote = quote_bill(shop, who, bill, wish, moment)
    assert quote_bill(shop, who, bill, wish, moment) == quote, "the same twice is the same"
    if isinstance(quote, Refused):
        assert bill.total_minor < 0 or wish.redeem not in (0, ALL), "taking all, or nothing, is never refused"
        return
    _money_adds_up(quote)
    _points_add_up(quote, shop, who)
    assert quote_bill(shop, who, quote.bill, quote.wish, moment) == _unrounded(quote), "asked again it is the same"


def _unrounded(quote: Quote) -> Quote:
    """A quote whose bill came rounded already does not say that it was rounded."""
    return replace(quote, adjustments=tuple(step for step in quote.adjustments if step.rule != "rounding"))


def _money_adds_up(quote: Quote) -> None:
    lines = quote.bill.lines
    assert 0 <= quote.taken_off_minor <= quote.bill.total_minor, "a discount never exceeds the bill"
    assert sum(quote.off_lines) == quote.taken_off_minor == sum(step.money_minor for step in quote.adjustments)
    assert sum(quote.points_lines) == quote.taken_off_minor - quote.discount_minor
    for line, off, by_points in zip(lines, quote.off_lines, quote.points_lines, strict=True):
        assert 0 <= by_points <= off <= max(0, line.total_minor), "no line goes below 0"
    for step in quote.adjustments:
        assert sum(step.lines) == step.money_minor >= 0, "the parts sum to the whole"
        assert len(step.lines) in (0, len(lines))
    assert 0 <= quote.max_taken_off_minor <= quote.bill.total_minor


def _points_add_up(quote: Quote, shop: Programme, who: Account) -> None:
    redeem = shop.redeem
    assert redeem is not None
    have = spendable(living(shop.expiry, who.lots, who.last_purchase), quote.on) if who.customer_id else 0
    at_once = sum(earning.points for earning in quote.earnings if earning.available_from == quote.on)
    free = have + (at_once if redeem.spend_earned_at_once else 0)
    assert 0 <= quote.redeem_points <= quote.max_redeem_points
    if quote.spent_points:
        assert quote.spent_points <= free - redeem.keep_at_least, "points never go below the floor"
    assert -sum(move.points for move in quote.moves) == min(quote.spent_points, have)
    assert sum(step.points for step in quote.adjustments) == quote.earned_points - quote.spent_points
    assert all(earning.points > 0 for earning in quote.earnings)
    assert not (quote.earnings and quote.spent_points and redeem.earn_or_spend)
    assert who.customer_id or not (quote.earnings or quote.spent_points or quote.stamps)
    assert all(card.added >= 0 and card.used >= 0 for card in quote.stamps)


@ROUNDS
@given(whole_programmes(), ACCOUNTS, BILLS, MOMENTS, st.data())
def test_the_order_of_lines_does_not_matter_to_a_rule(
    shop: Programme, who: Account, bill: Bill, moment: Moment, data: st.DataObject
) -> None:
    """Of lines that cost the same any may be the cheapest, so that odd coins may go to another one: no more."""
    shop = msgspec.structs.replace(shop, offers=shop.offers[:1], stamps=(), tiers=(), memberships=())
    turned = Bill(tuple(data.draw(st.permutations(bill.lines))))
    one, other = (quote_bill(shop, who, lines, Wish(), moment) for lines in (bill, turned))
    if isinstance(one, Refused) or isinstance(other, Refused):
        assert one == other
        return
    assert abs(one.taken_off_minor - other.taken_off_minor) <= len(bill.lines)
    assert (one.uses, one.free_delivery, one.left_out) == (other.uses, other.free_delivery, other.left_out)
    if not shop.offers and shop.rounding.cash_step is None:
        assert (one.earnings, one.adjustments) == (other.earnings, other.adjustments)
