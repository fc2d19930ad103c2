"""A tour past every screen, dialog and stage of the till, for what must hold on all of them."""

from collections.abc import AsyncIterator

from textual.geometry import Region

from terminal import desk
from terminal.ledger.queues import set_print_state
from terminal.rules.bill import bill_of_total
from terminal.rules.watch import WatchLimits
from terminal.screens.merge_dialog import MergeDialog
from terminal.screens.rows import Rows
from tests.screens.stand import Stand, row_regions, shown


async def tour(stand: Stand) -> AsyncIterator[str]:
    """Yield the name of each stop, with that screen on top. The manager must be at the till."""
    desk.hold(stand.shop.till, bill_of_total(7700), stand.shop.customers[6].id, stand.shop.manager)
    for stops in (_quiet, _dialogs, _registering, _serving, _menu, _correcting, _selling, _training, _locked):
        async for name in stops(stand):
            yield name


async def _quiet(stand: Stand) -> AsyncIterator[str]:
    await stand.press("escape")
    yield "idle"
    await stand.press("ctrl+n")
    yield "idle with the pad"
    await stand.press("ctrl+n")
    await stand.type_text("оле")
    yield "matches"
    await stand.press("escape")


async def _dialogs(stand: Stand) -> AsyncIterator[str]:
    await stand.press("f1")
    yield "help"
    await stand.press("escape", "f3")
    yield "held bills"
    await stand.press("escape", "f4")
    yield "sales"
    await stand.press("f5")
    yield "slip"
    await stand.press("escape", "f8")
    yield "question"
    await stand.press("escape", "escape", "f9")
    yield "till"
    await stand.press("f8")
    yield "manager"
    for name in ("day", "report"):
        await stand.click(f"#choice-{name}")
        yield name
        await stand.press("escape")
    await stand.press("escape", "escape")


async def _registering(stand: Stand) -> AsyncIterator[str]:
    await stand.press("f2")
    yield "new customer: name"
    await stand.press("tab")
    yield "new customer: phone"
    await stand.press("escape")


async def _serving(stand: Stand) -> AsyncIterator[str]:
    await stand.wedge_scan(stand.shop.customers[5].card)
    yield "customer"
    await stand.type_text("250")
    yield "customer with a quote"
    await stand.press("f7")
    yield "customer with a part"
    await stand.press("ctrl+n")
    yield "customer without the pad"
    await stand.press("ctrl+n")


async def _menu(stand: Stand) -> AsyncIterator[str]:
    await stand.press("f9")
    yield "menu"
    for number, name in enumerate(("history", "customer's sales"), 1):
        await stand.press(str(number))
        yield name
        await stand.press("escape")
    await stand.press("4")
    yield "new phone"
    await stand.press("escape", "8")
    yield "note"
    await stand.press("escape", "7")
    yield "block"
    await stand.press("escape", "escape")


async def _correcting(stand: Stand) -> AsyncIterator[str]:
    stand.shop.till.watch = WatchLimits(four_eyes_points=1)
    await stand.press("f9", "9")
    yield "corrections"
    await stand.press("1")
    yield "find a bill"
    await stand.press("enter")
    yield "refund"
    await stand.press("f6")
    yield "a part"
    await stand.press("escape", "escape", "5")
    yield "find a customer"
    await stand.serial_scan(stand.shop.customers[6].card)
    await stand.until(lambda: isinstance(stand.screen, MergeDialog))
    await stand.settle()
    yield "merge"
    await stand.press("escape", "2", "9", "enter")
    yield "why"
    await stand.press("1", "enter")
    yield "sure"
    await stand.press("f10")
    yield "second person"
    await stand.press("escape", "7")
    yield "nothing to audit"
    stand.shop.till.watch = None
    desk.give(stand.shop.till, stand.shop.customers[5].id, 7, "name day", stand.shop.manager)
    await stand.press("escape", "7")
    yield "audit"
    await stand.press("escape", "escape", "escape")


async def _selling(stand: Stand) -> AsyncIterator[str]:
    await stand.press("f6")
    yield "take-off"
    await stand.press("enter")
    yield "done"
    await stand.press("f10")
    yield "voided"
    set_print_state(stand.shop.till.ledger, stand.shop.jobs()[-1].id, "unknown")
    await stand.press("f9", "f5")
    yield "slips waiting"
    await stand.press("escape", "escape", "escape")


async def _training(stand: Stand) -> AsyncIterator[str]:
    await stand.press("f9", "f7")
    yield "training"
    await stand.press("f9")
    yield "till in training"
    await stand.press("f7")


async def _locked(stand: Stand) -> AsyncIterator[str]:
    await stand.press("f12")
    yield "lock"


def list_rows(stand: Stand) -> list[Region]:
    """Where the rows of lists on the screen on top stand."""
    return [row for rows in stand.screen.query(Rows) if shown(rows) for row in row_regions(rows)]
