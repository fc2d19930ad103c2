"""A till that runs for a test: keys, wedge scans and clicks in; what stands on the screen and in the ledger out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from terminal import desk
from terminal.app import TillApp
from terminal.desk import Operator, Profile, Till
from terminal.desk.demo_shop import DemoCustomer
from terminal.devices.scan import read_scan
from terminal.ledger import queues
from terminal.ledger import sales as ledger_sales
from terminal.ledger.customers import open_lots
from terminal.ledger.queues import PrintJob
from terminal.ledger.sales import Sale
from terminal.rules.lots import Lot
from terminal.rules.phrase import Phrase, Refused
from terminal.running import previewer
from terminal.screens.keys import Keys
from terminal.screens.rows import Rows
from terminal.screens.session import Session
from terminal.screens.status_line import StatusLine
from terminal.screens.touch import Touch
from terminal.screens.training_room import TrainingRoom
from tests.shop import Clock

PINS = {"cashier": "2580", "manager": "1470"}
SHOP_GAP_S = 0.035
"""The wedge's gap as a shop has it; keys 60 ms apart are typing."""

QUICK_GAP_S = 0.010
"""A gap for tests that type much: keys 20 ms apart are typing already."""

SMALL, MIDDLE, LARGE = (80, 24), (100, 30), (200, 50)
_PATIENCE = 4_000
"""Rounds of 5 to 10 ms: what comes at all comes within them, on a busy machine too."""
_SCANS_TAIL_S = 0.11
_QUIET_ROUNDS = 2

Seen = TypeVar("Seen", bound=Widget)


@dataclass(frozen=True, slots=True)
class ShopFloor:
    """The demo shop on an encrypted ledger of its own, with a cashier and a manager."""

    till: Till
    clock: Clock
    customers: list[DemoCustomer]
    cashier: Operator
    manager: Operator

    def profile(self, customer: DemoCustomer) -> Profile:
        """What the counter would show of a customer now."""
        found = desk.profile(self.till, customer.id)
        assert not isinstance(found, Refused), found
        return found

    def lots(self, customer: DemoCustomer) -> tuple[Lot, ...]:
        """The customer's open lots."""
        return open_lots(self.till.ledger, customer.id)

    def sales(self) -> list[Sale]:
        """All sales, newest first."""
        return ledger_sales.sales(self.till.ledger, None, 1000)

    def jobs(self) -> list[PrintJob]:
        """The slips that are not on paper for certain, oldest first."""
        return queues.open_prints(self.till.ledger)

    def kinds(self, after: int) -> list[str]:
        """The kinds of the entries behind a seq, in order."""
        return [entry.kind for entry in self.till.ledger.entries(after, 1000)]


