"""What the site's tests stand on: a clock, a shop, tills that write real journals, a server on a socket."""

import socket
import threading
import time
from random import Random
from types import TracebackType
from typing import Any, Self

import requests
import uvicorn

from sync.protocol import (
    LEASE_RETURN,
    VERSION,
    VERSION_HEADER,
    Account,
    Enrol,
    Enrolled,
    Fault,
    Page,
    Pull,
    Push,
    Pushed,
    SentPerson,
    ShopFacts,
    encode,
    to_wire,
)
from sync.site.app import make_app
from sync.site.holders import Holder, holder_of_token
from sync.site.pulling import pull
from sync.site.pushing import push
from sync.site.setting_up import enrol, new_code
from sync.site.shop import publish
from sync.site.store import Store
from terminal.rules.entry import GENESIS, Draft, Entry, canonical_json, chain, uuid7

NOON_MS = 1_777_896_000_000  # 4 May 2026, 12:00 UTC

SHOP = ShopFacts(
    name="Крамниця",
    address=("Київ",),
    language="uk",
    currency="UAH",
    country="UA",
    timezone="Europe/Kyiv",
    thank_you="",
    offline_days=14,
    staff_pepper=bytes(32),
)

PLAIN = """
name = "Plain"
number = 1
valid_from = 2026-01-01
currency = "UAH"
[[earn]]
kind = "per-amount"
points = 1
per = 10
[redeem]
money_per_point = 1
"""


class Clock:
    """UTC ms, moved by hand."""

    def __init__(self) -> None:
        self.now_ms = NOON_MS

    def __call__(self) -> int:
        return self.now_ms


def publish_plain(store: Store) -> None:
    published = publish(store, PLAIN)
    assert not isinstance(published, str), published


class Journal:
    """A till's own journal in memory, and what it sends of it: a till as far as the site can see."""

    def __init__(self, terminal_id: str, clock: Clock, chance: Random) -> None:
        self.terminal_id = terminal_id
        self.clock = clock
        self.chance = chance
        self.entries: list[Entry] = []
        self.people: dict[str, SentPerson] = {}
        self.granted = 0
        self.recalled = 0

    def new_id(self) -> str:
        return uuid7(self.clock(), self.chance.getrandbits(74))

    def append(self, kind: str, payload: dict[str, Any], points: int = 0, **about: str) -> Entry:
        prev = self.entries[-1] if self.entries else None
        draft = Draft(
            self.new_id(),
            kind,
            max(self.clock(), prev.at_ms if prev else 0),
            "cashier",
            points,
            about.get("customer"),
            about.get("sale"),
            canonical_json(payload),
        )
        entry = chain(self.terminal_id, len(self.entries) + 1, draft, prev.hash if prev else GENESIS)
        self.entries.append(entry)
        return entry

    def register(self, name: str = "Олена", phone: str | None = None) -> str:
        customer = self.new_id()
        self.people[customer] = SentPerson(customer_id=customer, name=name, phone=phone, salt=b"s" * 16)
        self.append("register", {"consents": {"programme": True}, "person_hash": ""}, customer=customer)
        return customer

    def earn(self, customer: str, points: int, expires_on: str | None = None) -> str:
        lot: dict[str, Any] = {"points": points, "available_from": "2026-01-01"}
        if expires_on:
            lot["expires_on"] = expires_on
        return self.append("earn", {"lot": lot}, points, customer=customer).id

    def redeem(self, customer: str, moves: dict[str, int]) -> Entry:
        payload = {"moves": [[lot, -points] for lot, points in moves.items()], "taken_off_minor": 1}
        return self.append("redeem", payload, -sum(moves.values()), customer=customer)

    def give_back(self, customer: str, lots: dict[str, int]) -> Entry:
        return self.append(LEASE_RETURN, {"returned": [list(one) for one in lots.items()]}, customer=customer)

    def sell(self, customer: str, total_minor: int, taken_off_minor: int = 0) -> str:
        sale = self.new_id()
        facts = {"number": len(self.entries), "channel": "store", "total_minor": total_minor}
        self.append(
            "sale", {**facts, "taken_off_minor": taken_off_minor, "lines": []}, customer=customer, sale=sale
        )
        return sale

    def push_after(self, after: int, limit: int = 1000) -> Push:
        sent = self.entries[after : after + limit]
        return Push(
            terminal_id=self.terminal_id,
            after_seq=after,
            after_hash=self.entries[after - 1].hash if after else GENESIS,
            head_seq=len(self.entries),
            entries=tuple(to_wire(entry) for entry in sent),
            people=tuple(
                self.people[entry.customer_id]
                for entry in sent
                if entry.kind == "register" and entry.customer_id in self.people
            ),
            granted=self.granted,
            recalled=self.recalled,
        )


