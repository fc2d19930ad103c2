"""The watch at the desk: it strikes before anything is booked, the right PIN lifts it, and the journal says so."""

import msgspec
import pytest

from terminal import desk
from terminal.desk import Operator, Till, orders
from terminal.desk.till import ClockWatch
from terminal.ledger.orders import Order
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL, Quote
from terminal.rules.watch import Flagged, Hit, WatchLimits
from tests.shop import CASHIER, Clock, balance, journal_kinds, register, sell

CARD = "2900000000018"
PINS = {"Роман": "1470", "Ганна": "2580", "Оксана": "3690"}


@pytest.fixture
def staff(till: Till) -> dict[str, Operator]:
    """Two managers and a cashier, and a till that is watched."""
    till.watch = WatchLimits()
    people = {}
    for name, role in (("Роман", "manager"), ("Ганна", "manager"), ("Оксана", "cashier")):
        person = desk.add_operator(till, name, role, PINS[name])
        assert isinstance(person, Operator)
        people[name] = person
    return people


def _approve(till: Till, by: Operator, flagged: object, who: Operator) -> desk.Approval:
    assert isinstance(flagged, Flagged), flagged
    approval = desk.approve(till, by, flagged.hits, who.id, PINS[who.name])
    assert isinstance(approval, desk.Approval), approval
    return approval


def _try_to_sell(till: Till, customer: str, total_minor: int, redeem: int = 0) -> object:
    bill = bill_of_total(total_minor)
    shown = desk.quote(till, customer, bill, redeem)
    assert isinstance(shown, Quote)
    return desk.complete(till, shown, bill, CASHIER)


def _rules(outcome: object) -> list[str]:
    return [hit.rule for hit in outcome.hits] if isinstance(outcome, Flagged) else []


def _flags(till: Till) -> list[tuple[str, int, str]]:
    """(rule, figure, who let it pass) of each flag."""
    told = [msgspec.json.decode(entry.payload) for entry in till.ledger.entries() if entry.kind == "flag"]
    return [(flag["rule"], flag["figure"], flag["approved_by"]) for flag in told]


def test_the_sixth_purchase_of_a_day_needs_a_manager(till: Till, clock: Clock, staff: dict[str, Operator]) -> None:
    customer = register(till)
    for _ in range(5):
        sell(till, customer, 1_000)
    kinds = journal_kinds(till.ledger)
    outcome = _try_to_sell(till, customer, 1_000)
    assert _rules(outcome) == ["often"]
    assert journal_kinds(till.ledger) == kinds
    approval = _approve(till, CASHIER, outcome, staff["Роман"])
    bill = bill_of_total(1_000)
    shown = desk.quote(till, customer, bill, 0)
    assert isinstance(shown, Quote)
    done = desk.complete(till, shown, bill, CASHIER, approval=approval)
    assert isinstance(done, desk.Completed)
    assert _flags(till) == [("often", 5, staff["Роман"].id)]
    assert till.ledger.entries()[-1].sale_id == done.sale.id
    assert isinstance(desk.void(till, done.sale.id, CASHIER), desk.Voided)
    assert verify_ledger(till.ledger).ok
    clock.advance(days=1)
    assert _rules(_try_to_sell(till, customer, 1_000)) == []


def test_an_orders_payment_is_watched_as_a_sale(till: Till, staff: dict[str, Operator]) -> None:
    customer = register(till, card=CARD)
    bill = bill_of_total(1_000)
    shown = desk.quote(till, customer, bill, 0, channel="manager")
    assert isinstance(shown, Quote)
    held = orders.hold_order(till, shown, bill, staff["Роман"], 48)
    assert isinstance(held, Order)
    assert isinstance(orders.place_order(till, held.number, staff["Роман"], 48), orders.Placed)
    till.watch = WatchLimits(staff_cards=frozenset({CARD}))
    kinds = journal_kinds(till.ledger)
    outcome = orders.pay_order(till, held.number, CASHIER)
    assert _rules(outcome) == ["staff-card"]
    assert journal_kinds(till.ledger) == kinds, "nothing is booked"
    approval = _approve(till, CASHIER, outcome, staff["Роман"])
    assert isinstance(orders.pay_order(till, held.number, CASHIER, approval=approval), desk.Completed)
    assert _flags(till) == [("staff-card", 0, staff["Роман"].id)]


