"""Pulling: pages of the site's feed into the replica, the cursor moved only with all that was before it."""

from collections.abc import Callable, Sequence
from contextlib import closing, suppress

from sync.faults import SiteRefused
from sync.gathering import Gathered, gather, newest
from sync.leases import deal_with_recalls, keep_grants
from sync.link import Link
from sync.protocol import MAX_PAGE, Code, Page, Pull
from sync.protocol import Told as Answer
from sync.push import ask_how_far
from sync.recovery import begin_anew
from sync.sales_page import put_sales
from sync.sense import applied_seq, check_accounts, check_time
from sync.shop_page import put_shop
from terminal.ledger.contact import (
    APPLIED,
    CURSOR,
    EPOCH,
    LOADED,
    LOST_MS,
    OFFLINE_DAYS,
    PEPPER,
    SEEN_MS,
    TROUBLE,
    Contact,
    set_facts,
)
from terminal.ledger.replica import Outdated, Told, prepare, put_accounts, put_prepared
from terminal.ledger.told import AsOf
from terminal.ledger.told_counts import put_uses

WAIT_S = 25
"""How long the site keeps a pull waiting when there is nothing new, in seconds."""

_NOTED_EVERY_MS = 30_000
_TRIES = 3
_OPEN_PAGE = 1000
"""A page is unpacked in one go, and whoever writes to the ledger then waits for it, the till for the writer."""

Progress = Callable[[int, int], None]


def pull_all(link: Link, progress: Progress = lambda done, whole: None, *, wait_s: int = 0) -> None:
    """Pull until there is no more, waiting up to `wait_s` seconds for the first news.

    Raises a SyncFault; what was applied until then stays. While pages are applied, the next ones are fetched.
    """
    while not _pull_on(link, wait_s, progress):
        wait_s = 0


def _pull_on(link: Link, wait_s: int, progress: Progress) -> bool:
    """Pull from where the cursor is; return False when the feed has to be read from another place."""
    epoch, fault = link.contact().epoch, None
    with closing(gather(link.client, _question(link, wait_s))) as gatherings:
        for gathered in gatherings:
            if gathered.pages and not _applied(link, gathered, epoch):
                return False
            for page in gathered.pages:
                if page.phase == "bulk":
                    progress(page.done, page.total)
            fault = gathered.fault
    match fault:
        case None:
            return True
        case SiteRefused(code=Code.CURSOR_AHEAD):
            begin_anew(link, ask_how_far(link))
            return False
        case _:
            raise fault


def _question(link: Link, wait_s: int) -> Pull:
    now = link.contact()
    return Pull(
        terminal_id=link.ledger.terminal_id,
        cursor=now.cursor,
        limit=MAX_PAGE if link.pace.alone else _OPEN_PAGE,
        wait_s=wait_s,
        granted=now.granted,
        recalled=now.recalled,
    )


def _applied(link: Link, gathered: Gathered, epoch: int) -> bool:
    """Apply pages that were asked for in an epoch; tell whether those that follow them are still of use."""
    now = link.contact()
    if (now.epoch, now.cursor) != (epoch, gathered.asked.cursor):
        return False  # the feed is read anew since, or another process pulls too, and was faster
    remembered = min(page.granted for page in gathered.pages)
    if remembered < now.granted:
        begin_anew(link, remembered)
        return False
    apply_pages(link, gathered.pages)
    return True


def apply_pages(link: Link, pages: tuple[Page, ...]) -> None:
    """Apply pages that follow each other: accounts in slices, each true by itself, and the cursor with the last."""
    now = link.contact()
    as_of = {id(page): AsOf(applied_seq(link, page.applied), now.epoch) for page in pages}
    rest: list[Told] = [(account, as_of[id(page)]) for account, page in newest(pages).values()]
    while len(rest) > link.pace.most:
        some, rest = rest[: link.pace.most], rest[link.pace.most :]
        _write(link, some)
    for page in pages:
        put_shop(link, page)
        put_sales(link, page, as_of[id(page)].seq)
    last = pages[-1]
    if len(pages) == 1 and _says_nothing(last, now, as_of[id(last)]):
        return

    def finish() -> None:
        for page in pages:
            put_uses(link.ledger, [(one.code, one.count) for one in page.uses], as_of[id(page)].seq)
            keep_grants(link, page.grants)
            deal_with_recalls(link, page)
            _note_shop(link, page)
        _note_contact(link, last, as_of[id(last)].seq, now.cursor)

    _write(link, rest, finish)


def _write(link: Link, told: Sequence[Told], finish: Callable[[], None] = lambda: None) -> None:
    """Write accounts and what belongs to them in one transaction; what to write is found out before it.

    A till that sells as fast is not kept waiting for it again and again: in the end it is found out in there.
    """
    for _ in range(_TRIES):
        prepared = prepare(link.ledger, told)
        with suppress(Outdated), link.pace.slice(link.ledger, len(told)):
            put_prepared(link.ledger, prepared)
            finish()
            return
    with link.pace.slice(link.ledger, len(told)):
        put_prepared(link.ledger, prepare(link.ledger, told))
        finish()


def _says_nothing(page: Page, now: Contact, as_of: AsOf) -> bool:
    """Tell whether a page is not worth waking the disk for."""
    return (
        not (page.accounts or page.grants or page.recalls or page.shop or page.uses or now.trouble or now.lost_ms)
        and (page.cursor, as_of.seq) == (now.cursor, now.applied_seq)
        and page.held is None
        and page.site_ms - now.seen_ms < _NOTED_EVERY_MS
        and now.loaded
    )


def _note_shop(link: Link, page: Page) -> None:
    if page.shop is not None:
        set_facts(link.ledger, {OFFLINE_DAYS: page.shop.offline_days, PEPPER: page.shop.staff_pepper.hex()})


def _note_contact(link: Link, page: Page, seq: int, asked_from: str) -> None:
    ledger, now = link.ledger, link.contact()
    if now.cursor == asked_from:
        set_facts(ledger, {APPLIED: seq, CURSOR: page.cursor, EPOCH: now.epoch})
    trouble = page.held.why.value if page.held else ""
    set_facts(ledger, {SEEN_MS: max(page.site_ms, now.seen_ms), LOST_MS: 0, TROUBLE: trouble})
    if page.phase == "changes" and not page.more and not now.loaded:
        ledger.set_fact(LOADED, "1")


def apply_told(link: Link, told: Answer) -> None:
    """Apply accounts that were asked for, outside of the feed's order, in the caller's transaction."""
    check_time(told.site_ms)
    check_accounts(told.accounts)
    now = link.contact()
    put_accounts(link.ledger, told.accounts, AsOf(applied_seq(link, told.applied), now.epoch))
    keep_grants(link, told.grants)
