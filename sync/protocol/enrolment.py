"""Enrolment: a one-time code becomes a terminal id and a token, once."""

from typing import Annotated

from msgspec import Meta, Struct

from sync.protocol.limits import AtMs, TerminalId, Text, Word

ENROL = "/v1/enrol"

Role = Annotated[str, Meta(pattern="^(till|relay)$")]
"""What a holder is. A relay holds for all tills of its store and speaks this protocol on both sides."""


class Enrol(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Till to site, without a token. Not idempotent: a code works once.

    When the answer is lost the till asks for a new code; the one before it made a token that nobody has.
    `terminal_id` names the ledger that exists already and brings its journal along; without it the site gives one.
    """

    code: Annotated[str, Meta(min_length=8, max_length=64)]
    terminal_id: TerminalId | None = None
    machine: Text = ""
    software: Word = ""


class ShopFacts(Struct, frozen=True, kw_only=True):
    """What a till needs to know of the shop.

    `staff_pepper` is mixed (HMAC-SHA-256) into PINs of the staff that the site sends, before argon2id.
    After `offline_days` without contact a till stops redeeming; earning goes on.
    """

    name: Text
    address: Annotated[tuple[Text, ...], Meta(max_length=10)]
    language: Word
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    timezone: Word
    thank_you: Text
    offline_days: Annotated[int, Meta(ge=0, le=365)]
    staff_pepper: Annotated[bytes, Meta(min_length=32, max_length=32)]


class Enrolled(Struct, frozen=True, kw_only=True):
    """Site to till. `token` goes as `Authorization: Bearer TOKEN` with every later request.

    The site keeps only its hash.
    """

    terminal_id: TerminalId
    token: Annotated[str, Meta(min_length=20, max_length=200)]
    role: Role
    shop: ShopFacts
    site_ms: AtMs