def test_the_staffs_own_card(till: Till, staff: dict[str, Operator]) -> None:
    customer = register(till, card=CARD)
    till.watch = WatchLimits(staff_cards=frozenset({CARD}))
    assert _rules(_try_to_sell(till, customer, 1_000)) == ["staff-card"]
    given = desk.give(till, customer, 5, "", staff["Роман"])
    assert _rules(given) == ["staff-card"]
    approval = _approve(till, staff["Роман"], given, staff["Оксана"])
    assert desk.give(till, customer, 5, "", staff["Роман"], approval=approval) == 5
    assert _flags(till) == [("staff-card", 0, staff["Оксана"].id)]


def test_a_paid_bill_that_moves_to_another_customer(till: Till, clock: Clock, staff: dict[str, Operator]) -> None:
    one, other = register(till), register(till, "Інша Людина", "067 765-43-21")
    sale = sell(till, one, 12_345).sale
    assert isinstance(desk.void(till, sale.id, CASHIER), desk.Voided)
    clock.advance(minutes=29)
    assert _rules(_try_to_sell(till, other, 12_345)) == ["switched"]
    assert _rules(_try_to_sell(till, other, 12_346)) == []
    assert _rules(_try_to_sell(till, one, 12_345)) == []
    clock.advance(minutes=1)
    assert _rules(_try_to_sell(till, other, 12_345)) == []


def test_bonuses_spent_right_after_they_were_given_by_hand(
    till: Till, clock: Clock, staff: dict[str, Operator]
) -> None:
    customer = register(till)
    desk.open_account(till, customer, points=50, spend_minor=0, by=staff["Роман"])
    assert _rules(_try_to_sell(till, customer, 1_000, ALL)) == []
    assert desk.adjust(till, customer, 100, "goodwill", staff["Роман"]) == 140
    assert _rules(_try_to_sell(till, customer, 1_000)) == []
    assert _rules(_try_to_sell(till, customer, 1_000, ALL)) == ["after-correction"]
    clock.advance(minutes=60)
    assert _rules(_try_to_sell(till, customer, 1_000, ALL)) == []


def test_bought_and_brought_back_again_and_again(till: Till, clock: Clock, staff: dict[str, Operator]) -> None:
    customer, manager = register(till), staff["Роман"]

    def bring_back() -> object:
        shown = desk.show_refund(till, sell(till, customer, 1_000).sale.id)
        assert isinstance(shown, desk.RefundShown)
        return desk.refund(till, shown, manager)

    for _ in range(3):
        assert isinstance(bring_back(), desk.RefundDone)
        clock.advance(days=9)
    assert _rules(bring_back()) == ["pairs"]
    clock.advance(days=31)
    assert isinstance(bring_back(), desk.RefundDone)


def test_a_cashiers_refund_needs_a_manager_and_the_entry_names_them(till: Till, staff: dict[str, Operator]) -> None:
    shown = desk.show_refund(till, sell(till, register(till), 1_000).sale.id)
    assert isinstance(shown, desk.RefundShown)
    outcome = desk.refund(till, shown, staff["Оксана"])
    assert _rules(outcome) == ["refund"]
    assert "refund" not in journal_kinds(till.ledger)
    done = desk.refund(till, shown, staff["Оксана"], _approve(till, staff["Оксана"], outcome, staff["Ганна"]))
    assert isinstance(done, desk.RefundDone)
    entry = next(entry for entry in till.ledger.entries() if entry.kind == "refund")
    assert msgspec.json.decode(entry.payload)["approved_by"] == staff["Ганна"].id
    assert _flags(till) == []


