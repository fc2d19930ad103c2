"""Tills that push: journals of invented sales, in batches ready to be sent, and the same entries as bare rows."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.site_rows import KeptRows
from sync.protocol import Push, SentPerson, encode, to_wire
from sync.site.rounds import Cells, Rows
from terminal.rules.entry import GENESIS, Draft, Entry, canonical_json, chain, uuid7

BATCH = 500
"""Entries in one push."""

_SALES_A_CUSTOMER = 20
_STEP_MS = 40


@dataclass(frozen=True, slots=True)
class Batch:
    """A push as its bytes go over the wire, packed as a till packs it; its entries as the journal's rows; and the
    rows of all other tables that the site keeps of it.
    """

    body: bytes
    rows: list[Cells]
    kept: list[Rows]


class BusyTill:
    """A till's journal as it grows: a registration for every twenty sales, each of two entries or of three.

    A sale earns one new lot; every third customer pays with points of an older one.
    """

    def __init__(self, terminal_id: str, token: str, began_ms: int, versions: Iterator[int]) -> None:
        self.terminal_id = terminal_id
        self.token = token
        self._chance = Random(terminal_id)
        self._at_ms = began_ms
        self._seq, self._hash = 0, GENESIS
        self._sales = 0
        self._customers: list[str] = []
        self._lots: dict[str, list[tuple[str, int]]] = {}
        self._people: dict[str, SentPerson] = {}
        self._waiting: list[Entry] = []
        self._kept = KeptRows(terminal_id, versions)

    def batch(self, size: int = BATCH) -> Batch:
        """Sell until there are entries for one push, and make it ready."""
        while len(self._waiting) < size:
            if self._sales % _SALES_A_CUSTOMER == 0:
                self._register()
            self._sell()
        entries, self._waiting = self._waiting[:size], self._waiting[size:]
        sent = Push(
            terminal_id=self.terminal_id,
            after_seq=entries[0].seq - 1,
            after_hash=entries[0].prev_hash,
            head_seq=self._seq,
            entries=tuple(map(to_wire, entries)),
            people=tuple(
                self._people.pop(entry.customer_id)
                for entry in entries
                if entry.kind == "register" and entry.customer_id
            ),
        )
        body = gzip.compress(encode(sent), compresslevel=1, mtime=0)
        return Batch(body, [_row(entry) for entry in entries], self._kept.of(entries, sent.people))

    def _register(self) -> None:
        customer_id = self._new_id()
        self._customers.append(customer_id)
        self._lots[customer_id] = []
        name, phone, salt = "Олена Коваленко", f"380{self._chance.randrange(10**9):09d}", self._chance.randbytes(16)
        self._people[customer_id] = SentPerson(customer_id=customer_id, name=name, phone=phone, salt=salt)
        proof = hashlib.sha256(salt + canonical_json({"name": name, "phone": phone}).encode()).hexdigest()
        consents = {"programme": True, "messages": True}
        self._append("register", {"consents": consents, "person_hash": proof}, 0, customer_id)

    def _sell(self) -> None:
        self._sales += 1
        customer_id = self._chance.choice(self._customers)
        sale_id, lots = self._new_id(), self._lots[customer_id]
        total_minor = self._chance.randint(1_000, 90_000)
        points = total_minor // 100
        spent = lots.pop(0) if lots and self._sales % 3 == 0 else None
        taken_off_minor = spent[1] if spent else 0
        line = {"name": "", "sku": "", "category": "", "quantity_milli": 1000}
        sold = {
            "number": self._sales,
            "channel": "store",
            "programme": 1,
            "total_minor": total_minor,
            "taken_off_minor": taken_off_minor,
            "lines": [{**line, "total_minor": total_minor, "off_minor": taken_off_minor}],
        }
        self._append("sale", sold, 0, customer_id, sale_id)
        if spent:
            paid = {"moves": [[spent[0], -spent[1]]], "taken_off_minor": taken_off_minor}
            self._append("redeem", paid, -spent[1], customer_id, sale_id)
        lot = {"points": points, "available_from": "2026-01-01", "expires_on": "2028-01-01"}
        lots.append((self._append("earn", {"lot": lot}, points, customer_id, sale_id), points))

    def _append(
        self, kind: str, payload: dict[str, Any], points: int, customer_id: str, sale_id: str | None = None
    ) -> str:
        self._at_ms += _STEP_MS
        told = canonical_json(payload)
        draft = Draft(self._new_id(), kind, self._at_ms, "cashier-1", points, customer_id, sale_id, told)
        self._seq += 1
        entry = chain(self.terminal_id, self._seq, draft, self._hash)
        self._hash = entry.hash
        self._waiting.append(entry)
        return entry.id

    def _new_id(self) -> str:
        return uuid7(self._at_ms, self._chance.getrandbits(74))


def _row(entry: Entry) -> Cells:
    """An entry in the order of the journal's columns (sync.site.journal.COLUMNS)."""
    return (
        entry.terminal_id,
        entry.seq,
        entry.id,
        entry.kind,
        entry.at_ms,
        entry.operator,
        entry.points,
        entry.customer_id,
        entry.sale_id,
        entry.payload,
        entry.hash,
    )
