"""A store's relay: one holder that speaks for several tills' journals, by the same messages as a till."""

from random import Random

import pytest

from sync.protocol import (
    ASK_GRANT,
    ENROL,
    PULL,
    PUSH,
    AskGrant,
    Code,
    Enrol,
    Enrolled,
    Fault,
    Page,
    Pull,
    Pushed,
    Told,
    decode,
)
from sync.site import setting_up
from sync.site.night import nightly
from sync.site.setting_up import new_code, open_journal
from sync.site.verify import verify
from tests.site.stand import Journal, Served


class Relay:
    """What stands between the site and the tills of a store: it passes on what they send, under its own token."""

    def __init__(self, served: Served) -> None:
        self.served = served
        code = new_code(served.site.store, "Крамниця на розі", "relay")
        enrolled = decode(served.post(ENROL, Enrol(code=code, terminal_id="corner")).content, Enrolled)
        assert (enrolled.terminal_id, enrolled.role) == ("corner", "relay")
        self.token = enrolled.token
        self.granted = 0

    def till(self, name: str) -> Journal:
        return Journal(name, self.served.site.clock, Random(name))

    def push(self, till: Journal) -> Pushed:
        told = Pushed(
            received_seq=0, received_hash=b"", applied_seq=0, applied_hash=b"", granted=0, recalled=0, site_ms=0
        )
        while told.received_seq < len(till.entries):
            answer = self.served.post(PUSH, till.push_after(told.received_seq), self.token)
            assert answer.status_code == 200, answer.text
            told = decode(answer.content, Pushed)
        return told

    def pull(self, till: Journal) -> Page:
        asked = Pull(terminal_id=till.terminal_id, granted=self.granted)
        pages = [decode(self.served.post(PULL, asked, self.token).content, Page)]
        while pages[-1].more:
            asked = Pull(terminal_id=till.terminal_id, granted=self.granted, cursor=pages[-1].cursor)
            pages.append(decode(self.served.post(PULL, asked, self.token).content, Page))
        return next(page for page in reversed(pages) if page.accounts)


@pytest.fixture
def relay(served: Served) -> Relay:
    return Relay(served)


def test_all_tills_of_a_store_spend_from_what_their_relay_holds(relay: Relay, served: Served) -> None:
    site = served.site
    one, two, far = relay.till("corner-1"), relay.till("corner-2"), site.till("far")
    customer = one.register()
    lot = one.earn(customer, 100)
    assert relay.push(one).held is None
    two.redeem(customer, {lot: 60})
    assert relay.push(two).held is None, "what one till of the store earned, the other one may spend"
    account = relay.pull(two).accounts[0]
    assert (account.points, [(one.id, one.held) for one in account.lots]) == (40, [(lot, 40)])
    assert [(one.terminal_id, one.seq) for one in relay.pull(one).applied] == [
        ("corner", 0),
        ("corner-1", 2),
        ("corner-2", 1),
    ]
    assert [(where.holder, where.points) for where in site.account(far, customer).elsewhere] == [("corner", 40)]
    far.redeem(customer, {lot: 1})
    answer = site.push(far)
    assert answer.held is not None, "a till of another store holds nothing of it"
    assert verify(site.store).overspent == 0


def test_points_come_to_the_relay_from_another_store(relay: Relay, served: Served) -> None:
    site = served.site
    one, far = relay.till("corner-1"), site.till("far")
    customer = far.register()
    lot = far.earn(customer, 100)
    far.give_back(customer, {lot: 100})
    site.push(far)
    one.append("day_open", {"day": "2026-05-04"})
    relay.push(one)
    asked = AskGrant(terminal_id="corner-1", customer_id=customer, points=70, wait_s=0)
    told = decode(served.post(ASK_GRANT, asked, relay.token).content, Told)
    assert [(grant.number, grant.lots[0].points) for grant in told.grants] == [(1, 70)]
    one.redeem(customer, {lot: 70})
    assert relay.push(one).held is None
    assert site.account(far, customer).points == 30
    assert verify(site.store).ok


def test_the_home_of_who_shops_in_a_store_is_its_relay(relay: Relay, served: Served) -> None:
    site = served.site
    far, tills = site.till("far"), [relay.till(f"corner-{number}") for number in (1, 2)]
    customer = far.register()
    far.sell(customer, 100)
    site.push(far)
    for till in tills:
        till.sell(customer, 100)
        relay.push(till)
    assert nightly(site.store).moved == 1
    assert site.account(far, customer).home == "corner"


def test_a_relay_speaks_for_nobody_elses_till(relay: Relay, served: Served) -> None:
    site = served.site
    far = site.till("far")
    far.register()
    refused = served.post(PUSH, far.push_after(0), relay.token)
    assert decode(refused.content, Fault).code is Code.FORBIDDEN
    assert site.push(far).received_seq == 1
    relay.push(_begun(relay.till("corner-1")))
    code = new_code(site.store, "corner-1")
    taken = served.post(ENROL, Enrol(code=code, terminal_id="corner-1"))
    assert decode(taken.content, Fault).code is Code.CONFLICT
    assert decode(served.post(ENROL, Enrol(code=code)).content, Enrolled).terminal_id == "corner-1-2"


def test_a_relay_speaks_for_so_many_tills(relay: Relay, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_up, "MOST_TILLS", 3)
    store = served.site.store
    assert all(open_journal(store, "corner", f"corner-{number}") for number in range(3))
    assert not open_journal(store, "corner", "one-more")
    assert open_journal(store, "corner", "corner-2")


def _begun(till: Journal) -> Journal:
    till.register()
    return till
