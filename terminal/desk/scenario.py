"""A scenario: a programme tried without a shop. What its owner writes in TOML, and how it is read."""

import re
import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import msgspec

from terminal.rules.conditions import Channel

Figure = Decimal | int

NOBODY = "nobody"
"""In place of a customer's name: a bill of somebody who is not registered."""

_TIME = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


class ScenarioError(ValueError):
    """A scenario that can't be run; the message names the file, the place and what to write."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file: a key that we don't know is a mistake, never ignored."""


class CustomerTable(_Table, frozen=True):
    """`[[customers]]`: somebody who is registered on the first day, with points and spending from before.

    `offers` are the codes of personal offers, `brought_by` the name of an earlier customer. `subscribed` is the
    consent to messages, `language` that of a notice. Who is `later` is registered by a step.
    """

    name: str
    points: Figure = 0
    spent: Figure = 0
    card: str = ""
    birthday: date | None = None
    group: str = ""
    subscribed: bool = False
    email: str = ""
    language: Literal["", "uk", "pl", "ru", "en"] = ""
    later: bool = False
    offers: tuple[str, ...] = ()
    brought_by: str = ""


class LineTable(_Table, frozen=True):
    """A line of a bill: `price` for one with tax in it, `quantity` of them; below 0 it is the register's discount.

    `tax` is the rate that the price holds, in percent; `reduced` says that the register has reduced the price.
    """

    price: Figure
    sku: str = ""
    name: str = ""
    category: str = ""
    brand: str = ""
    quantity: Figure = 1
    tax: Figure = 0
    reduced: bool = False


class Expected(_Table, frozen=True):
    """The figures after a step, only those that are written: money as the shop writes it, points likewise."""

    earned: Figure | None = None
    spent: Figure | None = None
    taken_off: Figure | None = None
    discount: Figure | None = None
    off_lines: tuple[Figure, ...] | None = None
    applied: tuple[str, ...] | None = None
    left_out: int | None = None
    free_delivery: bool | None = None
    to_pay: Figure | None = None
    most: Figure | None = None
    paid_back: Figure | None = None
    clawed_back: Figure | None = None
    returned: Figure | None = None
    expired: Figure | None = None
    balance: Figure | None = None
    spendable: Figure | None = None
    pending: Figure | None = None
    tier: str | None = None
    stamps: dict[str, int] | None = None
    within_reach: tuple[str, ...] | None = None
    until: date | None = None
    balance_text: str | None = None
    told: tuple[str, ...] | None = None
    words: tuple[str, ...] | None = None
    refused: bool | None = None


class Step(_Table, frozen=True):
    """`[[steps]]`: what is done, to whom, and the figures that must come of it.

    sale, quote: `total` or `lines`, `redeem` (points) or `redeem_most`, `codes`, `claim` (reward = times),
    `channel`, `at` (time of the day). refund: `sale` by its number in the file, `part` of it in money (nothing:
    all that is left). cancel: all of a `sale`. void: the last one. order: as a sale, made by a manager. pay: an
    `order` by its number in the file. adjust: `points`. merge: `into`. action: `code`, `about`. join: `code` of a
    membership. refer: `referrer`. offer: `code` of a personal one, for so many `days`. register: who is `later`.
    advance: `days`. nightly. show: only the figures.
    """

    do: Literal[
        "sale",
        "quote",
        "refund",
        "cancel",
        "void",
        "order",
        "pay",
        "adjust",
        "merge",
        "action",
        "join",
        "refer",
        "offer",
        "register",
        "advance",
        "nightly",
        "show",
    ]
    customer: str = ""
    total: Figure | None = None
    lines: tuple[LineTable, ...] = ()
    redeem: Figure = 0
    redeem_most: bool = False
    codes: tuple[str, ...] = ()
    claim: dict[str, int] = {}
    channel: Channel = "store"
    at: str = ""
    sale: int = 0
    order: int = 0
    part: Figure | None = None
    points: Figure = 0
    into: str = ""
    code: str = ""
    about: str = ""
    referrer: str = ""
    days: int = 0
    expect: Expected = Expected()


class Scenario(_Table, frozen=True):
    """The whole file. The programme stands in a file beside it, or in the scenario as text."""

    name: str
    steps: tuple[Step, ...]
    customers: tuple[CustomerTable, ...]
    programme: str = ""
    programme_text: str = ""
    starts_on: date = date(2026, 5, 4)


def read_scenario(path: Path) -> tuple[Scenario, str]:
    """Read a scenario and its programme's TOML; raise `ScenarioError` with the place and the reason."""
    try:
        found = tomllib.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
        scenario = msgspec.convert(found, Scenario)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise ScenarioError(f"{path}: {fault}") from fault
    _check(path, scenario)
    if scenario.programme_text:
        return scenario, scenario.programme_text
    beside = path.parent / scenario.programme
    try:
        return scenario, beside.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise ScenarioError(f"{path}: programme: {fault}") from fault


def _check(path: Path, scenario: Scenario) -> None:
    names = [customer.name for customer in scenario.customers]
    here = [customer.name for customer in scenario.customers if not customer.later]
    if bool(scenario.programme) == bool(scenario.programme_text):
        raise ScenarioError(f"{path}: give a programme, as a file's name or as programme_text")
    if len(names) != len(set(names)) or not here or NOBODY in names:
        raise ScenarioError(f"{path}: customers: name each of them once, at least one, none {NOBODY!r}")
    for place, customer in enumerate(scenario.customers):
        if customer.brought_by and customer.brought_by not in names[:place]:
            raise ScenarioError(f"{path}: customers: {customer.name!r} is brought by nobody further up")
    done: Counter[str] = Counter()
    for number, step in enumerate(scenario.steps, 1):
        if step.do == "register" and step.customer in names and step.customer not in here:
            here.append(step.customer)
        elif step.do == "register":
            raise ScenarioError(f"{path}: step {number}: name a customer who is later, and not registered yet")
        wrong = _wrong_step(step, here, done)
        if wrong:
            raise ScenarioError(f"{path}: step {number}: {wrong}")
        done[step.do] += 1


def _wrong_step(step: Step, names: list[str], done: Counter[str]) -> str | None:
    for whose in filter(None, (step.customer, step.into, step.referrer)):
        if whose not in names and (whose != NOBODY or step.do not in ("sale", "quote")):
            return f"there is no customer {whose!r}"
    if step.do in ("sale", "quote", "order") and (step.total is None) == (not step.lines):
        return "give a total or lines, one of the two"
    sales = done["sale"] + done["pay"]
    if step.do in ("refund", "cancel") and not 1 <= step.sale <= sales:
        return f"sale is the number of a sale before it, from 1 to {sales}"
    if step.do == "pay" and not 1 <= step.order <= done["order"]:
        return f"order is the number of an order before it, from 1 to {done['order']}"
    if step.at and not _TIME.fullmatch(step.at):
        return 'write at as "18:30"'
    return None


def scenario_files(places: tuple[Path, ...]) -> list[Path]:
    """Return the scenario files that are named, and those that end in `.scenario.toml` below named folders."""
    found: list[Path] = []
    for place in places:
        found += sorted(place.rglob("*.scenario.toml")) if place.is_dir() else [place]
    return found
