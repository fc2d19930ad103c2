"""What workers and devices tell the screens."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from textual.message import Message

from terminal.desk import Checkout, CodesAsked, Completed, Profile, RefundDone, SiteAnswer, Unknown, Voided
from terminal.devices.scan import Scan
from terminal.rules.phrase import Phrase, Refused

Opened = TypeVar("Opened")


@dataclass
class Scanned(Message):
    """A scanner read something; it goes to the screen that is on top."""

    scan: Scan


@dataclass
class SaleBooked(Message):
    """A sale was completed or refused, of that checkout."""

    outcome: Completed | Refused
    checkout: Checkout


@dataclass
class SaleVoided(Message):
    """A void was done or refused."""

    outcome: Voided | Refused


@dataclass
class PinChecked(Message, Generic[Opened]):
    """A PIN was right and opened something, or was refused."""

    outcome: Opened | Refused


@dataclass
class RefundBooked(Message):
    """A refund was done or refused."""

    outcome: RefundDone | Refused


@dataclass
class LedgerFailed(Message):
    """The ledger could not do what was asked; nothing was booked."""

    reason: Phrase


@dataclass
class SiteAnswered(Message):
    """The site answered a question of the counter, or did not; `asked` is what it was about."""

    answer: SiteAnswer
    asked: Unknown | Profile | CodesAsked


@dataclass
class DevicesChanged(Message):
    """A printer or scanner is in another state."""
