"""Holders, who lease points, known by the hash of a token; keys of the shop's own programs and managers."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, fields

from sqlalchemy import Connection, select

from sync.site.rounds import Statement, run, told
from sync.site.tables import holder, key

TOKEN_BYTES = 32


@dataclass(slots=True)
class Holder:
    """A holder as the site knows it; numbers as in the protocol. State: active, lost, returning or revoked."""

    id: str
    name: str
    role: str
    state: str
    granted: int
    granted_seen: int
    recalled: int
    recalled_done: int
    contact_ms: int


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the shop's own site (`shop`) or of a manager's program (`manager`)."""

    name: str
    role: str


_FIGURES = tuple(one.name for one in fields(Holder))
_COLUMNS = tuple(holder.c[name] for name in _FIGURES)
_BY_TOKEN = f"SELECT {', '.join(_FIGURES)} FROM holder WHERE token_hash = ?"  # noqa: S608
_LOCKING = f"SELECT {', '.join(_FIGURES)} FROM holder WHERE id {{listed}} ORDER BY id {{locked}}"  # noqa: S608


def new_token() -> str:
    """Return a token of 256 bits of chance. Tokens are never made from a seed."""
    return "tm_" + secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Return what is stored of a token: it has too many bits to be guessed, so a plain SHA-256 does."""
    return hashlib.sha256(token.encode()).hexdigest()


def holder_of_token(connection: Connection, token: str) -> Holder | None:
    """Return who has this token, whatever the state."""
    [rows] = run(connection, Statement(_BY_TOKEN, (hash_of(token),)))
    return Holder(*rows[0]) if rows else None


def key_of_token(connection: Connection, token: str) -> Key | None:
    """Return the shop's or manager's key with this token, unless it was revoked."""
    row = connection.execute(
        select(key.c.name, key.c.role).where(key.c.token_hash == hash_of(token), key.c.revoked_ms.is_(None))
    ).first()
    return Key(*tuple(row)) if row else None


def holders(connection: Connection) -> list[Holder]:
    """Return all holders but the site, by id."""
    rows = connection.execute(select(*_COLUMNS).where(holder.c.role != "site").order_by(holder.c.id))
    return [Holder(*tuple(row)) for row in rows]


def locking_holders(ids: Iterable[str]) -> Statement:
    """Return what locks holders in the order of their ids: after journals, before customers."""
    return Statement(_LOCKING, (told(sorted(set(ids))),))


def lock_holders(connection: Connection, ids: Iterable[str]) -> dict[str, Holder]:
    """Lock holders in the order of their ids: after journals, before customers."""
    return {row[0]: Holder(*row) for row in run(connection, locking_holders(ids))[0]}


def lock_holder(connection: Connection, holder_id: str) -> Holder:
    """Lock one holder, who is there."""
    return lock_holders(connection, [holder_id])[holder_id]


def saving_contact(one: Holder, at_ms: int, *, granted: int, recalled: int) -> Statement:
    """Return what remembers that a holder was heard of, and which numbers it knows. A number never falls."""
    one.contact_ms = max(one.contact_ms, at_ms)
    one.granted_seen = max(one.granted_seen, granted)
    one.recalled_done = max(one.recalled_done, recalled)
    sql = "UPDATE holder SET contact_ms = ?, granted_seen = ?, recalled_done = ? WHERE id = ?"
    return Statement(sql, (one.contact_ms, one.granted_seen, one.recalled_done, one.id))
