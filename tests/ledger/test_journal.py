"""The journal: entries are only ever added, in order, each chained to the one before; transactions are whole."""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite

from terminal.ledger import Ledger, LedgerBusy, LedgerFull, open_ledger
from terminal.ledger.customers import totals
from terminal.ledger.lock import hold_till
from terminal.ledger.queues import next_print, queue_print
from terminal.ledger.verify import verify_ledger
from terminal.rules.entry import GENESIS, Draft, chain, draft_of
from tests.shop import KEY, TERMINAL


def draft(number: int, kind: str = "note", at_ms: int = 1000, **fields: object) -> Draft:
    return Draft(f"id-{number}", kind, at_ms, "c-1", **fields)  # type: ignore[arg-type]


def gift(number: int, points: int, customer_id: str = "a") -> Draft:
    payload = f'{{"lot":{{"available_from":"2026-05-04","points":{points}}}}}'
    return draft(number, "gift", customer_id=customer_id, points=points, payload=payload)


@pytest.fixture
def written(empty_ledger: Ledger) -> Ledger:
    """A ledger with a customer and two more entries."""
    with empty_ledger.atomic():
        empty_ledger.append(draft(1, "register", customer_id="a"))
        empty_ledger.append(gift(2, 10))
        empty_ledger.append(draft(3))
    return empty_ledger


COPY = "INSERT INTO journal SELECT {seq}, 'new', kind, at_ms, operator, points, customer_id, sale_id, payload,"
AFTER_LAST = " (SELECT hash FROM journal ORDER BY seq DESC LIMIT 1), hash FROM journal WHERE seq = 3"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET points = 99 WHERE seq = 2",
        "UPDATE journal SET payload = payload WHERE seq = 3",
        "UPDATE OR REPLACE journal SET seq = 1 WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 3",
        "DELETE FROM journal",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 3",
        "REPLACE INTO journal SELECT * FROM journal WHERE seq = 1",
        "INSERT INTO journal SELECT * FROM journal WHERE seq = 3 ON CONFLICT DO UPDATE SET points = 5",
        COPY.format(seq=5) + AFTER_LAST,
        COPY.format(seq=3) + AFTER_LAST,
        COPY.format(seq=0) + AFTER_LAST,
        COPY.format(seq=-1) + AFTER_LAST,
        COPY.format(seq=4) + " prev_hash, hash FROM journal WHERE seq = 3",
        COPY.format(seq=4) + " zeroblob(32), hash FROM journal WHERE seq = 3",
        COPY.format(seq=4).replace("at_ms", "at_ms - 1") + AFTER_LAST,
        "INSERT OR IGNORE " + COPY.format(seq=9).removeprefix("INSERT ") + AFTER_LAST,
    ],
)
def test_the_journal_refuses_every_change_but_the_next_entry(written: Ledger, statement: str) -> None:
    before = written.rows("SELECT * FROM journal")
    with pytest.raises(sqlite.IntegrityError, match=r"only ever added|out of order"):
        written.connection.execute(statement)
    assert written.rows("SELECT * FROM journal") == before


def test_the_same_copy_in_its_right_place_is_taken(written: Ledger) -> None:
    written.connection.execute(COPY.format(seq=4) + AFTER_LAST)
    assert written.row("SELECT count(*) FROM journal") == (4,)


@pytest.mark.parametrize("value", ["NULL", "'text'", "1.5"])
def test_points_are_whole_numbers(written: Ledger, value: str) -> None:
    with pytest.raises(sqlite.IntegrityError):
        written.connection.execute(COPY.format(seq=4).replace("points", value) + AFTER_LAST)


def test_entries_are_chained_and_read_back(written: Ledger) -> None:
    entries = written.entries()
    assert [(entry.seq, entry.kind, entry.points) for entry in entries] == [
        (1, "register", 0),
        (2, "gift", 10),
        (3, "note", 0),
    ]
    prev_hash = GENESIS
    for entry in entries:
        assert chain(TERMINAL, entry.seq, draft_of(entry), prev_hash) == entry
        prev_hash = entry.hash
    assert written.entries(after=1, limit=1) == [entries[1]]
    assert written.entries(after=3) == []
    assert written.last_at_ms() == 1000


def test_the_chain_goes_on_after_a_transaction_that_was_rolled_back(written: Ledger) -> None:
    def write_and_fail() -> None:
        with written.atomic():
            written.append(draft(4, at_ms=9000))
            written.append(draft(5, at_ms=9000))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert written.last_at_ms() == 1000
    with written.atomic():
        entry = written.append(draft(4, at_ms=2000))
    assert (entry.seq, entry.prev_hash) == (4, written.entries(after=2)[0].hash)
    assert verify_ledger(written).ok


def test_an_entry_before_the_last_one_in_time_is_a_fault_of_the_caller(written: Ledger) -> None:
    with pytest.raises(AssertionError, match="only goes forward"), written.atomic():
        written.append(draft(4, at_ms=999))


def test_an_id_is_given_once(written: Ledger) -> None:
    with pytest.raises(sqlite.IntegrityError, match="UNIQUE"), written.atomic():
        written.append(draft(1))
    assert len(written.entries()) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda ledger: ledger.append(draft(4)),
        lambda ledger: ledger.write("DELETE FROM print_job"),
        lambda ledger: ledger.set_fact("a", "b"),
    ],
    ids=["append", "write", "set_fact"],
)
def test_a_change_needs_a_transaction(written: Ledger, change: Callable[[Ledger], object]) -> None:
    with pytest.raises(AssertionError, match="needs a transaction"):
        change(written)


