"""The audit view: corrections, refunds, cards, money and what was let pass, in lines that an owner can read."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from terminal.desk.corrections import REASONS
from terminal.desk.state import name_of
from terminal.desk.till import Till, milliseconds
from terminal.ledger.audit import Audited, audited
from terminal.ledger.shop import staff_names
from terminal.rules.entry import Entry
from terminal.rules.phrase import Money, Phrase, phrase

_KINDS = {
    "adjust": phrase("Correction"),
    "gift": phrase("Gift"),
    "refund": phrase("Refund"),
    "void": phrase("Sale voided"),
    "card_blocked": phrase("Card blocked"),
    "card_replaced": phrase("Card replaced"),
}
_FLAGS = {
    "staff-card": phrase("Let pass: a card of the staff"),
    "often": phrase("Let pass: one customer many times a day"),
    "switched": phrase("Let pass: a paid bill moved to another customer"),
    "pairs": phrase("Let pass: many bills bought and brought back"),
    "after-correction": phrase("Let pass: spent right after a correction"),
    "clock": phrase("Let pass: the clock was moved"),
    "reprints": phrase("Let pass: many copies of slips"),
}
_REASONS = REASONS | {
    "gift": phrase("Gift"),
    "referral": phrase("A friend came"),
    "opening": phrase("Brought along from before"),
}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry to look at. Points in units, signed; `at_ms` in UTC ms; names as they are known now.

    `code` is the kind, for a flag with its rule, for money of an order with its way, as programs read it; `details`
    are words for people. `back_minor` is money that was paid back; below 0 it was received.
    """

    seq: int
    at_ms: int
    code: str
    what: Phrase
    points: int
    customer_id: str
    customer: str
    operator: str
    approved_by: str
    reason: Phrase | None
    note: str
    sale_number: int | None
    back_minor: int
    details: tuple[Phrase, ...]


def audit(
    till: Till,
    *,
    first: date | None = None,
    last: date | None = None,
    customer_id: str | None = None,
    below_seq: int | None = None,
    limit: int = 100,
) -> list[AuditLine]:
    """Return the entries of these days (both included, of the shop's calendar), newest first."""
    asked = Audited(
        from_ms=_start_ms(till, first) if first else 0,
        before_ms=_start_ms(till, last + timedelta(days=1)) if last else 1 << 62,
        customer_id=customer_id,
        below_seq=1 << 62 if below_seq is None else below_seq,
    )
    with till.ledger.snapshot():
        names = staff_names(till.ledger)
        return [_line(till, entry, names) for entry in audited(till.ledger, asked, limit)]


def _start_ms(till: Till, day: date) -> int:
    return milliseconds(datetime.combine(day, time.min, till.shop.timezone))


def _line(till: Till, entry: Entry, names: dict[str, str]) -> AuditLine:
    told: dict[str, Any] = msgspec.json.decode(entry.payload)
    reason = told.get("reason")
    return AuditLine(
        seq=entry.seq,
        at_ms=entry.at_ms,
        code=_code(entry, told),
        what=_what(entry, told),
        points=entry.points,
        customer_id=entry.customer_id or "",
        customer=name_of(till, entry.customer_id) if entry.customer_id else "",
        operator=names.get(entry.operator, entry.operator),
        approved_by=names.get(told["approved_by"], told["approved_by"]) if "approved_by" in told else "",
        reason=_REASONS.get(reason, phrase("{reason}", reason=reason)) if reason else None,
        note=told.get("note", ""),
        sale_number=None if entry.kind == "order" else told.get("number"),
        back_minor=told.get("back_minor", told.get("given_minor", 0)),
        details=tuple(_details(till, entry, told)),
    )


def _code(entry: Entry, told: dict[str, Any]) -> str:
    match entry.kind:
        case "flag":
            return f"flag:{told['rule']}"
        case "order":
            return "order:given-back" if told["given_minor"] > 0 else "order:received"
        case _:
            return entry.kind


def _what(entry: Entry, told: dict[str, Any]) -> Phrase:
    if entry.kind == "flag":
        return _FLAGS.get(told["rule"], phrase("Let pass: {rule}", rule=told["rule"]))
    if entry.kind == "merge":
        return phrase("Merged into another customer") if "into" in told else phrase("Another customer merged in")
    if entry.kind == "order":
        given = told["given_minor"] > 0
        return phrase("Paid twice: money given back") if given else phrase("Paid back twice: money received")
    return _KINDS[entry.kind]


def _details(till: Till, entry: Entry, told: dict[str, Any]) -> list[Phrase]:
    details = []
    if entry.kind == "order":
        details.append(phrase("Order {number}", number=told["number"]))
        details.append(_money_moved(told["given_minor"]))
    elif "number" in told:
        details.append(phrase("Sale No. {number}", number=told["number"]))
    if told.get("terminal", till.ledger.terminal_id) != till.ledger.terminal_id:
        details.append(phrase("made at {till}", till=told["terminal"]))
    if "back_minor" in told:
        details.append(phrase("paid back {sum}", sum=Money(told["back_minor"])))
    if told.get("cut_minor"):
        details.append(phrase("kept for spent bonuses {sum}", sum=Money(told["cut_minor"])))
    if "card" in told:
        details.append(phrase("card {number}", number=told["card"]))
    if "into" in told:
        details.append(phrase("into {name}", name=_name_or_id(till, told["into"])))
    if "from" in told:
        details.append(phrase("from {name}", name=_name_or_id(till, told["from"])))
    if entry.kind == "flag" and told["rule"] in ("often", "pairs", "reprints"):
        details.append(phrase("so far: {number}", number=told["figure"]))
    return details


def _money_moved(given_minor: int) -> Phrase:
    if given_minor > 0:
        return phrase("paid back {sum}", sum=Money(given_minor))
    return phrase("received {sum}", sum=Money(-given_minor))


def _name_or_id(till: Till, customer_id: str) -> str:
    """Whoever was merged has no name any more; the id still says which entries were theirs."""
    name = name_of(till, customer_id)
    return customer_id if name == "—" else name
