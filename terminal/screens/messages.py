"""What workers and devices tell the screens."""

from dataclasses import dataclass

from textual.message import Message

from terminal.desk import Approval, Checkout, Completed, Profile, RefundDone, SiteAnswer, Unknown, Voided
from terminal.devices.scan import Scan
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Phrase, Refused


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
class PinChecked(Message):
    """A PIN was right or refused."""

    outcome: Operator | Refused


@dataclass
class Approved(Message):
    """Somebody let something pass, or their PIN was refused."""

    outcome: Approval | Refused


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
    asked: Unknown | Profile


@dataclass
class DevicesChanged(Message):
    """A printer or scanner is in another state."""
