"""The business day: opened, looked at, and closed with a slip that ties it to the journal's chain.

A day is closed with all that was booked since the one before was closed, so that no entry falls between two days;
selling never waits for an opening. Where nobody has closed a day yet, the first begins with the calendar's.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import msgspec

from printers.document import Document, document_to_json
from terminal.desk.business_day import BusinessDay, DayTotals, Turn
from terminal.desk.day_slip import day_slip
from terminal.desk.state import state
from terminal.desk.till import Till
from terminal.ledger import days as ledger_days
from terminal.ledger import queues
from terminal.ledger.days import Booked
from terminal.ledger.figures import seq_from
from terminal.ledger.shop import Operator
from terminal.rules.entry import Entry
from terminal.rules.phrase import Refused, phrase


@dataclass(frozen=True, slots=True)
class DayClosed:
    """A day that is closed durably, and its slip with the job that prints it."""

    totals: DayTotals
    slip: Document
    print_job_id: int


def current_day(till: Till) -> BusinessDay:
    """Return the day that goes on: everything since the last closing."""
    ledger = till.ledger
    with ledger.snapshot():
        last_seq = ledger.last_seq()
        newest = next(iter(ledger_days.day_entries(ledger, 1)), None)
        if newest is None:
            return BusinessDay(till.today(), seq_from(ledger, till.start_ms(till.today())), last_seq)
        facts = msgspec.json.decode(newest.payload)
        if newest.kind == "day_open":
            day = date.fromisoformat(facts["day"])
            return BusinessDay(day, facts["first_seq"], last_seq, opened=_turn(till, newest))
        began_ms = ledger_days.time_of(ledger, newest.seq + 1)
        return BusinessDay(till.today() if began_ms is None else till.day_of(began_ms), newest.seq + 1, last_seq)


def open_day(till: Till, by: Operator) -> BusinessDay | Refused:
    """Write down that the day is open; what was booked since the last closing belongs to it."""
    with till.ledger.atomic():
        current = current_day(till)
        if current.opened is not None:
            return Refused(phrase("The day of {day} is open. Close it first.", day=current.day))
        at_ms = till.now_ms()
        facts = {"day": till.day_of(at_ms).isoformat(), "first_seq": current.first_seq}
        till.ledger.append(till.draft("day_open", by.id, at_ms, facts))
    return current_day(till)


def day_totals(till: Till, on: date | None = None) -> DayTotals:
    """Add up the day that goes on, or the one of a date: as it was opened and closed, or the calendar's."""
    with till.ledger.snapshot():
        return _totals(till, current_day(till) if on is None else _day_of(till, on))


def close_day(till: Till, by: Operator) -> DayClosed | Refused:
    """Close the day that goes on: its totals become an entry, and a slip is queued. Only a manager may."""
    if by.role != "manager":
        return Refused(phrase("Only a manager can close the day."))
    with till.ledger.atomic():
        current = current_day(till)
        if current.opened is None and current.last_seq < current.first_seq:
            return Refused(phrase("Nothing was booked since the day before was closed."))
        before = _totals(till, current)
        at_ms = till.now_ms()
        facts = {
            "day": current.day.isoformat(),
            "first_seq": current.first_seq,
            "last_seq": current.last_seq,
            "head": before.head.hex(),
            "unsent": before.unsent,
            "booked": [{"operator": one.operator, **msgspec.structs.asdict(one.booked)} for one in before.people],
        }
        entry = till.ledger.append(till.draft("day_close", by.id, at_ms, facts))
        closed = replace(current, closed=_turn(till, entry))
        totals = replace(before, day=closed, head_seq=entry.seq, head=entry.hash)
        document = day_slip(till, totals, by)
        job_id = queues.queue_print(till.ledger, document_to_json(document), at_ms)
    return DayClosed(totals, document, job_id)


def _day_of(till: Till, on: date) -> BusinessDay:
    """Find the day of a date: closed once or more, still going on, or, where nobody closes days, the calendar's."""
    current = current_day(till)
    turns = ledger_days.entries_of_day(till.ledger, on)
    closings = [entry for entry in turns if entry.kind == "day_close"]
    openings = [entry for entry in turns if entry.kind == "day_open"]
    opened = _turn(till, openings[0]) if openings else None
    if closings:
        spans = [msgspec.json.decode(entry.payload) for entry in closings]
        first_seq, last_seq = spans[0]["first_seq"], spans[-1]["last_seq"]
        return BusinessDay(on, first_seq, last_seq, opened, _turn(till, closings[-1]))
    if current.day == on:
        return current
    first_seq, end = (seq_from(till.ledger, till.start_ms(on + timedelta(days=days))) for days in (0, 1))
    return BusinessDay(on, first_seq, end - 1)


def _totals(till: Till, day: BusinessDay) -> DayTotals:
    ledger = till.ledger
    people = tuple(ledger_days.booked_between(ledger, day.first_seq, day.last_seq))
    whole = Booked()
    for one in people:
        whole = whole.plus(one.booked)
    head_seq, head = day.last_seq, ledger_days.hash_of(ledger, day.last_seq)
    if day.closed is not None:
        head_seq, head = day.closed.seq, day.closed.hash
    now = state(till)
    some = day.first_seq <= day.last_seq
    return DayTotals(
        day=day,
        people=people,
        whole=whole,
        from_ms=ledger_days.time_of(ledger, day.first_seq) if some else None,
        to_ms=ledger_days.time_of(ledger, day.last_seq) if some else None,
        head_seq=head_seq,
        head=head,
        unsent=now.unsent if now.has_site else None,
        slips_waiting=now.slips_waiting,
    )


def _turn(till: Till, entry: Entry) -> Turn:
    name = ledger_days.operator_name(till.ledger, entry.operator)
    return Turn(entry.at_ms, name, entry.seq, entry.hash)
