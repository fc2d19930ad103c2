"""Pages of the feed, fetched ahead: the site makes one while the one before is unpacked and others are applied."""

import threading
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import msgspec
from msgspec import UNSET

from sync.client import SiteClient, read
from sync.faults import Nonsense, SyncFault
from sync.protocol import PULL, Account, Page, Pull
from sync.protocol.limits import Cursor, Seq
from sync.sales_page import check_sales
from sync.sense import check_page

_MOST_ROWS = 20_000
_MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Gathered:
    """Pages that follow each other, to be applied together, and the request of the first.

    Rows that lie near each other are then written together. `fault` is what came in place of one more page: those
    before it are to be applied first.
    """

    asked: Pull
    pages: tuple[Page, ...]
    fault: SyncFault | None = None


class _Numbered(msgspec.Struct):
    number: Seq


class _Onward(msgspec.Struct):
    """What of a page says how the next one is asked for: read in a fraction of the time that the page takes."""

    cursor: Cursor
    more: bool
    grants: tuple[_Numbered, ...] = ()


@dataclass(frozen=True, slots=True)
class _Coming:
    """A page on its way; `size` is its packed length in bytes."""

    asked: Pull
    size: int
    page: Future[Page]


def gather(client: SiteClient, asked: Pull) -> Generator[Gathered]:
    """Yield the site's pages, those that have come by then, until there is no more or a fault has come.

    The first request, which the site may keep waiting for news, is made in the caller's thread. Close the generator
    before the client is used for anything else.
    """
    try:
        body = client.fetch(PULL, asked, wait_s=asked.wait_s)
        page, following = _page(body, asked), _after(asked, body)
    except SyncFault as fault:
        yield Gathered(asked, (), fault)
        return
    if following is None:
        yield Gathered(asked, (page,))
        return
    ahead = _Ahead(client, following)
    try:
        yield Gathered(asked, (page,))
        while (gathered := ahead.take()) is not None:
            yield gathered
    finally:
        ahead.close()


class _Ahead:
    """Pages fetched by one thread and unpacked by another, no further ahead than memory is for it."""

    def __init__(self, client: SiteClient, asked: Pull) -> None:
        self._client = client
        self._most = max(1, _MOST_ROWS // asked.limit)
        self._coming: deque[_Coming] = deque()
        self._changed = threading.Condition()
        self._left = self._ended = False
        self._unpacking = ThreadPoolExecutor(1, "unpack")
        self._fetching = ThreadPoolExecutor(1, "fetch")
        self._fetched = self._fetching.submit(self._fetch_all, asked)

    def close(self) -> None:
        """Stop, once the request that is under way is answered."""
        with self._changed:
            self._left = True
            self._changed.notify_all()
        self._fetching.shutdown()
        self._unpacking.shutdown(cancel_futures=True)

    def take(self) -> Gathered | None:
        """Wait for the next page, and return it with those after it that have come too; None after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._coming or self._ended)
            asked = self._coming[0].asked if self._coming else None
        if asked is None:
            self._fetched.result()
            return None
        pages: list[Page] = []
        while not pages or (len(pages) < self._most and self._has_come()):
            with self._changed:
                coming = self._coming.popleft()
                self._changed.notify_all()
            try:
                pages.append(coming.page.result())
            except SyncFault as fault:
                return Gathered(asked, tuple(pages), fault)
        return Gathered(asked, tuple(pages))

    def _has_come(self) -> bool:
        with self._changed:
            return bool(self._coming) and self._coming[0].page.done()

    def _has_room(self) -> bool:
        return len(self._coming) < self._most and sum(one.size for one in self._coming) < _MOST_BYTES

    def _fetch_all(self, asked: Pull | None) -> None:
        try:
            while asked is not None:
                with self._changed:
                    self._changed.wait_for(lambda: self._left or self._has_room())
                    if self._left:
                        return
                asked = self._fetch(asked)
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _fetch(self, asked: Pull) -> Pull | None:
        """Fetch a page and have it unpacked; return the request for the next one."""
        received = self._client.received_bytes
        following = None
        try:
            body = self._client.fetch(PULL, asked)
            following = _after(asked, body)
        except SyncFault as fault:
            page: Future[Page] = Future()
            page.set_exception(fault)
        else:
            page = self._unpacking.submit(_page, body, asked)
        with self._changed:
            self._coming.append(_Coming(asked, self._client.received_bytes - received, page))
            self._changed.notify_all()
        return following


def _page(body: bytes, asked: Pull) -> Page:
    """Read a page; raises Nonsense where it can't be true."""
    page = read(body, Page)
    check_page(page)
    check_sales(page)
    if page.more and page.cursor == asked.cursor:
        raise Nonsense("there is more, but the cursor stays where it is")
    return page


def _after(asked: Pull, body: bytes) -> Pull | None:
    """Return the request for the page after one, None after the last, before that one is unpacked or applied."""
    onward = read(body, _Onward)
    if not onward.more:
        return None
    granted = max([asked.granted, *(grant.number for grant in onward.grants)])
    return msgspec.structs.replace(asked, cursor=onward.cursor, wait_s=0, granted=granted)


def newest(pages: tuple[Page, ...]) -> dict[str, tuple[Account, Page]]:
    """Return each customer's newest account with its page, in the order of the customers' ids.

    Rows of neighbours share the ledger's pages, which are encrypted and written once a transaction. A page leaves
    out an identity that an earlier one has told: then it is taken from there.
    """
    found: dict[str, tuple[Account, Page]] = {}
    for page in pages:
        for account in page.accounts:
            before = found.get(account.customer_id)
            if before is not None:
                if before[0].version > account.version:
                    continue
                if account.identity is UNSET:
                    account = msgspec.structs.replace(account, identity=before[0].identity)
            found[account.customer_id] = (account, page)
    return dict(sorted(found.items()))
