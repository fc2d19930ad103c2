"""A push: what is new is checked, kept and applied in one transaction; what does not fit is held, not lost."""

from decimal import Decimal
from itertools import chain

from msgspec.structs import replace
from sqlalchemy import Connection

from sync.protocol import MAX_ENTRIES, Code, Fault, Push, Pushed, WhyHeld
from sync.site.applying import RENAMES, Read, Unfit, apply, load_for, read_entries, tells_more
from sync.site.audit import note
from sync.site.books import SITE, Books
from sync.site.cursors import Cursors, asking_seal, cursors_of
from sync.site.expiring import tell_expired
from sync.site.feed import asking_counters
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
from sync.site.recovering import AHEAD, begin_recovery
from sync.site.rounds import run
from sync.site.shop import money_decimals
from sync.site.store import Store, lock_people
from sync.site.tiers import follow_tiers
from sync.site.till_orders import take_orders
from terminal.rules.entry import GENESIS, Entry

_DAY_MS = 24 * 60 * 60 * 1000


def push(store: Store, speaker: Holder, sent: Push) -> Pushed | Fault:
    """Take entries from a holder. Whatever is answered stands on the disk already."""
    with store.writing() as connection:
        returning = speaker.state == "returning"
        found, holder, known, sealing = _lock(
            connection, speaker, sent, [sent.terminal_id, *([SITE] if returning else [])]
        )
        if sealing.proves_loss(sent.cursor):
            begin_recovery(connection, store, speaker.id, AHEAD)
        progress = found.get(sent.terminal_id)
        if progress is None or progress.holder_id != speaker.id:
            return Fault(code=Code.FORBIDDEN, text="the token speaks for another journal")
        if holder.state != speaker.state:
            return Fault(code=Code.REVOKED, text=f"{speaker.id} was {holder.state} just now")
        now_ms = store.clock()
        new = _keep(connection, progress, sent, known, now_ms)
        if isinstance(new, Fault):
            run(connection, saving_progress(progress))
            if new.code is not Code.GAP:
                note(connection, store, speaker.id, "push refused", sent.terminal_id, new.text)
            return new
        books = Books(connection, holder.id)
        todo = new if progress.applied_seq + len(new) == progress.received_seq else _waiting(connection, progress)
        done = _apply_all(store, books, progress, todo, found[SITE] if returning else None)
        if sent.people:
            lock_people(connection)
        for text in take_sent(connection, new, sent.people):
            note(connection, store, holder.id, "odd", progress.id, text)
        _save(store, books, done)
        contact = saving_contact(holder, now_ms, granted=sent.granted, recalled=sent.recalled)
        run(connection, saving_progress(progress), contact)
        if returning and progress.applied_seq == sent.head_seq:
            settle_returned(connection, holder.id)
        answer = _pushed(progress, holder, now_ms)
    _move_merged(store, books)
    if any(one.entry.kind in ("order", "refund") for one in done):
        settle_orders(store)
    return answer


def _lock(
    connection: Connection, speaker: Holder, sent: Push, terminal_ids: list[str]
) -> tuple[dict[str, Progress], Holder, dict[int, bytes], Cursors]:
    """Lock journals and the holder; return also what is kept of the entries that are sent, by its hashes, and what
    reads the cursor.
    """
    last = sent.after_seq + len(sent.entries)
    journals, holders, kept, seal, counters = run(
        connection,
        locking_progress(terminal_ids),
        locking_holders([speaker.id]),
        asking_hashes(sent.terminal_id, sent.after_seq, last),
        asking_seal(),
        asking_counters(),
    )
    known = {row[0]: bytes(row[1]) for row in kept}
    known |= {} if sent.after_seq else {0: GENESIS}
    return progress_of(journals), Holder(*holders[0]), known, cursors_of(seal, dict(counters))


def _keep(
    connection: Connection, progress: Progress, sent: Push, known: dict[int, bytes], now_ms: int
) -> list[Entry] | Fault:
    """Check and keep what is new, and return it."""
    fault = _compare(progress, sent, known, now_ms)
    if fault is not None:
        return fault
    new = chained(progress, [entry for entry in sent.entries if entry.seq > progress.received_seq])
    if isinstance(new, int):
        return Fault(code=Code.CHAIN_BROKEN, text=f"entry {new} does not follow from the one before it")
    keep(connection, progress, new)
    return new


