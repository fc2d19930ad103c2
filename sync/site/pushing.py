"""A push: what is new is checked, kept and applied in one transaction; what does not fit is held, not lost."""

from sqlalchemy import Connection

from sync.protocol import MAX_ENTRIES, Code, Fault, Push, Pushed, WhyHeld
from sync.site.applying import RENAMES, Read, Unfit, apply, load_for, read_entries
from sync.site.audit import note
from sync.site.books import SITE, Books
from sync.site.expiring import tell_expired
from sync.site.holders import Holder, lock_holder, locking_holders, saving_contact
from sync.site.journal import (
    Progress,
    asking_hashes,
    chained,
    keep,
    kept_entries,
    lock_progress,
    locking_progress,
    progress_of,
    saving_progress,
)
from sync.site.losing import Losses, settle_returned
from sync.site.marks import take_marks
from sync.site.merging import move_on
from sync.site.notices import changes_of, queue_notices
from sync.site.order_settling import settle_orders
from sync.site.people import take_applied, take_sent
from sync.site.rounds import run
from sync.site.store import Store, lock_people
from sync.site.tiers import follow_tiers
from sync.site.till_orders import take_orders
from terminal.rules.entry import GENESIS, Entry

_DAY_MS = 24 * 60 * 60 * 1000


def push(store: Store, speaker: Holder, sent: Push) -> Pushed | Fault:
    """Take entries from a holder. Whatever is answered stands on the disk already."""
    with store.writing() as connection:
        returning = speaker.state == "returning"
        found, holder, known = _lock(connection, speaker, sent, [sent.terminal_id, *([SITE] if returning else [])])
        progress = found.get(sent.terminal_id)
        if progress is None or progress.holder_id != speaker.id:
            return Fault(code=Code.FORBIDDEN, text="the token speaks for another journal")
        if holder.state != speaker.state:
            return Fault(code=Code.REVOKED, text=f"{speaker.id} was {holder.state} just now")
        fault, todo = _keep(store, connection, progress, sent, known)
        if fault is not None:
            run(connection, saving_progress(progress))
            if fault.code is not Code.GAP:
                note(connection, store, speaker.id, "push refused", sent.terminal_id, fault.text)
            return fault
        merged = _apply_all(store, connection, holder, progress, todo, found[SITE] if returning else None)
        now_ms = store.clock()
        contact = saving_contact(holder, now_ms, granted=sent.granted, recalled=sent.recalled)
        run(connection, saving_progress(progress), contact)
        if returning and progress.applied_seq == sent.head_seq:
            settle_returned(connection, holder.id)
        answer = _pushed(progress, holder, now_ms)
    if merged:
        move_on(store, merged)
    if any(entry.kind in ("order", "refund") for entry in todo):
        settle_orders(store)
    return answer


def _lock(
    connection: Connection, speaker: Holder, sent: Push, terminal_ids: list[str]
) -> tuple[dict[str, Progress], Holder, dict[int, bytes]]:
    """Lock journals and the holder; return also what is kept of the entries that are sent, by its hashes."""
    last = sent.after_seq + len(sent.entries)
    journals, holders, kept = run(
        connection,
        locking_progress(terminal_ids),
        locking_holders([speaker.id]),
        asking_hashes(sent.terminal_id, sent.after_seq, last),
    )
    known = {row[0]: bytes(row[1]) for row in kept}
    return progress_of(journals), Holder(*holders[0]), known | ({} if sent.after_seq else {0: GENESIS})


def _keep(
    store: Store, connection: Connection, progress: Progress, sent: Push, known: dict[int, bytes]
) -> tuple[Fault | None, list[Entry]]:
    """Check and keep what is new, and the people it tells of; return what is to be applied now, or a fault."""
    fault = _compare(progress, sent, known, store.clock())
    if fault is not None:
        return fault, []
    before = progress.received_seq
    new = chained(progress, [entry for entry in sent.entries if entry.seq > before])
    if isinstance(new, int):
        text = f"entry {new} does not follow from the one before it"
        return Fault(code=Code.CHAIN_BROKEN, text=text), []
    keep(connection, progress, new)
    todo = new
    if progress.applied_seq < before:
        after, digest = progress.applied_seq, progress.applied_hash
        todo = kept_entries(connection, progress.id, after, 4 * MAX_ENTRIES, digest)
    if any(entry.kind in RENAMES for entry in todo):
        lock_people(connection)
    for text in take_sent(connection, new, sent.people):
        note(connection, store, progress.holder_id, "odd", progress.id, text)
    return None, todo


