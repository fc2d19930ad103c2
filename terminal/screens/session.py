"""What every screen is given: the till, the words, who works at it, and how the devices are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from terminal.config import CardsConfig
from terminal.desk import Till
from terminal.desk.figures import Figures
from terminal.ledger.shop import Operator
from terminal.locale.words import Words
from terminal.rules.phrase import Phrase, phrase


@dataclass(slots=True)
class DeviceState:
    """How a device is, in words; `trouble` when somebody should look at it."""

    words: Phrase
    trouble: bool = False


NO_PRINTER = DeviceState(phrase("no printer"))
NO_SCANNER = DeviceState(phrase("types like a keyboard"))
NO_SITE = DeviceState(phrase("none: this till gives out its own bonuses"))


@dataclass(slots=True)
class Session:
    """One till's screens, from start to end. `operator` is who unlocked it last, None before anybody did.

    `switch_training` swaps the till for a scratch one and back; `wake_printer` says that a slip was queued;
    `preview` makes a slip's JSON into text; `hold_hours` is how long an unpaid order holds bonuses; `paper` shows
    a printer beside the counter and `hints` lines where nobody is served (the demo's); `last_backup` tells when
    the ledger was last backed up (UTC); `counted` are the owner's figures as they were last counted, and of which
    till; `counting` is held by whoever counts them.
    """

    till: Till
    words: Words
    cards: CardsConfig = field(default_factory=CardsConfig)
    touch: bool = True
    idle_lock_s: int = 300
    bring_points: bool = True
    hold_hours: int = 48
    operator: Operator | None = None
    printer: DeviceState = field(default_factory=lambda: NO_PRINTER)
    scanner: DeviceState = field(default_factory=lambda: NO_SCANNER)
    site: DeviceState = field(default_factory=lambda: NO_SITE)
    wake_printer: Callable[[], None] = lambda: None
    switch_training: Callable[[], None] = lambda: None
    preview: Callable[[str], str] = lambda document: document
    paper: bool = False
    hints: tuple[Phrase, ...] = ()
    last_backup: Callable[[], datetime | None] = lambda: None
    counted: tuple[Till, Figures] | None = None
    counting: Lock = field(default_factory=Lock)

    @property
    def by(self) -> Operator:
        """Who works at the till now."""
        assert self.operator is not None, "the till is locked"
        return self.operator
