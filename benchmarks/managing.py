"""The manager's screens on a journal of a million entries, in a pseudo-terminal: from the key to what it opens."""

import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.ledgers import KEY, NOW, SHOP
from benchmarks.minimal_dialog import OPENED, READY
from benchmarks.people import card_of, invented
from benchmarks.report import Row
from benchmarks.reporting import history
from benchmarks.terminal_screen import TerminalScreen
from benchmarks.till_config import LANGUAGE, config_beside
from benchmarks.timing import Times
from terminal import desk
from terminal.desk.day import open_day
from terminal.desk.order_making import OrderMaking
from terminal.desk.till import Till
from terminal.ledger.ledger import Ledger
from terminal.ledger.opening import open_ledger
from terminal.ledger.queues import open_prints, set_print_state
from terminal.ledger.replica_shop import put_products
from terminal.ledger.shop import Operator, Product
from terminal.locale.words import Words
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused

MANAGER = Operator("bench", "Оксана", "manager")
_WORDS = Words(LANGUAGE, "UAH", ZoneInfo("Europe/Kyiv"))
_GOAL_MS = 100.0
_ORDERS, _CORRECTIONS = 30, 120
_QUIET_S = 0.2
_REPOSITORY = Path(__file__).parent.parent
_ESC, _ENTER, _CTRL_O = "\x1b", "\r", "\x0f"
_F2, _F4, _F5, _F6, _F7, _F8, _F9, _F10 = (
    f"\x1b{keys}" for keys in ("OQ", "OS", "[15~", "[17~", "[18~", "[19~", "[20~", "[21~")
)
_KINDS = ("Хліб", "Батон", "Молоко", "Кефір", "Сир", "Чай", "Кава", "Цукерки", "Печиво", "Вода", "Сік", "Мило")
_SORTS = ("житній", "свіжий", "карпатський", "київський", "солодкий", "солоний", "зелений", "чорний", "великий")


@dataclass(frozen=True)
class Look:
    """A screen: keys that lead to it, the one that opens it, what it paints, the way back and what that paints.

    `settled` is painted once what was counted beside is there: the next screen must not wait for that.
    """

    name: str
    before: tuple[str, ...]
    key: str
    painted: str
    back: tuple[str, ...]
    after: str = ""
    settled: str = ""


def managing_rows(folder: Path, scratch: Path, entries: int, rounds: int, told: Callable[[str], None]) -> list[Row]:
    """Open every screen once, then `rounds` times more, and a bare dialog as often, in one run of each program.

    A row for each screen, and one for the first time that each is opened.
    """
    config = _config(history(folder, entries), scratch / "managing", entries)
    told(f"the manager's screens over {entries:,} entries")
    looks, first, bare = _looks(), Times(), Times()
    times = {look.name: Times() for look in looks}
    with TerminalScreen(
        [sys.executable, "-m", "benchmarks.till_app", str(config), "manager"], _REPOSITORY
    ) as screen:
        screen.wait_for(_WORDS.gettext("Card, phone, last 4 digits or name")[:12])
        first.wall += [_look(screen, look) for look in looks]
        for _ in range(rounds):
            for look in looks:
                times[look.name].wall.append(_look(screen, look))
    with TerminalScreen([sys.executable, "-m", "benchmarks.minimal_dialog"], _REPOSITORY) as screen:
        screen.wait_for(READY)
        for number in range(rounds * len(looks)):
            bare.wall.append(_look(screen, Look("", (), _F9, f"{OPENED} {number}.", (_ESC,))))
    rows = [
        Row.compared(f"screen: {look.name}, {entries:,} entries", times[look.name], bare, goal_p99=_GOAL_MS)
        for look in looks
    ]
    return [*rows, Row.compared("screen: each, the first time", first, bare)]


def _look(screen: TerminalScreen, look: Look) -> int:
    """Return how long (ns) a screen takes to be painted."""
    for keys in look.before:
        _press(screen, keys)
    began = time.perf_counter_ns()
    screen.send(look.key)
    painted = screen.wait_for(look.painted)
    if look.settled:
        screen.wait_for(look.settled)
    screen.be_quiet(_QUIET_S)
    for keys in look.back:
        _press(screen, keys, look.after if keys == look.back[-1] else "")
    return painted - began


def _press(screen: TerminalScreen, keys: str, painted: str = "") -> None:
    """Send keys, and wait until what they do is painted: an Esc with the next key behind it is another key."""
    screen.send(keys)
    screen.wait_for(painted or _ESC)
    screen.be_quiet(_QUIET_S)


