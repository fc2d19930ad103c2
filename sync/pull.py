"""Pulling: pages of the site's feed into the replica, the cursor moved only with all that was before it."""

from collections.abc import Callable

from sync.faults import SiteRefused
from sync.leases import deal_with_recalls, keep_grants
from sync.link import Link
from sync.protocol import MAX_PAGE, PULL, Code, Page, Pull, Told
from sync.push import ask_how_far
from sync.recovery import begin_anew
from sync.sales_page import check_sales, put_sales
from sync.sense import applied_seq, check_accounts, check_page, check_time
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
from terminal.ledger.replica import put_accounts
from terminal.ledger.told import AsOf
from terminal.ledger.told_counts import put_uses

WAIT_S = 25
"""How long the site keeps a pull waiting when there is nothing new, in seconds."""

_PAGE = 500
_NOTED_EVERY_MS = 30_000

Progress = Callable[[int, int], None]


def pull_all(link: Link, progress: Progress = lambda done, whole: None) -> None:
    """Pull until there is no more. Raises a SyncFault; what was applied until then stays."""
    while pull(link, 0, progress).more:
        pass


def pull(link: Link, wait_s: int, progress: Progress = lambda done, whole: None) -> Page:
    """Pull one page, waiting up to `wait_s` seconds for news, and apply it."""
    now = link.contact()
    asked = Pull(
        terminal_id=link.ledger.terminal_id,
        cursor=now.cursor,
        limit=MAX_PAGE if link.pace.alone else _PAGE,
        wait_s=wait_s,
        granted=now.granted,
        recalled=now.recalled,
    )
    try:
        page = link.client.ask(PULL, asked, Page, wait_s=wait_s)
    except SiteRefused as refused:
        if refused.code is not Code.CURSOR_AHEAD:
            raise
        begin_anew(link, ask_how_far(link))
        return pull(link, 0, progress)
    if page.granted < now.granted:
        begin_anew(link, page.granted)
        return pull(link, 0, progress)
    apply_page(link, page)
    if page.phase == "bulk":
        progress(page.done, page.total)
    return page


def apply_page(link: Link, page: Page) -> None:
    """Apply a page: accounts in slices, each true by itself, and the cursor with the last of it."""
    check_page(page)
    check_sales(page)
    now = link.contact()
    as_of = AsOf(applied_seq(link, page.applied), now.epoch)
    accounts = page.accounts
    link.pace.notice(link.ledger.others_wrote())
    rest = len(accounts) - len(accounts) % link.pace.most if len(accounts) > link.pace.most else 0
    for some in link.pace.slices(accounts[:rest]):
        with link.pace.slice(link.ledger, len(some)):
            put_accounts(link.ledger, some, as_of)
    put_shop(link, page)
    put_sales(link, page, as_of.seq)
    if not _says_nothing(page, now, as_of):
        with link.pace.slice(link.ledger, len(accounts) - rest):
            put_accounts(link.ledger, accounts[rest:], as_of)
            put_uses(link.ledger, [(one.code, one.count) for one in page.uses], as_of.seq)
            keep_grants(link, page.grants)
            deal_with_recalls(link, page)
            _note_contact(link, page, as_of.seq, now.cursor)


def _says_nothing(page: Page, now: Contact, as_of: AsOf) -> bool:
    """Tell whether a page is not worth waking the disk for."""
    return (
        not (page.accounts or page.grants or page.recalls or page.shop or page.uses or now.trouble or now.lost_ms)
        and (page.cursor, as_of.seq) == (now.cursor, now.applied_seq)
        and page.held is None
        and page.site_ms - now.seen_ms < _NOTED_EVERY_MS
        and now.loaded
    )


def _note_contact(link: Link, page: Page, seq: int, asked_from: str) -> None:
    ledger, now = link.ledger, link.contact()
    if now.cursor == asked_from:  # else another process pulls too, and was faster
        set_facts(ledger, {APPLIED: seq, CURSOR: page.cursor, EPOCH: now.epoch})
    trouble = page.held.why.value if page.held else ""
    set_facts(ledger, {SEEN_MS: max(page.site_ms, now.seen_ms), LOST_MS: 0, TROUBLE: trouble})
    if page.shop is not None:
        set_facts(ledger, {OFFLINE_DAYS: page.shop.offline_days, PEPPER: page.shop.staff_pepper.hex()})
    if page.phase == "changes" and not page.more and not now.loaded:
        ledger.set_fact(LOADED, "1")


def apply_told(link: Link, told: Told) -> None:
    """Apply accounts that were asked for, outside of the feed's order, in the caller's transaction."""
    check_time(told.site_ms)
    check_accounts(told.accounts)
    now = link.contact()
    put_accounts(link.ledger, told.accounts, AsOf(applied_seq(link, told.applied), now.epoch))
    keep_grants(link, told.grants)
