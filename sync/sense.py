"""Whether what the site tells can be true at all; what can't be is not applied."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import msgspec

from sync.faults import Nonsense
from sync.link import Link
from sync.protocol import Account, Applied, Page, SiteOrder
from terminal.ledger.contact import hash_at
from terminal.rules.document import ProgrammeError, read_programme
from terminal.rules.order import LIFE, OrderTold

_LATEST_MS = 4_102_444_800_000
"""The year 2100: a site's time beyond it would stop this till's clock for good."""


def applied_seq(link: Link, applied: Iterable[Applied]) -> int:
    """Return up to which own entry the site counts; raises Nonsense when that is not this ledger's entry."""
    own = [one for one in applied if one.terminal_id == link.ledger.terminal_id]
    if len(own) != 1:
        raise Nonsense(f"the answer is not about {link.ledger.terminal_id}")
    if hash_at(link.ledger, own[0].seq) != own[0].hash:
        raise Nonsense(f"the site counts another entry {own[0].seq} than this ledger has")
    return own[0].seq


def check_page(page: Page) -> None:
    """Raise Nonsense for a page that can't be true."""
    check_time(page.site_ms)
    check_accounts(page.accounts)
    if page.more and not page.cursor:
        raise Nonsense("there is more, but the cursor says that nothing was told")
    for version in page.programmes:
        _check_day(version.valid_from)
        try:
            read_programme(version.document)
        except ProgrammeError as fault:
            raise Nonsense(
                f"version {version.number} of the programme can't be read here; is this till to be updated? {fault}"
            ) from None
    for product in page.products:
        if product.price_minor < 0:
            raise Nonsense(f"product {product.sku} has a price below 0")
    for order in page.orders:
        _check_order(order)
    for code in page.promo_codes:
        _check_day(code.valid_from)
        _check_day(code.valid_until)


def _check_order(order: SiteOrder) -> None:
    try:
        msgspec.json.decode(order.document, type=OrderTold)
    except msgspec.MsgspecError as fault:
        raise Nonsense(f"order {order.number} can't be read here: {fault}") from None
    if order.state not in LIFE:
        raise Nonsense(f"order {order.number} is “{order.state}”, which no order is")


def check_time(site_ms: int) -> None:
    """Raise Nonsense for a time that no site has."""
    if site_ms > _LATEST_MS:
        raise Nonsense(f"the site says that it is {site_ms} ms")


def check_accounts(accounts: Iterable[Account]) -> None:
    """Raise Nonsense for an account whose parts do not add up or whose days are none."""
    for account in accounts:
        if sum(lot.left for lot in account.lots) != account.points:
            raise Nonsense(f"customer {account.customer_id}: the lots do not add up to {account.points}")
        if len({lot.id for lot in account.lots}) != len(account.lots):
            raise Nonsense(f"customer {account.customer_id}: a lot is told twice")
        for lot in account.lots:
            if lot.held > max(lot.left, lot.points, 0):  # above what is left: another till owes a refund's points
                raise Nonsense(f"customer {account.customer_id}: more of lot {lot.id} is held than there ever was")
            _check_day(lot.available_from)
            if lot.expires_on is not None:
                _check_day(lot.expires_on)
        for membership in account.memberships:
            _check_day(membership.until)
        _check_identity(account)


def _check_identity(account: Account) -> None:
    if not account.identity:
        return
    person = account.identity.person
    if person is not None:
        if person.birthday is not None:
            _check_day(person.birthday)
        if person.phone is not None and not (person.phone.isascii() and person.phone.isdigit()):
            raise Nonsense(f"customer {account.customer_id}: a phone is not digits")
    for offer in account.identity.offers:
        _check_day(offer.valid_from)
        _check_day(offer.valid_until)


def _check_day(text: str) -> None:
    if not _is_day(text):
        raise Nonsense(f"“{text}” is no day")


@lru_cache(maxsize=10_000)
def _is_day(text: str) -> bool:
    """Tell whether a text is a day of the calendar; a million accounts have some thousands between them."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