class Site:
    """The site called directly, and tills enrolled at it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.tokens: dict[str, str] = {}
        self.chance = Random(11)

    def till(self, name: str) -> Journal:
        enrolled = enrol(self.store, Enrol(code=new_code(self.store, name)))
        assert isinstance(enrolled, Enrolled), enrolled
        self.tokens[enrolled.terminal_id] = enrolled.token
        return Journal(enrolled.terminal_id, self.clock, self.chance)

    def holder(self, terminal_id: str) -> Holder:
        with self.store.reading() as connection:
            holder = holder_of_token(connection, self.tokens[terminal_id])
        assert holder is not None
        return holder

    def send(self, journal: Journal, sent: Push) -> Pushed | Fault:
        return push(self.store, self.holder(journal.terminal_id), sent)

    def push(self, journal: Journal) -> Pushed:
        """Push until nothing is left, from where the site is."""
        told = self.send(journal, journal.push_after(0, 0))
        assert isinstance(told, Pushed), told
        while told.received_seq < len(journal.entries):
            told = self.send(journal, journal.push_after(told.received_seq))
            assert isinstance(told, Pushed), told
        return told

    def page(self, journal: Journal, cursor: str = "", limit: int = 500) -> Page:
        asked = Pull(
            terminal_id=journal.terminal_id,
            cursor=cursor,
            limit=limit,
            granted=journal.granted,
            recalled=journal.recalled,
        )
        page = pull(self.store, self.holder(journal.terminal_id), asked)
        assert isinstance(page, Page), page
        return page

    def pull_all(self, journal: Journal, cursor: str = "", limit: int = 500) -> tuple[dict[str, Account], str]:
        """Pull to the end as a till does: an account is replaced by a newer version alone."""
        known: dict[str, Account] = {}
        while True:
            page = self.page(journal, cursor, limit)
            for account in page.accounts:
                if account.customer_id not in known or account.version > known[account.customer_id].version:
                    known[account.customer_id] = account
            for grant in page.grants:
                assert grant.number == journal.granted + 1
                journal.granted = grant.number
            cursor = page.cursor
            if not page.more:
                return known, cursor

    def account(self, journal: Journal, customer: str) -> Account:
        return self.pull_all(journal)[0][customer]


class Served:
    """The site on a socket of this machine, in a thread of its own."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.site = Site(store, clock)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.server = uvicorn.Server(
            uvicorn.Config(make_app(store), log_level="warning", timeout_graceful_shutdown=1)
        )
        self._thread = threading.Thread(target=self.server.run, args=([self._socket],), daemon=True)
        self.http = requests.Session()

    def __enter__(self) -> Self:
        self._thread.start()
        while not self.server.started:
            time.sleep(0.01)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()
        self.server.should_exit = True
        self._thread.join()
        self._socket.close()

    def post(self, path: str, message: Any, token: str | None = None, **headers: str) -> requests.Response:
        body = message if isinstance(message, bytes) else encode(message)
        sent = {VERSION_HEADER: str(VERSION), "Content-Type": "application/json", **headers}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        return self.http.post(self.url + path, data=body, headers=sent, timeout=40)
