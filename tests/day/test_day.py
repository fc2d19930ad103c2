"""Opening and closing of the business day: what belongs to it, what each person booked, and the sealed slip."""

import json
from datetime import UTC, date, datetime

import pytest

from printers.preview import preview_text
from terminal import desk
from terminal.desk.business_day import DayTotals
from terminal.desk.day import DayClosed, close_day, current_day, day_totals, open_day
from terminal.desk.till import Till
from terminal.ledger import queues
from terminal.ledger.days import Booked
from terminal.ledger.ledger import Ledger
from terminal.ledger.shop import Operator, add_operator
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from tests.shop import CASHIER, MANAGER, Clock, journal_kinds, register, said, sell

DAY = date(2026, 5, 4)


@pytest.fixture
def staff(till: Till) -> None:
    with till.ledger.atomic():
        for person in (CASHIER, MANAGER):
            add_operator(till.ledger, person, "")


def booked(totals: DayTotals) -> dict[str, Booked]:
    return {one.name: one.booked for one in totals.people}


def closed(till: Till, by: Operator = MANAGER) -> DayClosed:
    outcome = close_day(till, by)
    assert isinstance(outcome, DayClosed), outcome
    return outcome


def trade(till: Till, clock: Clock) -> str:
    """A morning: three sales, the second redeems, the third is voided, the first refunded, a correction."""
    customer = register(till)
    first = sell(till, customer, 200_00)
    clock.advance(minutes=5)
    sell(till, customer, 100_00, redeem=15)
    clock.advance(minutes=5)
    third = sell(till, customer, 40_00)
    assert not isinstance(desk.void(till, third.sale.id, CASHIER), Refused)
    shown = desk.show_refund(till, first.sale.id, (50_00,))
    assert not isinstance(shown, Refused)
    assert not isinstance(desk.refund(till, shown, MANAGER), Refused)
    assert not isinstance(desk.adjust(till, customer, 7, "forgotten card", MANAGER), Refused)
    return customer


@pytest.mark.usefixtures("staff")
def test_totals_by_cashier(till: Till, clock: Clock) -> None:
    trade(till, clock)
    totals = day_totals(till)
    assert booked(totals) == {
        "Оксана": Booked(
            sales=3,
            total_minor=340_00,
            taken_off_minor=15_00,
            earned=20 + 8 + 4,
            redeemed=15,
            voided=1,
            voided_minor=40_00,
        ),
        "Роман": Booked(refunded=1, refunded_minor=50_00, adjusted=1, adjusted_points=7),
    }
    assert totals.whole == booked(totals)["Оксана"].plus(booked(totals)["Роман"])
    assert (totals.day.day, totals.day.opened, totals.day.closed) == (DAY, None, None)


@pytest.mark.usefixtures("staff")
def test_a_day_from_opening_to_closing(till: Till, clock: Clock) -> None:
    assert not isinstance(open_day(till, CASHIER), Refused)
    assert said(open_day(till, CASHIER)).startswith("The day of")
    clock.advance(hours=1)
    trade(till, clock)
    before = day_totals(till)
    assert before.day.opened is not None
    assert (before.day.opened.name, before.day.opened.seq) == ("Оксана", 1)
    assert said(close_day(till, CASHIER)) == "Only a manager can close the day."
    done = closed(till)
    *_, last = till.ledger.entries(limit=1000)
    facts = json.loads(last.payload)
    assert (last.kind, last.operator, last.points, last.customer_id) == ("day_close", MANAGER.id, 0, None)
    assert (facts["day"], facts["first_seq"], facts["last_seq"]) == ("2026-05-04", 1, last.seq - 1)
    assert facts["head"] == till.ledger.entries(last.seq - 2)[0].hash.hex() == before.head.hex()
    assert facts["booked"][0]["sales"] == 3
    assert (done.totals.head_seq, done.totals.head) == (last.seq, last.hash)
    assert done.totals.whole == before.whole
    assert verify_ledger(till.ledger).ok


@pytest.mark.usefixtures("staff")
def test_the_slip_names_cashiers_totals_and_the_chains_head(till: Till, clock: Clock) -> None:
    open_day(till, CASHIER)
    trade(till, clock)
    done = closed(till)
    (job,) = [one for one in queues.open_prints(till.ledger) if one.id == done.print_job_id]
    assert job.state == "queued"
    for columns in (32, 48):
        slip = preview_text(done.slip, columns)
        assert all(len(line) <= columns for line in slip.splitlines())
        for told in ("Оксана", "Роман", "340,00 грн", "15,00 грн", "40,00 грн", "50,00 грн"):
            assert told in slip
        digits = "".join(slip.split())
        assert done.totals.head.hex().upper() in digits
        assert str(done.totals.head_seq) in slip


