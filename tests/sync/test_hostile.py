"""What answers nonsense stops the sync from applying it, with a reason, and never the till from selling."""

import gzip
import io
from collections.abc import Callable, Iterator
from random import Random

import msgspec
import pytest

from sync.client import SiteClient, check_address
from sync.faults import Nonsense, NotTheSite, SiteRefused, SyncFault, Unreachable
from sync.link import Link
from sync.protocol import MAX_BODY_BYTES, PULL, VERSION_HEADER, Page, Pull
from sync.pull import pull_all
from terminal.desk import Till
from terminal.ledger.contact import TOKEN
from tests.shop import balance, register, sell
from tests.sync.stand import ON_THE_SPOT, Joined
from tests.sync.wire import Answer, Liar

OURS = {VERSION_HEADER: "1", "Content-Type": "application/json"}


@pytest.fixture
def liar() -> Iterator[Liar]:
    with Liar() as liar:
        yield liar


@pytest.fixture
def customer(one: Joined) -> str:
    customer = register(one.till)
    sell(one.till, customer, 300_00)
    one.sync()
    return customer


def asks(liar: Liar, till: Till) -> Link:
    client = SiteClient(liar.url, till.ledger.fact(TOKEN) or "")
    return Link(till.ledger, client, Random(1), lambda: int(till.clock().timestamp() * 1000), ON_THE_SPOT)


def page_of(joined: Joined) -> dict[str, object]:
    """A true page for this till, to be spoiled."""
    link = joined.link
    now = link.contact()
    asked = Pull(terminal_id=joined.name, granted=now.granted, recalled=now.recalled)
    told = link.client.ask(PULL, asked, Page)
    while not told.accounts:
        told = link.client.ask(PULL, msgspec.structs.replace(asked, cursor=told.cursor), Page)
    plain = msgspec.to_builtins(told)
    assert isinstance(plain, dict)
    plain["accounts"][0]["version"] += 1_000
    plain["more"] = False
    return plain


