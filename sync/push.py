"""Pushing: what the journal has and the site has not, in order, until the site has all of it."""

from collections.abc import Iterable

from sync.faults import Nonsense, SiteRefused
from sync.link import Link
from sync.protocol import MAX_ENTRIES, PUSH, Code, Push, Pushed, SentPerson, to_wire
from sync.recovery import read_anew, reclaim
from terminal.ledger.contact import RESTORED, drop_fact, hash_at
from terminal.ledger.customers import person, salt_of
from terminal.rules.entry import Entry

_MOST_BYTES = 4 * 1024 * 1024
_TELLING = frozenset({"register", "phone_changed", "note_changed"})


def push_all(link: Link, after: int | None = None) -> int:
    """Push until the site has the whole journal; return the last seq that it has.

    `after` is what it is known to have (None: what it has applied). A site that has less than it said was restored
    from its backup: it is told again, and its feed is read anew. Raises a SyncFault.
    """
    seq = link.contact().applied_seq if after is None else after
    most = MAX_ENTRIES
    while True:
        entries = _batch(link, seq, most)
        try:
            pushed = _push(link, seq, entries)
        except SiteRefused as refused:
            if refused.code is Code.GAP and refused.fault.received_seq is not None:
                if refused.fault.received_seq >= seq:
                    raise Nonsense(
                        f"the site misses what follows {refused.fault.received_seq}, got {seq}"
                    ) from None
                seq = refused.fault.received_seq
                read_anew(link)
                continue
            if refused.code is Code.TOO_LARGE and most > 1:
                most //= 2
                continue
            raise
        if entries and pushed.received_seq <= seq:
            raise Nonsense(f"the site has entry {pushed.received_seq} after it was sent {entries[-1].seq}")
        seq = pushed.received_seq
        if seq >= link.ledger.last_seq():
            return seq


def shared_with_site(link: Link) -> int:
    """Return the last entry that this ledger has in common with a site that holds its journal for good."""
    seq = link.contact().applied_seq
    while True:
        entries = _batch(link, seq, MAX_ENTRIES)
        try:
            _push(link, seq, entries)
        except SiteRefused as refused:
            if refused.fault.held is None:
                raise
            apart = refused.fault.held.seq
            seq += len(entries)
            if apart <= seq or seq == link.ledger.last_seq():
                return apart - 1
        else:
            raise Nonsense("the site held this journal for good, and takes it all the same")


def ask_how_far(link: Link) -> int:
    """Return the last grant that the site remembers; a push of nothing asks."""
    try:
        return _push(link, link.contact().applied_seq, [], heal=False).granted
    except SiteRefused as refused:
        if refused.code is not Code.GAP or refused.fault.received_seq is None:
            raise
        return _push(link, refused.fault.received_seq, [], heal=False).granted


def _push(link: Link, seq: int, entries: list[Entry], *, heal: bool = True) -> Pushed:
    now = link.contact()
    after_hash = hash_at(link.ledger, seq)
    assert after_hash is not None, f"entry {seq} is not in this ledger"
    message = Push(
        terminal_id=link.ledger.terminal_id,
        after_seq=seq,
        after_hash=after_hash,
        head_seq=link.ledger.last_seq(),
        entries=tuple(to_wire(entry) for entry in entries),
        people=tuple(_people(link, entries)),
        granted=now.granted,
        recalled=now.recalled,
        cursor=now.cursor,
    )
    pushed = link.client.ask(PUSH, message, Pushed)
    if hash_at(link.ledger, pushed.received_seq) != pushed.received_hash:
        raise Nonsense(f"the site has another entry {pushed.received_seq} than this ledger")
    if heal and pushed.granted < now.granted:
        reclaim(link, pushed.granted)
    if now.restored and pushed.held is None:
        with link.ledger.atomic():
            drop_fact(link.ledger, RESTORED)
    return pushed


def _batch(link: Link, seq: int, most: int) -> list[Entry]:
    entries = link.ledger.entries(after=seq, limit=most)
    size = 0
    for count, entry in enumerate(entries):
        size += len(entry.payload) + 400
        if size > _MOST_BYTES:
            return entries[: max(1, count)]
    return entries


def _people(link: Link, entries: Iterable[Entry]) -> Iterable[SentPerson]:
    ids = {entry.customer_id for entry in entries if entry.kind in _TELLING and entry.customer_id}
    for customer_id in sorted(ids):
        known = person(link.ledger, customer_id)
        if known is not None:
            yield SentPerson(
                customer_id=customer_id,
                name=known.name,
                phone=known.phone,
                email=known.email,
                birthday=known.birthday.isoformat() if known.birthday else None,
                language=known.language,
                note=known.note,
                salt=salt_of(link.ledger, customer_id),
            )
