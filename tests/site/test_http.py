"""The protocol over a real socket: what is answered, how soon, and what is refused with which code."""

import gzip
import threading
import time
from typing import Any

import pytest
from msgspec.structs import replace

from sync.protocol import (
    ASK_GRANT,
    DIGEST,
    ENROL,
    LOOK_UP,
    MAX_BODY_BYTES,
    PULL,
    PUSH,
    VERSION_HEADER,
    AskDigest,
    AskGrant,
    Code,
    Digest,
    Enrol,
    Enrolled,
    Fault,
    LookUp,
    Page,
    Pull,
    Pushed,
    Told,
    account_digest,
    decode,
    encode,
    sum_up,
)
from sync.site.setting_up import new_code, new_key
from tests.site.stand import Journal, Served


@pytest.fixture
def till(served: Served) -> Journal:
    return served.site.till("till-1")


def code_of(response: Any) -> tuple[int, Code]:
    return response.status_code, decode(response.content, Fault).code


def token_of(served: Served, till: Journal) -> str:
    return served.site.tokens[till.terminal_id]


def push(served: Served, till: Journal) -> Pushed:
    response = served.post(PUSH, till.push_after(0), token_of(served, till))
    assert response.status_code == 200, response.text
    return decode(response.content, Pushed)


def test_a_till_is_enrolled_pushes_and_pulls(served: Served) -> None:
    code = new_code(served.site.store, "Каса 1")
    response = served.post(ENROL, Enrol(code=code.lower(), machine="pi"))
    enrolled = decode(response.content, Enrolled)
    assert (enrolled.terminal_id, enrolled.shop.timezone) == ("Каса 1", "Europe/Kyiv")
    till = Journal(enrolled.terminal_id, served.site.clock, served.site.chance)
    customer = till.register("Олена", "380671234567")
    till.earn(customer, 100)
    response = served.post(PUSH, till.push_after(0), enrolled.token)
    assert decode(response.content, Pushed).applied_seq == 2
    assert response.headers[VERSION_HEADER] == "1"
    page = decode(served.post(PULL, Pull(terminal_id="Каса 1"), enrolled.token).content, Page)
    assert (page.phase, page.more, [one.number for one in page.programmes]) == ("bulk", True, [1])
    assert page.shop == enrolled.shop
    assert code_of(served.post(ENROL, Enrol(code=code))) == (401, Code.UNAUTHORISED)


def test_guessing_codes_is_slow(served: Served) -> None:
    answers = [code_of(served.post(ENROL, Enrol(code="AAAA-BBBB-CCCC"))) for _ in range(7)]
    assert answers == [(401, Code.UNAUTHORISED)] * 5 + [(429, Code.RATE_LIMITED)] * 2


def test_a_change_reaches_a_waiting_till_at_once(served: Served, till: Journal) -> None:
    other = served.site.till("till-2")
    _, cursor = served.site.pull_all(other)
    customer = till.register()
    heard: list[tuple[float, Page]] = []

    def listen() -> None:
        asked = Pull(terminal_id="till-2", cursor=cursor, wait_s=20)
        heard.append((0.0, decode(served.post(PULL, asked, token_of(served, other)).content, Page)))

    listening = threading.Thread(target=listen)
    listening.start()
    time.sleep(0.3)
    assert not heard
    push(served, till)
    listening.join(10)
    assert [account.customer_id for account in heard[0][1].accounts] == [customer]


def test_a_wait_without_news_ends(served: Served, till: Journal) -> None:
    _, cursor = served.site.pull_all(till)
    page = decode(
        served.post(PULL, Pull(terminal_id="till-1", cursor=cursor, wait_s=1), token_of(served, till)).content, Page
    )
    assert (page.cursor, page.accounts, page.more) == (cursor, (), False)


def test_what_another_till_holds_is_recalled_and_granted(served: Served, till: Journal) -> None:
    other = served.site.till("till-2")
    customer = till.register()
    lot = till.earn(customer, 100)
    push(served, till)
    told: list[Told] = []

    def ask() -> None:
        asked = AskGrant(terminal_id="till-2", customer_id=customer, points=60, wait_s=20)
        told.append(decode(served.post(ASK_GRANT, asked, token_of(served, other)).content, Told))

    asking = threading.Thread(target=ask)
    asking.start()
    _, cursor = served.site.pull_all(till)
    waiting = Pull(terminal_id="till-1", cursor=cursor, wait_s=20)
    page = decode(served.post(PULL, waiting, token_of(served, till)).content, Page)
    while not page.recalls:
        waiting = Pull(terminal_id="till-1", cursor=page.cursor, wait_s=20)
        page = decode(served.post(PULL, waiting, token_of(served, till)).content, Page)
    assert [(one.number, one.customer_id, one.points) for one in page.recalls] == [(1, customer, 60)]
    till.give_back(customer, {lot: 60})
    till.recalled = 1
    push(served, till)
    asking.join(20)
    answer = told[0]
    assert (answer.short, answer.granted, [one.number for one in answer.grants]) == (0, 1, [1])
    assert [(one.left, one.held) for one in answer.accounts[0].lots] == [(100, 60)]
    assert answer.accounts[0].elsewhere[0].points == 40


def test_what_nobody_returns_is_told_as_short(served: Served, till: Journal) -> None:
    other = served.site.till("till-2")
    customer = till.register()
    till.earn(customer, 100)
    push(served, till)
    asked = AskGrant(terminal_id="till-2", customer_id=customer, points=60, wait_s=0.2)
    told = decode(served.post(ASK_GRANT, asked, token_of(served, other)).content, Told)
    assert (told.short, told.grants) == (60, ())
    assert [(one.holder, one.points) for one in told.accounts[0].elsewhere] == [("till-1", 100)]


