"""The site as the till sees it: how the contact is, and what a cashier asks it while the customer stands there."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from terminal.desk.customers import Profile, Unknown
from terminal.desk.leases import why_stopped
from terminal.desk.till import Till
from terminal.ledger import requests
from terminal.ledger.contact import Contact, contact
from terminal.ledger.sales import unsent
from terminal.rules.phrase import Phrase, phrase

PATIENCE_S = 2.0
"""How long a cashier's question to the site stands open."""

_LOOK_EVERY_S = 0.04
_SILENT_MS = 120_000


@dataclass(frozen=True, slots=True)
class SiteState:
    """How the contact with the site is, in words; `trouble` when somebody should know.

    `unsent` counts entries that the site has not applied; `seen_ms` (UTC) is when it was heard last: the balances
    are as old.
    """

    words: Phrase
    trouble: bool
    unsent: int
    seen_ms: int


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """What became of a question: `customer_id` is who was found, "" nobody; `heard` is whether it was answered."""

    heard: bool
    customer_id: str = ""


def site_state(till: Till) -> SiteState | None:
    """Tell how the contact is; None for a till without a site."""
    with till.ledger.snapshot():
        now = contact(till.ledger)
        if now is None:
            return None
        waiting = unsent(till.ledger)
        words, trouble = _said(till, now, waiting)
        return SiteState(words, trouble, waiting, now.seen_ms)


def _said(till: Till, now: Contact, waiting: int) -> tuple[Phrase, bool]:
    if now.trouble == "revoked":
        return phrase("Site: this till was revoked. Join again: tillmate sync enrol"), True
    if now.for_good:
        return phrase("Site: this ledger is held there. Join again: tillmate sync enrol"), True
    if not now.lost_ms and now.trouble == "future":
        return phrase("Site: this till's clock was ahead. Set it, then join again: tillmate sync enrol"), True
    if not now.lost_ms and now.trouble:
        return phrase("Site: this till's journal is held ({code}). Tell the site's staff.", code=now.trouble), True
    if now.lost_ms or till.now_ms() - now.seen_ms > _SILENT_MS:
        heard = datetime.fromtimestamp(now.seen_ms // 1000, till.shop.timezone)
        since = f"{heard:%H:%M}" if heard.date() == till.today() else heard
        return phrase("Offline, balances of {since}; not sent: {count}", since=since, count=waiting), True
    stopped = why_stopped(till)
    if stopped is not None:
        return stopped, True
    return phrase("Site: in step"), False


def ask_who(till: Till, unknown: Unknown) -> int | None:
    """Ask the site who has a phone or card that nobody here has; None where it can't be asked."""
    value = unknown.phone or unknown.card
    if not value or not _reachable(till):
        return None
    return _ask(till, "phone" if unknown.phone else "card", value)


def ask_points(till: Till, shown: Profile) -> int | None:
    """Ask the site for a customer's points that are not here; None where there are none, or it can't be asked."""
    missing = sum(held.points for held in shown.elsewhere)
    if missing <= 0 or shown.stopped is not None or not _reachable(till):
        return None
    return _ask(till, "points", shown.person.customer_id, points=shown.spendable + missing)


def ask_codes(till: Till, customer_id: str, codes: tuple[str, ...]) -> int | None:
    """Ask the site for limited offers, codes or full stamp cards of a customer; None where it can't be asked."""
    if not codes or not can_ask(till):
        return None
    return _ask(till, "codes", customer_id, codes=codes)


def can_ask(till: Till) -> bool:
    """Tell whether the site can be asked to lease something to this till."""
    return _reachable(till) and why_stopped(till) is None


def _reachable(till: Till) -> bool:
    now = contact(till.ledger)
    return now is not None and not now.lost_ms and not now.for_good


def _ask(till: Till, kind: requests.Kind, value: str, *, points: int = 0, codes: tuple[str, ...] = ()) -> int:
    with till.ledger.atomic():
        return requests.ask(till.ledger, kind, value, till.now_ms(), points=points, codes=codes)


def wait_for_answer(
    till: Till,
    request_id: int,
    patience_s: float = PATIENCE_S,
    steady: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> SiteAnswer:
    """Wait for a question's answer, and give it up when that takes too long; for a thread of its own."""
    until = steady() + patience_s
    while True:
        state, answer = requests.outcome(till.ledger, request_id)
        if state == "answered":
            return SiteAnswer(True, answer)
        if state != "waiting":
            return SiteAnswer(False)
        if steady() >= until:
            with till.ledger.atomic():
                requests.end(till.ledger, request_id, "given_up")
            continue
        sleep(_LOOK_EVERY_S)
