"""Business days in the journal: when they were opened and closed, and what each person booked in them."""

from dataclasses import dataclass
from datetime import date

import msgspec

from terminal.ledger.ledger import Ledger
from terminal.rules.entry import Entry

DAY_INDEX = "CREATE INDEX journal_day ON journal (seq) WHERE kind IN ('day_open', 'day_close');\n"
"""Two entries a day among thousands: they are found without reading the rest."""

_COLUMNS = "seq, id, kind, at_ms, operator, points, customer_id, sale_id, payload, prev_hash, hash"


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """What was booked, by one person or by all: sums in minor units, points in units.

    `sales` are all that were booked, those voided later too; `adjusted_points` is signed.
    """

    sales: int = 0
    total_minor: int = 0
    taken_off_minor: int = 0
    earned: int = 0
    redeemed: int = 0
    voided: int = 0
    voided_minor: int = 0
    refunded: int = 0
    refunded_minor: int = 0
    adjusted: int = 0
    adjusted_points: int = 0

    def plus(self, other: "Booked") -> "Booked":
        """Add another's."""
        names = self.__struct_fields__
        return Booked(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True)
class BookedBy:
    """What one person booked; `name` is theirs, or the operator's id when nobody of the staff has it."""

    operator: str
    name: str
    booked: Booked


def day_entries(ledger: Ledger, limit: int) -> list[Entry]:
    """Return the newest openings and closings of the day, newest first."""
    rows = ledger.rows(
        f"SELECT {_COLUMNS} FROM journal INDEXED BY journal_day"  # noqa: S608
        " WHERE kind IN ('day_open', 'day_close') ORDER BY seq DESC LIMIT ?",
        (limit,),
    )
    return [Entry(ledger.terminal_id, *row) for row in rows]


def entries_of_day(ledger: Ledger, day: date) -> list[Entry]:
    """Return the openings and closings that name a day, oldest first."""
    rows = ledger.rows(
        f"SELECT {_COLUMNS} FROM journal INDEXED BY journal_day"  # noqa: S608
        " WHERE kind IN ('day_open', 'day_close') AND json_extract(payload, '$.day') = ? ORDER BY seq",
        (day.isoformat(),),
    )
    return [Entry(ledger.terminal_id, *row) for row in rows]


def booked_between(ledger: Ledger, first_seq: int, last_seq: int) -> list[BookedBy]:
    """Sum what everybody booked from one entry to another, both included, by name."""
    rows = ledger.rows(
        "SELECT operator, coalesce(staff.name, operator), count(*) FILTER (WHERE kind = 'sale'),"
        " coalesce(sum(json_extract(payload, '$.total_minor')) FILTER (WHERE kind = 'sale'), 0),"
        " coalesce(sum(json_extract(payload, '$.taken_off_minor')) FILTER (WHERE kind = 'sale'), 0),"
        " coalesce(sum(points) FILTER"
        "   (WHERE points > 0 AND kind NOT IN ('restore', 'merge', 'adjust', 'gift')), 0),"
        " coalesce(-sum(points) FILTER (WHERE kind = 'redeem'), 0),"
        " count(*) FILTER (WHERE kind = 'void'),"
        " coalesce(sum((SELECT total_minor FROM sale WHERE sale.id = journal.sale_id))"
        "   FILTER (WHERE kind = 'void'), 0),"
        " count(*) FILTER (WHERE kind = 'refund'),"
        " coalesce(sum(json_extract(payload, '$.back_minor')) FILTER (WHERE kind = 'refund'), 0),"
        " count(*) FILTER (WHERE kind IN ('adjust', 'gift')),"
        " coalesce(sum(points) FILTER (WHERE kind IN ('adjust', 'gift')), 0)"
        " FROM journal LEFT JOIN staff ON staff.id = operator WHERE seq BETWEEN ? AND ?"
        " AND kind NOT IN ('day_open', 'day_close') GROUP BY operator ORDER BY 2, 1",
        (first_seq, last_seq),
    )
    names = Booked.__struct_fields__
    return [BookedBy(row[0], row[1], Booked(**dict(zip(names, row[2:], strict=True)))) for row in rows]


def hash_of(ledger: Ledger, seq: int) -> bytes:
    """Return an entry's hash; 32 zeros before the first."""
    found = ledger.row("SELECT hash FROM journal WHERE seq = ?", (seq,))
    return bytes(found[0]) if found else bytes(32)


def time_of(ledger: Ledger, seq: int) -> int | None:
    """Return an entry's time (UTC ms), None when there is no such entry."""
    found = ledger.row("SELECT at_ms FROM journal WHERE seq = ?", (seq,))
    return int(found[0]) if found else None


def operator_name(ledger: Ledger, operator_id: str) -> str:
    """Return the name of somebody of the staff, of former staff too, otherwise the id."""
    found = ledger.row("SELECT name FROM staff WHERE id = ?", (operator_id,))
    return str(found[0]) if found else operator_id
