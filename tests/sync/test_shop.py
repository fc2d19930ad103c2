"""What the shop's site says of itself: staff, catalogue, programmes, groups, codes, orders flow to every till."""

import hashlib
import hmac

from argon2 import PasswordHasher

from sync.link import Link
from sync.protocol import (
    Applied,
    Group,
    HolderName,
    Page,
    Product,
    ProgrammeVersion,
    PromoCode,
    Removed,
    SiteOrder,
    StaffMember,
)
from sync.pull import apply_pages
from terminal import desk
from terminal.ledger.contact import hash_at
from terminal.ledger.shop import Operator, product_by_barcode
from terminal.rules.phrase import Refused
from tests.shop import MANAGER, PROGRAMME, Clock, balance, register, sell
from tests.site.stand import SHOP
from tests.sync.stand import Joined


def apply_page(link: Link, page: Page) -> None:
    apply_pages(link, (page,))


def page(link: Link, **parts: object) -> Page:
    now = link.contact()
    known = hash_at(link.ledger, now.applied_seq)
    assert known is not None
    plain = Page(
        phase="changes",
        cursor="changes:0:99:",
        more=False,
        site_ms=now.seen_ms,
        applied=(Applied(link.ledger.terminal_id, now.applied_seq, known),),
        granted=now.granted,
        recalled=now.recalled,
    )
    return Page(**{name: getattr(plain, name) for name in plain.__struct_fields__} | parts)


def test_the_sites_staff_unlocks_the_till_by_the_shops_pepper(one: Joined) -> None:
    peppered = hmac.new(SHOP.staff_pepper, b"2580", hashlib.sha256).hexdigest()
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(peppered)
    member = StaffMember(id="s-1", name="Оксана", role="cashier", pin_hash=hashed, active=True)
    apply_page(one.link, page(one.link, staff=(member,)))
    assert desk.unlock(one.till, "s-1", "2580") == Operator("s-1", "Оксана", "cashier")
    assert isinstance(desk.unlock(one.till, "s-1", "2581"), Refused)
    assert isinstance(desk.change_pin(one.till, "Оксана", "1470"), Operator)
    assert desk.unlock(one.till, "s-1", "1470") == Operator("s-1", "Оксана", "cashier")
    apply_page(one.link, page(one.link, removed=(Removed("staff", "s-1"),)))
    assert desk.operators(one.till) == []


def test_goods_come_with_their_barcodes_and_go_again(one: Joined) -> None:
    bread = Product(sku="1", name="Хліб\u202e", price_minor=30_00, barcodes=("4820000000017", "4820000000024"))
    apply_page(one.link, page(one.link, products=(bread,)))
    found = product_by_barcode(one.till.ledger, "4820000000024")
    assert found is not None
    assert (found.name, found.price_minor) == ("Хліб", 30_00)
    fewer = Product(sku="1", name="Хліб", price_minor=31_00, barcodes=("4820000000017",))
    apply_page(one.link, page(one.link, products=(fewer,)))
    assert product_by_barcode(one.till.ledger, "4820000000024") is None
    apply_page(one.link, page(one.link, removed=(Removed("product", "1"), Removed("something new", "x"))))
    assert product_by_barcode(one.till.ledger, "4820000000017") is None


def test_a_new_programme_is_in_force_at_once(one: Joined) -> None:
    text = PROGRAMME.replace("number = 1", "number = 2").replace('"Test"', '"Newer"')
    newer = ProgrammeVersion(number=2, valid_from="2026-01-01", document=text, published_ms=1)
    apply_page(one.link, page(one.link, programmes=(newer,)))
    programme = one.till.programme(one.till.today())
    assert not isinstance(programme, Refused)
    assert programme.name == "Newer"


def test_groups_codes_orders_and_names_of_holders_are_kept(one: Joined) -> None:
    document = '{"sale_id":"s","programme":1,"lines":[],"taken_off_minor":0,"redeemed":0,"spent":[],"earns":[]}'
    order = SiteOrder(
        number="W-1", customer_id=None, channel="site", state="placed", total_minor=100, at_ms=1, document=document
    )
    code = PromoCode(code="MAY", offer_id="o", customer_id=None, valid_from="2026-05-01", valid_until="2026-05-31")
    told = page(
        one.link,
        groups=(Group("staff", "Персонал"),),
        promo_codes=(code,),
        orders=(order,),
        holders=(HolderName("till-9", "Каса 9"),),
    )
    apply_page(one.link, told)
    ledger = one.till.ledger
    for table in ("customer_group", "promo_code", "site_order"):
        assert len(ledger.rows(f"SELECT * FROM {table}")) == 1, table
    assert ("till-9", "Каса 9") in ledger.rows("SELECT * FROM holder")
    gone = (Removed("group", "staff"), Removed("promo_code", "MAY"), Removed("order", "W-1"))
    apply_page(one.link, page(one.link, removed=gone))
    for table in ("customer_group", "promo_code", "site_order"):
        assert ledger.rows(f"SELECT * FROM {table}") == [], table


def test_a_bill_of_one_till_is_refunded_at_another_and_no_more_than_once(one: Joined, two: Joined) -> None:
    customer = register(one.till)
    sale = sell(one.till, customer, 100_000).sale
    one.sync()
    two.sync()
    with two.till.ledger.snapshot():
        known = desk.find_bills(two.till, str(sale.number))
    assert isinstance(known, tuple)
    assert [bill.sale.id for bill in known] == [sale.id]
    shown = desk.show_refund(two.till, sale.id, (40_000,))
    assert isinstance(shown, desk.RefundShown)
    assert isinstance(desk.refund(two.till, shown, MANAGER), desk.RefundDone)
    two.sync()
    one.sync()
    for joined in (one, two):
        left = desk.show_refund(joined.till, sale.id)
        assert isinstance(left, desk.RefundShown)
        assert left.refund.line_minor == (60_000,)
        joined.assert_whole()


def test_a_refund_elsewhere_asks_nobody_for_points_that_have_expired(
    one: Joined, two: Joined, clock: Clock
) -> None:
    customer = register(one.till)
    sale = sell(one.till, customer, 100_000).sale
    sell(one.till, customer, 50_000)
    for joined in (one, two):
        joined.sync()
    clock.advance(days=60)
    kept = sell(one.till, customer, 70_000)
    clock.advance(days=41)
    for joined in (one, two):
        joined.sync()
    assert desk.expire(one.till) == 150
    for joined in (one, two, one):
        joined.sync()
    for joined in (two, one):
        shown = desk.show_refund(joined.till, sale.id)
        assert isinstance(shown, desk.RefundShown)
        assert (shown.refund.taken_points, shown.refund.owed_points, shown.refund.cut_minor) == (0, 0, 0)
        assert shown.refund.back_minor == 100_000
        assert balance(joined.till, customer) == kept.sale.earned == 70
        joined.assert_whole()
