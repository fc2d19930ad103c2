"""A small invented shop: programme, catalogue and customers of four tiers, for the demo and for training."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from terminal.desk.customers import NewCustomer, register
from terminal.desk.quotes import quote
from terminal.desk.sales import complete
from terminal.desk.till import Shop, Till, milliseconds
from terminal.ledger import queues
from terminal.ledger import shop as ledger_shop
from terminal.ledger.key import KEY_BYTES, pepper
from terminal.ledger.ledger import Ledger
from terminal.ledger.opening import create_ledger
from terminal.ledger.shop import Operator, Product
from terminal.rules.bill import bill_of_total
from terminal.rules.card import ean13_check_digit
from terminal.rules.document import read_programme
from terminal.rules.phrase import Refused

SELLER = Operator("demo", "Оксана", "cashier")
_FIRST = (
    "Олена", "Марʼяна", "Ґалина", "Ірина", "Їванна", "Наталя", "Соломія", "Юлія",
    "Андрій", "Богдан", "Василь", "Дмитро", "Євген", "Михайло", "Тарас", "Ярослав",
)  # fmt: skip
_LAST = (
    "Шевченко", "Коваленко", "Бондаренко", "Ткачук", "Кравчук", "Олійник", "Поліщук", "Гнатюк",
    "Мельник", "Савчук", "Лисенко", "Марчук", "Ґудзь", "Зʼомко", "Рибак", "Щербак",
)  # fmt: skip
_SPENT = (0, 60_000, 180_000, 420_000, 760_000, 1_150_000, 1_700_000, 2_600_000, 3_400_000)
"""What the customers have spent before, in minor units: it spreads them over the four tiers."""

_VISIT_EVERY_DAYS = 11
CUSTOMERS = 36
"""How many customers a demo shop has: each has a last-four-digits of their own, every tier is among them."""


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """An invented customer whom a trainee can find: `phone` is E.164 digits, `card` an EAN-13."""

    id: str
    name: str
    phone: str
    card: str


def make_demo_till(
    folder: Path, language: str, seed: int, clock: Callable[[], datetime]
) -> tuple[Till, list[DemoCustomer]]:
    """Open the demo shop in a folder: a ledger of its own with programme, catalogue and customers with a past.

    The same seed and clock give the same shop, entry by entry; `language` is that of its slips.
    """
    till = open_demo_till(folder / "demo.db", "demo-1", language, seed, clock)
    # Customers are dated back: the programme and the catalogue carry no entry and stand before them.
    stock_shop(till.ledger, milliseconds(clock()))
    return till, invite_customers(till, CUSTOMERS, till.chance)


def open_demo_till(path: Path, name: str, language: str, seed: int | str, clock: Callable[[], datetime]) -> Till:
    """Open a till of the demo shop on a new ledger with nothing in it; its key is `demo_key(seed)`."""
    chance = Random(seed)
    key = chance.randbytes(KEY_BYTES)
    shop = Shop(
        name="Крамниця «Смаколик»",
        address=("вул. Ярославів Вал, 14", "Київ"),
        language=language,
        currency="UAH",
        country="UA",
        timezone=ZoneInfo("Europe/Kyiv"),
    )
    return Till(create_ledger(path, key, name), clock, chance, shop, pepper(key))


def demo_key(seed: int | str) -> bytes:
    """Return the key of the ledger that a demo till of a seed has."""
    return Random(seed).randbytes(KEY_BYTES)


def stock_shop(ledger: Ledger, at_ms: int) -> None:
    """Load the demo's programme and catalogue into an empty ledger."""
    document = demo_programme()
    programme = read_programme(document)
    with ledger.atomic():
        ledger_shop.publish(ledger, programme.number, programme.valid_from, document, at_ms)
        for product, barcode in demo_goods():
            ledger_shop.add_product(ledger, product, (barcode,))


def demo_programme() -> str:
    """Return the demo's programme, as its owner wrote it."""
    return (files(__package__) / "demo" / "programme.toml").read_text(encoding="utf-8")


def demo_goods() -> Iterator[tuple[Product, str]]:
    """Yield the demo's products, each with its barcode."""
    listed = (files(__package__) / "demo" / "catalogue.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(listed.splitlines()):
        whole, part = row["price"].split(".")
        product = Product(row["sku"], row["name"], int(whole) * 100 + int(part), row["category"], "")
        yield product, product_barcode(row["sku"])


def product_barcode(sku: str) -> str:
    """Return the EAN-13 of a demo product (prefix 482 is Ukraine's)."""
    digits = f"48200000{int(sku):04d}"
    return digits + ean13_check_digit(digits)


def invite_customers(till: Till, count: int, chance: Random) -> list[DemoCustomer]:
    """Register invented customers and let each shop in the year before now, through the use-cases.

    Phones use 067 555 00 01 and up; slips are in the shop's language. The past is played on a clock of its own,
    so the ledger must be new.
    """
    now = till.clock()
    past = replace(till, clock=lambda: now - timedelta(days=300))
    customers = []
    with till.ledger.atomic():
        for number in range(count):
            first, last = _FIRST[number % len(_FIRST)], _LAST[chance.randrange(len(_LAST))]
            card = f"29{number + 1:010d}"
            card += ean13_check_digit(card)
            phone = f"38067555{number + 1:04d}"
            born = date(1960 + chance.randrange(45), 1 + chance.randrange(12), 1 + chance.randrange(28))
            new = NewCustomer(f"{first} {last}", phone, card, birthday=born, agreed=True)
            customer_id = register(past, new, SELLER)
            assert not isinstance(customer_id, Refused), customer_id
            customers.append(DemoCustomer(customer_id, new.name, phone, card))
        _play_the_past(till, customers, now, chance)
    return customers


def _play_the_past(till: Till, customers: list[DemoCustomer], now: datetime, chance: Random) -> None:
    visits = []
    for number, customer in enumerate(customers):
        spent = _SPENT[number % len(_SPENT)]
        times = max(1, spent // 200_000) if spent else 0
        visits += [
            (
                now - timedelta(days=299 - (visit * _VISIT_EVERY_DAYS) % 290, minutes=number),
                customer,
                spent // times,
            )
            for visit in range(times)
        ]
    for moment, customer, total_minor in sorted(visits, key=lambda visit: visit[0]):
        then = replace(till, clock=lambda moment=moment: moment)  # type: ignore[misc]
        shown = quote(then, customer.id, bill_of_total(total_minor + chance.randrange(-2000, 2000)))
        assert not isinstance(shown, Refused), shown
        sold = complete(then, shown, shown.bill, SELLER)
        assert not isinstance(sold, Refused), sold
        queues.set_print_state(till.ledger, sold.print_job_id, "dropped")  # the past is not printed again


def fixed_clock(moment: datetime = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)) -> datetime:
    """Return the moment at which a demo without a screen plays."""
    return moment
