"""What counts and what does not, on a till of one's own: days in Kyiv, voids, refunds, corrections, expiry."""

from datetime import UTC, date, datetime

from terminal import desk
from terminal.desk.figures import Asked, Figures, figures
from terminal.desk.till import Till
from terminal.ledger.ledger import Ledger
from terminal.rules.phrase import Refused
from terminal.rules.reporting import Bought, Period, PointsMoved
from tests.shop import CASHIER, MANAGER, Clock, register, sell

MAY = Period(date(2026, 5, 1), date(2026, 5, 31))


def ask(till: Till, first: date = MAY.first, last: date = MAY.last) -> Figures:
    return figures(till, Asked(Period(first, last)))


def test_a_month_begins_at_midnight_in_kyiv(till: Till, clock: Clock) -> None:
    clock.now = datetime(2026, 4, 30, 20, 59, tzinfo=UTC)
    customer = register(till)
    sell(till, customer, 10_00)
    for moment in ((4, 30, 21, 0), (5, 31, 20, 59), (5, 31, 21, 0)):
        clock.now = datetime(2026, *moment, tzinfo=UTC)
        sell(till, customer, 100_00)
    found = ask(till)
    assert found.bought == Bought(2, 1, 200_00, 200_00)
    # They bought in April already: the customer is new to no month of this period.
    assert (found.new_customers, found.repeated) == (0, 1)
    longer = ask(till, date(2026, 3, 1), date(2026, 6, 30))
    assert [(one.month.month, one.bought.sales, one.new) for one in longer.months] == [
        (3, 0, 0),
        (4, 1, 1),
        (5, 2, 0),
        (6, 1, 0),
    ]
    assert longer.cohorts[1].bought == (1, 1, 1)


def test_a_day_of_the_winters_end_has_its_own_hours(till: Till, clock: Clock) -> None:
    clock.now = datetime(2026, 3, 28, 21, 59, tzinfo=UTC)
    customer = register(till)
    for moment in ((28, 21, 59), (28, 22, 0), (29, 20, 59), (29, 21, 0)):
        clock.now = datetime(2026, 3, *moment, tzinfo=UTC)
        sell(till, customer, 10_00)
    assert ask(till, date(2026, 3, 29), date(2026, 3, 29)).bought.sales == 2


def test_voided_sales_do_not_count_and_refunded_ones_do(till: Till, customer: str) -> None:
    kept = sell(till, customer, 100_00)
    voided = sell(till, customer, 300_00)
    assert not isinstance(desk.void(till, voided.sale.id, CASHIER), Refused)
    shown = desk.show_refund(till, kept.sale.id, (40_00,))
    assert not isinstance(shown, Refused)
    assert not isinstance(desk.refund(till, shown, MANAGER), Refused)
    found = ask(till)
    assert (found.bought, found.repeated) == (Bought(1, 1, 100_00, 100_00), 0)
    assert found.moved == PointsMoved(10 - 4, 0, 0)


def test_points_given_out_spent_and_taken_by_hand(till: Till, customer: str, clock: Clock) -> None:
    sell(till, customer, 500_00)
    assert not isinstance(desk.adjust(till, customer, 30, "birthday", MANAGER), Refused)
    assert not isinstance(desk.adjust(till, customer, -5, "a mistake", MANAGER), Refused)
    sell(till, customer, 100_00, redeem=20)
    found = ask(till)
    assert found.moved == PointsMoved(50 + 30 + 8, 20, 0)
    assert found.bought == Bought(2, 1, 600_00, 580_00)
    assert (found.outstanding.points, found.outstanding.worth_minor) == (63, 63_00)
    clock.advance(days=150)
    # Their last day is over, though no night has written it down yet.
    assert ask(till).outstanding.points == 0
    desk.expire(till)
    later = ask(till, date(2026, 5, 1), date(2026, 12, 31))
    assert later.moved == PointsMoved(88, 20, 63)


def test_counting_goes_on_beside_a_sale(till: Till, customer: str, ledger: Ledger) -> None:
    """A second connection reads while a transaction of the till is open; it sees what was committed."""
    sell(till, customer, 100_00)
    with ledger.atomic():
        ledger.set_fact("x", "y")
        with ledger.beside() as beside, beside.snapshot():
            assert beside.fact("x") is None
            assert beside.last_seq() == ledger.last_seq()
    assert ask(till).bought.sales == 1
    assert ledger.rows("SELECT name FROM sqlite_temp_schema") == []


def test_erased_people_have_no_name(till: Till, customer: str, ledger: Ledger) -> None:
    sell(till, customer, 500_00)
    month = ask(till).expiring
    assert month.customers == 0
    with ledger.atomic():
        ledger.write("UPDATE lot SET expires_on = '2026-06-10'")
        ledger.write("DELETE FROM person")
    (one,) = ask(till).expiring.listed
    assert (one.name, one.points, one.first_on) == (None, 50, date(2026, 6, 10))
