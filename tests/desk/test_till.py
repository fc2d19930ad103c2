"""What surrounds the sale: publishing, training, slips that wait, the till's state, one checkout."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from printers.document import Text, document_from_json
from terminal import desk
from terminal.desk import Till
from terminal.ledger import Ledger
from terminal.ledger.queues import open_prints, set_print_state
from terminal.ledger.shop import Operator, Product, add_product
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import Bill, Line
from terminal.rules.document import ProgrammeError
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL, Quote
from tests.shop import CASHIER, NOON, PROGRAMME, Clock, new_till, register, said, sell

NEXT = PROGRAMME.replace("number = 1", "number = 2").replace("2020-01-01", "2026-06-01")


def test_a_programme_comes_into_force_on_its_day(till: Till, clock: Clock) -> None:
    desk.publish_programme(till, NEXT.replace("percent = 10", "percent = 20"))
    customer = register(till)
    assert sell(till, customer, 100_00).sale.earned == 10
    clock.now = datetime(2026, 5, 31, 20, 59, tzinfo=UTC)
    assert sell(till, customer, 100_00).sale.earned == 10
    clock.advance(minutes=1)
    assert sell(till, customer, 100_00).sale.earned == 20


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (PROGRAMME, "Version 1 was published already"),
        (NEXT.replace("2026-06-01", "2019-12-31"), "Another version begins on"),
        (NEXT.replace("UAH", "PLN"), "The programme counts in PLN, the shop in UAH."),
        (NEXT.replace('"UAH"', '"UAH"\npoints_decimals = 2'), "let this version begin today"),
    ],
)
def test_a_programme_that_does_not_follow_is_refused(till: Till, document: str, words: str) -> None:
    with pytest.raises(ProgrammeError, match=words):
        desk.publish_programme(till, document)
    assert till.ledger.row("SELECT count(*) FROM programme") == (1,)


def test_an_impossible_programme_is_not_published(till: Till) -> None:
    with pytest.raises(ProgrammeError, match="number"):
        desk.publish_programme(till, PROGRAMME.replace("number = 1", "number = 0"))
    assert till.ledger.row("SELECT count(*) FROM programme") == (1,)


def test_nothing_done_in_training_reaches_the_shops_ledger(till: Till, customer: str, tmp_path: Path) -> None:
    with till.ledger.atomic():
        add_product(till.ledger, Product("1", "Хліб", 32_50, "food", ""), ("4820000000017",))
    desk.add_operator(till, "Оксана", "cashier", "4271")
    sell(till, customer, 100_00)
    before = till.ledger.rows("SELECT * FROM journal")
    training = desk.training_till(till, tmp_path / "training")
    assert training.training
    assert training.ledger.terminal_id == "till-1-training"
    (oksana,) = desk.operators(training)
    assert desk.unlock(training, oksana.id, "4271") == oksana
    found = desk.find(training, "067 555 00 01")
    assert isinstance(found, tuple)
    assert isinstance(desk.find(training, "Олена Коваленко 067 123 45 67"), desk.Unknown | Refused), (
        "no real customer"
    )
    done = sell(training, found[0].customer_id, 100_00)
    mark = Text(training.words().gettext("TRAINING - NOTHING COUNTS"), align="center", bold=True, size="tall")
    assert mark in done.slip.elements
    assert not isinstance(desk.void(training, done.sale.id, CASHIER), Refused)
    assert verify_ledger(training.ledger).ok
    training.ledger.close()
    assert till.ledger.rows("SELECT * FROM journal") == before
    assert till.ledger.row("SELECT count(*) FROM print_job") == (1,)


def test_a_slip_that_may_be_on_paper_is_offered_again_marked_as_a_copy(till: Till, customer: str) -> None:
    done = sell(till, customer, 100_00)
    desk.print_again(till, done.print_job_id)
    assert len(desk.waiting_slips(till)) == 1, "a job that waits is not doubled"
    set_print_state(till.ledger, done.print_job_id, "unknown")
    assert [(slip.sale_number, slip.state) for slip in desk.waiting_slips(till)] == [(1, "unknown")]
    desk.print_again(till, done.print_job_id)
    (again,) = open_prints(till.ledger)
    assert (again.is_copy, again.state, again.sale_id) == (True, "queued", done.sale.id)
    document = document_from_json(again.document)
    assert document.elements[0] == Text(till.words().gettext("COPY"), align="center", bold=True)
    assert document.elements[1:] == done.slip.elements
    assert document_from_json(desk.slip_of(till, done.sale.id)) == document
    desk.drop_slip(till, again.id)
    assert desk.waiting_slips(till) == []
    assert len(desk.recent_sales(till)) == 1


def test_the_state_counts_what_waits(till: Till, customer: str, clock: Clock) -> None:
    first = sell(till, customer, 100_00)
    sell(till, customer, 100_00)
    set_print_state(till.ledger, first.print_job_id, "sending")
    clock.advance(hours=-1)
    shown = desk.state(till)
    assert (shown.last_seq, shown.unsent, shown.has_site) == (5, 5, False)
    assert (shown.slips_waiting, shown.slips_unknown, shown.programme_name) == (1, 1, "Test")
    assert (shown.last_entry_ms, shown.clock_is_back) == (till.now_ms(), True)


def test_the_state_of_an_empty_till(empty_ledger: Ledger, clock: Clock) -> None:
    shown = desk.state(new_till(empty_ledger, clock))
    assert (shown.last_seq, shown.last_entry_ms, shown.programme_name, shown.unsent) == (0, 0, "", 0)


def test_a_checkout_takes_a_total_or_goods(till: Till, customer: str) -> None:
    with till.ledger.atomic():
        add_product(till.ledger, Product("1", "Хліб", 32_50, "food", ""), ("4820000000017",))
    sell(till, customer, 300_00)
    checkout = desk.begin_checkout(till, customer)
    assert not isinstance(checkout, Refused)
    assert checkout.requote() is None
    assert checkout.type_total(" ") is None
    assert "is not a sum" in said(checkout.type_total("abc"))
    assert checkout.bill.lines == ()
    quote = checkout.type_total("100,50")
    assert isinstance(quote, Quote)
    assert (checkout.quote, quote.bill.total_minor) == (quote, 100_50)
    full = checkout.requote(ALL)
    assert isinstance(full, Quote)
    assert full.redeem_points == 30
    assert "can be taken here" in said(checkout.requote(31))
    assert checkout.quote is None
    assert checkout.scan("4820000000017") == checkout.scan("4820000000017") == "Хліб"
    assert checkout.scanned
    assert checkout.bill == Bill((Line("Хліб", 65_00, 2000, "1", "food"),))
    assert "No product" in said(checkout.scan("4820000000024"))
    assert checkout.bill.total_minor == 65_00
    assert "no longer here" in said(desk.begin_checkout(till, "nobody"))


def test_the_day_is_that_of_the_shops_calendar(till: Till, clock: Clock) -> None:
    clock.now = datetime(2026, 3, 28, 21, 59, 59, tzinfo=UTC)
    assert till.today() == date(2026, 3, 28)
    clock.advance(seconds=1)
    assert till.today() == date(2026, 3, 29)
    clock.now = datetime(2026, 3, 29, 20, 59, 59, tzinfo=UTC)  # summer time began this night
    assert till.today() == date(2026, 3, 29)
    clock.advance(seconds=1)
    assert till.today() == date(2026, 3, 30)
    assert till.day_of(0) == date(1970, 1, 1)


def test_ids_are_never_the_same(till: Till) -> None:
    at_ms = till.now_ms()
    assert len({till.new_id(at_ms) for _ in range(1000)}) == 1000
    assert replace(till).clock() == NOON
    assert till.now_ms() == at_ms == int((NOON - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))


def test_who_works_here_is_told_by_name(till: Till, customer: str) -> None:
    assert isinstance(desk.add_operator(till, "Яна", "manager", "4271"), Operator)
    desk.add_operator(till, "Адам", "cashier", "4271")
    assert [operator.name for operator in desk.operators(till)] == ["Адам", "Яна"]
    assert (desk.name_of(till, customer), desk.name_of(till, "nobody")) == ("Олена Коваленко", "—")
