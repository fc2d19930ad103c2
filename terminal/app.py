"""The till's app: puts session, screens, scanner and printer together, and keeps the lock."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer

from terminal import desk
from terminal.desk.night import free_orders
from terminal.devices.scan import Scan
from terminal.devices.wedge import Held, Typed, Wedge
from terminal.devices.wedge import Scanned as WedgeScan
from terminal.ledger import LedgerError
from terminal.ledger.shop import Operator
from terminal.rules.phrase import phrase
from terminal.screens.base import Dialog
from terminal.screens.counter import Counter
from terminal.screens.lock import Lock
from terminal.screens.messages import DevicesChanged, Scanned
from terminal.screens.session import NO_SITE, DeviceState, Session
from terminal.screens.theme import DARK, LIGHT

if TYPE_CHECKING:
    from printers.spool import Outcome

_WAKE_PRINTER_S = 60.0
"""A till in use has its printer looked at every second; somebody's touch says that it is, at most this often."""
_FREE_ORDERS_S = 3600.0
_IN_DOUBT = DeviceState(phrase("Printer: did the slip come out? F9, F5"), trouble=True)
_END_KEYS = {"enter": "\r", "tab": "\t", "ctrl+j": "\n"}


@dataclass
class PrinterTold(Message):
    """The spooler printed, waits, or does not know."""

    outcome: "Outcome"


@dataclass
class PrinterRefused(Message):
    """The config names a printer that cannot be."""

    why: str


@dataclass
class ScannerTold(Message):
    """The serial scanner was plugged in, lost, or refused."""

    state: DeviceState


