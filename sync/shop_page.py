"""The part of a page that is about the shop: programmes, catalogue, staff, codes, orders."""

from sync.link import Link
from sync.protocol import Page, Product
from terminal.ledger import replica_shop
from terminal.ledger.shop import Operator
from terminal.ledger.shop import Product as KnownProduct
from terminal.rules.text import safe_text


def put_shop(link: Link, page: Page) -> None:
    """Put a page's shop rows into the ledger; each kind may be put again without harm."""
    ledger = link.ledger
    for some in link.pace.slices(page.products):
        with link.pace.slice(ledger, len(some)):
            replica_shop.put_products(ledger, [(_product(one), one.barcodes) for one in some])
    for orders in link.pace.slices(page.orders):
        with link.pace.slice(ledger, len(orders)):
            replica_shop.put_orders(
                ledger,
                [
                    (one.number, one.customer_id, one.channel, one.state, one.total_minor, one.at_ms, one.document)
                    for one in orders
                ],
            )
    if not (page.programmes or page.groups or page.staff or page.promo_codes or page.holders or page.removed):
        return
    with link.pace.slice(ledger, 0):
        replica_shop.put_programmes(
            ledger, [(one.number, one.valid_from, one.document, one.published_ms) for one in page.programmes]
        )
        replica_shop.put_groups(ledger, [(one.code, safe_text(one.name)) for one in page.groups])
        replica_shop.put_staff(
            ledger,
            [(Operator(one.id, safe_text(one.name), one.role), one.pin_hash, one.active) for one in page.staff],
        )
        replica_shop.put_promo_codes(
            ledger,
            [
                (one.code, one.offer_id, one.customer_id, one.valid_from, one.valid_until)
                for one in page.promo_codes
            ],
        )
        replica_shop.put_holders(ledger, [(one.holder, safe_text(one.name)) for one in page.holders])
        for gone in page.removed:
            replica_shop.take_away(ledger, gone.kind, gone.key)


def _product(one: Product) -> KnownProduct:
    return KnownProduct(
        one.sku, safe_text(one.name), one.price_minor, safe_text(one.category), safe_text(one.brand)
    )
