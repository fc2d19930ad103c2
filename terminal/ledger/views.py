"""The views: what the cashier sees, kept up to each entry by the one function that also rebuilds them."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from terminal.rules.entry import Entry
from terminal.rules.limited import used_codes

CARD_STATES = {"card_bound": "active", "card_blocked": "blocked", "card_replaced": "replaced"}
"""The state of a card after an entry about it."""

_EVERYBODY = ""


def apply(connection: Any, entry: Entry) -> None:
    """Bring customer, lots, cards and sales up to one entry, in the entry's own transaction.

    An entry's payload says which lots moved (`moves`: [[lot, points], ...]) and which one it made (`lot`), so
    every kind changes points in the same way; only a few kinds change anything else.
    """
    payload = _payload(entry)
    match entry.kind:
        case "register":
            connection.execute(
                "INSERT INTO customer (id, registered_ms) VALUES (?, ?)", (entry.customer_id, entry.at_ms)
            )
        case "card_bound" | "card_blocked" | "card_replaced":
            apply_card(connection, entry, payload["card"])
        case _:
            pass
    _apply_own(connection, entry, payload)
    _apply_counts(connection, entry, payload, everybody=True)
    _apply_figures(connection, entry, payload)


def apply_again(connection: Any, entry: Entry) -> None:
    """Put an own entry on top of what the site told of a customer as of an earlier one."""
    payload = _payload(entry)
    _apply_counts(connection, entry, payload, everybody=False)
    _apply_figures(connection, entry, payload)


def marks_in(entry: Entry) -> Sequence[tuple[str, str, int]]:
    """Return the marks that an entry changes: kind, code, signed count."""
    marks: Sequence[tuple[str, str, int]] = _payload(entry).get("marks", ())
    return marks


def apply_counted(connection: Any, entry: Entry) -> None:
    """Bring up to an entry only what the site does not tell: the customer's figures count it already."""
    _apply_own(connection, entry, _payload(entry))


def _apply_own(connection: Any, entry: Entry, payload: dict[str, Any]) -> None:
    """Change what is known here alone: this till's own sales and orders."""
    match entry.kind:
        case "sale":
            _book_sale(connection, entry, payload)
        case "void":
            connection.execute("UPDATE sale SET voided = 1 WHERE id = ?", (entry.sale_id,))
        case "order":
            _apply_order(connection, entry, payload)
        case "redeem" | "earn" if entry.sale_id is not None:
            column = "redeemed" if entry.kind == "redeem" else "earned"
            connection.execute(
                f"UPDATE sale SET {column} = {column} + ? WHERE id = ?",  # noqa: S608
                (abs(entry.points), entry.sale_id),
            )
        case _:
            pass


def _apply_counts(connection: Any, entry: Entry, payload: dict[str, Any], *, everybody: bool) -> None:
    """Change what a programme counts besides points: marks, memberships, friends."""
    customer_id = entry.customer_id or ""
    if entry.kind in _CLUB:
        _CLUB[entry.kind](connection, customer_id, payload)
    _apply_marks(connection, customer_id, payload.get("marks", ()), everybody=everybody)


def _apply_figures(connection: Any, entry: Entry, payload: dict[str, Any]) -> None:
    """Change what the site tells too: a customer's figures, group and lots."""
    match entry.kind:
        case "sale":
            connection.execute(
                "UPDATE customer SET spend_minor = spend_minor + ?, visits = visits + 1, last_sale_ms = ?"
                " WHERE id = ?",
                (payload["total_minor"] - payload["taken_off_minor"], entry.at_ms, entry.customer_id),
            )
            _end_code_leases(connection, entry.customer_id, used_codes(payload.get("marks", ())))
        case "void":
            connection.execute(
                # A sale that stands in the ledger before this one is not here: the site tells what came of it.
                "UPDATE customer SET visits = visits - 1, spend_minor = spend_minor -"
                " coalesce((SELECT total_minor - taken_off_minor FROM sale WHERE id = ?1), 0) WHERE id = ?2",
                (entry.sale_id, entry.customer_id),
            )
        case "refund":
            connection.execute(
                "UPDATE customer SET spend_minor = spend_minor - ? WHERE id = ?",
                (payload["back_minor"] + payload["cut_minor"], entry.customer_id),
            )
        case "group":
            connection.execute(
                "UPDATE customer SET group_code = ? WHERE id = ?", (payload["group"] or None, entry.customer_id)
            )
        case "gift" | "merge" if "spend_minor" in payload:
            connection.execute(
                "UPDATE customer SET spend_minor = spend_minor + ? WHERE id = ?",
                (payload["spend_minor"], entry.customer_id),
            )
        case "lease_return":
            _give_back(connection, entry, payload)
        case _:
            pass
    if entry.points:
        _move_points(connection, entry, payload)


def _give_back(connection: Any, entry: Entry, payload: dict[str, Any]) -> None:
    """Bring lots up to a `lease_return`: the points are the customer's as before, but no longer this till's.

    The same for codes.
    """
    for lot_id, points in payload["returned"]:
        connection.execute(
            "UPDATE lot SET points_held = points_held - ? WHERE customer_id = ? AND id = ?",
            (points, entry.customer_id, lot_id),
        )
    _end_code_leases(connection, entry.customer_id, payload.get("leases", ()))


