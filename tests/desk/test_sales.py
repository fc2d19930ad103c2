"""Selling: what was quoted is what is booked, once, or nothing; the last sale can be taken back today."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from printers.document import document_from_json
from terminal import desk
from terminal.desk import Till
from terminal.ledger import Ledger, LedgerFull, open_ledger
from terminal.ledger.customers import open_lots
from terminal.ledger.queues import next_print, prints_of_sale
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import Bill, Line, bill_of_total
from terminal.rules.money import MAX_AMOUNT_MINOR
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL, Quote
from terminal.rules.wish import Wish
from tests.shop import (
    CASHIER,
    KEY,
    MANAGER,
    NOON,
    PROGRAMME,
    Clock,
    again,
    balance,
    journal_kinds,
    load_programme,
    new_ledger,
    new_till,
    register,
    said,
    sell,
)


def quoted(till: Till, customer_id: str, total_minor: int = 100_00, redeem: int = 0) -> Quote:
    shown = desk.quote(till, customer_id, bill_of_total(total_minor), redeem)
    assert isinstance(shown, Quote), shown
    return shown


def lots(till: Till, customer_id: str) -> list[tuple[int, date, date | None]]:
    found = open_lots(till.ledger, customer_id)
    return sorted((lot.left, lot.available_from, lot.expires_on) for lot in found)


def test_a_sale_is_booked_as_it_was_quoted(till: Till, customer: str) -> None:
    sell(till, customer, 300_00)
    bill = Bill((Line("хліб", 30_00, 2000, "1", "food"), Line("сир", 70_00, 350, "2", "food")))
    shown = desk.quote(till, customer, bill, 20, channel="manager")
    assert isinstance(shown, Quote)
    done = desk.complete(till, shown, bill, MANAGER)
    assert not isinstance(done, Refused)
    sale = done.sale
    assert (sale.number, sale.customer_id, sale.operator, sale.channel) == (2, customer, MANAGER.id, "manager")
    assert (sale.total_minor, sale.taken_off_minor, sale.redeemed, sale.earned) == (100_00, 20_00, 20, 8)
    assert (sale.at_ms, sale.voided, done.balance) == (till.now_ms(), False, 30 - 20 + 8)
    assert journal_kinds(till.ledger)[-3:] == ["sale", "redeem", "earn"]
    payloads = [json.loads(entry.payload) for entry in till.ledger.entries()[-3:]]
    assert payloads[0] == {
        "number": 2,
        "channel": "manager",
        "programme": 1,
        "total_minor": 100_00,
        "taken_off_minor": 20_00,
        "lines": [
            {
                "name": "хліб",
                "sku": "1",
                "category": "food",
                "quantity_milli": 2000,
                "total_minor": 3000,
                "off_minor": 600,
            },
            {
                "name": "сир",
                "sku": "2",
                "category": "food",
                "quantity_milli": 350,
                "total_minor": 7000,
                "off_minor": 1400,
            },
        ],
    }
    assert payloads[2] == {"lot": {"points": 8, "available_from": "2026-05-04", "expires_on": "2026-08-12"}}
    assert balance(till, customer) == done.balance
    assert desk.last_sale(till) == sale
    assert verify_ledger(till.ledger).ok


def test_the_slip_is_in_the_sales_own_transaction(till: Till, customer: str) -> None:
    done = sell(till, customer, 100_00)
    job = next_print(till.ledger)
    assert job is not None
    assert (job.id, job.sale_id, job.is_copy, job.state) == (done.print_job_id, done.sale.id, False, "queued")
    assert document_from_json(job.document) == done.slip


def test_all_is_what_the_bill_takes(till: Till, customer: str) -> None:
    sell(till, customer, 300_00)
    assert quoted(till, customer, 20_00, ALL).redeem_points == 20
    done = sell(till, customer, 500_00, ALL)
    assert (done.sale.redeemed, done.sale.taken_off_minor, done.sale.earned) == (30, 30_00, 47)


def test_spending_takes_the_lot_that_expires_first(till: Till, customer: str, clock: Clock) -> None:
    sell(till, customer, 100_00)
    clock.advance(days=1)
    sell(till, customer, 200_00)
    sell(till, customer, 5_00, redeem=5)
    assert [left for left, _, _ in lots(till, customer)] == [5, 20]
    sell(till, customer, 10_00, redeem=10)
    assert [left for left, _, _ in lots(till, customer)] == [15]


def test_pending_points_are_known_and_can_not_be_spent_yet(
    tmp_path_factory: pytest.TempPathFactory, clock: Clock
) -> None:
    text = PROGRAMME.replace("percent = 10", "percent = 10\npending_days = 14")
    with new_ledger(tmp_path_factory.mktemp("till") / "l", programme=text) as ledger:
        till = new_till(ledger, clock)
        customer = register(till)
        sell(till, customer, 500_00)
        shown = desk.profile(till, customer)
        assert not isinstance(shown, Refused)
        assert (shown.known, shown.spendable, shown.pending, shown.pending_from) == (50, 0, 50, date(2026, 5, 18))
        assert "are pending until" in said(desk.quote(till, customer, bill_of_total(100_00), 1))
        clock.advance(days=13)
        assert quoted(till, customer, redeem=ALL).redeem_points == 0
        clock.advance(days=1)
        assert quoted(till, customer, redeem=ALL).redeem_points == 50
        assert lots(till, customer) == [(50, date(2026, 5, 18), date(2026, 8, 26))]


@pytest.mark.parametrize(
    ("total_minor", "words"),
    [
        (-1, "can't be negative"),
        (MAX_AMOUNT_MINOR + 1, "Was a barcode scanned here?"),
    ],
)
def test_an_impossible_bill_is_refused(till: Till, customer: str, total_minor: int, words: str) -> None:
    refused = desk.quote(till, customer, bill_of_total(total_minor))
    assert words in said(refused)
    assert isinstance(refused, Refused)
    assert refused.field == "amount"


def test_a_line_below_zero_is_the_registers_discount_and_a_bill_never_is(till: Till, customer: str) -> None:
    bill = Bill((Line("a", 100_00), Line("b", -50_00)))
    shown = desk.quote(till, customer, bill)
    assert isinstance(shown, Quote)
    assert (shown.pay_minor, shown.earned_points) == (50_00, 5)
    assert "can't be negative" in said(desk.quote(till, customer, Bill((*bill.lines, Line("c", -50_01)))))


def test_a_sale_of_zero_counts_as_a_visit_and_earns_nothing(till: Till, customer: str) -> None:
    done = sell(till, customer, 0)
    assert (done.sale.earned, done.balance) == (0, 0)
    assert journal_kinds(till.ledger) == ["register", "sale"]


def test_without_a_programme_nothing_is_quoted(empty_ledger: Ledger, clock: Clock) -> None:
    till = new_till(empty_ledger, clock)
    customer = register(till)
    assert "No programme is in force" in said(desk.quote(till, customer, bill_of_total(100)))
    assert "No programme is in force" in said(desk.profile(till, customer))
    assert "no longer here" in said(desk.quote(new_till_with_programme(till), "nobody", bill_of_total(100)))


def new_till_with_programme(till: Till) -> Till:
    load_programme(till.ledger, PROGRAMME)
    return till


CHANGED = "The bill or the balance has changed."


def test_a_bill_changed_after_the_quote_is_not_booked(till: Till, customer: str) -> None:
    shown = quoted(till, customer)
    for bill in (
        bill_of_total(100_01),
        Bill(()),
        Bill((Line("", 50_00), Line("", 50_00))),
        Bill((Line("", 100_00, category="tobacco"),)),
    ):
        assert CHANGED in said(desk.complete(till, shown, bill, CASHIER))
    assert journal_kinds(till.ledger) == ["register"]
    assert next_print(till.ledger) is None


def test_a_forged_quote_is_not_booked(till: Till, customer: str) -> None:
    sell(till, customer, 300_00)
    shown = quoted(till, customer, redeem=10)
    for forged in (
        replace(shown, taken_off_minor=20_00),
        replace(shown, earnings=()),
        replace(shown, redeem_points=11),
        replace(shown, programme_number=2),
    ):
        assert CHANGED in said(desk.complete(till, forged, shown.bill, CASHIER))
    assert "can be taken here" in said(desk.complete(till, replace(shown, wish=Wish(31)), shown.bill, CASHIER))
    assert len(desk.recent_sales(till)) == 1


def test_one_quote_is_booked_once(till: Till, customer: str) -> None:
    sell(till, customer, 300_00)
    shown = quoted(till, customer, redeem=30)
    assert not isinstance(desk.complete(till, shown, shown.bill, CASHIER), Refused)
    assert isinstance(desk.complete(till, shown, shown.bill, CASHIER), Refused)
    assert len(desk.recent_sales(till)) == 2


def test_a_balance_changed_after_the_quote_is_not_booked(till: Till, customer: str) -> None:
    sell(till, customer, 300_00)
    shown = quoted(till, customer, redeem=30)
    with open_ledger(till.ledger.path, KEY) as other:
        sell(new_till(other, till.clock), customer, 10_00, redeem=10)
    refused = desk.complete(till, shown, shown.bill, CASHIER)
    assert "can be taken here" in said(refused)
    smaller = quoted(till, customer, redeem=5)
    sell(till, customer, 100_00)
    assert CHANGED in said(desk.complete(till, smaller, smaller.bill, CASHIER))


def test_a_programme_changed_after_the_quote_is_not_booked(till: Till, customer: str) -> None:
    shown = quoted(till, customer)
    load_programme(till.ledger, PROGRAMME.replace("number = 1", "number = 2"))
    assert CHANGED in said(desk.complete(till, shown, shown.bill, CASHIER))


def test_a_day_changed_after_the_quote_is_not_booked(till: Till, customer: str, clock: Clock) -> None:
    clock.now = datetime(2026, 5, 4, 20, 59, 59, tzinfo=UTC)  # a second before midnight in Kyiv
    shown = quoted(till, customer)
    clock.advance(seconds=1)
    assert CHANGED in said(desk.complete(till, shown, shown.bill, CASHIER))
    assert quoted(till, customer).on == date(2026, 5, 5)


def test_midnight_in_the_middle_of_completing_books_nothing(till: Till, customer: str, clock: Clock) -> None:
    clock.now = datetime(2026, 5, 4, 20, 59, 58, tzinfo=UTC)
    shown = quoted(till, customer)
    clock.step = timedelta(seconds=1)
    assert CHANGED in said(desk.complete(till, shown, shown.bill, CASHIER))
    assert journal_kinds(till.ledger) == ["register"]


def test_on_a_full_disk_a_sale_is_refused_whole(till: Till, customer: str) -> None:
    pages = till.ledger.row("PRAGMA page_count")
    assert pages is not None
    till.ledger.row(f"PRAGMA max_page_count = {pages[0]}")
    booked = 0

    def sell_on() -> None:
        nonlocal booked
        for _ in range(1000):
            sell(till, customer, 100_00)
            booked += 1

    with pytest.raises(LedgerFull):
        sell_on()
    assert 0 < booked < 1000
    till.ledger = again(till.ledger)
    assert balance(till, customer) == 10 * booked
    assert len(desk.recent_sales(till, limit=1000)) == booked
    assert till.ledger.row("SELECT count(*) FROM print_job") == (booked,)
    assert verify_ledger(till.ledger).ok
    sell(till, customer, 100_00)
    till.ledger.close()


def test_a_void_gives_back_and_takes_back(till: Till, customer: str, clock: Clock) -> None:
    sell(till, customer, 100_00)
    clock.advance(days=1)
    sell(till, customer, 200_00)
    before = lots(till, customer)
    done = sell(till, customer, 100_00, redeem=25)
    voided = desk.void(till, done.sale.id, CASHIER)
    assert not isinstance(voided, Refused)
    assert (voided.sale, voided.balance) == (replace(done.sale, voided=True), 30)
    assert lots(till, customer) == before
    assert journal_kinds(till.ledger)[-3:] == ["void", "restore", "clawback"]
    shown = desk.profile(till, customer)
    assert not isinstance(shown, Refused)
    assert (shown.visits, shown.spend_minor) == (2, 300_00)
    assert [job.is_copy for job in prints_of_sale(till.ledger, done.sale.id)] == [False, False]
    assert verify_ledger(till.ledger).ok


def test_a_void_of_a_sale_that_moved_nothing(till: Till, customer: str) -> None:
    done = sell(till, customer, 0)
    assert not isinstance(desk.void(till, done.sale.id, CASHIER), Refused)
    assert journal_kinds(till.ledger) == ["register", "sale", "void"]


def test_only_the_last_sale_is_voided_once(till: Till, customer: str) -> None:
    first = sell(till, customer, 100_00)
    last = sell(till, customer, 100_00)
    assert "Only the last sale can be voided" in said(desk.void(till, first.sale.id, CASHIER))
    assert "Only the last sale can be voided" in said(desk.void(till, "unknown", CASHIER))
    desk.void(till, last.sale.id, CASHIER)
    assert "Sale 2 is voided already" in said(desk.void(till, last.sale.id, CASHIER))
    assert "Only the last sale can be voided" in said(desk.void(till, first.sale.id, CASHIER))
    assert sell(till, customer, 100_00).sale.number == 3


def test_only_a_sale_of_today_is_voided(till: Till, customer: str, clock: Clock) -> None:
    done = sell(till, customer, 100_00)
    clock.advance(hours=9)  # midnight in Kyiv
    assert "Only a sale of today can be voided" in said(desk.void(till, done.sale.id, CASHIER))
    clock.advance(days=-1)
    assert not isinstance(desk.void(till, done.sale.id, CASHIER), Refused)


def test_a_sale_whose_points_were_spent_is_not_voided(till: Till, customer: str) -> None:
    done = sell(till, customer, 100_00)
    lot = till.ledger.entries()[-1]
    with till.ledger.atomic():
        spent = till.draft(
            "redeem", "m-1", till.now_ms(), {"moves": [[lot.id, -1]]}, points=-1, customer_id=customer
        )
        till.ledger.append(spent)
    before = journal_kinds(till.ledger)
    assert "were spent already" in said(desk.void(till, done.sale.id, CASHIER))
    assert journal_kinds(till.ledger) == before


def test_a_reprint_is_marked_as_a_copy(till: Till, customer: str) -> None:
    done = sell(till, customer, 100_00)
    copy = desk.reprint(till, done.sale.id, CASHIER)
    assert not isinstance(copy, Refused)
    jobs = prints_of_sale(till.ledger, done.sale.id)
    assert [job.is_copy for job in jobs] == [False, True]
    assert document_from_json(jobs[1].document) == copy != done.slip
    assert "not in the ledger" in said(desk.reprint(till, "unknown", CASHIER))
    assert journal_kinds(till.ledger) == ["register", "sale", "earn"]


def test_recent_sales_and_history(till: Till, customer: str) -> None:
    other = register(till, "Марʼяна", "050 765 43 21", "LC-0001")
    sell(till, customer, 300_00)
    sell(till, other, 100_00)
    desk.void(till, sell(till, customer, 100_00, redeem=10).sale.id, CASHIER)
    assert [sale.number for sale in desk.recent_sales(till)] == [3, 2, 1]
    assert [sale.number for sale in desk.recent_sales(till, customer)] == [3, 1]
    assert [sale.number for sale in desk.recent_sales(till, limit=1)] == [3]
    happened = [(line.words.text, line.points) for line in desk.history(till, customer)]
    assert happened == [
        ("Bonuses taken back", -9),
        ("Bonuses returned", 10),
        ("Sale voided", 0),
        ("Bonuses earned", 9),
        ("Bonuses spent", -10),
        ("Sale", 0),
        ("Bonuses earned", 30),
        ("Sale", 0),
        ("Registered", 0),
    ]
    assert [line.words.text for line in desk.history(till, other, limit=2)] == ["Bonuses earned", "Sale"]
    assert desk.history(till, "nobody") == []


def test_the_clock_only_goes_forward(till: Till, customer: str, clock: Clock) -> None:
    first = sell(till, customer, 100_00)
    clock.advance(days=-30)
    assert till.clock_is_back()
    assert till.today() == date(2026, 5, 4)
    second = sell(till, customer, 100_00)
    assert second.sale.at_ms == first.sale.at_ms
    assert lots(till, customer)[1][2] == date(2026, 8, 12)
    clock.now = NOON - timedelta(minutes=5)
    assert not till.clock_is_back()
    clock.now = NOON + timedelta(days=1)
    assert sell(till, customer, 100_00).sale.at_ms > first.sale.at_ms
    assert verify_ledger(till.ledger).ok


def test_a_clock_set_back_opens_no_expired_points(till: Till, customer: str, clock: Clock) -> None:
    sell(till, customer, 100_00)
    clock.advance(days=101)
    sell(till, customer, 1_00)
    assert "no bonuses to spend yet" in said(desk.quote(till, customer, bill_of_total(100_00), 1))
    clock.advance(days=-50)
    assert "no bonuses to spend yet" in said(desk.quote(till, customer, bill_of_total(100_00), 1))