def _waiting(connection: Connection, progress: Progress) -> list[Entry]:
    """Return what is kept and not applied yet, a part of it where it is much."""
    return kept_entries(connection, progress.id, progress.applied_seq, 4 * MAX_ENTRIES, progress.applied_hash)


def _compare(progress: Progress, sent: Push, known: dict[int, bytes], now_ms: int) -> Fault | None:
    """Tell a restored or copied ledger from one that is only late."""
    first, last = sent.after_seq + 1, sent.after_seq + len(sent.entries)
    if [entry.seq for entry in sent.entries] != list(range(first, last + 1)) or sent.head_seq < last:
        return Fault(code=Code.MALFORMED, text="entries do not follow after_seq without a gap, up to head_seq")
    told = {sent.after_seq: sent.after_hash} | {entry.seq: entry.hash for entry in sent.entries}
    other = [seq for seq in sorted(known) if told[seq] != known[seq]]
    apart = other[0] if other else min(last, progress.received_seq) + 1
    if not progress.held_for_good:
        if sent.head_seq < progress.received_seq:
            text = f"the ledger ends at {sent.head_seq}, the site has {progress.received_seq} of it"
            progress.hold(WhyHeld.LEDGER_BEHIND, apart, text, now_ms)
        elif sent.after_seq > progress.received_seq:
            text = f"the site has entries up to {progress.received_seq}"
            return Fault(code=Code.GAP, text=text, received_seq=progress.received_seq)
        elif other:
            text = f"the ledger has another entry {apart} than the site"
            progress.hold(WhyHeld.LEDGER_FORKED, apart, text, now_ms)
    if progress.held_for_good:
        assert progress.held is not None
        # Of two machines with one ledger each is told where it goes its own way.
        return Fault(code=Code.HELD, text=progress.held_text, held=replace(progress.held, seq=apart))
    return None


def _apply_all(
    store: Store, books: Books, progress: Progress, todo: list[Entry], own: Progress | None
) -> list[Read]:
    """Apply entries up to the first that does not fit, and hold the journal there; return the applied ones.

    `own` is the site's own journal, for a lost till that was found.
    """
    now_ms = store.clock()
    read, unfit = read_entries(todo)
    load_for(books, read)
    losses = Losses(books.connection, books) if own else None
    done: list[Read] = []
    for one in read:
        wrong = apply(books, one) if one.entry.at_ms <= now_ms + _DAY_MS else _future(one)
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
        note(books.connection, store, books.holder_id, "held", progress.id, unfit.text)
    if losses is not None and own is not None:
        losses.settle(store, own)
    return done


def apply_kept(store: Store, terminal_id: str) -> int:
    """Apply what is kept of a held journal as far as it fits by now, though nobody pushes it; return how much did.

    A till that has joined again under another name does not ask about its old journal any more.
    """
    with store.writing() as connection:
        progress = lock_progress(connection, [terminal_id])[terminal_id]
        books = Books(connection, lock_holder(connection, progress.holder_id).id)
        done = _apply_all(store, books, progress, _waiting(connection, progress), None)
        _save(store, books, done)
        run(connection, saving_progress(progress))
    _move_merged(store, books)
    return len(done)


def _future(one: Read) -> Unfit:
    return Unfit(WhyHeld.FUTURE, f"entry {one.entry.seq} is dated after the site's clock by more than a day")


def _save(store: Store, books: Books, done: list[Read]) -> None:
    """Write the books, and what applied entries tell beside sales and points."""
    connection = books.connection
    telling = [one for one in done if tells_more(one)]
    if any(one.entry.kind in RENAMES for one in telling):
        lock_people(connection)
    take_applied(connection, telling)
    books.save()
    take_marks(connection, telling)
    tell_expired(connection, telling)
    take_orders(connection, telling)
    for one in books.paid_back_twice:
        amount = Decimal(one.minor).scaleb(-money_decimals(connection))
        text = f"{amount} was paid back again, by {', '.join(one.tills)}"
        note(connection, store, books.holder_id, "paid back twice", f"{one.terminal_id} № {one.number}", text)
    moved = follow_tiers(connection, store, books, done)
    queue_notices(connection, store, chain(changes_of(done), moved))


def _move_merged(store: Store, books: Books) -> None:
    merged = sorted(book.id for book in books.customers.values() if book.merged_into)
    if merged:
        move_on(store, merged)


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
