"""Rows that the site keeps of a till's pushes beside the journal, ready made: what each leaves in its tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from sync.protocol import SentPerson, account_digest, bucket_of
from sync.site.rounds import Cells, Rows
from sync.site.tables import consent, customer, lease, lot, person, sale
from terminal.rules.entry import Entry

_CUSTOMER = (
    "id",
    "version",
    "identity_version",
    "points",
    "spend_minor",
    "visits",
    "registered_ms",
    "last_sale_ms",
)
_SALE = (
    "customer_id",
    "id",
    "terminal_id",
    "at_ms",
    "channel",
    "total_minor",
    "taken_off_minor",
    "voided",
    "number",
)


@dataclass(slots=True)
class _Figures:
    registered_ms: int
    points: int = 0
    spend_minor: int = 0
    visits: int = 0
    last_sale_ms: int | None = None


class KeptRows:
    """What is kept of one till's registrations, sales and points. `versions` are the numbers of the site's feed."""

    def __init__(self, terminal_id: str, versions: Iterator[int]) -> None:
        self._terminal_id = terminal_id
        self._versions = versions
        self._figures: dict[str, _Figures] = {}
        self._points: dict[str, int] = {}
        self._lots: dict[str, Cells] = {}
        self._leases: dict[str, Cells] = {}
        self._sales: dict[str, Cells] = {}

    def of(self, entries: Sequence[Entry], people: Sequence[SentPerson]) -> list[Rows]:
        """Return the rows that one push leaves: of a lot or customer that it touches twice, the last."""
        self._lots, self._leases, self._sales = {}, {}, {}
        for entry in entries:
            self._take(entry, msgspec.json.decode(entry.payload))
        whose = dict.fromkeys(entry.customer_id or "" for entry in entries)
        told = [(one.customer_id, one.name, one.phone, one.note, one.salt) for one in people]
        agreed = [
            (one.customer_id, "programme", True, self._figures[one.customer_id].registered_ms) for one in people
        ]
        agreed += [(row[0], "messages", *row[2:]) for row in agreed]
        return [
            Rows(lot, tuple(column.name for column in lot.columns), list(self._lots.values())),
            Rows(lease, tuple(column.name for column in lease.columns), list(self._leases.values())),
            Rows(customer, (*_CUSTOMER, "home", "bucket", "digest"), [self._customer(one) for one in whose]),
            Rows(sale, (*_SALE, "operator", "earned", "record", "change"), list(self._sales.values()), new=True),
            Rows(person, ("customer_id", "name", "phone", "note", "salt"), told),
            Rows(consent, ("customer_id", "purpose", "given", "at_ms"), agreed),
        ]

    def _take(self, entry: Entry, payload: dict[str, Any]) -> None:
        customer_id = entry.customer_id or ""
        figures = self._figures.setdefault(customer_id, _Figures(entry.at_ms))
        figures.points += entry.points
        match entry.kind:
            case "sale":
                total_minor, taken_off_minor = payload["total_minor"], payload["taken_off_minor"]
                figures.spend_minor += total_minor - taken_off_minor
                figures.visits += 1
                figures.last_sale_ms = entry.at_ms
                self._sales[customer_id + (entry.sale_id or "")] = (
                    *(customer_id, entry.sale_id, self._terminal_id, entry.at_ms, "store", total_minor),
                    *(taken_off_minor, False, payload["number"], entry.operator, 0),
                    _record(entry.id, total_minor, taken_off_minor),
                    next(self._versions),
                )
            case "redeem":
                for lot_id, _ in payload["moves"]:
                    self._keep_lot(customer_id, lot_id, 0)
            case "earn":
                self._points[entry.id] = entry.points
                self._keep_lot(customer_id, entry.id, entry.points)

    def _keep_lot(self, customer_id: str, lot_id: str, left: int) -> None:
        self._lots[lot_id] = (customer_id, lot_id, self._points[lot_id], left, 0, "2026-01-01", "2028-01-01")
        self._leases[lot_id] = (customer_id, lot_id, self._terminal_id, left)

    def _customer(self, customer_id: str) -> Cells:
        one, version = self._figures[customer_id], next(self._versions)
        digest = account_digest(customer_id, version, one.points, one.spend_minor, one.visits)
        figures = (one.points, one.spend_minor, one.visits, one.registered_ms, one.last_sale_ms)
        return (customer_id, version, version, *figures, self._terminal_id, bucket_of(customer_id), digest)


def _record(lot_id: str, total_minor: int, taken_off_minor: int) -> str:
    """Return the record of a sale of one line, as long as one of what it earned."""
    lines, earned = [["", total_minor, taken_off_minor, 0]], [[lot_id, total_minor // 100]]
    return msgspec.json.encode([lines, [], earned, [0], 0, 0, [], [], [], []]).decode()
