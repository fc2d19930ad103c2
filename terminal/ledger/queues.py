"""The till's queues: print jobs and held bills."""

from dataclasses import dataclass

from terminal.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A slip on its way to paper; `document` is its JSON; state: queued, sending, done, unknown, dropped."""

    id: int
    document: str
    sale_id: str | None
    is_copy: bool
    state: str
    created_ms: int
    fault: str


@dataclass(frozen=True, slots=True)
class HeldBill:
    """A bill put aside; `document` is its JSON, `at_ms` in UTC ms."""

    id: str
    at_ms: int
    operator: str
    customer_id: str | None
    document: str


SEEN = "slip_seen"
"""The ledger's fact of why the last slip was in doubt of which a person said that it came out."""
_JOB = "id, document, sale_id, is_copy, state, created_ms, fault"


def queue_print(
    ledger: Ledger, document: str, at_ms: int, sale_id: str | None = None, *, is_copy: bool = False
) -> int:
    """Queue a slip in the caller's transaction; return the job's id."""
    queued = ledger.connection.execute(
        "INSERT INTO print_job (document, sale_id, is_copy, state, created_ms) VALUES (?, ?, ?, 'queued', ?)",
        (document, sale_id, int(is_copy), at_ms),
    )
    return int(queued.lastrowid)


def next_print(ledger: Ledger) -> PrintJob | None:
    """Return the oldest queued job."""
    found = ledger.row(f"SELECT {_JOB} FROM print_job WHERE state = 'queued' ORDER BY id LIMIT 1")  # noqa: S608
    return _job(found) if found else None


def open_prints(ledger: Ledger) -> list[PrintJob]:
    """Return the jobs that are not on paper for certain, oldest first."""
    rows = ledger.rows(f"SELECT {_JOB} FROM print_job WHERE state NOT IN ('done', 'dropped') ORDER BY id")  # noqa: S608
    return [_job(row) for row in rows]


def asks_about_slips(ledger: Ledger) -> bool:
    """Whether a slip is there of which nobody knows yet if it is on paper."""
    return (
        ledger.row("SELECT 1 FROM print_job WHERE state = 'unknown' AND state NOT IN ('done', 'dropped')")
        is not None
    )


def print_job(ledger: Ledger, job_id: int) -> PrintJob | None:
    """Return one job."""
    found = ledger.row(f"SELECT {_JOB} FROM print_job WHERE id = ?", (job_id,))  # noqa: S608
    return _job(found) if found else None


def prints_of_sale(ledger: Ledger, sale_id: str) -> list[PrintJob]:
    """Return the jobs of a sale, oldest first."""
    rows = ledger.rows(f"SELECT {_JOB} FROM print_job WHERE sale_id = ? ORDER BY id", (sale_id,))  # noqa: S608
    return [_job(row) for row in rows]


def set_print_state(ledger: Ledger, job_id: int, state: str, fault: str = "") -> None:
    """Move a job on, durably, in a transaction of its own or the caller's."""
    with ledger.atomic():
        ledger.write("UPDATE print_job SET state = ?, fault = ? WHERE id = ?", (state, fault, job_id))


def hold_bill(ledger: Ledger, bill: HeldBill) -> None:
    """Put a bill aside."""
    ledger.write(
        "INSERT INTO held_bill VALUES (?, ?, ?, ?, ?)",
        (bill.id, bill.at_ms, bill.operator, bill.customer_id, bill.document),
    )


def held_bills(ledger: Ledger) -> list[HeldBill]:
    """Return the bills put aside, oldest first."""
    rows = ledger.rows("SELECT id, at_ms, operator, customer_id, document FROM held_bill ORDER BY at_ms, id")
    return [HeldBill(*row) for row in rows]


def drop_held_bill(ledger: Ledger, bill_id: str) -> bool:
    """Remove a bill from those put aside; False when somebody was faster."""
    return ledger.write("DELETE FROM held_bill WHERE id = ?", (bill_id,)) == 1


def _job(row: tuple[object, ...]) -> PrintJob:
    return PrintJob(row[0], row[1], row[2], bool(row[3]), *row[4:])  # type: ignore[arg-type]
