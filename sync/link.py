"""A till's ledger and its site, joined: what every step of the sync works with."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from random import Random

from sync.client import SiteClient
from sync.faults import SiteRefused, SyncFault
from sync.pace import Pace
from terminal.ledger.contact import LOST_MS, TROUBLE, Contact, contact
from terminal.ledger.ledger import Ledger
from terminal.rules.entry import Draft, Payload, canonical_json, uuid7

OPERATOR = "sync"
"""Who stands in the journal for what the sync process does."""


def system_ms() -> int:
    """Return the machine's time in UTC ms."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class Link:
    """One thread's way from a ledger to its site.

    `clock` gives UTC ms; `pace` keeps out of the till's way; `timezone` is the shop's.
    """

    ledger: Ledger
    client: SiteClient
    chance: Random
    clock: Callable[[], int] = system_ms
    pace: Pace = field(default_factory=Pace)
    timezone: tzinfo = UTC

    def contact(self) -> Contact:
        """Return how the till stands with the site it is enrolled at."""
        found = contact(self.ledger)
        assert found is not None, "a till without a site has no sync"
        return found

    def now_ms(self) -> int:
        """The time for an entry: never before the last one, nor before the site's."""
        return max(self.clock(), self.ledger.not_before_ms())

    def today(self) -> date:
        """The day of the shop's calendar."""
        return datetime.fromtimestamp(self.now_ms() // 1000, self.timezone).date()

    def draft(self, kind: str, payload: Payload, customer_id: str | None = None) -> Draft:
        """Return an entry of the sync's own, which moves no points."""
        at_ms = self.now_ms()
        entry_id = uuid7(at_ms, self.chance.getrandbits(74))
        return Draft(entry_id, kind, at_ms, OPERATOR, 0, customer_id, None, canonical_json(payload))

    def note_fault(self, fault: SyncFault) -> None:
        """Keep what went wrong, for the till to show: since when the site can't be reached, or why it refuses."""
        now = self.contact()
        trouble = fault.trouble if isinstance(fault, SiteRefused) else now.trouble
        lost_ms = now.lost_ms if isinstance(fault, SiteRefused) else now.lost_ms or self.now_ms()
        if (trouble, lost_ms) != (now.trouble, now.lost_ms):
            with self.ledger.atomic():
                self.ledger.set_fact(TROUBLE, trouble)
                self.ledger.set_fact(LOST_MS, str(lost_ms))
