"""Entries of one ledger brought into the journal of another one, which begins where that one ended."""

from collections.abc import Iterable, Sequence

from terminal.ledger.ledger import Ledger
from terminal.ledger.views import apply, apply_counted
from terminal.ledger.writes import as_json
from terminal.rules.entry import Entry, draft_of

_TELLING = frozenset({"register", "phone_changed", "note_changed"})
"""Kinds whose personal data stands beside the journal."""


def carry(source: Ledger, target: Ledger, entries: Sequence[Entry]) -> None:
    """Append entries of `source` to the journal of `target`, in the caller's transaction; they keep their ids.

    Who was registered by them is in `target` at once. Of everybody else `target` knows only its own sales and
    orders until the site tells the rest, and puts these entries on top.
    """
    _copy_people(source, target, [entry.customer_id for entry in entries if entry.kind in _TELLING])
    registered: set[str] = set()
    for entry in entries:
        if entry.kind == "register" and entry.customer_id:
            registered.add(entry.customer_id)
        target.append(draft_of(entry), apply if entry.customer_id in registered else apply_counted)


def _copy_people(source: Ledger, target: Ledger, customer_ids: Iterable[str | None]) -> None:
    """Copy personal data of customers: it is in no journal, and the site may not have it yet."""
    ids = as_json(sorted({one for one in customer_ids if one}))
    for table, columns in (
        ("person", "customer_id, name, folded_name, phone, email, birthday, language, note, salt"),
        ("consent", "customer_id, purpose, given, at_ms"),
    ):
        rows = source.rows(
            f"SELECT {columns} FROM {table} WHERE customer_id IN (SELECT value FROM json_each(?))",  # noqa: S608
            (ids,),
        )
        marks = ", ".join("?" * (columns.count(",") + 1))
        target.write_many(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608
