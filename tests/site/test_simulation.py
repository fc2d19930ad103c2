"""A fleet by a seed: tills that are offline, lose replies and pages, and are lost; afterwards the books agree."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from sync.protocol import Account, Pushed
from sync.site.asking import may_hold, tell
from sync.site.code_leases import grant_codes, recall_from_others
from sync.site.leases import grant_up_to, recall_for
from sync.site.losing import declare_lost
from sync.site.night import nightly
from sync.site.promo_codes import Asked, make_named
from sync.site.shop import publish
from sync.site.store import Store, day_of
from sync.site.tables import journal
from sync.site.verify import verify
from tests.site.stand import PLAIN, Clock, Journal, Site

CODES = ("welcome", "ONCE")
LIMITED = """
[[offers]]
kind = "percent"
code = "welcome"
name = "Welcome"
percent = 10
uses_per_customer = 1

[[offers]]
kind = "percent"
code = "coded"
name = "With a code"
percent = 10
needs_code = true
"""

DAY_MS = 24 * 60 * 60 * 1000
HOUR_MS = DAY_MS // 24


@dataclass
class Till:
    """A till as the protocol asks it to be: accounts as told, and own later entries on top of them."""

    journal: Journal
    cursor: str = ""
    accounts: dict[str, Account] = field(default_factory=dict)
    as_of: dict[str, int] = field(default_factory=dict)

    def take(self, accounts: tuple[Account, ...], seq: int) -> None:
        for account in accounts:
            known = self.accounts.get(account.customer_id)
            if known is None or account.version > known.version:
                self.accounts[account.customer_id] = account
                self.as_of[account.customer_id] = seq

    def lots(self, customer: str) -> dict[str, list[Any]]:
        """Lot -> [left, held, available_from, expires_on], with own later entries."""
        account = self.accounts.get(customer)
        lots = (
            {one.id: [one.left, one.held, one.available_from, one.expires_on] for one in account.lots}
            if account
            else {}
        )
        for entry in self.journal.entries[self.as_of.get(customer, 0) :]:
            if entry.customer_id != customer:
                continue
            payload = msgspec.json.decode(entry.payload)
            for lot, points in payload.get("moves", ()):
                lots[lot][0] += points
                lots[lot][1] += points
            for lot, points in payload.get("returned", ()):
                lots[lot][1] -= points
            if "lot" in payload:
                new = payload["lot"]
                lots[entry.id] = [new["points"], new["points"], new["available_from"], new.get("expires_on")]
        return lots

    def usable(self, customer: str, on: date) -> dict[str, int]:
        today = on.isoformat()
        return {
            lot: min(left, held)
            for lot, (left, held, first, last) in self.lots(customer).items()
            if min(left, held) > 0 and first <= today and (last is None or last >= today)
        }

    def codes(self, customer: str) -> set[str]:
        """The limited codes that it alone may use: as the site told, without those used or returned since."""
        account = self.accounts.get(customer)
        over: set[str] = set()
        for payload in self.later(customer):
            over |= {code for _, code, _ in payload.get("marks", ())} | set(payload.get("leases", ()))
        return set(account.leased) - over if account else set()

    def used(self, customer: str) -> set[str]:
        """The codes that the customer has used, as far as this till knows."""
        own = {code for payload in self.later(customer) for _, code, _ in payload.get("marks", ())}
        return own | {mark.code for mark in self.accounts[customer].marks}

    def later(self, customer: str) -> list[dict[str, Any]]:
        """What own entries say that the site's figures do not count."""
        entries = self.journal.entries[self.as_of.get(customer, 0) :]
        return [msgspec.json.decode(entry.payload) for entry in entries if entry.customer_id == customer]

    def known(self, customer: str) -> int:
        return sum(left for left, _, _, _ in self.lots(customer).values())