def test_an_inner_block_is_part_of_the_outer_one(written: Ledger) -> None:
    def write_and_fail() -> None:
        with written.atomic():
            with written.atomic():
                written.append(draft(4))
            assert written.connection.in_transaction
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert len(written.entries()) == 3
    with written.atomic():
        with written.atomic():
            written.append(draft(4))
        written.append(draft(5))
    assert len(written.entries()) == 5


def test_what_an_inner_block_left_half_done_is_never_committed(written: Ledger) -> None:
    def write_half() -> None:
        with written.atomic():
            written.append(draft(4))
            raise RuntimeError

    def go_on_regardless() -> None:
        with written.atomic(), suppress(RuntimeError):
            write_half()

    with pytest.raises(AssertionError, match="inner block failed"):
        go_on_regardless()
    assert len(written.entries()) == 3
    assert not written.connection.in_transaction
    with written.atomic():
        written.append(draft(4))
    assert len(written.entries()) == 4


def test_a_commit_survives_the_process_and_a_rolled_back_block_does_not(written: Ledger) -> None:
    def write_and_stop() -> None:
        with written.atomic():
            written.append(draft(4))
            queue_print(written, "{}", 1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_stop()
    with open_ledger(written.path, KEY) as other:
        assert len(other.entries()) == 3
        assert next_print(other) is None


def test_a_snapshot_sees_one_state_while_others_write(written: Ledger) -> None:
    with open_ledger(written.path, KEY) as other:
        with other.snapshot():
            assert len(other.entries()) == 3
            with written.atomic():
                written.append(draft(4))
            assert len(other.entries()) == 3
        assert len(other.entries()) == 4


def test_two_that_write_take_turns_and_keep_one_chain(written: Ledger) -> None:
    """Connections of their own, as two processes have; each waits for the other's transaction."""

    def write(name: int) -> None:
        with open_ledger(written.path, KEY, durable=False) as mine:
            for number in range(25):
                with mine.atomic():
                    mine.append(gift(100 * name + number, 1))

    threads = [threading.Thread(target=write, args=(name,)) for name in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written.entries()) == 3 + 50
    found = totals(written, "a")
    assert found is not None
    assert found.points == 60
    assert verify_ledger(written).ok


def test_threads_of_one_till_share_its_ledger(written: Ledger) -> None:
    def write(name: int) -> None:
        for number in range(25):
            with written.atomic():
                written.append(gift(100 * name + number, 1))
                assert written.row("SELECT count(*) FROM journal") is not None

    threads = [threading.Thread(target=write, args=(name,)) for name in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written.entries()) == 3 + 75
    assert verify_ledger(written).ok


def test_somebody_who_holds_the_file_too_long_is_said(written: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("terminal.ledger.ledger.BUSY_TIMEOUT_MS", 1)
    with open_ledger(written.path, KEY) as other, written.atomic():
        written.append(draft(4))
        with pytest.raises(LedgerBusy, match="in use by another program"), other.atomic():
            pytest.fail("a transaction that may not write must not begin")
    assert [entry.id for entry in written.entries(after=3)] == ["id-4"]


def fill_disk(ledger: Ledger) -> None:
    """Let the file grow no further: SQLite says SQLITE_FULL, as it does on a full disk."""
    pages = ledger.row("PRAGMA page_count")
    assert pages is not None
    ledger.row(f"PRAGMA max_page_count = {pages[0]}")


def test_on_a_full_disk_nothing_is_half_booked(written: Ledger) -> None:
    fill_disk(written)
    booked = 0

    def book_on() -> None:
        nonlocal booked
        for number in range(4, 2000):
            with written.atomic():
                written.append(gift(number, 1))
                queue_print(written, "x" * 500, 1)
            booked += 1

    with pytest.raises(LedgerFull, match="Free some room; nothing was lost and nothing was booked"):
        book_on()
    assert not written.connection.in_transaction
    with open_ledger(written.path, KEY) as other:
        assert len(other.entries(limit=5000)) == 3 + booked
        assert other.row("SELECT count(*) FROM print_job") == (booked,)
        assert verify_ledger(other).ok
    written.row("PRAGMA max_page_count = 1073741823")
    with written.atomic():
        written.append(gift(5000, 1))
    assert verify_ledger(written).ok


def test_an_entry_that_moves_other_points_than_it_says_is_never_written(written: Ledger) -> None:
    wrong = draft(
        4, "earn", customer_id="a", points=5, payload='{"lot":{"available_from":"2026-05-04","points":4}}'
    )
    with pytest.raises(AssertionError, match="moves 4 in lots and 5 in points"), written.atomic():
        written.append(wrong)
    lost = draft(4, "redeem", customer_id="a", points=-5, payload='{"moves":[["nowhere",-5]]}')
    with pytest.raises(AssertionError, match="a lot that is not there"), written.atomic():
        written.append(lost)
    assert len(written.entries()) == 3


def test_two_tills_on_one_ledger(tmp_path: Path) -> None:
    path = tmp_path / "till.ledger"
    with hold_till(path), pytest.raises(LedgerBusy, match="Another till runs on this ledger"), hold_till(path):
        pytest.fail("two tills hold one ledger")
    with hold_till(path):
        pass
