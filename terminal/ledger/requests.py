"""What a cashier asks the site and waits for: put by the till, answered by the sync process, or given up."""

from dataclasses import dataclass
from typing import Literal

from terminal.ledger.ledger import Ledger

Kind = Literal["phone", "card", "points"]
State = Literal["waiting", "answered", "failed", "given_up"]

_KEPT = 200


@dataclass(frozen=True, slots=True)
class Request:
    """A question: who has this phone (E.164 digits) or card, or so many points (units) of this customer."""

    id: int
    kind: Kind
    value: str
    points: int
    asked_ms: int


def ask(ledger: Ledger, kind: Kind, value: str, points: int, asked_ms: int) -> int:
    """Put a request in the caller's transaction and return its id; ones long over are forgotten."""
    row = ledger.connection.execute(
        "INSERT INTO request (kind, value, points, asked_ms, state) VALUES (?, ?, ?, ?, 'waiting') RETURNING id",
        (kind, value, points, asked_ms),
    ).fetchone()
    ledger.write("DELETE FROM request WHERE id <= ?", (row[0] - _KEPT,))
    return int(row[0])


def waiting(ledger: Ledger) -> list[Request]:
    """Return the requests that are open, newest first: the cashier of the oldest may be gone."""
    rows = ledger.rows(
        "SELECT id, kind, value, points, asked_ms FROM request WHERE state = 'waiting' ORDER BY id DESC"
    )
    return [Request(*row) for row in rows]


def end(ledger: Ledger, request_id: int, state: State, answer: str = "") -> bool:
    """End a request, in the caller's transaction; False when it was over already."""
    changed = ledger.write(
        "UPDATE request SET state = ?, answer = ? WHERE id = ? AND state = 'waiting'", (state, answer, request_id)
    )
    return changed == 1


def outcome(ledger: Ledger, request_id: int) -> tuple[State, str]:
    """Return how a request stands, and the answer: the customer's id where one was found."""
    found = ledger.row("SELECT state, answer FROM request WHERE id = ?", (request_id,))
    return (found[0], found[1]) if found else ("given_up", "")
