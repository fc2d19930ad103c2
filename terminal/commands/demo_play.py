"""A day in the demo shop, played by seed through the use-cases, with an account of its own beside the ledger's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from printers.document import Document
from terminal import desk
from terminal.desk.demo_shop import SELLER, DemoCustomer
from terminal.desk.till import Till
from terminal.ledger.shop import products
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import Bill, bill_of_total
from terminal.rules.phrase import Phrase, Refused, phrase
from terminal.rules.quote import ALL, Quote

_T = TypeVar("_T")
_VOIDED_PERCENT = 8
_BALANCE_PERCENT = 10
_SCANNED_PERCENT = 60
_LONGEST_PAUSE_MIN = 14


@dataclass
class DemoClock:
    """A clock that stands until it is moved."""

    moment: datetime

    def __call__(self) -> datetime:
        """Return the time."""
        return self.moment

    def pass_minutes(self, minutes: int) -> None:
        """Let time pass."""
        self.moment += timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it: sales that stand, points (units) they earned and redeemed, and what was found wrong.

    `balances_checked` are the customers whose balance in the ledger is the one added up here.
    """

    sales: int
    earned: int
    redeemed: int
    balances_checked: int
    fault: Phrase | None

    @property
    def ok(self) -> bool:
        """Tell whether everything agreed."""
        return self.fault is None


@dataclass
class Account:
    """What the demo itself adds up, from what the quotes said."""

    balances: dict[str, int]
    sales: int = 0
    earned: int = 0
    redeemed: int = 0
    show: Callable[[Document], None] = field(default=lambda slip: None)

    def book(self, shown: Quote, sign: int) -> None:
        """Add a sale, or take it away again."""
        self.sales += sign
        self.earned += sign * shown.earned_points
        self.redeemed += sign * shown.redeem_points
        self.balances[shown.customer_id] += sign * (shown.earned_points - shown.redeem_points)


class Refusal(Exception):
    """A use-case refused what must go."""

    def __init__(self, reason: Phrase) -> None:
        self.reason = reason
        super().__init__(reason.text)


def play(
    till: Till,
    customers: list[DemoCustomer],
    sales: int,
    chance: Random,
    clock: DemoClock,
    show: Callable[[Document], None],
) -> Played:
    """Play until `sales` sales stand (a voided one is made up for), show every slip, then check every balance."""
    fault: Phrase | None = None
    account = Account({}, show=show)
    try:
        account.balances = {customer.id: known(till, customer.id) for customer in customers}
        while account.sales < sales:
            clock.pass_minutes(1 + chance.randrange(_LONGEST_PAUSE_MIN))
            serve(till, chance.choice(customers), chance, account)
        wrong = [who for who, balance in account.balances.items() if known(till, who) != balance]
    except Refusal as refusal:
        wrong, fault = list(account.balances), refusal.reason
    checked = len(account.balances) - len(wrong)
    if wrong and fault is None:
        fault = phrase("Balances that differ from what was added up: {count}.", count=len(wrong))
    verified = verify_ledger(till.ledger)
    if not verified.ok and fault is None:
        fault = verified.faults[0]
    return Played(account.sales, account.earned, account.redeemed, checked if verified.ok else 0, fault)


def serve(till: Till, customer: DemoCustomer, chance: Random, account: Account) -> None:
    """Serve one customer, from finding them to the slip; points that are elsewhere are asked for first."""
    customer_id = _find(till, customer, chance)
    asked = desk.ask_points(till, _taken(desk.profile(till, customer_id)))
    if asked is not None:
        desk.wait_for_answer(till, asked)
    if chance.randrange(100) < _BALANCE_PERCENT:
        account.show(_taken(desk.print_balance(till, customer_id, SELLER)))
    bill = _bill(till, chance)
    shown = _taken(desk.quote(till, customer_id, bill))
    redeem = _redeem(shown, chance)
    if redeem:
        shown = _taken(desk.quote(till, customer_id, bill, redeem))
    sold = _taken(desk.complete(till, shown, bill, SELLER))
    account.book(shown, +1)
    account.show(sold.slip)
    if chance.randrange(100) < _VOIDED_PERCENT:
        voided = _taken(desk.void(till, sold.sale.id, SELLER))
        account.book(shown, -1)
        account.show(voided.slip)


def _find(till: Till, customer: DemoCustomer, chance: Random) -> str:
    """Find the customer as a cashier would, by what this one has with them."""
    national = f"0{customer.phone[3:5]} {customer.phone[5:8]}-{customer.phone[8:10]}-{customer.phone[10:]}"
    asked = chance.choice((customer.card, national, customer.phone[-4:], customer.name))
    found = desk.find(till, asked)
    if isinstance(found, desk.Unknown | Refused):
        raise Refusal(found.reason)
    same = [match for match in found if match.customer_id == customer.id]
    if not same:
        raise Refusal(phrase("{asked} found somebody else.", asked=asked))
    return same[0].customer_id


def _bill(till: Till, chance: Random) -> Bill:
    if chance.randrange(100) >= _SCANNED_PERCENT:
        return bill_of_total(chance.randrange(20_00, 2000_00))
    barcodes = [barcode for _, barcode in products(till.ledger, 100)]
    bill = Bill(())
    for _ in range(1 + chance.randrange(6)):
        bill = _taken(desk.add_product(till, bill, chance.choice(barcodes)))
    return bill


def _redeem(shown: Quote, chance: Random) -> int:
    """Return the points that this customer redeems: all, none, or some."""
    match chance.choice(("all", "none", "some")):
        case "all":
            return ALL if shown.max_redeem_points else 0
        case "some":
            return chance.randint(0, shown.max_redeem_points)
        case _:
            return 0


def known(till: Till, customer_id: str) -> int:
    """Return a customer's whole balance as a till knows it, in points (units). Raises Refusal."""
    return _taken(desk.profile(till, customer_id)).known


def _taken(answer: _T | Refused) -> _T:
    if isinstance(answer, Refused):
        raise Refusal(answer.reason)
    return answer
