"""What an entry's payload may say, read once and strictly for all kinds."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from sync.site.order_record import Record

_MOST = 10**15
_Amount = Annotated[int, msgspec.Meta(ge=-_MOST, le=_MOST)]
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Moves = Annotated[tuple[tuple[_Id, _Amount], ...], msgspec.Meta(max_length=10_000)]

_Code = Annotated[str, msgspec.Meta(max_length=64)]
_MarkKind = Literal["stamp", "use", "action"]
_Count = Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]
_Marks = Annotated[tuple[tuple[_MarkKind, _Id, _Count], ...], msgspec.Meta(max_length=1000)]
_Place = Annotated[int, msgspec.Meta(ge=0, le=999)]
_Pieces = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
_Stamped = Annotated[
    tuple[tuple[_Id, Annotated[tuple[tuple[_Place, _Pieces], ...], msgspec.Meta(max_length=1000)]], ...],
    msgspec.Meta(max_length=50),
]


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line of a sale, in minor units: all that was taken off it, and the part of that which no points paid."""

    name: Annotated[str, msgspec.Meta(max_length=400)]
    total_minor: _Amount
    off_minor: _Amount = 0
    discount_minor: _Amount = 0


class NewLot(msgspec.Struct, frozen=True, gc=False):
    """A lot that an entry makes; its id is the entry's. Points may be below 0: a debt."""

    points: _Amount
    available_from: date
    expires_on: date | None = None


class Facts(msgspec.Struct, frozen=True, gc=False):
    """The parts of a payload that change anything on the site; the rest is kept with the entry, for people."""

    moves: _Moves = ()
    lot: NewLot | None = None
    returned: _Moves = ()
    leases: Annotated[tuple[_Id, ...], msgspec.Meta(max_length=1000)] = ()
    spend_minor: _Amount = 0
    total_minor: _Amount | None = None
    taken_off_minor: _Amount = 0
    back_minor: _Amount = 0
    cut_minor: _Amount = 0
    clawed_points: _Amount = 0
    returned_points: _Amount = 0
    line_minor: Annotated[tuple[_Amount, ...], msgspec.Meta(max_length=1000)] = ()
    lines: Annotated[tuple[Line, ...], msgspec.Meta(max_length=1000)] = ()
    spent: _Moves = ()
    channel: _Id = "store"
    card: _Id | None = None
    consents: Annotated[dict[_Id, bool], msgspec.Meta(max_length=20)] = {}
    into: _Id | None = None
    group: _Code | None = None
    code: _Id | None = None
    until: date | None = None
    referrer: _Id | None = None
    rewarded: bool = False
    marks: _Marks = ()
    stamped: _Stamped = ()
    number: int | _Id | None = None
    order: _Id | None = None
    state: _Code | None = None
    given_minor: _Amount = 0
    document: Record | None = None
    source: _Id | None = msgspec.field(name="from", default=None)


_decoder = msgspec.json.Decoder(Facts)


def read_facts(payload: str) -> Facts | None:
    """Read a payload; None when it is not what entries say."""
    try:
        return _decoder.decode(payload)
    except (msgspec.MsgspecError, RecursionError):
        return None
