"""What a cashier asks the site and waits for: put by the till, answered by the sync process, or given up."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from terminal.ledger.ledger import Ledger

Kind = Literal["phone", "card", "points", "codes"]
State = Literal["waiting", "answered", "failed", "given_up"]

_KEPT = 200


@dataclass(frozen=True, slots=True)
class Request:
    """A question: who has this phone (E.164 digits) or card; points (units) or limited codes of a customer."""

    id: int
    kind: Kind
    value: str
    points: int
    codes: tuple[str, ...]
    asked_ms: int


def ask(
    ledger: Ledger, kind: Kind, value: str, asked_ms: int, *, points: int = 0, codes: tuple[str, ...] = ()
) -> int:
    """Put a request in the caller's transaction and return its id; ones long over are forgotten."""
    row = ledger.connection.execute(
        "INSERT INTO request (kind, value, points, codes, asked_ms, state) VALUES (?, ?, ?, ?, ?, 'waiting')"
        " RETURNING id",
        (kind, value, points, msgspec.json.encode(codes).decode(), asked_ms),
    ).fetchone()
    ledger.write("DELETE FROM request WHERE id <= ?", (row[0] - _KEPT,))
    return int(row[0])


def waiting(ledger: Ledger) -> list[Request]:
    """Return the requests that are open, newest first: the cashier of the oldest may be gone."""
    rows = ledger.rows(
        "SELECT id, kind, value, points, codes, asked_ms FROM request WHERE state = 'waiting' ORDER BY id DESC"
    )
    return [
        Request(row[0], row[1], row[2], row[3], msgspec.json.decode(row[4], type=tuple[str, ...]), row[5])
        for row in rows
    ]


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
