"""Pages of the feed: a first load by key, then changes by number; each page is one look at the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Table, func, select

from sync.protocol import (
    Applied,
    Code,
    Fault,
    Grant,
    Group,
    HolderName,
    Page,
    Product,
    ProgrammeVersion,
    PromoCode,
    Pull,
    Recall,
    Removed,
    SiteOrder,
    StaffMember,
    UseTotal,
)
from sync.site.accounts import CUSTOMERS, accounts
from sync.site.cursors import Cursors, Place, asking_seal, cursors_of
from sync.site.feed import asking_counters
from sync.site.holders import Holder, holders
from sync.site.journal import Progress, asking_progress, progress_of
from sync.site.leases import asking_grants, asking_recalls, grants_of, recalls_of
from sync.site.rounds import Cells, Statement, run
from sync.site.sale_record import sale_told
from sync.site.shop import programme_on, shop_facts, today
from sync.site.store import AnyRow, Store, start_ms
from sync.site.tables import (
    customer,
    customer_group,
    product,
    programme,
    promo_code,
    removed,
    sale,
    shop_order,
    staff,
    use_total,
)
from terminal.rules.tiers import tier_periods

_SALES_DAYS = 31
_SALES_BYTES = 4 * 1024 * 1024

_SHOP_PARTS: dict[str, tuple[Table, type[Struct]]] = {
    "programmes": (programme, ProgrammeVersion),
    "products": (product, Product),
    "groups": (customer_group, Group),
    "staff": (staff, StaffMember),
    "promo_codes": (promo_code, PromoCode),
    "orders": (shop_order, SiteOrder),
    "uses": (use_total, UseTotal),
    "removed": (removed, Removed),
}
"""The parts of a page that are rows of a table, as they stand there."""

_SHOP_TABLES: tuple[Table, ...] = (*(table for table, _ in _SHOP_PARTS.values()), sale)

# Most changes are of customers alone: asked at once, which tables have any saves a statement for each.
_NEWS = " UNION ALL ".join(
    f"SELECT {place} WHERE EXISTS (SELECT 1 FROM {table.name} WHERE change > ? AND change <= ?)"  # noqa: S608
    for place, table in enumerate(_SHOP_TABLES)
)
_BY_ID = f"{CUSTOMERS} WHERE id > ? ORDER BY id LIMIT ?"
_BY_VERSION = f"{CUSTOMERS} WHERE version > ? ORDER BY version LIMIT ?"
_NUMBERS = "SELECT granted, recalled FROM holder WHERE id = ?"


@dataclass(frozen=True, slots=True)
class _Look:
    """What every page rests on, read in one round: journals, cursors, what the holder was given and asked for."""

    journals: list[Progress]
    sealing: Cursors
    counters: dict[str, int]
    granted: int
    recalled: int
    grants: tuple[Grant, ...]
    recalls: tuple[Recall, ...]


@dataclass(slots=True)
class _Rows:
    """What a page will hold."""

    place: Place
    more: bool
    customers: list[Cells] = field(default_factory=list)
    known: int = -1
    shop: dict[str, list[AnyRow]] = field(default_factory=dict)
    done: int = 0
    total: int = 0


def pull(store: Store, speaker: Holder, asked: Pull) -> Page | Fault:
    """Return the page after the holder's cursor."""
    with store.reading() as connection:
        look = _look(connection, speaker.id, asked)
        own = next((one for one in look.journals if one.id == asked.terminal_id), None)
        if own is None:
            return Fault(code=Code.FORBIDDEN, text="the token speaks for another journal")
        if own.held_for_good:
            return Fault(code=Code.HELD, text=own.held_text, held=own.held)
        place = look.sealing.read(asked.cursor)
        if place is None:
            return Fault(code=Code.CURSOR_AHEAD, text="the cursor is not from here and now: begin anew")
        match place.phase:
            case "shop":
                rows = _shop_page(connection, place, asked.limit, _sales_since(connection, store))
            case "bulk":
                rows = _bulk_page(connection, place, asked.limit)
            case _:
                rows = _changes_page(connection, place, asked.limit, look.sealing.last)
        return _page(connection, store, speaker, look, own, place, rows)


def _look(connection: Connection, holder_id: str, asked: Pull) -> _Look:
    journals, seal, counters, numbers, grants, recalls = run(
        connection,
        asking_progress(holder_id),
        asking_seal(),
        asking_counters(),
        Statement(_NUMBERS, (holder_id,)),
        asking_grants(holder_id, asked.granted, asked.limit),
        asking_recalls(holder_id, asked.recalled, asked.limit),
    )
    known: dict[str, int] = dict(counters)
    [(granted, recalled)] = numbers
    return _Look(
        list(progress_of(journals).values()),
        cursors_of(seal, known),
        known,
        granted,
        recalled,
        grants_of(grants),
        recalls_of(recalls),
    )


def _shop_page(connection: Connection, place: Place, limit: int, sales_since_ms: int) -> _Rows:
    """The shop's own rows and its newest sales, up to the change at which the load began."""
    found, whole = _shop_rows(connection, place.after, place.until, limit, sales_since_ms)
    last = max((change for change, _, _ in found), default=place.until)
    more = not whole and last < place.until
    total = _count(connection)
    rows = _Rows(Place("shop", place.until, last) if more else Place("bulk", place.until, 0, total), more=True)
    rows.shop = _by_table(found)
    rows.total = total
    return rows


