"""Entries pushed: applied once, kept when they do not fit, and never taken from a restored or copied ledger."""

import msgspec
import pytest

from sync.protocol import Account, Code, Fault, Held, Identity, Pushed, WhyHeld, to_wire
from terminal.rules.entry import GENESIS, chain, draft_of
from tests.site.stand import Journal, Site

DAY_MS = 24 * 60 * 60 * 1000


def held(answer: Pushed | Fault) -> Held:
    assert isinstance(answer, Pushed)
    assert answer.held is not None
    return answer.held


def fault(answer: Pushed | Fault) -> Fault:
    assert isinstance(answer, Fault)
    return answer


def test_what_is_pushed_is_in_the_balance(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register("Олена Коваленко", "380671234567")
    lot = till.earn(customer, 100)
    sale = till.sell(customer, 5_000, 1_000)
    till.redeem(customer, {lot: 30})
    pushed = site.push(till)
    assert (pushed.applied_seq, pushed.received_seq, pushed.held) == (4, 4, None)
    assert pushed.applied_hash == till.entries[-1].hash
    account = site.account(till, customer)
    assert (account.points, account.spend_minor, account.visits) == (70, 4_000, 1)
    assert [(one.id, one.points, one.left, one.held) for one in account.lots] == [(lot, 100, 70, 70)]
    person = identity(account).person
    assert person is not None
    assert (person.name, person.phone) == ("Олена Коваленко", "380671234567")
    assert [(one.purpose, one.given) for one in identity(account).consents] == [("programme", True)]
    till.append("void", {"number": 1}, customer=customer, sale=sale)
    till.append("restore", {"moves": [[lot, 30]]}, 30, customer=customer, sale=sale)
    site.push(till)
    account = site.account(till, customer)
    assert (account.points, account.spend_minor, account.visits) == (100, 0, 0)


def test_a_push_sent_again_changes_nothing(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register()
    till.earn(customer, 100)
    first = site.send(till, till.push_after(0))
    assert site.send(till, till.push_after(0)) == first
    till.earn(customer, 5)
    site.send(till, till.push_after(1))
    assert site.account(till, customer).points == 105


def test_a_gap_tells_where_to_go_on(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register()
    for _ in range(5):
        till.earn(customer, 1)
    assert isinstance(site.send(till, till.push_after(0, 2)), Pushed)
    answer = fault(site.send(till, till.push_after(4)))
    assert (answer.code, answer.received_seq) == (Code.GAP, 2)
    assert site.push(till).applied_seq == 6


def test_a_changed_entry_breaks_the_chain_and_nothing_is_kept(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register()
    till.earn(customer, 1)
    sent = till.push_after(0)
    forged = msgspec.structs.replace(sent.entries[1], points=1_000_000)
    answer = fault(site.send(till, msgspec.structs.replace(sent, entries=(sent.entries[0], forged))))
    assert answer.code is Code.CHAIN_BROKEN
    told = site.send(till, till.push_after(0, 0))
    assert isinstance(told, Pushed)
    assert told.received_seq == 0


def test_another_tills_token_is_refused(site: Site) -> None:
    first, second = site.till("till-1"), site.till("till-2")
    first.register()
    sent = msgspec.structs.replace(first.push_after(0), terminal_id=second.terminal_id)
    assert fault(site.send(first, sent)).code is Code.FORBIDDEN


def test_a_restored_ledger_is_held_for_good(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register()
    till.earn(customer, 100)
    till.earn(customer, 50)
    site.push(till)
    del till.entries[2:]
    answer = fault(site.send(till, till.push_after(2, 0)))
    assert answer.code is Code.HELD
    assert answer.held is not None
    assert answer.held.why is WhyHeld.LEDGER_BEHIND
    for _ in range(9):
        till.earn(customer, 1)
    assert fault(site.send(till, till.push_after(2))).code is Code.HELD


def test_a_restored_ledger_that_sold_on_is_told_where_it_goes_its_own_way(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register()
    for points in (100, 50, 25, 12):
        till.earn(customer, points)
    site.push(till)
    del till.entries[3:]
    till.earn(customer, 1)
    answer = fault(site.send(till, till.push_after(2)))
    assert answer.held is not None
    assert (answer.held.why, answer.held.seq) == (WhyHeld.LEDGER_BEHIND, 4)
    for after, sent, seq in ((2, 0, 3), (2, 1, 4), (3, 1, 4), (3, 0, 4)):
        again = fault(site.send(till, till.push_after(after, sent)))
        assert again.held is not None
        assert again.held.seq == seq, "the first one that is not known to be the same"


def test_a_copied_ledger_is_held_for_good(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register()
    twin = Journal(till.terminal_id, site.clock, site.chance)
    twin.entries = list(till.entries)
    till.earn(customer, 100)
    twin.earn(customer, 7)
    twin.earn(customer, 8)
    site.push(till)
    answer = fault(site.send(till, twin.push_after(1)))
    assert answer.held is not None
    assert (answer.held.why, answer.held.seq) == (WhyHeld.LEDGER_FORKED, 2)
    assert fault(site.send(till, till.push_after(2, 0))).code is Code.HELD


def test_an_unknown_kind_is_kept_and_what_follows_waits(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register()
    till.append("levitate", {"height_mm": 3}, customer=customer)
    till.earn(customer, 5)
    pushed = site.push(till)
    assert (pushed.applied_seq, pushed.received_seq) == (1, 3)
    assert (held(pushed).why, held(pushed).seq) == (WhyHeld.UNKNOWN_KIND, 2)
    assert site.account(till, customer).points == 0
    assert site.page(till).held == pushed.held


def test_held_entries_are_applied_once_they_fit(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register("Ганна", "380671112233")
    site.clock.now_ms += 3 * DAY_MS
    till.earn(customer, 5)
    later = till.register("Іван", "380671112244")
    site.clock.now_ms -= 3 * DAY_MS
    pushed = site.push(till)
    assert (held(pushed).why, pushed.applied_seq) == (WhyHeld.FUTURE, 1)
    site.clock.now_ms += 3 * DAY_MS
    assert site.push(till).applied_seq == 3
    accounts, _ = site.pull_all(till)
    assert accounts[customer].points == 5
    person = identity(accounts[later]).person
    assert person is not None
    assert person.name == "Іван"


def test_more_than_the_lease_is_never_taken(site: Site) -> None:
    home, other = site.till("till-1"), site.till("till-2")
    customer = home.register()
    lot = home.earn(customer, 100)
    site.push(home)
    other.redeem(customer, {lot: 10})
    assert held(site.push(other)).why is WhyHeld.OVER_LEASE
    home.redeem(customer, {lot: 101})
    assert held(site.push(home)).why is WhyHeld.OVER_LEASE
    assert site.account(home, customer).points == 100


@pytest.mark.parametrize(
    ("kind", "payload", "points", "why"),
    [
        ("earn", {"lot": {"points": 6, "available_from": "2026-01-01"}}, 5, WhyHeld.BAD_PAYLOAD),
        ("earn", {"lot": {"points": 5, "available_from": "2026-31-01"}}, 5, WhyHeld.BAD_PAYLOAD),
        ("earn", {"lot": {"points": 5.0, "available_from": "2026-01-01"}}, 5, WhyHeld.BAD_PAYLOAD),
        ("redeem", {"moves": [["nowhere", -5]]}, -5, WhyHeld.UNKNOWN_LOT),
        ("sale", {"lines": []}, 0, WhyHeld.BAD_PAYLOAD),
        ("void", {"number": 1}, 0, WhyHeld.BAD_PAYLOAD),
        ("lease_return", {"returned": [["nowhere", 5]]}, 0, WhyHeld.UNKNOWN_LOT),
        ("card_bound", {}, 0, WhyHeld.BAD_PAYLOAD),
        ("register", {"consents": {}}, 0, WhyHeld.DUPLICATE),
    ],
)
def test_what_makes_no_sense_is_held(
    site: Site, kind: str, payload: dict[str, object], points: int, why: WhyHeld
) -> None:
    till = site.till("till-1")
    customer = till.register()
    till.append(kind, payload, points, customer=customer)
    assert held(site.push(till)).why is why


def test_entries_about_a_stranger_are_held(site: Site) -> None:
    till = site.till("till-1")
    till.earn("nobody", 5)
    assert held(site.push(till)).why is WhyHeld.UNKNOWN_CUSTOMER


def test_time_that_runs_backwards_breaks_the_chain(site: Site) -> None:
    till = site.till("till-1")
    customer = till.register()
    till.earn(customer, 1)
    first, second = till.entries
    early = msgspec.structs.replace(draft_of(second), at_ms=second.at_ms - 1)
    forged = chain(till.terminal_id, 2, early, first.hash)
    sent = msgspec.structs.replace(till.push_after(0), entries=(to_wire(first), to_wire(forged)))
    assert fault(site.send(till, sent)).code is Code.CHAIN_BROKEN


def test_an_empty_journal_begins_at_genesis(site: Site) -> None:
    till = site.till("till-1")
    told = site.send(till, till.push_after(0, 0))
    assert isinstance(told, Pushed)
    assert (told.received_seq, told.received_hash) == (0, GENESIS)


def test_two_who_bring_one_phone_and_card(site: Site) -> None:
    first, second = site.till("till-1"), site.till("till-2")
    one, two = first.register("Олена", "380671234567"), second.register("Олена К.", "380671234567")
    first.append("card_bound", {"card": "2000000000015"}, customer=one)
    second.append("card_bound", {"card": "2000000000015"}, customer=two)
    site.push(first)
    site.push(second)
    accounts, _ = site.pull_all(first)
    identities = [identity(accounts[who]) for who in (one, two)]
    assert [told.person.phone for told in identities if told.person] == ["380671234567", None]
    assert [[card.number for card in told.cards] for told in identities] == [["2000000000015"], []]


def identity(account: Account) -> Identity:
    assert isinstance(account.identity, Identity)
    return account.identity
