"""The part of a page that tells sales of all tills, and what was refunded of them."""

from sync.faults import Nonsense
from sync.link import Link
from sync.protocol import Page, Sale
from sync.protocol.sales import Refunded
from terminal.ledger.periods import SiteRefund, put_site_refunds
from terminal.ledger.sales import Sale as KnownSale
from terminal.ledger.site_sales import SiteSale, put_site_sale
from terminal.rules.lots import Move
from terminal.rules.refunding import EarnedLot, RefundedBefore, Sold, SoldLine
from terminal.rules.text import safe_text


def check_sales(page: Page) -> None:
    """Raise Nonsense for a sale of which more was refunded than sold."""
    for one in page.sales:
        if any(not 0 <= line.refunded_minor <= max(0, line.total_minor) for line in one.lines):
            raise Nonsense(f"sale {one.id}: more was refunded than sold")
        made = {move.lot_id: move.points for move in one.earned}
        if any(not 0 < gone.points <= made.get(gone.lot_id, 0) for gone in one.expired):
            raise Nonsense(f"sale {one.id}: more has expired than was earned")
        if any(place >= len(one.lines) for _, places in one.stamped for place, _ in places):
            raise Nonsense(f"sale {one.id}: a line is stamped that was not sold")


def put_sales(link: Link, page: Page, as_of_seq: int) -> None:
    """Put a page's sales into the ledger; `as_of_seq` is this till's last entry that they count."""
    for some in link.pace.slices(page.sales):
        with link.pace.slice(link.ledger, len(some)):
            for one in some:
                put_site_sale(link.ledger, _site_sale(one, as_of_seq))
                put_site_refunds(link.ledger, one.id, one.customer_id, [_site_refund(told) for told in one.refunds])


def _site_refund(told: Refunded) -> SiteRefund:
    return SiteRefund(told.terminal_id, told.at_ms, told.money_minor, told.clawed_points)


def _site_sale(one: Sale, as_of_seq: int) -> SiteSale:
    sale = KnownSale(
        id=one.id,
        number=one.number,
        customer_id=one.customer_id,
        seq=0,
        at_ms=one.at_ms,
        operator=safe_text(one.operator),
        channel=one.channel,
        total_minor=one.total_minor,
        taken_off_minor=one.taken_off_minor,
        redeemed=one.redeemed,
        earned=one.earned_points,
        voided=one.voided,
    )
    gone = {move.lot_id: move.points for move in one.expired}
    sold = Sold(
        tuple(SoldLine(safe_text(line.name), line.total_minor, line.off_minor) for line in one.lines),
        tuple(Move(move.lot_id, move.points) for move in one.spent),
        tuple(EarnedLot(move.lot_id, move.points, gone.get(move.lot_id, 0)) for move in one.earned),
        one.marks,
        one.stamped,
    )
    refunded = tuple(line.refunded_minor for line in one.lines)
    before = RefundedBefore(refunded, one.clawed_points, one.returned_points)
    return SiteSale(sale, one.terminal_id, sold, before, as_of_seq)