def _bulk_page(connection: Connection, place: Place, limit: int) -> _Rows:
    """Customers in the order of their ids, each as it is now; later changes come again afterwards."""
    [found] = run(connection, Statement(_BY_ID, (place.key, limit)))
    done = place.after + len(found)
    if len(found) == limit:
        rows = _Rows(Place("bulk", place.until, done, place.total, found[-1][0]), more=True)
    else:
        rows = _Rows(Place("changes", 0, place.until), more=True)
    rows.customers, rows.done, rows.total = found, done, max(done, place.total)
    return rows


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(customer)).scalar_one())


def _changes_page(connection: Connection, place: Place, limit: int, last: int) -> _Rows:
    """Everything with a change number after the cursor's, in the order of the numbers."""
    if place.after == last:
        return _Rows(place, more=False)
    [found] = run(connection, Statement(_BY_VERSION, (place.after, limit)))
    shop, whole = _shop_rows(connection, place.after, last, limit)
    numbers = sorted([*(row[1] for row in found), *(change for change, _, _ in shop)])
    cut = numbers[limit - 1] if len(numbers) >= limit else last
    if not whole:
        cut = min(cut, shop[-1][0])
    rows = _Rows(Place("changes", 0, cut), more=cut < last, known=place.after)
    rows.customers = [row for row in found if row[1] <= cut]
    rows.shop = _by_table([one for one in shop if one[0] <= cut])
    return rows


def _shop_rows(
    connection: Connection, after: int, until: int, limit: int, sales_since_ms: int = 0
) -> tuple[list[tuple[int, str, AnyRow]], bool]:
    """Return changes in order, with the table of each, no more than a page may hold; and whether these are all."""
    found: list[tuple[int, str, AnyRow]] = []
    [changed] = run(connection, Statement(_NEWS, (after, until) * len(_SHOP_TABLES)))
    for table in (_SHOP_TABLES[place] for (place,) in sorted(changed)):
        query = select(table).where(table.c.change > after, table.c.change <= until)
        if table is sale and sales_since_ms:
            query = query.where(sale.c.at_ms >= sales_since_ms)
        rows = connection.execute(query.order_by(table.c.change).limit(limit))
        found.extend((row.change, table.name, row) for row in rows)
    found.sort(key=lambda one: one[0])
    size = 0
    for place, (_, name, row) in enumerate(found[:limit], start=1):
        size += len(row.record) if name == sale.name else 0
        if size > _SALES_BYTES:
            return found[:place], place == len(found)
    return found[:limit], len(found) < limit


def _sales_since(connection: Connection, store: Store) -> int:
    """Return from when on a load tells sales, in UTC ms: a month, or as far back as tiers count."""
    on = today(connection, store)
    programme_now = programme_on(connection, on)
    periods = tier_periods(programme_now.tier_rules, on) if programme_now and programme_now.tiers else ()
    first = min([on - timedelta(days=_SALES_DAYS), *(start for start, _ in periods)])
    return start_ms(first, shop_facts(connection).timezone)


def _by_table(found: list[tuple[int, str, AnyRow]]) -> dict[str, list[AnyRow]]:
    tables: dict[str, list[AnyRow]] = {}
    for _, name, row in found:
        tables.setdefault(name, []).append(row)
    return tables


def _page(
    connection: Connection, store: Store, speaker: Holder, look: _Look, own: Progress, before: Place, rows: _Rows
) -> Page:
    known = before.after if before.phase == "changes" else -1
    own_ids = {one.id for one in look.journals}
    shop_told = look.counters.get("shop", 0) > known and before.phase != "bulk"
    holders_told = look.counters.get("holders", 0) > known and before.phase != "bulk"
    return Page(
        phase="changes" if before.phase == "changes" else "bulk",
        cursor=look.sealing.write(rows.place),
        more=rows.more,
        site_ms=store.clock(),
        applied=tuple(Applied(one.id, one.applied_seq, one.applied_hash) for one in look.journals),
        granted=look.granted,
        recalled=look.recalled,
        done=rows.done,
        total=rows.total,
        held=own.held,
        shop=shop_facts(connection) if shop_told else None,
        holders=tuple(HolderName(one.id, one.name) for one in holders(connection)) if holders_told else (),
        accounts=accounts(connection, rows.customers, speaker.id, rows.known),
        grants=look.grants,
        recalls=look.recalls,
        sales=tuple(filter(None, (sale_told(row, own_ids) for row in rows.shop.get("sale", ())))),
        **_shop_parts(rows.shop),
    )


def _shop_parts(tables: dict[str, list[AnyRow]]) -> dict[str, Any]:
    return {part: _told(kind, tables.get(table.name, ())) for part, (table, kind) in _SHOP_PARTS.items()}


def _told(kind: type[Struct], rows: Iterable[AnyRow]) -> tuple[Struct, ...]:
    """Return rows as they are told: what a field and a column have in common is their name."""
    cells = ({name: row._mapping[name] for name in kind.__struct_fields__} for row in rows)
    return tuple(kind(**one) for one in (map(_with_barcodes, cells) if kind is Product else cells))


def _with_barcodes(cells: dict[str, Any]) -> dict[str, Any]:
    return {**cells, "barcodes": msgspec.json.decode(cells["barcodes"], type=tuple[str, ...])}


def is_news(page: Page, asked: Pull) -> bool:
    """Tell whether a page says anything that a waiting holder wants to hear now."""
    return bool(
        page.more
        or page.phase == "bulk"
        or page.grants
        or page.recalls
        or page.shop
        or page.holders
        or page.cursor != asked.cursor
    )