class Stand:
    """The running app with a person's hands."""

    def __init__(self, app: TillApp, pilot: Pilot[None], shop: ShopFloor, gap_s: float) -> None:
        self.app, self.pilot, self.shop = app, pilot, shop
        self._typing_s = gap_s * 1.5 + 0.0075
        self._scanned_at = 0.0

    # --- hands ------------------------------------------------------------------------------------------

    async def type_text(self, text: str) -> None:
        """Type on the keyboard, slowly enough for a person."""
        for character in text:
            self.app.post_message(events.Key(character, character))
            await asyncio.sleep(self._typing_s)
        await self._released()
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys one after another and let the till come to rest after each."""
        for key in keys:
            if key == "enter":
                # An Enter so soon after a scan is taken for the scanner's own.
                await asyncio.sleep(max(0.0, self._scanned_at + _SCANS_TAIL_S - monotonic()))
            character = {"enter": "\r", "tab": "\t", "space": " "}.get(key, key)
            self.app.post_message(events.Key(key, character if len(character) == 1 else None))
            if len(key) == 1:
                await asyncio.sleep(self._typing_s)
                await self._released()
            await self.rest()

    async def _released(self) -> None:
        """Wait until the till has taken a key for typing: on a busy machine that comes late."""
        await self.settle()
        await self.until(lambda: not self.app._held_keys)

    async def wedge_scan(self, *texts: str) -> None:
        """Let a keyboard-wedge scanner type: all keys back to back, Enter after each text."""
        # All at one time, as a terminal reads them: a scanner waits neither for a screen nor for a busy machine.
        at = Message().time
        for text in texts:
            for key in [events.Key(character, character) for character in text] + [events.Key("enter", "\r")]:
                key.time = at
                self.app.post_message(key)
        self._scanned_at = monotonic()
        await self.rest()

    async def serial_scan(self, text: str) -> None:
        """Let a serial scanner read."""
        self.app.scanned(read_scan(text, "serial"))
        await self.rest()

    async def click(self, target: str | Widget) -> None:
        """Press and let go the mouse in the middle of what must be visible and on top, or of a key by its name."""
        await self._click_at(*self.place(target))

    def place(self, target: str | Widget) -> tuple[Widget, Region]:
        """Where something stands on the terminal; a key is on a board with others."""
        if isinstance(target, Widget):
            return target, target.region
        for name, board, region in keys_shown(self.screen):
            if target == f"#{name}":
                return board, region
        return self.place(self.one(target, Widget))

    async def click_row(self, number: int) -> None:
        """Press and let go the mouse in the middle of a row of the list on top; the first is 0."""
        rows = self.one("Rows", Rows)
        await self._click_at(rows, row_regions(rows)[number])

    async def _click_at(self, widget: Widget, place: Region) -> None:
        x, y = place.x + place.width // 2, place.y + place.height // 2
        on_top, _ = self.screen.get_widget_at(x, y)
        assert widget in on_top.ancestors_with_self, f"{widget} is covered by {on_top}"
        for kind in (events.MouseDown, events.MouseUp):
            self.app.post_message(kind(on_top, x, y, 0, 0, 1, False, False, False, x, y))
        await self.rest()

    async def settle(self) -> None:
        """Wait until every widget has done what it was told, what that told others included."""
        quiet = 0
        for _ in range(_PATIENCE):
            await self._pass_by()
            quiet = 0 if self._told_more() else quiet + 1
            if quiet < _QUIET_ROUNDS:
                continue
            await self.pilot.pause(0)  # draws; what has another size then is told so
            if not self._told_more() and not self.screen._layout_required:
                return
            quiet = 0

    async def _pass_by(self) -> None:
        """Let the app, the screen on top and what has the focus finish all that they were told before now."""
        focused = self.screen.focused
        pumps = {self.app, self.screen, *(focused.ancestors_with_self if focused else ())}
        passed = asyncio.Event()
        waiting = len(pumps)

        def answer() -> None:
            nonlocal waiting
            waiting -= 1
            if waiting <= 0:
                passed.set()

        for pump in pumps:
            if not pump.call_later(answer):
                answer()
        ends = [asyncio.ensure_future(event.wait()) for event in (passed, self.app._exception_event)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        await asyncio.sleep(0)

    def _told_more(self) -> bool:
        pumps = (self.app, *self.app.screen.walk_children(with_self=True))
        return any(pump.message_queue_size for pump in pumps)

    async def rest(self) -> None:
        """Wait, too, until the ledger's workers have told what they did."""
        await self.settle()
        for _ in range(_PATIENCE):
            if not self._busy():
                return
            await asyncio.sleep(0.005)
            await self.settle()

    def _busy(self) -> bool:
        return any(worker.group in ("ledger", "pin") and not worker.is_finished for worker in self.app.workers)

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait until something is so; a test fails where it never is."""
        for _ in range(_PATIENCE):
            if seen():
                return
            await self.pilot.pause(0.01)
        raise AssertionError("it never came")

    # --- eyes -------------------------------------------------------------------------------------------

    @property
    def stage(self) -> str:
        """The counter's stage."""
        return self.app.counter.stage

    @property
    def screen(self) -> Screen[object]:
        """The screen on top."""
        return self.app.screen

    def one(self, selector: str, kind: type[Seen]) -> Seen:
        """A widget of the screen on top."""
        return self.screen.query_one(selector, kind)

    def box(self, selector: str) -> str:
        """What stands in a text box."""
        return self.one(selector, Input).value

    def told(self) -> str:
        """The words on the status line of the screen on top."""
        return str(self.screen.query_one(StatusLine).content)

    def say(self, words: Phrase) -> str:
        """Words in the till's language."""
        return self.app.session.words.say(words)

    def lines(self) -> list[str]:
        """What stands on the terminal, line by line."""
        return ["".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()]

    def text(self) -> str:
        """What stands on the terminal, with single spaces."""
        return " ".join(" ".join(self.lines()).split())

    def targets(self) -> list[Touch]:
        """The buttons of the screen on top that are shown."""
        return [button for button in self.screen.query(Touch) if shown(button)]


def keys_shown(screen: Screen[object]) -> list[tuple[str, Keys, Region]]:
    """The names of the keys that are shown, their board, and where they stand on the terminal."""
    boards = [board for board in screen.query(Keys) if shown(board)]
    return [
        (key.name, board, place.translate(board.region.offset)) for board in boards for key, place in board.places()
    ]


def row_regions(rows: Rows) -> list[Region]:
    """Where each row of a list stands on the terminal, or would if the list were not cut off."""
    area = rows.scrollable_content_region
    top = area.y - rows.scroll_offset.y
    places = range(rows.option_count)
    return [Region(area.x, top + rows._index_to_line[at], area.width, rows._heights[at]) for at in places]


def shown(widget: Widget) -> bool:
    """Tell whether a widget takes part in the screen at all."""
    return widget.display and all(
        ancestor.display for ancestor in widget.ancestors_with_self if isinstance(ancestor, Widget)
    )


@asynccontextmanager
async def at_the_counter(
    shop: ShopFloor,
    *,
    language: str = "en",
    size: tuple[int, int] = SMALL,
    by: str = "cashier",
    idle_lock_s: int = 24 * 3600,
    gap_s: float = QUICK_GAP_S,
    touch: bool = True,
) -> AsyncIterator[Stand]:
    """Run the till's app on the demo shop; `by` is who has unlocked it, "" for nobody."""
    app = till_app(shop, language=language, by=by, idle_lock_s=idle_lock_s, gap_s=gap_s, touch=touch)
    room = TrainingRoom(app.session, app.counter.forget)
    app.session.switch_training = room.switch
    try:
        async with app.run_test(size=size) as pilot:
            stand = Stand(app, pilot, shop, gap_s)
            await stand.rest()
            yield stand
    finally:
        room.close()


def till_app(
    shop: ShopFloor,
    *,
    language: str = "en",
    by: str = "cashier",
    idle_lock_s: int = 24 * 3600,
    gap_s: float = QUICK_GAP_S,
    touch: bool = True,
) -> TillApp:
    """The till's app, not yet running."""
    session = Session(
        shop.till,
        shop.till.words(language),
        touch=touch,
        idle_lock_s=idle_lock_s,
        operator={"cashier": shop.cashier, "manager": shop.manager, "": None}[by],
        preview=previewer(42),
    )
    return TillApp(session, wedge_gap_s=gap_s)