def test_a_clock_set_back_is_let_pass_once_until_it_is_right(
    till: Till, clock: Clock, staff: dict[str, Operator]
) -> None:
    customer = register(till)
    clock.advance(hours=-2)
    outcome = _try_to_sell(till, customer, 1_000)
    assert _rules(outcome) == ["clock"]
    bill = bill_of_total(1_000)
    shown = desk.quote(till, customer, bill, 0)
    assert isinstance(shown, Quote)
    approval = _approve(till, CASHIER, outcome, staff["Роман"])
    assert isinstance(desk.complete(till, shown, bill, CASHIER, approval=approval), desk.Completed)
    assert _flags(till) == [("clock", -120, staff["Роман"].id)]
    assert isinstance(_try_to_sell(till, customer, 2_000), desk.Completed)


def test_a_clock_set_forward_under_a_running_till(till: Till, clock: Clock, staff: dict[str, Operator]) -> None:
    till.clock_watch = ClockWatch(clock, lambda: 0)
    customer = register(till)
    assert _rules(_try_to_sell(till, customer, 1_000)) == []
    clock.advance(days=10)
    outcome = _try_to_sell(till, customer, 1_000)
    assert _rules(outcome) == ["clock"]
    bill = bill_of_total(1_000)
    shown = desk.quote(till, customer, bill, 0)
    assert isinstance(shown, Quote)
    approval = _approve(till, CASHIER, outcome, staff["Роман"])
    assert isinstance(desk.complete(till, shown, bill, CASHIER, approval=approval), desk.Completed)
    assert isinstance(_try_to_sell(till, customer, 1_000), desk.Completed)


def test_a_burst_of_copies(till: Till, clock: Clock, staff: dict[str, Operator]) -> None:
    sale = sell(till, register(till), 1_000).sale
    for _ in range(2):
        assert not isinstance(desk.reprint(till, sale.id, CASHIER), Refused)
    outcome = desk.reprint(till, sale.id, CASHIER)
    assert _rules(outcome) == ["reprints"]
    approval = _approve(till, CASHIER, outcome, staff["Роман"])
    assert not isinstance(desk.reprint(till, sale.id, CASHIER, approval=approval), Refused)
    assert _flags(till) == [("reprints", 2, staff["Роман"].id)]
    till.watch = WatchLimits(copies_of_a_slip=0, copies_an_hour=3)
    assert _rules(desk.reprint(till, sale.id, CASHIER)) == ["reprints"]
    clock.advance(hours=1, seconds=1)
    assert not isinstance(desk.reprint(till, sale.id, CASHIER), Refused)


def test_four_eyes_are_two_people(till: Till, staff: dict[str, Operator]) -> None:
    customer, manager = register(till), staff["Роман"]
    assert desk.adjust(till, customer, 500, "goodwill", manager) == 500
    outcome = desk.adjust(till, customer, 501, "goodwill", manager)
    assert _rules(outcome) == ["four-eyes"]
    assert isinstance(outcome, Flagged)
    assert set(desk.approvers(till, manager, outcome.hits)) == {staff["Ганна"], staff["Оксана"]}
    assert isinstance(desk.approve(till, manager, outcome.hits, manager.id, PINS["Роман"]), Refused)
    himself = desk.Approval(manager, outcome.hits)
    assert _rules(desk.adjust(till, customer, 501, "goodwill", manager, approval=himself)) == ["four-eyes"]
    approval = _approve(till, manager, outcome, staff["Ганна"])
    assert desk.adjust(till, customer, 501, "goodwill", manager, approval=approval) == 1001
    entry = till.ledger.entries()[-1]
    assert (entry.kind, msgspec.json.decode(entry.payload)["approved_by"]) == ("adjust", staff["Ганна"].id)


def test_a_large_account_is_merged_by_two(till: Till, staff: dict[str, Operator]) -> None:
    one, other = register(till), register(till, "Інша Людина", "067 765-43-21")
    till.watch = WatchLimits(four_eyes_points=20)
    sell(till, other, 30_000)
    outcome = desk.merge(till, other, one, staff["Роман"])
    assert _rules(outcome) == ["four-eyes"]
    approval = _approve(till, staff["Роман"], outcome, staff["Оксана"])
    assert desk.merge(till, other, one, staff["Роман"], approval=approval) == 30


