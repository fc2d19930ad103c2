"""A sale as the site keeps it: what was sold, which points it took and made, what came back since."""

from typing import Any

import msgspec

from sync.protocol import Malformed, decode, encode
from sync.protocol.sales import LotMove, Refunded, Sale, SoldLine
from sync.site.facts import Facts
from sync.site.store import AnyRow
from terminal.rules.entry import Entry
from terminal.rules.refunding import sold_lines
from terminal.rules.text import safe_text

_CHANNELS = ("store", "manager", "site")
_MOST_BYTES = 8 * 1024
_LINE_BYTES = 40
_NAME_LETTERS = 60
_MOST_REFUNDS = 100


class SaleRecord(msgspec.Struct, array_like=True):
    """The parts of a sale that only a refund asks for, beside the row's figures."""

    lines: list[tuple[str, int, int, int]]  # name, price, all that was taken off, what of that no points paid
    spent: list[tuple[str, int]]
    earned: list[tuple[str, int]]
    refunded: list[int]
    clawed_points: int = 0
    returned_points: int = 0
    marks: list[tuple[str, str, int]] = []
    stamped: list[tuple[str, list[tuple[int, int]]]] = []  # card; place of a line and its stamped pieces
    refunds: list[tuple[str, int, int, int]] = []  # till, UTC ms, money before any cut, points clawed back
    expired: list[tuple[str, int]] = []  # of what was earned, by lot


_decoder = msgspec.json.Decoder(SaleRecord)


def record_of_sale(facts: Facts) -> SaleRecord:
    """Return the record of a sale entry. The lines of a bill that is too long to be told are left out."""
    lines = [(one.name[:_NAME_LETTERS], one.total_minor, one.off_minor, one.discount_minor) for one in facts.lines]
    if len(lines) * _LINE_BYTES > _MOST_BYTES:
        lines = []
    stamped = [
        (code, [(place, pieces) for place, pieces in places if place < len(lines)])
        for code, places in facts.stamped
    ]
    refunded = [0] * len(lines)
    return SaleRecord(lines, list(facts.spent), [], refunded, marks=list(facts.marks), stamped=stamped)


def add_refund(record: SaleRecord, entry: Entry, facts: Facts) -> int:
    """Add what a refund entry gave back; what can't be true of this sale is left out.

    Return what of its goods, in minor units, had been paid back already: by a till that had not heard of that.
    """
    again_minor = 0
    if len(facts.line_minor) == len(record.refunded):
        sold = sold_lines(record.lines)
        for place, minor in enumerate(facts.line_minor):
            whole = record.refunded[place] + minor
            most = max(record.refunded[place], sold[place].total_minor)
            record.refunded[place] = max(record.refunded[place], min(whole, most))
            again_minor += max(0, whole - most)
    record.clawed_points += max(0, facts.clawed_points)
    record.returned_points += max(0, facts.returned_points)
    if len(record.refunds) < _MOST_REFUNDS:
        money_minor = max(0, facts.back_minor + facts.cut_minor)
        record.refunds.append((entry.terminal_id, entry.at_ms, money_minor, max(0, facts.clawed_points)))
    return again_minor


def add_expired(record: SaleRecord, lot_id: str, points: int) -> None:
    """Add points of one of its lots that have expired, never more than the lot had."""
    if points <= 0:
        return
    expired = dict(record.expired)
    expired[lot_id] = min(expired.get(lot_id, 0) + points, dict(record.earned)[lot_id])
    record.expired = list(expired.items())


def read_record(stored: str) -> SaleRecord:
    """Read a record as it is stored."""
    return _decoder.decode(stored)


def sale_told(row: AnyRow, own: set[str]) -> Sale | None:
    """Return a sale as tills are told it; None for one that can't be refunded elsewhere, or is the holder's own."""
    record = read_record(row.record)
    news = any(record.refunded) or record.expired
    if not record.lines or row.channel not in _CHANNELS or (row.terminal_id in own and not news):
        return None
    figures: dict[str, Any] = {
        name: getattr(row, name)
        for name in (
            *("id", "terminal_id", "number", "customer_id", "at_ms", "operator", "channel"),
            *("total_minor", "taken_off_minor", "redeemed", "voided"),
        )
    }
    told = Sale(
        **figures,
        earned_points=row.earned,
        lines=tuple(
            SoldLine(safe_text(line.name), line.total_minor, line.off_minor, refunded)
            for line, refunded in zip(sold_lines(record.lines), record.refunded, strict=True)
        ),
        spent=tuple(LotMove(*move) for move in record.spent),
        earned=tuple(LotMove(*move) for move in record.earned),
        clawed_points=record.clawed_points,
        returned_points=record.returned_points,
        marks=tuple(record.marks),
        stamped=tuple((code, tuple(places)) for code, places in record.stamped),
        refunds=tuple(Refunded(*one) for one in record.refunds),
        expired=tuple(LotMove(*one) for one in record.expired),
    )
    try:
        return decode(encode(told), Sale)  # one till's odd sale must not spoil the page for the others
    except Malformed:
        return None
