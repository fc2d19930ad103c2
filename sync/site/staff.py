"""Who works in the shop: named on the site, with PINs that unlock every till. A PIN itself is never stored."""

import hashlib
import hmac
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from sync.protocol import StaffMember
from sync.site.audit import note
from sync.site.events import said
from sync.site.feed import next_changes
from sync.site.shop import shop_facts
from sync.site.store import Store, upsert
from sync.site.tables import staff
from terminal.rules.entry import uuid7
from terminal.rules.pin import refuse_pin
from terminal.rules.text import safe_text

_MOST_LETTERS = 60


def members(store: Store) -> list[StaffMember]:
    """Return who works in the shop now, by name."""
    with store.reading() as connection:
        return _members(connection)


def names(connection: Connection) -> dict[str, str]:
    """Return id -> name of everybody who ever worked here: entries name them for ever."""
    return {row[0]: row[1] for row in connection.execute(select(staff.c.id, staff.c.name))}


def add(store: Store, name: str, role: str, pin: str, who: str) -> StaffMember | str:
    """Add a cashier or manager; return them, or why not."""
    shown = safe_text(name)[:_MOST_LETTERS].strip()
    why_not = "the name is missing" if not shown else _weak(pin)
    if why_not is not None:
        return why_not
    hashed = _hashed(store, pin)
    with store.writing() as connection:
        if _named(connection, shown) is not None:
            return f"{shown} works here already: take another name"
        member = StaffMember(
            id=uuid7(store.clock(), store.chance.getrandbits(74)),
            name=shown,
            role=role,
            pin_hash=hashed,
            active=True,
        )
        _keep(connection, store, member, who, f"{role} added")
    return member


def change_pin(store: Store, name: str, pin: str, who: str) -> str | None:
    """Give somebody another PIN; return why not, or None."""
    return _weak(pin) or _change(store, name, who, "new PIN", pin_hash=_hashed(store, pin))


def change_role(store: Store, name: str, role: str, who: str) -> str | None:
    """Let somebody be a cashier or a manager from now on; return why not, or None."""
    return _change(store, name, who, f"{role} now", role=role)


def remove(store: Store, name: str, who: str) -> str | None:
    """Take somebody off the staff; what they did keeps their name. Return why not, or None."""
    return _change(store, name, who, "removed", active=False)


def _change(store: Store, name: str, who: str, what: str, **changed: Any) -> str | None:
    with store.writing() as connection:
        member = _named(connection, safe_text(name))
        if member is None:
            return f"nobody called {name} works here"
        new = msgspec.structs.replace(member, **changed)
        managers = [one.id for one in _members(connection) if one.role == "manager"]
        if managers == [member.id] and (new.role != "manager" or not new.active):
            return f"{member.name} is the last manager: add another one first"
        _keep(connection, store, new, who, what)
    return None


def _keep(connection: Connection, store: Store, member: StaffMember, who: str, what: str) -> None:
    note(connection, store, who, f"staff: {what}", member.id, member.name)
    upsert(connection, staff, [msgspec.structs.asdict(member) | {"change": next_changes(connection, 1)}])


def _members(connection: Connection) -> list[StaffMember]:
    rows = connection.execute(select(staff).where(staff.c.active).order_by(staff.c.name))
    return [
        StaffMember(id=row.id, name=row.name, role=row.role, pin_hash=row.pin_hash, active=row.active)
        for row in rows
    ]


def _named(connection: Connection, name: str) -> StaffMember | None:
    return next((one for one in _members(connection) if one.name == name), None)


def _weak(pin: str) -> str | None:
    refused = refuse_pin(pin)
    return said(refused.reason).rstrip(".") if refused else None


def _hashed(store: Store, pin: str) -> str:
    """Argon2id with OWASP's 19 MiB and two passes, over the PIN and the pepper of the shop."""
    from argon2 import PasswordHasher

    with store.reading() as connection:
        pepper = shop_facts(connection).staff_pepper
    peppered = hmac.new(pepper, pin.encode(), hashlib.sha256).hexdigest()
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(peppered)