def _end_code_leases(connection: Any, customer_id: str | None, codes: Iterable[str]) -> None:
    """Bring the leases of codes up to an entry that has used or returned some."""
    for code in codes:
        connection.execute("UPDATE code_lease SET held = 0 WHERE customer_id = ? AND code = ?", (customer_id, code))


def _payload(entry: Entry) -> Any:
    try:
        return msgspec.json.decode(entry.payload)
    except msgspec.DecodeError as fault:
        raise ValueError(f"entry {entry.seq} has no JSON for its payload: {fault}") from fault


def _move_points(connection: Any, entry: Entry, payload: dict[str, Any]) -> None:
    moved = 0
    for lot_id, points in payload.get("moves", ()):
        changed = connection.execute(
            "UPDATE lot SET points_left = points_left + ?1, points_held = points_held + ?1"
            " WHERE customer_id = ?2 AND id = ?3",
            (points, entry.customer_id, lot_id),
        )
        assert changed.rowcount == 1, f"entry {entry.seq} moves a lot that is not there"
        moved += points
    if "lot" in payload:
        lot = payload["lot"]
        connection.execute(
            "INSERT INTO lot (customer_id, id, points, points_left, points_held, available_from, expires_on)"
            " VALUES (?1, ?2, ?3, ?3, ?3, ?4, ?5) ON CONFLICT (customer_id, id)"
            " DO UPDATE SET points_left = points_left + ?3, points_held = points_held + ?3",
            (entry.customer_id, entry.id, lot["points"], lot["available_from"], lot.get("expires_on")),
        )
        moved += lot["points"]
    assert moved == entry.points, f"entry {entry.seq} moves {moved} in lots and {entry.points} in points"
    connection.execute("UPDATE customer SET points = points + ? WHERE id = ?", (entry.points, entry.customer_id))


def _book_sale(connection: Any, entry: Entry, payload: dict[str, Any]) -> None:
    connection.execute(
        "INSERT INTO sale (id, number, customer_id, seq, at_ms, operator, channel, total_minor, taken_off_minor,"
        " redeemed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.sale_id,
            payload["number"],
            entry.customer_id,
            entry.seq,
            entry.at_ms,
            entry.operator,
            payload["channel"],
            payload["total_minor"],
            payload["taken_off_minor"],
            # What pays for an order was redeemed when it was made.
            -sum(points for _, points in payload.get("spent", ())),
        ),
    )


def apply_card(connection: Any, entry: Entry, number: str) -> None:
    """Bring a card up to an entry that binds, blocks or replaces it."""
    connection.execute(
        "INSERT INTO card (number, customer_id, state) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (number) DO UPDATE SET customer_id = ?2, state = ?3",
        (number, entry.customer_id, CARD_STATES[entry.kind]),
    )


def _apply_marks(
    connection: Any, customer_id: str, marks: Sequence[tuple[str, str, int]], *, everybody: bool
) -> None:
    """Add an entry's `marks` ([[kind, code, signed count], ...]) to the views; uses count for everybody too."""
    for kind, code, count in marks:
        for whose in (customer_id, _EVERYBODY) if kind == "use" and everybody else (customer_id,):
            connection.execute(
                "INSERT INTO mark (customer_id, kind, code, count) VALUES (?1, ?2, ?3, ?4)"
                " ON CONFLICT (customer_id, kind, code) DO UPDATE SET count = count + ?4",
                (whose, kind, code, count),
            )


def _apply_membership(connection: Any, customer_id: str, payload: dict[str, Any]) -> None:
    """Bring the view up to a `membership` entry: {"code", "until"}; a longer one that is there stays."""
    connection.execute(
        "INSERT INTO membership (customer_id, code, until) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (customer_id, code) DO UPDATE SET until = max(until, ?3)",
        (customer_id, payload["code"], payload["until"]),
    )


def _apply_referral(connection: Any, friend_id: str, payload: dict[str, Any]) -> None:
    """Bring the view up to a `referral` entry of the friend: {"referrer", "rewarded"}."""
    connection.execute(
        "INSERT INTO referral (friend_id, referrer_id, rewarded) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (friend_id) DO UPDATE SET rewarded = ?3",
        (friend_id, payload["referrer"], int(payload["rewarded"])),
    )


def _apply_order(connection: Any, entry: Entry, payload: dict[str, Any]) -> None:
    """Bring the view up to an `order` entry: its first one says everything, later ones the new state and when."""
    if "document" in payload:
        connection.execute(
            "INSERT INTO own_order (number, own_number, sale_id, customer_id, channel, state, at_ms, until_ms,"
            " operator, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                payload["number"],
                payload["own_number"],
                payload["document"]["sale_id"],
                entry.customer_id,
                payload["channel"],
                payload["state"],
                entry.at_ms,
                payload.get("until_ms"),
                entry.operator,
                msgspec.json.encode(payload["document"]).decode(),
            ),
        )
    else:
        connection.execute(
            "UPDATE own_order SET state = ?, at_ms = ?, until_ms = ? WHERE number = ?",
            (payload["state"], entry.at_ms, payload.get("until_ms"), payload["number"]),
        )


_CLUB = {"membership": _apply_membership, "referral": _apply_referral}
"""What a customer belongs to, by the kind of entry that says so."""
