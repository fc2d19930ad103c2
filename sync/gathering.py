"""Pages fetched ahead, some at a time: rows that lie near each other are written together, while others come."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from msgspec import UNSET

from sync.client import SiteClient
from sync.faults import Nonsense, SyncFault
from sync.protocol import MAX_PAGE, PULL, Account, Page, Pull
from sync.sales_page import check_sales
from sync.sense import check_page

_MOST_PAGES = 10
_MOST_BYTES = 4 * 1024 * 1024
_LONGEST_S = 2.0


@dataclass(frozen=True, slots=True)
class Gathered:
    """Pages that follow each other and the request of the first; and what is asked next, None when that is all.

    `fault` is what came in place of one more page: those before it are to be applied first.
    """

    asked: Pull
    pages: tuple[Page, ...]
    following: Pull | None
    fault: SyncFault | None = None


def gather(client: SiteClient, asked: Pull, steady: Callable[[], float] = time.monotonic) -> Gathered:
    """Fetch pages until there is no more, or enough to be worth applying: never for long, nor very many bytes."""
    first, pages = asked, list[Page]()
    received, until = client.received_bytes, steady() + _LONGEST_S
    while True:
        try:
            page = client.ask(PULL, asked, Page, wait_s=asked.wait_s)
            check_page(page)
            check_sales(page)
            if page.more and page.cursor == asked.cursor:
                raise Nonsense("there is more, but the cursor stays where it is")
        except SyncFault as fault:
            return Gathered(first, tuple(pages), None, fault)
        pages.append(page)
        asked = _after(asked, page)
        if not page.more:
            return Gathered(first, tuple(pages), None)
        if len(pages) >= _MOST_PAGES or client.received_bytes - received > _MOST_BYTES or steady() > until:
            return Gathered(first, tuple(pages), asked)


def _after(asked: Pull, page: Page) -> Pull:
    """Return the request for the page after one, without having applied it."""
    granted = max([asked.granted, *(grant.number for grant in page.grants)])
    return msgspec.structs.replace(asked, cursor=page.cursor, limit=MAX_PAGE, wait_s=0, granted=granted)


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