class Fleet:
    """The site and its tills, moved on step by step by chance."""

    def __init__(self, site: Site, seed: int, tills: int) -> None:
        self.site = site
        self.store: Store = site.store
        self.clock: Clock = site.clock
        self.chance = Random(seed)
        self.tills = [Till(site.till(f"till-{place}")) for place in range(tills)]
        self.lost: list[Till] = []

    @property
    def today(self) -> date:
        return day_of(self.clock(), "Europe/Kyiv")

    def step(self) -> None:
        self.clock.now_ms += self.chance.randrange(HOUR_MS)
        till = self.chance.choice(self.tills)
        what = self.chance.choices(
            [
                self.sell,
                self.register,
                self.push,
                self.pull,
                self.ask,
                self.ask_codes,
                self.use_code,
                self.night,
                self.lose,
            ],
            [40, 6, 14, 14, 8, 8, 8, 1, 0.3],
        )[0]
        what(till)

    def register(self, till: Till) -> None:
        till.journal.register()

    def customers(self, till: Till) -> list[str]:
        own = [
            entry.customer_id for entry in till.journal.entries if entry.kind == "register" and entry.customer_id
        ]
        return sorted({*till.accounts, *own})

    def sell(self, till: Till) -> None:
        customers = self.customers(till)
        if not customers:
            return
        customer = self.chance.choice(customers)
        usable = till.usable(customer, self.today)
        if usable and self.chance.random() < 0.5:
            moves = {
                lot: self.chance.randint(1, points) for lot, points in usable.items() if self.chance.random() < 0.8
            }
            if moves:
                till.journal.redeem(customer, moves)
        else:
            expires = date.fromordinal(self.today.toordinal() + self.chance.randint(0, 9)).isoformat()
            till.journal.earn(customer, self.chance.randint(1, 100), self.chance.choice([None, expires]))

    def push(self, till: Till) -> None:
        while True:
            told = self.site.send(till.journal, till.journal.push_after(0, 0))
            assert isinstance(told, Pushed), told
            if self.chance.random() < 0.2:
                return  # the reply was lost, and the till knows nothing of it
            if told.received_seq == len(till.journal.entries):
                assert told.held is None, told.held
                return
            behind = self.chance.randint(0, told.received_seq)
            assert isinstance(self.site.send(till.journal, till.journal.push_after(behind, 40)), Pushed)

    def pull(self, till: Till) -> None:
        limit = self.chance.randint(1, 8)
        while True:
            page = self.site.page(till.journal, till.cursor, limit)
            if self.chance.random() < 0.1:
                return  # lost on the way
            till.take(page.accounts, page.applied[0].seq)
            till.cursor = page.cursor
            for grant in page.grants:
                assert grant.number == till.journal.granted + 1
                till.journal.granted = grant.number
            for recall in page.recalls:
                assert recall.number == till.journal.recalled + 1
                till.journal.recalled = recall.number
                if recall.asset == "codes":
                    self.give_back_codes(till, recall.customer_id)
                else:
                    self.give_back(till, recall.customer_id, recall.points)
            if not page.more:
                return

    def give_back(self, till: Till, customer: str, points: int | None) -> None:
        left = 10**9 if points is None else points
        returned: dict[str, int] = {}
        for lot, (in_all, held, _, _) in till.lots(customer).items():
            part = min(in_all, held, left)
            if part > 0:
                returned[lot] = part
                left -= part
        if returned:
            till.journal.give_back(customer, returned)

    def give_back_codes(self, till: Till, customer: str) -> None:
        codes = sorted(till.codes(customer))
        if codes:
            till.journal.append("lease_return", {"returned": [], "leases": codes}, customer=customer)

    def ask_codes(self, till: Till) -> None:
        holder = self.site.holder(till.journal.terminal_id)
        if may_hold(self.store, holder) is not None or not till.accounts:
            return
        customer = self.chance.choice(sorted(till.accounts)[:3])  # some come often, to many tills
        found = grant_codes(self.store, holder.id, customer, CODES, self.today)
        recall_from_others(self.store, found.others)
        if self.chance.random() < 0.7:
            told = tell(self.store, holder, [customer], (found.grant,) if found.grant else (), found.short)
            till.take(told.accounts, told.applied[0].seq)

    def use_code(self, till: Till) -> None:
        having = [
            (customer, code)
            for customer in sorted(till.accounts)
            for code in sorted(till.codes(customer) - till.used(customer))
        ]
        if having:
            customer, code = self.chance.choice(having)
            facts = {"number": 1, "channel": "store", "total_minor": 100, "taken_off_minor": 10, "lines": []}
            marks = {"marks": [["use", code, 1]]}
            till.journal.append("sale", facts | marks, customer=customer, sale=till.journal.new_id())

    def ask(self, till: Till) -> None:
        holder = self.site.holder(till.journal.terminal_id)
        if may_hold(self.store, holder) is not None or not till.accounts:
            return
        customer = self.chance.choice(sorted(till.accounts))
        wanted = self.chance.randint(1, 200)
        grants, short = grant_up_to(self.store, holder.id, customer, wanted, self.today)
        if short:
            recall_for(self.store, customer, holder.id, short, self.today)
        if self.chance.random() < 0.7:
            told = tell(self.store, holder, [customer], tuple(grants), short)
            till.take(told.accounts, told.applied[0].seq)

    def night(self, till: Till) -> None:
        nightly(self.store)

    def lose(self, till: Till) -> None:
        if len(self.tills) > 2:
            declare_lost(self.store, till.journal.terminal_id, "manager")
            self.tills.remove(till)
            self.lost.append(till)

    def settle(self) -> None:
        """Everybody is online again, until nothing moves."""
        for _ in range(4):
            for till in self.tills:
                chance, self.chance = self.chance, Random(0)
                self.chance.random = lambda: 0.5  # type: ignore[method-assign]
                self.push(till)
                self.pull(till)
                self.chance = chance


