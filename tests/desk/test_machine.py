"""A till's life in any order, held against a model of a few lines of plain Python."""

import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from terminal import desk
from terminal.desk import NewCustomer
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL
from tests.shop import CASHIER, PROGRAMME, Clock, again, new_ledger, new_till

PERCENT, SHARE, PENDING_DAYS, LIFE_DAYS = 10, 50, 3, 10
RULES = PROGRAMME.replace("percent = 10", f"percent = {PERCENT}\npending_days = {PENDING_DAYS}")
RULES = RULES.replace("money_per_point = 1", f"money_per_point = 1\nmax_share_percent = {SHARE}")
RULES = RULES.replace("after_days = 100", f"after_days = {LIFE_DAYS}")


@dataclass
class ModelLot:
    points: int
    first: date
    last: date

    def usable(self, on: date) -> bool:
        return self.first <= on <= self.last


@dataclass
class ModelSale:
    """The model's last sale: what a void would undo."""

    id: str
    customer: str
    day: date
    paid_minor: int
    taken: list[tuple[ModelLot, int]]
    earned: ModelLot | None
    voided: bool = False


@dataclass
class Model:
    """What the till should know: lots and spending of each customer, and the last sale."""

    lots: dict[str, list[ModelLot]] = field(default_factory=dict)
    spend_minor: dict[str, int] = field(default_factory=dict)
    last: ModelSale | None = None

    def spendable(self, customer: str, on: date) -> int:
        return sum(lot.points for lot in self.lots[customer] if lot.usable(on))

    def sell(self, sale_id: str, customer: str, total_minor: int, redeem: int, on: date) -> None:
        taken = []
        wanted = redeem
        for lot in sorted(self.lots[customer], key=lambda lot: (lot.last, lot.first)):
            part = min(wanted, lot.points) if lot.usable(on) else 0
            if part:
                lot.points -= part
                wanted -= part
                taken.append((lot, part))
        assert wanted == 0
        paid_minor = total_minor - redeem * 100
        points = paid_minor * PERCENT // 100 // 100
        first = on + timedelta(days=PENDING_DAYS)
        earned = ModelLot(points, first, first + timedelta(days=LIFE_DAYS)) if points else None
        if earned:
            self.lots[customer].append(earned)
        self.spend_minor[customer] += paid_minor
        self.last = ModelSale(sale_id, customer, on, paid_minor, taken, earned)

    def void(self) -> None:
        assert self.last is not None
        for lot, points in self.last.taken:
            lot.points += points
        if self.last.earned:
            self.last.earned.points = 0
        self.spend_minor[self.last.customer] -= self.last.paid_minor
        self.last.voided = True

    def expire(self, on: date) -> int:
        over = [lot for lots in self.lots.values() for lot in lots if lot.last < on]
        points = sum(lot.points for lot in over)
        for lot in over:
            lot.points = 0
        return points


class TillMachine(RuleBasedStateMachine):
    customers = Bundle("customers")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.till = new_till(new_ledger(Path(self.folder.name) / "l", programme=RULES), self.clock)
        self.model = Model()

    def teardown(self) -> None:
        found = verify_ledger(self.till.ledger)
        total = sum(lot.points for lots in self.model.lots.values() for lot in lots)
        assert found.ok, found.faults
        assert (found.customers, found.points) == (len(self.model.lots), total)
        self.till.ledger.close()
        self.folder.cleanup()

    @initialize(target=customers)
    def first_customer(self) -> str:
        return self.join(0)

    @rule(target=customers, number=st.integers(0, 5))
    def register(self, number: int) -> object:
        if number < len(self.model.lots):
            refused = desk.register(self.till, NewCustomer("Двійник", f"067000000{number}", agreed=True), CASHIER)
            assert isinstance(refused, Refused)
            return multiple()
        return self.join(len(self.model.lots))

    def join(self, number: int) -> str:
        customer = desk.register(
            self.till, NewCustomer(f"Іван {number}", f"067000000{number}", agreed=True), CASHIER
        )
        assert isinstance(customer, str)
        self.model.lots[customer], self.model.spend_minor[customer] = [], 0
        return customer

    @rule(customer=customers, total_minor=st.integers(0, 500_00), redeem=st.just(ALL) | st.integers(0, 60))
    def sell(self, customer: str, total_minor: int, redeem: int) -> None:
        today = self.till.today()
        most = min(self.model.spendable(customer, today), total_minor * SHARE // 100 // 100)
        shown = desk.quote(self.till, customer, bill_of_total(total_minor), redeem)
        if redeem > most:
            assert isinstance(shown, Refused)
            return
        assert not isinstance(shown, Refused)
        assert (shown.max_redeem_points, shown.redeem_points) == (most, most if redeem == ALL else redeem)
        done = desk.complete(self.till, shown, shown.bill, CASHIER)
        assert not isinstance(done, Refused)
        self.model.sell(done.sale.id, customer, total_minor, shown.redeem_points, today)

    @rule(customer=customers)
    def sell_what_was_quoted_before(self, customer: str) -> None:
        shown = desk.quote(self.till, customer, bill_of_total(100_00), ALL)
        self.sell(customer, 200_00, ALL)
        assert not isinstance(shown, Refused)
        late = desk.complete(self.till, shown, shown.bill, CASHIER)
        if not isinstance(late, Refused):  # not a figure that was shown has changed, and there is still enough
            assert shown.redeem_points <= self.model.spendable(customer, self.till.today())
            self.model.sell(late.sale.id, customer, 100_00, shown.redeem_points, self.till.today())

    @rule()
    def void(self) -> None:
        last = self.model.last
        if last is None:
            assert desk.last_sale(self.till) is None
            return
        voided = desk.void(self.till, last.id, CASHIER)
        if last.voided or last.day != self.till.today():
            assert isinstance(voided, Refused)
        else:
            assert not isinstance(voided, Refused)
            self.model.void()

    @rule()
    def expire(self) -> None:
        assert desk.expire(self.till) == self.model.expire(self.till.today())

    @rule(days=st.integers(0, 7), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.clock.advance(days=days, hours=hours)

    @rule(hours=st.integers(1, 100))
    def clock_is_set_back(self, hours: int) -> None:
        before = self.till.ledger.last_at_ms()
        self.clock.advance(hours=-hours)
        assert self.till.now_ms() >= before

    @rule()
    def plug_is_pulled(self) -> None:
        self.till.ledger = again(self.till.ledger)

    @invariant()
    def every_customer_has_what_the_model_says(self) -> None:
        today = self.till.today()
        for customer, lots in self.model.lots.items():
            shown = desk.profile(self.till, customer)
            assert not isinstance(shown, Refused)
            assert shown.known == sum(lot.points for lot in lots)
            assert shown.spendable == self.model.spendable(customer, today) >= 0
            assert shown.pending == sum(lot.points for lot in lots if lot.first > today)
            assert shown.spend_minor == self.model.spend_minor[customer]


TestTill = TillMachine.TestCase
TestTill.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
