"""A shop for tests: a clock that is moved by hand, a till on a real ledger file, programmes made from one text."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from terminal import desk
from terminal.desk import NewCustomer, Shop, Till
from terminal.ledger import Ledger, create_ledger, open_ledger
from terminal.ledger.shop import Operator, publish
from terminal.rules.bill import bill_of_total
from terminal.rules.document import read_programme
from terminal.rules.phrase import Refused

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
TERMINAL = "till-1"
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
KYIV = ZoneInfo("Europe/Kyiv")
SHOP = Shop("Крамниця", ("вул. Тестова, 1", "Київ"), "uk", "UAH", "UA", KYIV)
CASHIER = Operator("c-1", "Оксана", "cashier")
MANAGER = Operator("m-1", "Роман", "manager")

PROGRAMME = """
name = "Test"
number = 1
valid_from = 2020-01-01
currency = "UAH"

[[earn]]
kind = "cashback"
percent = 10

[redeem]
money_per_point = 1

[expiry]
after_days = 100
"""
"""The plain programme: 10 % back in bonuses of 1 UAH, which pay a whole bill and live 100 days."""


class Clock:
    """A clock that stands still until it is moved, or goes `step` further at every look."""

    def __init__(self, now: datetime = NOON, step: timedelta = timedelta(0)) -> None:
        self.now = now
        self.step = step

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now

    def advance(self, **parts: float) -> None:
        """Move on (or back) by days, hours, minutes, seconds."""
        self.now += timedelta(**parts)


def new_ledger(path: Path, *, durable: bool = False, programme: str = PROGRAMME) -> Ledger:
    """Make a ledger file with one programme in force."""
    ledger = create_ledger(path, KEY, TERMINAL, durable=durable)
    load_programme(ledger, programme)
    return ledger


def load_programme(ledger: Ledger, text: str) -> None:
    """Publish a programme's text as the owner would."""
    programme = read_programme(text)
    with ledger.atomic():
        publish(ledger, programme.number, programme.valid_from, text, 0)


def again(ledger: Ledger, *, durable: bool = False) -> Ledger:
    """Close a ledger and open its file again, as after pulling the plug."""
    ledger.close()
    return open_ledger(ledger.path, KEY, durable=durable)


def new_till(ledger: Ledger, clock: Callable[[], datetime], shop: Shop = SHOP, *, training: bool = False) -> Till:
    """Stand a till on a ledger, with chance that repeats."""
    return Till(ledger, clock, Random(1), shop, pepper=b"pepper", training=training)


def register(
    till: Till,
    name: str = "Олена Коваленко",
    phone: str = "067 123-45-67",
    card: str = "",
    birthday: date | None = None,
) -> str:
    """Register a customer who agrees; return the id."""
    customer_id = desk.register(till, NewCustomer(name, phone, card, birthday=birthday, agreed=True), CASHIER)
    assert not isinstance(customer_id, Refused), customer_id
    return customer_id


def sell(till: Till, customer_id: str, total_minor: int, redeem: int = 0) -> desk.Completed:
    """Quote a total and complete it."""
    bill = bill_of_total(total_minor)
    shown = desk.quote(till, customer_id, bill, redeem)
    assert not isinstance(shown, Refused), shown
    done = desk.complete(till, shown, bill, CASHIER)
    assert not isinstance(done, Refused), done
    return done


def balance(till: Till, customer_id: str) -> int:
    """All points that a customer's profile shows."""
    shown = desk.profile(till, customer_id)
    assert not isinstance(shown, Refused), shown
    return shown.known


def said(refused: object) -> str:
    """The English words of a refusal, its places filled; anything else is a mistake of the test."""
    assert isinstance(refused, Refused), refused
    return refused.reason.text.format(**dict(refused.reason.values))


def journal_kinds(ledger: Ledger) -> list[str]:
    """The kinds of all entries, in order."""
    return [entry.kind for entry in ledger.entries(limit=10_000)]
