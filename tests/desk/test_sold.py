"""A bill is found by its slip or number, at whatever till it was made, and refunded within what is known of it."""

from dataclasses import replace

import msgspec

from terminal import desk
from terminal.desk import Till
from terminal.ledger.sales import Sale
from terminal.ledger.site_sales import SiteSale, put_site_sale
from terminal.ledger.verify import verify_ledger
from terminal.rules.entry import uuid7
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL
from terminal.rules.refunding import EarnedLot, RefundedBefore, Sold, SoldLine
from terminal.rules.slip_code import SlipKind, slip_code
from tests.shop import MANAGER, TERMINAL, balance, register, said, sell

OTHER_ID = uuid7(1_777_000_000_000, 77)


def _told(till: Till, customer: str, before: int = 0, number: int = 7) -> SiteSale:
    """A sale of 100.00 at another till: 10 bonuses earned there, `before` minor units refunded since."""
    sale = Sale(OTHER_ID, number, customer, 0, till.now_ms(), "x", "store", 10_000, 0, 0, 10, False)
    sold = Sold((SoldLine("Кава", 6_000, 0), SoldLine("Торт", 4_000, 0)), (), (EarnedLot("far-lot", 10, 0),))
    told = SiteSale(sale, "till-2", sold, RefundedBefore((before, 0), before * 10 // 10_000, 0))
    with till.ledger.atomic():
        put_site_sale(till.ledger, told)
    return told


def _code(kind: SlipKind = "sale", terminal: str = "till-2", sale_id: str = OTHER_ID) -> str:
    return slip_code(kind, terminal, 7, sale_id)


def _refund(till: Till, sale_id: str, *minor: int) -> desk.RefundDone:
    shown = desk.show_refund(till, sale_id, minor or None)
    assert isinstance(shown, desk.RefundShown), said(shown)
    done = desk.refund(till, shown, MANAGER)
    assert isinstance(done, desk.RefundDone), said(done)
    assert done.balance == shown.balance_after == balance(till, shown.customer_id)
    return done


def test_a_bill_is_found_by_its_slip_and_by_its_number(till: Till) -> None:
    sale = sell(till, register(till), 10_000).sale
    found = desk.find_bills(till, slip_code("sale", TERMINAL, 1, sale.id))
    assert found == desk.find_bills(till, " №1 ") == desk.find_bills(till, "1")
    assert isinstance(found, tuple)
    assert [(bill.sale, bill.terminal_id) for bill in found] == [(sale, TERMINAL)]


def test_another_till_may_have_the_same_number(till: Till) -> None:
    customer = register(till)
    sale = sell(till, customer, 10_000).sale
    _told(till, customer, number=1)
    found = desk.find_bills(till, "1")
    assert isinstance(found, tuple)
    assert [(bill.sale.id, bill.terminal_id) for bill in found] == [(sale.id, TERMINAL), (OTHER_ID, "till-2")]
    assert [bill.sale.id for bill in desk.bills_of_customer(till, customer)] == [sale.id, OTHER_ID]


def test_what_is_no_bill_is_refused_with_what_to_do(till: Till) -> None:
    sale = sell(till, register(till), 10_000).sale
    own = slip_code("refund", TERMINAL, 1, sale.id)
    assert said(desk.find_bills(till, own)) == (
        "This is the slip of a refund, which can't be refunded. Scan the slip of the sale."
    )
    assert said(desk.find_bills(till, _code())) == (
        "Sale No. 7 of till-2 has not come here yet: its lines and bonuses are missing. "
        "Let this till sync, or refund it there."
    )
    assert said(desk.find_bills(till, _code(terminal=TERMINAL))) == "Sale No. 7 of this till is not in its ledger."
    assert said(desk.find_bills(till, "99")) == "No sale No. 99 is known here. Scan its slip."
    for text in ("", "кава", "12345678901234", "2900000000018a"):
        assert said(desk.find_bills(till, text)) == "Scan the slip's QR, or type the number of the sale."
    assert isinstance(desk.show_refund(till, OTHER_ID), Refused)


def test_a_bill_of_another_till_is_refunded_and_the_entry_says_whose_it_is(till: Till) -> None:
    customer = register(till)
    sell(till, customer, 5_000)  # 5 bonuses of this till's own
    _told(till, customer)
    done = _refund(till, OTHER_ID, 6_000, 0)
    assert (done.shown.refund.back_minor, done.shown.refund.taken_points, done.balance) == (6_000, 6, -1)
    entry = next(entry for entry in till.ledger.entries() if entry.kind == "refund")
    payload = msgspec.json.decode(entry.payload)
    assert (entry.sale_id, payload["terminal"], payload["number"]) == (OTHER_ID, "till-2", 7)
    assert (payload["line_minor"], payload["total_minor"]) == ([6_000, 0], 10_000)
    assert verify_ledger(till.ledger).ok


def test_refunds_here_and_elsewhere_never_exceed_the_bill(till: Till) -> None:
    customer = register(till)
    told = _told(till, customer, before=1_000)
    _refund(till, OTHER_ID, 2_000, 0)
    assert said(desk.show_refund(till, OTHER_ID, (3_001, 0))) == "Of “Кава” only Money(minor=3000) can be refunded."
    # The site has seen this till's refund now, and tells of both: it is not counted twice.
    with till.ledger.atomic():
        now = replace(told, before=RefundedBefore((3_000, 0), 3, 0), as_of_seq=till.ledger.last_seq())
        put_site_sale(till.ledger, now)
    _refund(till, OTHER_ID)
    assert said(desk.show_refund(till, OTHER_ID)) == "Sale No. 7 was refunded as a whole already."


def test_what_another_till_refunded_of_a_sale_of_this_one_counts_too(till: Till) -> None:
    customer = register(till)
    sale = sell(till, customer, 10_000).sale
    facts = Sold((SoldLine("", 10_000, 0),), (), ())
    with till.ledger.atomic():
        put_site_sale(till.ledger, SiteSale(sale, TERMINAL, facts, RefundedBefore((4_000,), 4, 0)))
    shown = desk.show_refund(till, sale.id)
    assert isinstance(shown, desk.RefundShown)
    assert (shown.refund.back_minor, shown.refund.clawed_points) == (6_000, 6)


def test_without_its_customer_a_bill_waits(till: Till) -> None:
    _told(till, "somebody the site has not told of")
    assert said(desk.show_refund(till, OTHER_ID)) == (
        "The customer of sale No. 7 has not come here yet. Let this till sync."
    )


def test_spent_points_return_to_the_lot_they_came_from(till: Till) -> None:
    customer = register(till)
    sell(till, customer, 100_000)
    sale = sell(till, customer, 10_000, ALL).sale
    shown = _refund(till, sale.id).shown
    assert (shown.refund.returned_points, shown.refund.revived_points) == (100, 0)


def test_a_refund_after_a_merge_goes_to_the_account_that_stayed(till: Till) -> None:
    old, new = register(till), register(till, "Інша Людина", "067 765-43-21")
    sale = sell(till, old, 10_000).sale
    assert desk.merge(till, old, new, MANAGER) == 10
    done = _refund(till, sale.id)
    assert (done.shown.customer_id, done.balance) == (new, 0)
    assert verify_ledger(till.ledger).ok


def test_a_sale_is_not_voided_once_its_customer_ended_or_a_part_came_back(till: Till) -> None:
    old, new = register(till), register(till, "Інша Людина", "067 765-43-21")
    sell(till, old, 10_000)
    sale = sell(till, old, 1_000, ALL).sale
    _refund(till, sale.id, 100)
    assert said(desk.void(till, sale.id, MANAGER)) == (
        "A part of this sale was refunded already. Take the rest back as a refund."
    )
    sale = sell(till, old, 1_000).sale
    desk.merge(till, old, new, MANAGER)
    assert isinstance(desk.void(till, sale.id, MANAGER), Refused)
    assert verify_ledger(till.ledger).ok


def test_an_account_that_another_till_holds_a_part_of_is_not_merged_here(till: Till) -> None:
    one, other = register(till), register(till, "Інша Людина", "067 765-43-21")
    sell(till, other, 10_000)
    with till.ledger.atomic():
        till.ledger.write("UPDATE lot SET points_held = 4 WHERE customer_id = ?", (other,))
    assert "Merge on the site." in said(desk.merge(till, other, one, MANAGER))
    assert balance(till, one) == 0
