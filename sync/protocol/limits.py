"""How large anything on the wire may be, and the checked kinds of value that messages are made of."""

from typing import Annotated

from msgspec import Meta

VERSION = 1
"""The protocol's version, sent with every request and answer in the header `Tillmate-Protocol`."""

VERSION_HEADER = "Tillmate-Protocol"

MAX_BODY_BYTES = 16 * 1024 * 1024
"""A body after it was unpacked, in either direction. Both ends stop unpacking there."""

MAX_ENTRIES = 1000
"""Entries in one push."""

MAX_PAGE = 2000
"""Accounts in one page, and rows of each other kind."""

MAX_LOTS = 10_000
"""Lots of one account."""

MAX_WAIT_S = 30
"""The longest that a pull or a cashier's request may be kept waiting by the site, in seconds."""

BUCKETS = 256
"""Buckets of a digest; a customer's is the first byte of SHA-256 of the id."""

MOST = 10**15

Seq = Annotated[int, Meta(ge=0, le=2**53)]
"""A number of an entry, a grant, a recall or a change, counted from 1; 0 is "none yet"."""

AtMs = Annotated[int, Meta(ge=0, le=2**48)]
"""A time in UTC milliseconds since 1970."""

Amount = Annotated[int, Meta(ge=-MOST, le=MOST)]
"""Points in the smallest part of a point, or money in minor units; signed."""

Id = Annotated[str, Meta(min_length=1, max_length=64)]
"""A customer's, lot's, sale's or entry's id; UUIDv7 where Tillmate makes it."""

TerminalId = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{1,64}$")]
"""A till's name, as it stands in its ledger."""

Word = Annotated[str, Meta(max_length=64)]
Text = Annotated[str, Meta(max_length=400)]
LongText = Annotated[str, Meta(max_length=200_000)]

Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""A day of the shop's calendar: 2026-05-04."""

ToldDay = Annotated[str, Meta(min_length=10, max_length=10, extra_json_schema={"format": "date"})]
"""The same in an account. The till checks it by the calendar: a pattern for each would take as long as the rest."""

Hash = Annotated[bytes, Meta(min_length=32, max_length=32)]
"""A SHA-256, base64 on the wire."""

Cursor = Annotated[str, Meta(max_length=200)]
"""Where a holder is in the site's feed: opaque, "" at the beginning. Only the site that made it can read it."""

Payload = Annotated[str, Meta(min_length=2, max_length=65_536)]
"""An entry's payload exactly as stored: canonical JSON in a string, since the entry's hash covers its letters."""
