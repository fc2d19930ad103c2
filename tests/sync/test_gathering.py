"""Pages that are fetched together: what each told counts, whatever comes after it and whoever writes meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import msgspec
import pytest
from msgspec import UNSET

from sync.client import SiteClient
from sync.faults import SiteRefused
from sync.gathering import gather, newest
from sync.protocol import PULL, VERSION_HEADER, Account, Applied, Identity, Page, Person, Pull, decode
from sync.pull import pull_all
from terminal.ledger.contact import CURSOR, TOKEN, hash_at
from terminal.ledger.ledger import Ledger
from terminal.ledger.replica import Outdated, Prepared, Told, prepare, put_prepared
from terminal.ledger.told import AsOf
from tests.shop import balance, register, sell
from tests.site.stand import Served
from tests.sync.stand import Joined, link_to, site_accounts
from tests.sync.wire import Answer, Liar

OURS = {VERSION_HEADER: "1", "Content-Type": "application/json"}
WHO = Identity(
    person=Person(name="Олена", phone=None, email=None, birthday=None, language=None, note=""),
    consents=(),
    cards=(),
    offers=(),
)


@pytest.fixture
def liar() -> Iterator[Liar]:
    with Liar() as liar:
        yield liar


def account(customer_id: str, version: int, identity: Identity | None = None) -> Account:
    return Account(
        customer_id=customer_id,
        version=version,
        points=0,
        spend_minor=0,
        visits=0,
        registered_ms=0,
        identity=identity or UNSET,
    )


def page(*accounts: Account) -> Page:
    return Page(
        phase="changes",
        cursor="",
        more=False,
        site_ms=0,
        applied=(),
        granted=0,
        recalled=0,
        accounts=accounts,
    )


def test_the_newest_account_counts_with_who_it_is() -> None:
    pages = (page(account("b", 1, WHO), account("c", 2)), page(account("b", 5), account("a", 4), account("c", 1)))
    found = newest(pages)
    assert list(found) == ["a", "b", "c"]
    told, where = found["b"]
    assert (told.version, told.identity, where) == (5, WHO, pages[1])
    assert (found["c"][0].version, found["c"][1]) == (2, pages[0])
    assert found["a"][0].identity is UNSET


def test_what_came_before_a_fault_is_applied(liar: Liar, one: Joined) -> None:
    customer = register(one.till)
    sell(one.till, customer, 300_00)
    one.sync()
    now = one.link.contact()
    asked = Pull(terminal_id=one.name, granted=now.granted, recalled=now.recalled)
    told = one.link.client.ask(PULL, asked, Page)
    while not told.accounts:
        told = one.link.client.ask(PULL, msgspec.structs.replace(asked, cursor=told.cursor), Page)
    true = msgspec.structs.replace(told, cursor="further", more=True)

    def answer(path: str, body: bytes) -> Answer:
        if decode(body, Pull).cursor == "further":
            return 503, OURS, b'{"code":"busy","text":"later","retry_after_s":3}'
        return 200, OURS, msgspec.json.encode(true)

    liar.answer = answer
    link = link_to(liar.url, one.till, one.till.clock)
    with pytest.raises(SiteRefused, match="later"):
        pull_all(link)
    link.client.close()
    assert one.till.ledger.fact(CURSOR) == "further"
    assert one.till.ledger.fact(TOKEN)
    one.assert_whole()


def feed(last: int, asked: list[str]) -> Callable[[str, bytes], Answer]:
    """Return what a site with so many pages answers; `asked` notes the cursors."""

    def answer(path: str, body: bytes) -> Answer:
        cursor = decode(body, Pull).cursor
        asked.append(cursor)
        place = int(cursor or 0) + 1
        told = msgspec.structs.replace(page(account(f"c{place}", place)), cursor=str(place), more=place < last)
        return 200, OURS, msgspec.json.encode(told)

    return answer


def test_pages_come_in_their_order_and_each_once(liar: Liar) -> None:
    asked: list[str] = []
    liar.answer = feed(40, asked)
    client = SiteClient(liar.url)
    found = [(one.asked.cursor, one.pages) for one in gather(client, Pull(terminal_id="t"))]
    client.close()
    pages = [one for _, some in found for one in some]
    assert [one.cursor for one in pages] == [str(place) for place in range(1, 41)]
    assert [cursor for cursor, _ in found] == ["", *(some[-1].cursor for _, some in found[:-1])]
    assert len(asked) == 40


def test_whoever_is_faster_comes_to_the_end(liar: Liar) -> None:
    liar.answer = feed(3, [])
    client = SiteClient(liar.url)
    for _ in range(100):
        assert [one.cursor for some in gather(client, Pull(terminal_id="t")) for one in some.pages] == [
            "1",
            "2",
            "3",
        ]
    client.close()


def test_no_more_is_fetched_than_there_is_room_for_and_nothing_once_it_is_left(liar: Liar) -> None:
    asked: list[str] = []
    liar.answer = feed(1000, asked)
    client = SiteClient(liar.url)
    before = set(threading.enumerate())
    coming = gather(client, Pull(terminal_id="t", limit=2000))
    assert len(next(coming).pages) == 1
    until = time.monotonic() + 60
    while len(asked) < 11 and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.2)  # it does not go on, however long nobody takes anything
    assert len(asked) == 11
    coming.close()
    assert not [one for one in set(threading.enumerate()) - before if one.name.startswith(("fetch_", "unpack_"))]
    client.close()


@pytest.mark.parametrize("sales", [1, 2, 4])
def test_sales_booked_between_comparing_and_writing_count(
    liar: Liar, served: Served, one: Joined, monkeypatch: pytest.MonkeyPatch, sales: int
) -> None:
    customer = register(one.till)
    sell(one.till, customer, 300_00)
    one.sync()
    now = one.link.contact()
    told = site_accounts(served, one)[customer]
    newer = msgspec.structs.replace(page(msgspec.structs.replace(told, version=told.version + 1)), cursor="further")
    counted = hash_at(one.till.ledger, now.applied_seq)
    assert counted is not None
    newer = msgspec.structs.replace(newer, applied=(Applied(one.name, now.applied_seq, counted),))
    liar.answer = lambda path, body: (200, OURS, msgspec.json.encode(newer))
    left = [200_00] * sales

    def and_sell(ledger: Ledger, accounts: Sequence[Told]) -> Prepared:
        prepared = prepare(ledger, accounts)
        if left and not ledger.connection.in_transaction:
            sell(one.till, customer, left.pop())
        return prepared

    monkeypatch.setattr("sync.pull.prepare", and_sell)
    with one.till.ledger.beside() as beside:
        link = link_to(liar.url, one.till, one.till.clock)
        link.ledger = beside
        pull_all(link)
        link.client.close()
    assert len(left) == max(0, sales - 3)
    assert balance(one.till, customer) == 30 + 20 * (sales - len(left))
    assert one.till.ledger.fact(CURSOR) == "further"
    one.assert_whole()


def test_what_was_prepared_before_a_sale_is_not_written(served: Served, one: Joined) -> None:
    customer = register(one.till)
    one.sync()
    told = site_accounts(served, one)[customer]
    with one.till.ledger.beside() as beside:
        prepared = prepare(beside, [(told, AsOf(0, 0))])
        sell(one.till, customer, 200_00)
        with pytest.raises(Outdated), beside.atomic():
            put_prepared(beside, prepared)
    assert balance(one.till, customer) == 20
