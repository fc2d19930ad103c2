"""Applying entries to the books: what each kind changes, and why one may not be applied."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from sync.protocol import LEASE_RETURN, MAY_OWE, REPLICA_MENDED, WhyHeld
from sync.site.books import SITE, Books, CustomerBook, LotBook, PaidBackTwice, SaleBook
from sync.site.facts import Facts, read_facts
from sync.site.sale_record import add_refund, record_of_sale
from terminal.rules.entry import Entry
from terminal.rules.order import LIFE

CARD_STATES = {"card_bound": "active", "card_blocked": "blocked", "card_replaced": "replaced"}

KINDS = frozenset(
    {
        "register",
        "sale",
        "redeem",
        "earn",
        "void",
        "refund",
        "restore",
        "clawback",
        "adjust",
        "gift",
        "expire",
        "merge",
        "phone_changed",
        "note_changed",
        "flag",
        "loss_cover",
        "settle",
        "order",
        "order_settled",
        "group",
        "action",
        "membership",
        "referral",
        "day_open",
        "day_close",
        LEASE_RETURN,
        REPLICA_MENDED,
        *CARD_STATES,
    }
)
"""The kinds that this site applies; another one is kept and held."""

_OF_SALES = frozenset({"sale", "void", "redeem", "earn", "refund"})

_PLAIN = frozenset({"sale", "redeem", "earn"})

RENAMES = frozenset({"register", "phone_changed", "note_changed", "merge", *CARD_STATES})
"""Kinds after which the customer's identity is told anew."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why an entry can't be applied."""

    why: WhyHeld
    text: str


class Read(msgspec.Struct, frozen=True, gc=False):
    """An entry and what its payload says."""

    entry: Entry
    facts: Facts


def read_entries(entries: Iterable[Entry]) -> tuple[list[Read], Unfit | None]:
    """Read payloads up to the first entry that is of no known kind or says nothing that can be applied."""
    read: list[Read] = []
    for entry in entries:
        if entry.kind not in KINDS:
            return read, Unfit(WhyHeld.UNKNOWN_KIND, f"entry {entry.seq} is a {entry.kind!r}")
        facts = read_facts(entry.payload)
        if facts is None:
            return read, Unfit(WhyHeld.BAD_PAYLOAD, f"entry {entry.seq}: its payload can't be read")
        read.append(Read(entry, facts))
    return read, None


def load_for(books: Books, read: list[Read]) -> None:
    """Load all that a batch of entries touches."""
    customer_ids: set[str] = set()
    lots: set[tuple[str, str]] = set()
    made: set[tuple[str, str]] = set()
    sales: set[tuple[str, str]] = set()
    for one in read:
        entry, facts, whose = one.entry, one.facts, one.entry.customer_id
        if whose is None:
            continue
        customer_ids.add(whose)
        if facts.into is not None:
            customer_ids.add(facts.into)
        if facts.lot is not None:
            made.add((whose, entry.id))
        for lot_id, _ in (*facts.moves, *facts.returned):
            lots.add((whose, lot_id))
        if entry.sale_id and entry.kind in _OF_SALES:
            sales.add((whose, entry.sale_id))
    books.load(customer_ids, lots_too=lots, made_too=made, sales_too=sales)


def tells_more(one: Read) -> bool:
    """Tell whether an entry may change more than a sale and points: most change no more."""
    entry, facts = one.entry, one.facts
    return entry.customer_id is not None and bool(entry.kind not in _PLAIN or facts.marks or facts.consents)


def apply(books: Books, one: Read) -> Unfit | None:
    """Bring the books up to one entry, or say why not and leave them as they are."""
    entry = one.entry
    if entry.customer_id is None:
        return Unfit(WhyHeld.BAD_PAYLOAD, f"entry {entry.seq} has points for nobody") if entry.points else None
    if entry.kind == "register":
        return _register(books, entry)
    book = books.customers.get(entry.customer_id)
    if book is None:
        return Unfit(WhyHeld.UNKNOWN_CUSTOMER, f"entry {entry.seq}: customer {entry.customer_id}")
    unfit = _check_points(books, one) or _check_kind(books, one)
    if unfit is not None:
        return unfit
    _move_points(books, book, one)
    _apply_kind(books, book, one)
    if entry.kind in RENAMES:
        book.renamed = True
    return None


def _register(books: Books, entry: Entry) -> Unfit | None:
    customer_id = entry.customer_id
    assert customer_id is not None
    if customer_id in books.customers:
        return Unfit(WhyHeld.DUPLICATE, f"entry {entry.seq}: customer {customer_id} is there already")
    if entry.points:
        return Unfit(WhyHeld.BAD_PAYLOAD, f"entry {entry.seq} registers with points")
    home = None if books.holder_id == SITE else books.holder_id
    book = CustomerBook(customer_id, 0, 0, 0, 0, 0, entry.at_ms, None, None, None, home, None)
    book.renamed = True
    books.customers[customer_id] = book
    return None


def _check_points(books: Books, one: Read) -> Unfit | None:
    """Check that lots and points agree, that each lot is there, and that the holder has what is taken."""
    entry, facts = one.entry, one.facts
    assert entry.customer_id is not None
    moved = facts.lot.points if facts.lot else 0
    for _, points in facts.moves:
        moved += points
    if moved != entry.points:
        text = f"entry {entry.seq} moves {moved} in lots and {entry.points} in points"
        return Unfit(WhyHeld.BAD_PAYLOAD, text)
    if facts.lot is not None and (entry.customer_id, entry.id) in books.lots:
        return Unfit(WhyHeld.DUPLICATE, f"entry {entry.seq}: its lot is there already")
    return _check_taken(books, one, entry.customer_id) if facts.moves or facts.returned else None


def _check_taken(books: Books, one: Read, customer_id: str) -> Unfit | None:
    entry, facts = one.entry, one.facts
    taken: dict[tuple[str, str], int] = {}
    for lot_id, points in (*facts.moves, *((lot_id, -points) for lot_id, points in facts.returned)):
        key = (customer_id, lot_id)
        if key not in books.lots:
            return Unfit(WhyHeld.UNKNOWN_LOT, f"entry {entry.seq}: lot {lot_id}")
        taken[key] = taken.get(key, 0) + points
    for key, points in taken.items():
        if points < 0 and books.held(key) + points < 0 and entry.kind not in MAY_OWE:
            text = f"entry {entry.seq} takes {-points} of lot {key[1]}, of which {books.held(key)} are held"
            return Unfit(WhyHeld.OVER_LEASE, text)
    return None


def _check_kind(books: Books, one: Read) -> Unfit | None:
    entry, facts = one.entry, one.facts
    assert entry.customer_id is not None
    sale_key = (entry.customer_id, entry.sale_id or "")
    match entry.kind:
        case "sale" if facts.total_minor is None or not entry.sale_id:
            return Unfit(WhyHeld.BAD_PAYLOAD, f"entry {entry.seq} is a sale without a total")
        case "sale" if sale_key in books.sales and facts.order is None:
            return Unfit(WhyHeld.DUPLICATE, f"entry {entry.seq}: sale {entry.sale_id} is there already")
        case "void" if sale_key not in books.sales or books.sales[sale_key].voided:
            return Unfit(WhyHeld.BAD_PAYLOAD, f"entry {entry.seq} voids no open sale")
        case "card_bound" | "card_blocked" | "card_replaced" if not facts.card:
            return Unfit(WhyHeld.BAD_PAYLOAD, f"entry {entry.seq} names no card")
        case "lease_return" if entry.points or any(points <= 0 for _, points in facts.returned):
            return Unfit(WhyHeld.BAD_PAYLOAD, f"entry {entry.seq} returns what is no lease")
        case "order" if not isinstance(facts.number, str) or facts.state not in LIFE:
            return Unfit(WhyHeld.BAD_PAYLOAD, f"entry {entry.seq} is an order without number or state")
        case "membership" if facts.code is None or facts.until is None:
            return Unfit(WhyHeld.BAD_PAYLOAD, f"entry {entry.seq} is a membership without a last day")
        case "referral" if facts.referrer is None:
            return Unfit(WhyHeld.BAD_PAYLOAD, f"entry {entry.seq} names nobody who referred")
        case "merge" if facts.into is not None and facts.into not in books.customers:
            return Unfit(WhyHeld.UNKNOWN_CUSTOMER, f"entry {entry.seq}: customer {facts.into}")
        case _:
            return None


def _move_points(books: Books, book: CustomerBook, one: Read) -> None:
    entry, facts = one.entry, one.facts
    for lot_id, points in facts.moves:
        lot_book = books.lots[book.id, lot_id]
        lot_book.left += points
        lot_book.changed = True
        books.hold((book.id, lot_id), points)
    if facts.lot is not None:
        new = facts.lot
        key = (book.id, entry.id)
        books.lots[key] = LotBook(
            book.id,
            entry.id,
            new.points,
            new.points,
            0,
            new.available_from.isoformat(),
            new.expires_on.isoformat() if new.expires_on else None,
            changed=True,
            new=True,
        )
        books.hold(key, new.points)
    if entry.points:
        book.points += entry.points
        book.changed = True


def _apply_kind(books: Books, book: CustomerBook, one: Read) -> None:
    entry, facts = one.entry, one.facts
    if entry.kind in _OF_SALES:
        _apply_sale(books, book, one)
        book.changed = True
        return
    match entry.kind:
        case "gift" | "merge" | "order_settled":
            book.spend_minor += facts.spend_minor
            if facts.into is not None:
                book.merged_into = facts.into
        case "group":
            book.group_code = facts.group or None
        case "lease_return":
            for lot_id, points in facts.returned:
                books.lots[book.id, lot_id].free += points
                books.lots[book.id, lot_id].changed = True
                books.hold((book.id, lot_id), -points)
        case _ if facts.marks or entry.kind in ("membership", "referral"):
            pass
        case _:
            return
    book.changed = True


def _apply_sale(books: Books, book: CustomerBook, one: Read) -> None:
    """Bring a sale up to an entry; points of an order come before its sale, which names them itself."""
    entry, facts = one.entry, one.facts
    key = (book.id, entry.sale_id or "")
    if entry.kind == "sale":
        if key in books.sales:  # an order that was paid at two sides: it is one sale, and the site settles the rest
            return
        books.sales[key] = _new_sale(book.id, one)
        book.spend_minor += (facts.total_minor or 0) - facts.taken_off_minor
        book.visits += 1
        book.last_sale_ms = max(book.last_sale_ms or 0, entry.at_ms)
        return
    if entry.kind == "refund":
        book.spend_minor -= facts.back_minor + facts.cut_minor
    sold = books.sales.get(key)
    if sold is None:
        return
    sold.changed = True
    match entry.kind:
        case "void":
            sold.voided = True
            book.spend_minor -= sold.total_minor - sold.taken_off_minor
            book.visits -= 1
        case "refund":
            again_minor = add_refund(sold.record, entry, facts)
            if again_minor and sold.channel == "store":  # of orders the site settles it
                tills = tuple(dict.fromkeys(till for till, *_ in sold.record.refunds))
                books.paid_back_twice.append(PaidBackTwice(sold.terminal_id, sold.number, again_minor, tills))
        case "earn" if entry.terminal_id != sold.terminal_id:
            pass  # of the second payment
        case "earn":
            sold.earned += entry.points
            sold.record.earned.append((entry.id, entry.points))
        case _:
            sold.redeemed -= entry.points
            sold.record.spent += facts.moves


def _new_sale(customer_id: str, one: Read) -> SaleBook:
    entry, facts = one.entry, one.facts
    assert entry.sale_id is not None
    assert facts.total_minor is not None
    return SaleBook(
        customer_id,
        entry.sale_id,
        entry.terminal_id,
        entry.at_ms,
        facts.channel,
        facts.total_minor,
        facts.taken_off_minor,
        voided=False,
        number=facts.number if isinstance(facts.number, int) else 0,
        operator=entry.operator,
        redeemed=-sum(points for _, points in facts.spent),
        earned=0,
        record=record_of_sale(facts),
        changed=True,
        new=True,
    )