def test_a_customer_is_looked_up_by_phone_card_and_id(served: Served, till: Journal) -> None:
    customer = till.register("Олена", "380671234567")
    till.append("card_bound", {"card": "2000000000015"}, customer=customer)
    push(served, till)
    for by, value in (("phone", "380671234567"), ("card", "2000000000015"), ("id", customer)):
        asked = LookUp(terminal_id="till-1", by=by, values=(value,))
        told = decode(served.post(LOOK_UP, asked, token_of(served, till)).content, Told)
        assert [account.customer_id for account in told.accounts] == [customer], by
    asked = LookUp(terminal_id="till-1", by="phone", values=("380000000000",))
    assert decode(served.post(LOOK_UP, asked, token_of(served, till)).content, Told).accounts == ()


def test_the_digest_is_the_sum_of_the_accounts(served: Served, till: Journal) -> None:
    for place in range(5):
        till.earn(till.register(), place + 1)
    push(served, till)
    accounts, cursor = served.site.pull_all(till)
    digest = decode(served.post(DIGEST, AskDigest(terminal_id="till-1"), token_of(served, till)).content, Digest)
    own = sum_up(
        (one.customer_id, account_digest(one.customer_id, one.version, one.points, one.spend_minor, one.visits))
        for one in accounts.values()
    )
    assert (list(digest.counts), list(digest.sums), digest.cursor) == (*own, cursor)


@pytest.mark.parametrize("packed", [True, False])
def test_bodies_may_be_packed(served: Served, till: Journal, packed: bool) -> None:
    till.register()
    body = encode(till.push_after(0))
    headers = {"Content-Encoding": "gzip"} if packed else {}
    response = served.post(PUSH, gzip.compress(body) if packed else body, token_of(served, till), **headers)
    assert decode(response.content, Pushed).applied_seq == 1


def test_hostile_requests_are_refused_by_name(served: Served, till: Journal) -> None:
    token = token_of(served, till)
    body = encode(till.push_after(0))
    bomb = gzip.compress(bytes(MAX_BODY_BYTES + 1))
    cases: list[tuple[tuple[int, Code], Any]] = [
        ((401, Code.UNAUTHORISED), served.post(PUSH, body)),
        ((401, Code.UNAUTHORISED), served.post(PUSH, body, "tm_wrong")),
        ((400, Code.MALFORMED), served.post(PUSH, b"<html>", token)),
        ((400, Code.MALFORMED), served.post(PUSH, b"[" * 100_000, token)),
        ((400, Code.MALFORMED), served.post(PUSH, body.replace(b"till-1", b"\\u0000"), token)),
        ((400, Code.MALFORMED), served.post(PUSH, body, token, **{"Content-Encoding": "gzip"})),
        ((400, Code.MALFORMED), served.post(PUSH, body, token, **{"Content-Encoding": "br"})),
        ((413, Code.TOO_LARGE), served.post(PUSH, bomb, token, **{"Content-Encoding": "gzip"})),
        ((413, Code.TOO_LARGE), served.post(PUSH, b" " * (MAX_BODY_BYTES + 1), token)),
        ((400, Code.UNKNOWN_VERSION), served.post(PUSH, body, token, **{VERSION_HEADER: "2"})),
        ((404, Code.UNKNOWN), served.post("/v1/nothing", body, token)),
        ((403, Code.FORBIDDEN), served.post(PUSH, body.replace(b"till-1", b"till-9"), token)),
        ((403, Code.FORBIDDEN), served.post(PUSH, body, new_key(served.site.store, "web", "shop"))),
        ((409, Code.CURSOR_AHEAD), served.post(PULL, Pull(terminal_id="till-1", cursor="changes:0:999:"), token)),
        ((409, Code.CURSOR_AHEAD), served.post(PULL, Pull(terminal_id="till-1", cursor="; DROP TABLE"), token)),
    ]
    assert [code_of(response) for _, response in cases] == [expected for expected, _ in cases]
    assert decode(cases[9][1].content, Fault).supported == (1,)
    assert push(served, till).received_seq == 0


@pytest.mark.parametrize(
    ("entries", "why"), [(1_001, Code.MALFORMED), (1_000_000, Code.TOO_LARGE)], ids=["one too many", "a million"]
)
def test_more_entries_than_a_push_may_hold_are_refused_and_none_is_kept(
    served: Served, till: Journal, entries: int, why: Code
) -> None:
    till.register()
    sent = till.push_after(0)
    # What is longer than a body may be is not read to its end: it need not be there.
    enough = min(entries, MAX_BODY_BYTES // len(encode(sent.entries[0])) + 1)
    many = encode(replace(sent, entries=sent.entries * enough))
    response = served.post(PUSH, many, token_of(served, till))
    assert code_of(response) == ({Code.MALFORMED: 400, Code.TOO_LARGE: 413}[why], why)
    if why is Code.MALFORMED:
        assert "length <= 1000" in decode(response.content, Fault).text
    assert served.site.push(till).received_seq == 1


def test_a_till_that_does_not_know_its_journal_may_ask(served: Served, till: Journal) -> None:
    till.register()
    push(served, till)
    empty = Journal("till-1", served.site.clock, served.site.chance)
    assert code_of(served.post(PUSH, empty.push_after(0), token_of(served, till))) == (409, Code.HELD)
    assert code_of(served.post(PULL, Pull(terminal_id="till-1"), token_of(served, till))) == (409, Code.HELD)


def test_a_stranger_is_turned_away_before_the_body_is_read(served: Served) -> None:
    for path in (PUSH, PULL):
        told = served.post(path, b"no JSON")
        assert code_of(told) == (401, Code.UNAUTHORISED)
