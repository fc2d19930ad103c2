"""Promo codes that the site makes one by one: each works once, at any till and on the shop's own site."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from sync.site.audit import note
from sync.site.feed import next_changes
from sync.site.shop import programme_on, today
from sync.site.store import Store, among, upsert
from sync.site.tables import promo_code, removed, use_total

_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_LENGTH = 10
_LONGEST = 40
_OWN = re.compile(rf"[A-Za-z0-9-]{{1,{_LONGEST}}}")
_PAGE = 1000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A promo code: what it opens, whose it is (None: whoever has it), its days, and whether it was used."""

    code: str
    opens: str
    customer_id: str | None
    valid_from: str
    valid_until: str
    used: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What new codes open (the code of an offer or earn rule), for whom, and when; both days included."""

    opens: str
    customer_id: str | None
    first: date
    last: date


def make(
    store: Store, asked: Asked, count: int, who: str, progress: Progress = lambda done, whole: None
) -> list[str] | str:
    """Make so many codes that can't be guessed; return them, or why not."""
    why_not = _refused(store, asked)
    if why_not is not None:
        return why_not
    made: list[str] = []
    while len(made) < count:
        wanted = min(_PAGE, count - len(made))
        made += _make_page(store, asked, [_new_code() for _ in range(wanted)], who)
        progress(len(made), count)
    return made


def make_named(store: Store, asked: Asked, code: str, who: str) -> str | None:
    """Make one code of the shop's own, kept in capital letters; return why not, or None."""
    if not _OWN.fullmatch(code):
        return f"a code has 1 to {_LONGEST} letters from A to Z, digits and hyphens"
    code = code.upper()
    return _refused(store, asked, code) or (
        None if _make_page(store, asked, [code], who) else f"there is a code {code} already"
    )


def listed(store: Store, opens: str | None, limit: int) -> list[Made]:
    """Return the newest codes, of one offer or of all."""
    query = (
        select(promo_code, func.coalesce(use_total.c.count, 0).label("uses"))
        .outerjoin(use_total, use_total.c.code == promo_code.c.code)
        .order_by(promo_code.c.change.desc())
        .limit(limit)
    )
    with store.reading() as connection:
        rows = connection.execute(query if opens is None else query.where(promo_code.c.offer_id == opens))
        return [
            Made(row.code, row.offer_id, row.customer_id, row.valid_from, row.valid_until, row.uses > 0)
            for row in rows
        ]


def withdraw(store: Store, code: str, who: str) -> bool:
    """Let a code open nothing any more; False when there is none."""
    with store.writing() as connection:
        found = connection.execute(promo_code.delete().where(promo_code.c.code == code.upper())).rowcount
        if found:
            note(connection, store, who, "promo code withdrawn", code.upper())
            row = {"kind": "promo_code", "key": code.upper(), "change": next_changes(connection, 1)}
            upsert(connection, removed, [row])
        return bool(found)


def _new_code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def _refused(store: Store, asked: Asked, code: str = "") -> str | None:
    if asked.last < asked.first:
        return "its last day is before the first"
    with store.reading() as connection:
        programme = programme_on(connection, today(connection, store))
    if programme is None:
        return "no programme is in force"
    if asked.opens not in {one.code for one in (*programme.offers, *programme.earn) if one.needs_code}:
        return f"nothing in the programme in force needs a code and is called {asked.opens}"
    if code.casefold() in {one.code.casefold() for one in programme.promo_codes}:
        return f"{code} stands in the programme already"
    return None


def _make_page(store: Store, asked: Asked, codes: list[str], who: str) -> list[str]:
    """Store those of the codes that are new."""
    with store.writing() as connection:
        rows = connection.execute(select(promo_code.c.code).where(among(connection, promo_code.c.code, codes)))
        known = {row[0] for row in rows}
        new = [code for code in dict.fromkeys(codes) if code not in known]
        if new:
            note(connection, store, who, "promo codes made", asked.opens, f"{len(new)} until {asked.last}")
            _tell(connection, asked, new)
        return new


def _tell(connection: Connection, asked: Asked, codes: list[str]) -> None:
    connection.execute(
        removed.delete().where(removed.c.kind == "promo_code", among(connection, removed.c.key, codes))
    )
    change = next_changes(connection, len(codes))
    upsert(
        connection,
        promo_code,
        [
            {
                "code": code,
                "offer_id": asked.opens,
                "customer_id": asked.customer_id,
                "valid_from": asked.first.isoformat(),
                "valid_until": asked.last.isoformat(),
                "change": change + place,
            }
            for place, code in enumerate(codes)
        ],
    )
