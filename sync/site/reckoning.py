"""An account for the rules: what the site knows of a customer who shops on the shop's own site."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from sync.site.books import Books
from sync.site.code_leases import codes_away
from sync.site.leases import lot_of
from sync.site.marks import marks_of, memberships_of
from sync.site.shop import shop_facts
from sync.site.store import Store, among, day_of
from sync.site.tables import card, consent, offer, person, promo_code
from terminal.rules.account import Account, Coupon, Member
from terminal.rules.expiry import living
from terminal.rules.lots import Lot
from terminal.rules.programme import Programme
from terminal.rules.wish import Moment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SUBSCRIBER = "messages"


def moment_now(connection: Connection, store: Store) -> Moment:
    """Return the shop's day and minute, on the channel of the shop's own site."""
    zone = ZoneInfo(shop_facts(connection).timezone)
    now = (_EPOCH + timedelta(milliseconds=store.clock())).astimezone(zone)
    return Moment(now.date(), now.hour * 60 + now.minute, "site")


def free_lots(books: Books, customer_id: str) -> tuple[Lot, ...]:
    """Return a customer's lots, of which the site may spend what is free."""
    return tuple(lot_of(book, book.free) for book in books.lots_of(customer_id))


def account_of(
    connection: Connection,
    books: Books,
    customer_id: str,
    programme: Programme,
    on: date,
    *,
    all_lots: bool = False,
    all_codes: bool = False,
) -> Account:
    """Gather a customer's account; with `all_lots` and `all_codes` as if tills had leased none of them."""
    book = books.customers[customer_id]
    taken, used_in_all = codes_away(connection, customer_id, at_tills=not all_codes)
    lots = free_lots(books, customer_id)
    if all_lots:
        lots = tuple(lot_of(one, one.left) for one in books.lots_of(customer_id))
    last = day_of(book.last_sale_ms, shop_facts(connection).timezone) if book.last_sale_ms is not None else None
    marks = marks_of(connection, [customer_id]).get(customer_id, ())
    counts = {kind: {one.code: one.count for one in marks if one.kind == kind} for kind in ("stamp", "use")}
    born = connection.execute(select(person.c.birthday).where(person.c.customer_id == customer_id)).scalar()
    return Account(
        customer_id=customer_id,
        lots=living(programme.expiry, lots, last),
        spend_minor=book.spend_minor,
        purchases=book.visits,
        last_purchase=last,
        birthday=date.fromisoformat(born) if born else None,
        subscriber=bool(
            connection.execute(
                select(consent.c.given).where(
                    consent.c.customer_id == customer_id, consent.c.purpose == _SUBSCRIBER
                )
            ).scalar()
        ),
        groups=frozenset({book.group_code} if book.group_code else ()),
        cards=frozenset(
            row[0]
            for row in connection.execute(
                select(card.c.number).where(card.c.customer_id == customer_id, card.c.state == "active")
            )
        ),
        memberships=tuple(
            Member(one.code, date.fromisoformat(one.until))
            for one in memberships_of(connection, [customer_id]).get(customer_id, ())
        ),
        offers=frozenset(
            row[0]
            for row in connection.execute(
                select(offer.c.id).where(
                    offer.c.customer_id == customer_id,
                    offer.c.valid_from <= on.isoformat(),
                    offer.c.valid_until >= on.isoformat(),
                )
            )
        ),
        stamps=counts["stamp"],
        used=counts["use"],
        used_in_all=used_in_all,
        taken=taken,
    )


def coupons_named(connection: Connection, codes: Sequence[str]) -> tuple[Coupon, ...]:
    """Return the single-use codes among those that were typed, however they are spelled."""
    spelled = {one for code in codes for one in (code.strip(), code.strip().upper(), code.strip().lower())}
    rows = connection.execute(select(promo_code).where(among(connection, promo_code.c.code, sorted(spelled))))
    return tuple(
        Coupon(
            row.code,
            row.offer_id,
            date.fromisoformat(row.valid_from),
            date.fromisoformat(row.valid_until),
            row.customer_id or "",
        )
        for row in rows
    )