def _looks() -> list[Look]:
    _, card = _WORDS.gettext, card_of(0) + _ENTER
    menu, out = (_F9, _F8), (_ESC, _ESC, _ESC)
    counted = _("Page {page} of {pages}. {first} to {last}, counted on {moment}").split("{")[0] + "1"
    return [
        Look("orders", (), _CTRL_O, _("waits for payment"), ()),
        Look("order: customer", (), _F2, "1 з 5", ()),
        Look("order: goods", (), card, "▶ 2", ()),
        Look("order: find goods", (_F2, *"карп"), _ENTER, "₴", (_ENTER,), _("Added: {name}").split("{")[0]),
        Look("order: offers", (), _F10, "▶ 3", ()),
        Look("order: bonuses", (), _F10, "▶ 4", ()),
        Look("order: payment", (), _F5, "▶ 5", (_F10, _ESC, _ESC)),
        Look("sales", (), _F4, "№", ()),
        Look("refund", (), _F7, _("PAY BACK"), (_ESC, _ESC)),
        Look("till", (), _F9, _("Training"), ()),
        Look("slips waiting", (), _F5, _("did it come out? Look at the printer")[:10], (_ESC,)),
        Look("manager", (), _F8, _("Correct bonuses"), (_ESC, _ESC)),
        Look("day", menu, "6", _("Bonuses earned"), out),
        Look("audit", menu, "5", _("Correction"), out),
        Look("history", (card, _F9), "1", f".{datetime.now(UTC).year} ", (_ESC, _ESC, _ESC)),
        Look("corrections", (card, _F9), "9", _("Merge customers"), (_ESC, _ESC, _ESC)),
        Look("report", menu, "7", _("Page before"), out, settled=counted),
        Look("write-offs", menu, "8", _("7 days"), out, settled=counted),
    ]


def _config(ledger: Path, folder: Path, entries: int) -> Path:
    """Write a till's config beside a copy of the ledger, which gets what managers look at."""
    folder.mkdir()
    copy = folder / "managing.ledger"
    shutil.copyfile(ledger, copy)
    with open_ledger(copy, KEY, durable=False) as opened:
        assert not isinstance(open_day(Till(opened, lambda: NOW, Random(1), SHOP), MANAGER), Refused)
        _stock(opened, entries // 10)
        _work(Till(opened, lambda: datetime.now(UTC), Random(2), SHOP))
    return config_beside(copy)


def _stock(ledger: Ledger, goods: int) -> None:
    """Name the customers of the journal, with phones and cards, and fill the catalogue."""
    buyers = [row[0] for row in ledger.rows("SELECT id FROM customer ORDER BY id")]
    people = list(zip(buyers, invented(len(buyers)), strict=True))
    names = [
        f"{_KINDS[one % len(_KINDS)]} {_SORTS[one // len(_KINDS) % len(_SORTS)]} {one}" for one in range(goods)
    ]
    with ledger.atomic():
        ledger.write_many(
            "INSERT INTO person (customer_id, name, folded_name, phone, salt) VALUES (?, ?, ?, ?, zeroblob(16))",
            [(buyer, one.name, one.folded, one.phone) for buyer, one in people],
        )
        ledger.write_many(
            "INSERT INTO card VALUES (?, ?, 'active', NULL)", [(one.card, who) for who, one in people]
        )
        put_products(
            ledger,
            [(Product(f"g{one}", name, 2500, "", ""), (f"48{one:011d}",)) for one, name in enumerate(names)],
        )


def _work(till: Till) -> None:
    """Make corrections, sales that can be refunded, and orders, and leave their slips in doubt."""
    buyers = [row[0] for row in till.ledger.rows("SELECT id FROM customer ORDER BY id LIMIT ?", (_CORRECTIONS,))]
    for buyer in reversed(buyers):
        desk.adjust(till, buyer, 10, "missed", MANAGER)
    for buyer in buyers[:_ORDERS]:
        shown = desk.quote(till, buyer, bill_of_total(250_00), 0)
        assert not isinstance(shown, Refused)
        assert isinstance(desk.complete(till, shown, bill_of_total(250_00), MANAGER), desk.Completed)
        making = OrderMaking(till, lambda: MANAGER, 48)
        making.serve(buyer)
        making.scan(f"48{0:011d}")
        making.go_on()
        making.go_on()
        making.hold(0)
        assert not isinstance(making.place(), Refused)
    for job in open_prints(till.ledger):
        set_print_state(till.ledger, job.id, "unknown")
