"""A new site: its schema, the shop's facts and the site's own journal; enrolment of holders; the shop's keys."""

import secrets

from sqlalchemy import Connection, select, update

from sync.protocol import Code, Enrol, Enrolled, Fault, ShopFacts
from sync.site.audit import note
from sync.site.books import SITE
from sync.site.feed import NAME
from sync.site.holders import hash_of, new_token
from sync.site.shop import mark_changed, set_fact, set_shop, shop_facts
from sync.site.store import Store, insert, upsert
from sync.site.tables import counter, enrolment, holder, key, terminal
from terminal.rules.entry import GENESIS

CODE_HOURS = 24
MOST_TILLS = 1000
"""So many tills may a relay speak for."""

_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_CODE_LENGTH = 12
_HOUR_MS = 60 * 60 * 1000


def set_up(store: Store, facts: ShopFacts, policy: str) -> None:
    """Fill a new schema with what must be there, once."""
    now_ms = store.clock()
    with store.writing() as connection:
        insert(connection, counter, [{"name": NAME, "last": 0}])
        insert(connection, holder, [_holder_row(SITE, SITE, SITE, None, now_ms)])
        _add_journal(connection, SITE, SITE)
        set_shop(connection, facts)
        set_fact(connection, "policy", policy)
        mark_changed(connection, "holders")


def _holder_row(holder_id: str, name: str, role: str, token: str | None, now_ms: int) -> dict[str, object]:
    return {
        "id": holder_id,
        "name": name,
        "role": role,
        "state": "active",
        "token_hash": hash_of(token) if token else None,
        "enrolled_ms": now_ms,
        "contact_ms": now_ms,
    }


def _add_journal(connection: Connection, terminal_id: str, holder_id: str) -> None:
    insert(
        connection,
        terminal,
        [{"id": terminal_id, "holder_id": holder_id, "received_hash": GENESIS, "applied_hash": GENESIS}],
    )


def open_journal(store: Store, relay_id: str, terminal_id: str) -> bool:
    """Begin the journal of a till that a relay speaks for; False when it is somebody else's, or one too many."""
    with store.writing() as connection:
        whose = dict(
            connection.execute(
                select(terminal.c.id, terminal.c.holder_id).where(
                    (terminal.c.id == terminal_id) | (terminal.c.holder_id == relay_id)
                )
            ).all()
        )
        if terminal_id in whose:
            return bool(whose[terminal_id] == relay_id)
        if len(whose) > MOST_TILLS:
            return False
        _add_journal(connection, terminal_id, relay_id)
        note(connection, store, relay_id, "journal begun", terminal_id)
        return True


def new_code(store: Store, name: str, role: str = "till", terminal_id: str | None = None) -> str:
    """Make a one-time code for a till; it works for a day, and is shown in groups of four."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    with store.writing() as connection:
        row = {
            "code_hash": hash_of(code),
            "name": name,
            "role": role,
            "terminal_id": terminal_id,
            "expires_ms": store.clock() + CODE_HOURS * _HOUR_MS,
            "used_ms": None,
        }
        insert(connection, enrolment, [row])
        note(connection, store, "console", "code made", name, role)
    return "-".join(code[place : place + 4] for place in range(0, _CODE_LENGTH, 4))


def enrol(store: Store, asked: Enrol) -> Enrolled | Fault:
    """Turn a one-time code into a holder with a token; a code works once."""
    plain = "".join(letter for letter in asked.code.upper() if letter in _ALPHABET)
    now_ms = store.clock()
    with store.writing() as connection:
        found = connection.execute(
            select(enrolment).where(enrolment.c.code_hash == hash_of(plain)).with_for_update()
        ).first()
        if found is None or found.used_ms is not None or found.expires_ms < now_ms:
            note(connection, store, asked.machine, "enrolment refused", asked.terminal_id or "")
            return Fault(code=Code.UNAUTHORISED, text="the code is wrong, used or too old")
        terminal_id = found.terminal_id or asked.terminal_id or _free_id(connection, found.name)
        there = connection.execute(select(holder.c.state).where(holder.c.id == terminal_id)).scalar()
        if there is None and connection.execute(select(terminal.c.id).where(terminal.c.id == terminal_id)).first():
            return Fault(code=Code.CONFLICT, text=f"a relay speaks for {terminal_id!r}: take another name")
        if there is not None and found.terminal_id != terminal_id:
            return Fault(code=Code.CONFLICT, text=f"there is a till {terminal_id!r} already: take another name")
        if there is not None and asked.terminal_id not in (None, terminal_id):
            return Fault(code=Code.CONFLICT, text=f"the code is for the journal of {terminal_id!r}")
        token = new_token()
        if there is None:
            row = _holder_row(terminal_id, found.name, found.role, token, now_ms)
            insert(connection, holder, [{**row, "software": asked.software}])
            _add_journal(connection, terminal_id, terminal_id)
            mark_changed(connection, "holders")
        else:
            connection.execute(
                update(holder)
                .where(holder.c.id == terminal_id)
                .values(token_hash=hash_of(token), state="returning", contact_ms=now_ms)
            )
        connection.execute(update(enrolment).where(enrolment.c.code_hash == found.code_hash).values(used_ms=now_ms))
        note(connection, store, terminal_id, "enrolled", found.name, f"{asked.machine} {asked.software}")
        return Enrolled(
            terminal_id=terminal_id, token=token, role=found.role, shop=shop_facts(connection), site_ms=now_ms
        )


def _free_id(connection: Connection, name: str) -> str:
    taken = {row[0] for row in connection.execute(select(terminal.c.id).where(terminal.c.id.startswith(name)))}
    place = 1
    free = name
    while free in taken:
        place += 1
        free = f"{name}-{place}"
    return free


def new_key(store: Store, name: str, role: str) -> str:
    """Make a key for the shop's own site (`shop`) or a manager's program (`manager`); it is shown once."""
    token = new_token()
    with store.writing() as connection:
        row = {
            "token_hash": hash_of(token),
            "name": name,
            "role": role,
            "made_ms": store.clock(),
            "revoked_ms": None,
        }
        upsert(connection, key, [row])
        note(connection, store, "console", "key made", name, role)
    return token


def revoke_keys(store: Store, name: str) -> int:
    """Let all keys of a name count no more; return how many there were."""
    with store.writing() as connection:
        count = connection.execute(
            update(key).where(key.c.name == name, key.c.revoked_ms.is_(None)).values(revoked_ms=store.clock())
        ).rowcount
        note(connection, store, "console", "keys revoked", name)
        return int(count)