def bomb() -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(MAX_BODY_BYTES // (1 << 20) + 1):
            file.write(bytes(1 << 20))
    return packed.getvalue()


ANSWERS: dict[str, tuple[Answer, type[SyncFault], str]] = {
    "a log-in page": ((200, {"Content-Type": "text/html"}, b"<html>Log in</html>"), NotTheSite, "log-in page"),
    "a redirection to one": ((302, {"Location": "http://127.0.0.1:9/"}, b""), NotTheSite, "HTTP 302"),
    "a proxy's fault": ((502, {}, b"bad gateway"), Unreachable, "HTTP 502"),
    "no JSON": ((200, OURS, b"hello"), Nonsense, "makes no sense"),
    "another message": ((200, OURS, b'{"a":1}'), Nonsense, "makes no sense"),
    "deep": ((200, OURS, b"[" * 100_000), Nonsense, "makes no sense"),
    "a bomb": ((200, {**OURS, "Content-Encoding": "gzip"}, bomb()), Nonsense, "unpacks to more"),
    "half a gzip": ((200, {**OURS, "Content-Encoding": "gzip"}, bomb()[:100]), Nonsense, "can't be unpacked"),
    "another packing": ((200, {**OURS, "Content-Encoding": "br"}, b"x"), Nonsense, "nobody asked for"),
    "huge": ((200, OURS, bytes(MAX_BODY_BYTES + 1)), Nonsense, "longer than"),
    "another version": ((200, {**OURS, VERSION_HEADER: "2"}, b"{}"), Nonsense, "version 2"),
    "cut off": ((200, {**OURS, "Content-Length": "1000"}, b"{}"), Unreachable, "can't be reached"),
    "busy": ((503, OURS, b'{"code":"busy","text":"later","retry_after_s":3}'), SiteRefused, "busy: later"),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_that_is_none_is_refused_by_name(liar: Liar, one: Joined, customer: str, what: str) -> None:
    answer, kind, words = ANSWERS[what]
    liar.answer = lambda path, body: answer
    before = one.link.contact()
    with pytest.raises(kind, match=words):
        pull_all(asks(liar, one.till))
    assert one.link.contact() == before
    sell(one.till, customer, 100_00)
    assert balance(one.till, customer) == 40


DOCUMENT = '{"sale_id":"s","programme":1,"lines":[],"taken_off_minor":0,"redeemed":0,"spent":[],"earns":[]}'


def order(state: str, document: str) -> dict[str, object]:
    told = {"number": "W-1", "customer_id": None, "channel": "site", "state": state, "total_minor": 1, "at_ms": 1}
    return {**told, "document": document}


Spoil = Callable[[dict[str, object]], None]


def put(*path: str | int) -> Callable[[object], Spoil]:
    def value(new: object) -> Spoil:
        def spoil(page: dict[str, object]) -> None:
            place: object = page
            for step in path[:-1]:
                place = place[step]  # type: ignore[index]
            place[path[-1]] = new  # type: ignore[index]

        return spoil

    return value


PAGES: dict[str, Spoil] = {
    "floats for points": put("accounts", 0, "points")(30.5),
    "words for points": put("accounts", 0, "points")("30"),
    "a sum that is not the lots'": put("accounts", 0, "points")(31),
    "more held than left": put("accounts", 0, "lots", 0, 3)(31),
    "no day": put("accounts", 0, "lots", 0, 4)("2026-02-30"),
    "a day that is a week's": put("accounts", 0, "lots", 0, 4)("2026-W05-1"),
    "a membership until no day": put("accounts", 0, "memberships")([["vip", "2026-09-31"]]),
    "a card in no state": put("accounts", 0, "identity", "cards")([["77", "lost"]]),
    "no birthday": put("accounts", 0, "identity", "person", "birthday")("2026-13-01"),
    "a phone of letters": put("accounts", 0, "identity", "person", "phone")("abc"),
    "another till's data": put("applied")([["till-9", 1, "A" * 43 + "="]]),
    "an entry that this ledger has not": put("applied", 0, 1)(4_000),
    "another hash": put("applied", 0, 2)("A" * 43 + "="),
    "a time in the year 10000": put("site_ms")(2**48),
    "a negative entry": put("applied", 0, 1)(-1),
    "more, from the beginning": lambda page: page.update(more=True, cursor=""),
    "a programme that can't be read": put("programmes")(
        [{"number": 9, "valid_from": "2020-01-01", "document": "[", "published_ms": 1}]
    ),
    "an order that is none": put("orders")([order("placed", "{}")]),
    "an order in no state": put("orders")([order("lost", DOCUMENT)]),
    "a price below 0": put("products")([{"sku": "1", "name": "x", "price_minor": -1}]),
}


@pytest.mark.parametrize("what", PAGES)
def test_a_page_that_cannot_be_true_is_not_applied(liar: Liar, one: Joined, customer: str, what: str) -> None:
    page = page_of(one)
    PAGES[what](page)
    liar.answer = lambda path, body: (200, OURS, msgspec.json.encode(page))
    before = one.link.contact()
    with pytest.raises(Nonsense):
        pull_all(asks(liar, one.till))
    assert one.link.contact() == before
    assert balance(one.till, customer) == 30
    sell(one.till, customer, 100_00)
    one.sync()
    one.assert_whole()


def test_the_page_that_is_spoiled_is_true_without_that(liar: Liar, one: Joined, customer: str) -> None:
    page = page_of(one)
    liar.answer = lambda path, body: (200, OURS, msgspec.json.encode(page))
    pull_all(asks(liar, one.till))
    one.assert_whole()


def test_a_feed_that_stands_still_is_not_followed(liar: Liar, one: Joined, customer: str) -> None:
    page = page_of(one)
    page["more"] = True
    liar.answer = lambda path, body: (200, OURS, msgspec.json.encode(page))
    with pytest.raises(Nonsense, match="stays where it is"):
        pull_all(asks(liar, one.till))
    sell(one.till, customer, 100_00)
    one.assert_whole()


@pytest.mark.parametrize(
    "url", ["http://shop.example", "ftp://shop.example", "shop.example", "https://a:b@shop.example"]
)
def test_an_address_that_is_not_safe_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|encrypted"):
        check_address(url)
