"""A week of a shop, as it really goes: orders of the site, of a manager, sales, a refund, a till that is offline
for days; and four broken steps.
"""

from datetime import date, timedelta
from pathlib import Path

from terminal import desk
from terminal.desk import orders
from terminal.ledger.orders import Order
from terminal.ledger.replica_shop import put_orders
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.wiring import system_clock
from tests.commands.installed import Shop
from tests.commands.trade import BY, register
from tests.shop import MANAGER
from tests.write_offs.fleet import Fleet

PHONES = tuple(f"067 123 45 {number}" for number in range(10, 21))
BROKEN = {
    "till-1-3": "held, never released",
    "777": "not applied",
    "till-1-4": "applied twice",
    "till-1-1002": "wrong amount",
}
"""Which orders of the list are broken, and what is said of each."""

_BONUS = 100
_TOLD = (
    '{"sale_id":"018f0000-0000-7000-8000-00000000000%d","programme":1,"taken_off_minor":1000,"redeemed":1000,'
    '"lines":[{"name":"Bread","total_minor":5000,"off_minor":1000}],"spent":[["lot",-1000]],"earns":[[100,0]]}'
)


class Week:
    """Plays the week on a till, and writes what the shop's own list says of it."""

    def __init__(self, shop: Shop) -> None:
        self.till = shop.till()
        self.lines: list[str] = ["number;channel;phone;total;date;bonuses"]
        self._gone = timedelta()
        self.till.clock = lambda: system_clock() + self._gone
        self.first = self.till.today()

    def play(self, listed: Path) -> date:
        """Play all days; return the last one."""
        till = self.till
        with till.ledger:
            customers = [register(till, f"Customer {number}", phone) for number, phone in enumerate(PHONES)]
            for customer in customers[:8]:
                self.sell(customer, 4000_00)  # each has 120 bonuses from it
            with Fleet(listed.parent, till, till.clock) as fleet:
                carried = self._before_the_cut(fleet, customers)
                self.pass_days(1)
                self._manager(customers)
                self._sell_offline(fleet.other, customers)
                self.pass_days(1)
                self._store(customers)
                assert isinstance(orders.pay_order(fleet.other, carried.number, MANAGER), desk.Completed)
                self.pass_days(1)
                self._site(customers)
                self.sell(customers[10], 20_00, on=fleet.other)
                fleet.sync()
            self.list_order("777", "store", 7, 55_00, None)  # nobody made it at the till
            self.list_order("778", "store", 8, 55_00, None)  # without bonuses there is nothing to take
            self.pass_days(2)
            self.sell(customers[9], 10_00)
            listed.write_text("\n".join(self.lines) + "\n", encoding="utf-8")
            return till.today()

    def pass_days(self, days: int) -> None:
        self._gone += timedelta(days=days)

    def list_order(self, number: str, channel: str, who: int, total_minor: int, expected: int | None) -> None:
        bonuses = "" if expected is None else expected
        total = f"{total_minor // 100},{total_minor % 100:02}"
        self.lines.append(f"{number};{channel};{PHONES[who]};{total};{self.till.today():%d.%m.%Y};{bonuses}")

    def sell(
        self, customer: str, total_minor: int, redeem: int = 0, *, on: desk.Till | None = None
    ) -> desk.Completed:
        bill, till = bill_of_total(total_minor), on or self.till
        shown = desk.quote(till, customer, bill, redeem)
        assert not isinstance(shown, Refused), shown
        done = desk.complete(till, shown, bill, BY)
        assert not isinstance(done, Refused), done
        return done

    def hold(self, customer: str, total_minor: int, redeem: int) -> Order:
        bill = bill_of_total(total_minor)
        shown = desk.quote(self.till, customer, bill, redeem, channel="manager")
        assert not isinstance(shown, Refused), shown
        held = orders.hold_order(self.till, shown, bill, MANAGER, 24)
        assert not isinstance(held, Refused), held
        return held

    def pay(self, held: Order) -> None:
        assert isinstance(orders.place_order(self.till, held.number, MANAGER, 24), orders.Placed)
        assert isinstance(orders.pay_order(self.till, held.number, MANAGER), desk.Completed)

    def _before_the_cut(self, fleet: Fleet, customers: list[str]) -> Order:
        """An order that both tills know, and bonuses that the other till holds."""
        carried = self.hold(customers[3], 60_00, 12 * _BONUS)
        assert isinstance(orders.place_order(self.till, carried.number, MANAGER, 24), orders.Placed)
        self.list_order(carried.number, "manager", 3, 60_00, 12)
        self.sell(customers[10], 4000_00, on=fleet.other)
        fleet.sync()
        return carried

    def _sell_offline(self, other: desk.Till, customers: list[str]) -> None:
        number = self.sell(customers[10], 100_00, 30 * _BONUS, on=other).sale.number
        self.list_order(f"till-2-{number}", "store", 10, 100_00, 30)

    def _manager(self, customers: list[str]) -> None:
        paid = self.hold(customers[0], 100_00, 20 * _BONUS)
        self.pay(paid)
        self.list_order(paid.number, "manager", 0, 100_00, 20)
        left = self.hold(customers[1], 90_00, 30 * _BONUS)  # broken: nobody pays it, and nothing frees it
        self.list_order(left.number, "manager", 1, 90_00, 30)
        twice = self.hold(customers[2], 80_00, 10 * _BONUS)
        self.pay(twice)
        self.pay_again(twice, customers[2])  # broken: another program books it once more
        self.list_order(twice.number, "manager", 2, 80_00, 10)
        cancelled = self.hold(customers[3], 70_00, 10 * _BONUS)
        assert isinstance(orders.cancel_order(self.till, cancelled.number, MANAGER), Order)
        self.list_order(cancelled.number, "manager", 3, 70_00, None)

    def pay_again(self, paid: Order, customer: str) -> None:
        record, till = paid.record, self.till
        with till.ledger.atomic():
            for kind, points, payload in (
                ("sale", 0, record.sale_facts(paid.number, 999, "manager")),
                ("redeem", -record.redeemed, {"moves": [list(move) for move in record.spent]}),
            ):
                payload.pop("spent", None)
                draft = till.draft(
                    kind, "m-1", till.now_ms(), payload, points=points, customer_id=customer, sale_id="again"
                )
                till.ledger.append(draft)

    def _store(self, customers: list[str]) -> None:
        number = self.sell(customers[4], 100_00, 50 * _BONUS).sale.number
        self.list_order(f"till-1-{number}", "store", 4, 100_00, 50)
        back = self.sell(customers[5], 100_00, 40 * _BONUS).sale
        self.list_order(f"till-1-{back.number}", "store", 5, 100_00, 40)
        shown = desk.show_refund(self.till, back.id)
        assert not isinstance(shown, Refused), shown
        done = desk.refund(self.till, shown, MANAGER)
        assert not isinstance(done, Refused), done
        short = self.sell(customers[6], 100_00, 15 * _BONUS).sale.number  # broken: 25 were wanted
        self.list_order(f"till-1-{short}", "store", 6, 100_00, 25)

    def _site(self, customers: list[str]) -> None:
        till = self.till
        at_ms = till.now_ms()
        with till.ledger.atomic():
            told = [
                (f"W-{number}", customers[0], "site", state, 50_00, at_ms, _TOLD % number)
                for number, state in ((1, "placed"), (2, "paid"))
            ]
            put_orders(till.ledger, told)
        assert isinstance(orders.pay_order(till, "W-1", MANAGER), desk.Completed)
        self.list_order("W-1", "site", 0, 50_00, 10)
        self.list_order("W-2", "site", 0, 50_00, 10)
        self.list_order("W-3", "site", 0, 50_00, 10)  # the site has not told of it