class TillApp(App[None]):
    """One till on one terminal."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "Tillmate"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", show=False, priority=True)]

    def __init__(self, session: Session, *, theme: str = "dark", wedge_gap_s: float | None = 0.035) -> None:
        """`wedge_gap_s` is the longest time between two keys of a scan; None when no scanner types."""
        super().__init__()
        self.session = session
        self._printer = session.printer
        self.counter = Counter(session)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = f"tillmate-{theme}"
        self._wedge = Wedge(wedge_gap_s) if wedge_gap_s else None
        self._held_keys: deque[events.Key] = deque()
        self._held_until = 0.0
        self._silence: Timer | None = None
        self._idle_since = self._printer_woken = Message().time
        self.start_devices: Callable[[], None] = lambda: None

    def on_mount(self) -> None:
        """Show the counter, locked."""
        self.push_screen(self.counter)
        if self.session.operator is None:
            self.action_lock()
        self.set_interval(1, self._lock_when_idle)
        self._look_around()
        self.set_interval(1, self._look_around)
        self.set_interval(_FREE_ORDERS_S, self._free_orders)
        # The counter is painted first: to load what prints and scans takes a tenth of a second.
        self.call_after_refresh(self.start_devices)

    # --- the lock ---------------------------------------------------------------------------------------

    def action_lock(self) -> None:
        """Cover the counter until somebody types a PIN."""
        if isinstance(self.screen, Lock) or not desk.operators(self.session.till):
            return
        self.push_screen(Lock(self.session), self._unlocked)

    def _unlocked(self, operator: Operator | None) -> None:
        assert operator is not None
        if self.session.operator is not None and self.session.operator.id != operator.id:
            self.counter.forget()
        self.session.operator = operator
        self.counter.refresh_top()

    def _lock_when_idle(self) -> None:
        if Message().time - self._idle_since >= self.session.idle_lock_s:
            self.action_lock()

    def _in_use(self, time: float) -> None:
        self._idle_since = time
        if time - self._printer_woken >= _WAKE_PRINTER_S:
            self._printer_woken = time
            self.session.wake_printer()

    def _look_around(self) -> None:
        """Say how the site and the printer are, and that a slip is in doubt until somebody answers."""
        session = self.session
        before = session.site, session.printer
        session.printer = self._printer
        with suppress(LedgerError):  # whoever uses the ledger next says so
            site = desk.site_state(session.till)
            session.site = DeviceState(site.words, site.trouble) if site else NO_SITE
            if not self._printer.trouble and desk.slips_in_doubt(session.till):
                session.printer = _IN_DOUBT
        if before != (session.site, session.printer):
            self._tell_screens()

    def _free_orders(self) -> None:
        """Cancel what nobody paid in time; a till that is on at night has no other moment for it."""
        try:
            free_orders(self.session.till)
        except LedgerError:
            return  # the next hour tries again

    # --- keys: typing or a scan -------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Tell scans from typing before any box sees a key."""
        if isinstance(event, events.Key | events.MouseDown) and not event.is_forwarded:
            self._in_use(event.time)
        if isinstance(event, events.Key) and not event.is_forwarded and self._wedge is not None:
            await self._feed(event)
        else:
            await super().on_event(event)

    async def _feed(self, event: events.Key) -> None:
        assert self._wedge is not None
        char = _END_KEYS.get(event.key) or (event.character if event.is_printable else None)
        if char is None or len(char) != 1:
            await self._act(self._wedge.flush())
            await super().on_event(event)
            return
        self._held_keys.append(event)
        await self._act(self._wedge.feed(char, event.time))

    async def _act(self, told: list[Typed | WedgeScan | Held]) -> None:
        for what in told:
            match what:
                case Typed():
                    await super().on_event(self._held_keys.popleft())
                case WedgeScan(scan, held, leaked):
                    for _ in range(held):
                        self._held_keys.popleft()
                    for _ in range(leaked):
                        await super().on_event(events.Key("backspace", None))
                    self._give(scan)
                case Held(until):
                    self._wait_for_silence(until)
        if not any(isinstance(what, Held) for what in told):
            self._held_keys.clear()

    def _wait_for_silence(self, until: float) -> None:
        if self._silence is not None and until < self._held_until:
            self._silence.stop()  # a scan that has begun is waited for longer than this key
            self._silence = None
        self._held_until = until
        if self._silence is None:
            self._silence = self.set_timer(max(0.001, until - Message().time), self._expire)

    async def _expire(self) -> None:
        assert self._wedge is not None
        self._silence = None
        now = Message().time
        if now >= self._held_until:
            await self._act(self._wedge.expire(now))
        elif self._held_keys:
            # More keys came since, or the timer was early: those that are held stay so.
            self._wait_for_silence(self._held_until)

    def scanned(self, scan: Scan) -> None:
        """Take a scan; safe to call from a scanner's own thread."""
        self.post_message(Scanned(scan))

    def on_scanned(self, message: Scanned) -> None:
        """A scanner on a port of its own read something."""
        self._give(message.scan)

    def _give(self, scan: Scan) -> None:
        """Let the screen on top act on a scan before any later key is looked at: it belongs to the next box."""
        self._in_use(Message().time)
        screen = self.screen
        if isinstance(screen, Counter | Dialog | Lock):
            screen.on_scanned(Scanned(scan))

    # --- devices ----------------------------------------------------------------------------------------

    def tell_printer(self, outcome: "Outcome") -> None:
        """The printer did something; called in the spooler's thread."""
        self.post_message(PrinterTold(outcome))

    async def on_printer_told(self, message: PrinterTold) -> None:
        """Say how the printer is."""
        from terminal.printing import outcome_in_words

        words, trouble = outcome_in_words(message.outcome)
        told = phrase("Printer: {state}", state=self.session.words.say(words)) if trouble else words
        self._printer = DeviceState(told, trouble)
        self._look_around()
        await self.printer_told(message.outcome)

    async def printer_told(self, outcome: "Outcome") -> None:
        """More to do with what the printer told; for the demo."""

    def refuse_printer(self, why: str) -> None:
        """The printer of the config cannot be; called in the thread that tried."""
        self.post_message(PrinterRefused(why))

    def on_printer_refused(self, message: PrinterRefused) -> None:
        """Say why nothing will be printed."""
        self._printer = DeviceState(phrase("Printer: {why}", why=message.why), trouble=True)
        self._look_around()

    def tell_scanner(self, state: DeviceState) -> None:
        """The scanner is in another state; called in its thread."""
        self.post_message(ScannerTold(state))

    def on_scanner_told(self, message: ScannerTold) -> None:
        """Say how the scanner is."""
        self.session.scanner = message.state
        self._tell_screens()

    def _tell_screens(self) -> None:
        for screen in self.screen_stack:
            screen.post_message(DevicesChanged())