def test_an_approval_covers_what_was_seen_and_nothing_else(till: Till, staff: dict[str, Operator]) -> None:
    customer = register(till, card=CARD)
    till.watch = WatchLimits(staff_cards=frozenset({CARD}), sales_a_day=1)
    outcome = _try_to_sell(till, customer, 1_000)
    approval = _approve(till, CASHIER, outcome, staff["Роман"])
    bill = bill_of_total(1_000)
    shown = desk.quote(till, customer, bill, 0)
    assert isinstance(shown, Quote)
    assert isinstance(desk.complete(till, shown, bill, CASHIER, approval=approval), desk.Completed)
    shown = desk.quote(till, customer, bill, 0)
    assert isinstance(shown, Quote)
    assert _rules(desk.complete(till, shown, bill, CASHIER, approval=approval)) == ["often"]


def test_five_wrong_pins_lock_the_one_who_was_to_let_it_pass(
    till: Till, clock: Clock, staff: dict[str, Operator]
) -> None:
    hits = (Hit("often", desk.REASONS["other"]),)
    for _ in range(5):
        assert isinstance(desk.approve(till, CASHIER, hits, staff["Роман"].id, "0000"), Refused)
    assert desk.locked_for_s(till, staff["Роман"].id) == 60
    assert isinstance(desk.approve(till, CASHIER, hits, staff["Роман"].id, PINS["Роман"]), Refused)
    clock.advance(seconds=61)
    assert isinstance(desk.approve(till, CASHIER, hits, staff["Роман"].id, PINS["Роман"]), desk.Approval)


def test_a_cashier_corrects_nothing(till: Till, staff: dict[str, Operator]) -> None:
    one, other = register(till), register(till, "Інша Людина", "067 765-43-21")
    kinds = journal_kinds(till.ledger)
    for outcome in (
        desk.adjust(till, one, 5, "goodwill", staff["Оксана"]),
        desk.give(till, one, 5, "", staff["Оксана"]),
        desk.merge(till, other, one, staff["Оксана"]),
    ):
        assert isinstance(outcome, Refused)
    assert journal_kinds(till.ledger) == kinds


def test_a_lost_card_leaves_the_bonuses_where_they_are(till: Till, staff: dict[str, Operator]) -> None:
    customer = register(till, card=CARD)
    sell(till, customer, 10_000)
    assert desk.card_owner(till, CARD) == customer
    assert desk.card_owner(till, "2900000000025") is None
    assert desk.replace_lost_card(till, customer, "2900000000025", CASHIER) == "2900000000025"
    assert [(card.number, card.state) for card in desk.cards(till, customer)] == [
        ("2900000000025", "active"),
        (CARD, "blocked"),
    ]
    assert balance(till, customer) == 10
    assert isinstance(desk.replace_lost_card(till, customer, CARD, CASHIER), Refused)


def test_other_reasons_need_a_note(till: Till, staff: dict[str, Operator]) -> None:
    customer = register(till)
    assert isinstance(desk.adjust(till, customer, 5, "other", staff["Роман"]), Refused)
    assert desk.adjust(till, customer, 5, "other", staff["Роман"], note="was promised\x1b[2J") == 5
    payload = msgspec.json.decode(till.ledger.entries()[-1].payload)
    assert (payload["reason"], payload["note"]) == ("other", "was promised[2J")
    assert isinstance(desk.give(till, customer, -5, "", staff["Роман"]), Refused)
    assert isinstance(desk.adjust(till, customer, 1_000_001, "goodwill", staff["Роман"]), Refused)


def test_nothing_is_watched_where_nobody_asked(till: Till) -> None:
    customer = register(till)
    for _ in range(9):
        sell(till, customer, 1_000)
    assert till.watch is None