def test_no_entry_falls_between_two_days(till: Till, clock: Clock) -> None:
    customer = trade(till, clock)
    first = closed(till).totals.day
    # After closing, somebody sells once more; the next day is opened in the morning.
    sell(till, customer, 30_00)
    clock.advance(hours=18)
    assert current_day(till).day == DAY
    open_day(till, CASHIER)
    sell(till, customer, 60_00)
    second = closed(till).totals
    assert second.day.first_seq == first.last_seq + 2
    assert second.whole.total_minor == 90_00
    assert second.day.day == date(2026, 5, 5)
    kinds = journal_kinds(till.ledger)
    assert [kind for kind in kinds if kind.startswith("day")] == ["day_close", "day_open", "day_close"]


def test_what_is_closed_is_not_closed_again_until_something_is_booked(till: Till, clock: Clock) -> None:
    assert said(close_day(till, MANAGER)) == "Nothing was booked since the day before was closed."
    customer = trade(till, clock)
    closed(till)
    entries = till.ledger.last_seq()
    assert said(close_day(till, MANAGER)) == "Nothing was booked since the day before was closed."
    assert till.ledger.last_seq() == entries
    sell(till, customer, 10_00)
    assert closed(till).totals.whole == Booked(sales=1, total_minor=10_00, earned=1)


def test_a_day_opened_without_a_sale_can_be_closed(till: Till) -> None:
    open_day(till, CASHIER)
    done = closed(till)
    assert done.totals.whole == Booked()
    assert done.totals.day.opened is not None


def test_a_date_is_the_business_day_of_that_name(till: Till, clock: Clock) -> None:
    customer = register(till)
    clock.now = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)
    open_day(till, CASHIER)
    sell(till, customer, 100_00)
    # Half past midnight in Kyiv: it is the evening's day still.
    clock.now = datetime(2026, 5, 4, 21, 30, tzinfo=UTC)
    sell(till, customer, 50_00)
    closed(till)
    clock.now = datetime(2026, 5, 5, 9, 0, tzinfo=UTC)
    sell(till, customer, 20_00)
    assert day_totals(till, DAY).whole.total_minor == 150_00
    assert day_totals(till, date(2026, 5, 5)).whole.total_minor == 20_00
    assert day_totals(till, date(2026, 5, 6)).whole == Booked()


def test_a_day_closed_twice_is_shown_whole(till: Till, clock: Clock) -> None:
    customer = register(till)
    sell(till, customer, 100_00)
    closed(till)
    sell(till, customer, 50_00)
    last = closed(till)
    found = day_totals(till, DAY)
    assert found.whole.total_minor == 150_00
    assert found.head == last.totals.head
    assert last.totals.whole.total_minor == 50_00


def test_where_nobody_closes_days_a_date_is_the_calendars(till: Till, clock: Clock) -> None:
    customer = register(till)
    for moment in (datetime(2026, 5, 4, 20, 59, tzinfo=UTC), datetime(2026, 5, 4, 21, 0, tzinfo=UTC)):
        clock.now = moment
        sell(till, customer, 100_00)
    sell(till, customer, 10_00)
    assert day_totals(till, DAY).whole.total_minor == 100_00
    assert day_totals(till, date(2026, 5, 5)).whole.total_minor == 110_00
    assert day_totals(till, date(2026, 5, 3)).whole == Booked()
    # The first day that is closed begins with the calendar's: what is older stands in no slip.
    assert closed(till).totals.whole.total_minor == 110_00


def test_a_closing_is_never_changed(till: Till, clock: Clock) -> None:
    trade(till, clock)
    closed(till)
    with pytest.raises(Exception, match="only ever added"), till.ledger.atomic():
        till.ledger.connection.execute("UPDATE journal SET operator = 'x' WHERE kind = 'day_close'")


def test_former_staff_keep_their_name(till: Till, ledger: Ledger, staff: None) -> None:
    customer = register(till)
    shown = desk.quote(till, customer, bill_of_total(10_00))
    assert not isinstance(shown, Refused)
    assert not isinstance(desk.complete(till, shown, shown.bill, CASHIER), Refused)
    with ledger.atomic():
        ledger.write("UPDATE staff SET active = 0 WHERE id = ?", (CASHIER.id,))
    assert list(booked(day_totals(till))) == ["Оксана"]