def _uses(site: Site) -> Counter[tuple[str, str]]:
    """How often each customer used each code, by the raw journals."""
    with site.store.reading() as connection:
        rows = connection.execute(
            select(journal.c.customer_id, journal.c.payload).where(journal.c.kind == "sale")
        ).all()
    return Counter(
        (customer, code) for customer, payload in rows for _, code, _ in msgspec.json.decode(payload)["marks"]
    )


@pytest.mark.parametrize("seed", range(3))
def test_after_days_of_chance_the_books_agree(site: Site, seed: int) -> None:
    published = publish(site.store, PLAIN.replace("number = 1", "number = 2") + LIMITED)
    assert not isinstance(published, str), published
    on = day_of(site.clock(), "Europe/Kyiv")
    assert make_named(site.store, Asked("coded", None, on, on + timedelta(days=365)), "ONCE", "test") is None
    fleet = Fleet(site, seed, tills=4)
    for _ in range(250):
        fleet.step()
    fleet.settle()
    found = verify(site.store)
    assert found.ok, found
    assert found.overspent == 0
    assert found.waiting == 0
    # Recomputed from the raw journals, without the site's books.
    with site.store.reading() as connection:
        rows = connection.execute(select(journal.c.customer_id, journal.c.points)).all()
    balances: dict[str, int] = defaultdict(int)
    for customer, points in rows:
        if customer is not None:
            balances[customer] += points
    assert sum(balances.values()) == found.balances
    uses = _uses(site)
    assert max(uses.values()) == 1
    assert sum(count for (_, code), count in uses.items() if code == "ONCE") <= 1
    assert {code for _, code in uses} >= {"welcome"}
    for till in fleet.tills:
        assert {one: till.known(one) for one in fleet.customers(till)} == {
            one: balances[one] for one in fleet.customers(till)
        }
        held = {lot: one[1] for customer in till.accounts for lot, one in till.lots(customer).items() if one[1]}
        codes = {one: till.codes(one) for one in till.accounts if till.codes(one)}
        accounts, _ = site.pull_all(Journal(till.journal.terminal_id, site.clock, Random(0)))
        told = {lot.id: lot.held for account in accounts.values() for lot in account.lots if lot.held}
        assert held == told
        assert codes == {one: set(account.leased) for one, account in accounts.items() if account.leased}