def _compare(progress: Progress, sent: Push, known: dict[int, bytes], now_ms: int) -> Fault | None:
    """Tell a restored or copied ledger from one that is only late."""
    first, last = sent.after_seq + 1, sent.after_seq + len(sent.entries)
    if [entry.seq for entry in sent.entries] != list(range(first, last + 1)) or sent.head_seq < last:
        return Fault(code=Code.MALFORMED, text="entries do not follow after_seq without a gap, up to head_seq")
    if not progress.held_for_good:
        told = {sent.after_seq: sent.after_hash} | {entry.seq: entry.hash for entry in sent.entries}
        other = [seq for seq in sorted(known) if told[seq] != known[seq]]
        if sent.head_seq < progress.received_seq:
            text = f"the ledger ends at {sent.head_seq}, the site has {progress.received_seq} of it"
            progress.hold(WhyHeld.LEDGER_BEHIND, other[0] if other else sent.head_seq + 1, text, now_ms)
        elif sent.after_seq > progress.received_seq:
            text = f"the site has entries up to {progress.received_seq}"
            return Fault(code=Code.GAP, text=text, received_seq=progress.received_seq)
        elif other:
            text = f"the ledger has another entry {other[0]} than the site"
            progress.hold(WhyHeld.LEDGER_FORKED, other[0], text, now_ms)
    if progress.held_for_good:
        return Fault(code=Code.HELD, text=progress.held_text, held=progress.held)
    return None


def _apply_all(
    store: Store,
    connection: Connection,
    holder: Holder,
    progress: Progress,
    todo: list[Entry],
    own: Progress | None,
) -> list[str]:
    """Apply entries up to the first that does not fit, and hold the journal there; return merged customers.

    `own` is the site's own journal, for a lost till that was found.
    """
    now_ms = store.clock()
    read, unfit = read_entries(todo)
    books = Books(connection, holder.id)
    load_for(books, read)
    losses = Losses(connection, books) if own else None
    done: list[Read] = []
    for one in read:
        wrong = _future(one, now_ms) or apply(books, one)
        if wrong is not None:
            unfit = wrong
            break
        done.append(one)
    if done:
        progress.applied_seq, progress.applied_hash = done[-1].entry.seq, done[-1].entry.hash
    if unfit is None:
        progress.release()
    elif progress.held_seq != progress.applied_seq + 1 or progress.held_why != unfit.why:
        progress.hold(unfit.why, progress.applied_seq + 1, unfit.text, now_ms)
        note(connection, store, holder.id, "held", progress.id, unfit.text)
    if losses is not None and own is not None:
        losses.settle(store, own)
    about = [one for one in done if one.entry.customer_id is not None]
    take_applied(connection, about)
    books.save()
    take_marks(connection, about)
    tell_expired(connection, about)
    take_orders(connection, about)
    moved = follow_tiers(connection, store, books, about)
    queue_notices(connection, store, [*changes_of(about), *moved])
    return sorted(book.id for book in books.customers.values() if book.merged_into)


def apply_kept(store: Store, terminal_id: str) -> int:
    """Apply what is kept of a held journal as far as it fits by now, though nobody pushes it; return how much did.

    A till that has joined again under another name does not ask about its old journal any more.
    """
    with store.writing() as connection:
        progress = lock_progress(connection, [terminal_id])[terminal_id]
        holder = lock_holder(connection, progress.holder_id)
        before = progress.applied_seq
        todo = kept_entries(connection, progress.id, before, 4 * MAX_ENTRIES, progress.applied_hash)
        if any(entry.kind in RENAMES for entry in todo):
            lock_people(connection)
        merged = _apply_all(store, connection, holder, progress, todo, None)
        run(connection, saving_progress(progress))
    if merged:
        move_on(store, merged)
    return progress.applied_seq - before


def _future(one: Read, now_ms: int) -> Unfit | None:
    if one.entry.at_ms <= now_ms + _DAY_MS:
        return None
    return Unfit(WhyHeld.FUTURE, f"entry {one.entry.seq} is dated after the site's clock by more than a day")


def _pushed(progress: Progress, holder: Holder, now_ms: int) -> Pushed:
    return Pushed(
        received_seq=progress.received_seq,
        received_hash=progress.received_hash,
        applied_seq=progress.applied_seq,
        applied_hash=progress.applied_hash,
        granted=holder.granted,
        recalled=holder.recalled,
        site_ms=now_ms,
        held=progress.held,
    )
