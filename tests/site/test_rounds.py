"""Rounds: several statements at once say and bring what they would one by one, on both databases."""

import threading

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from sync.protocol import Pushed
from sync.site.rounds import Rows, Statement, copy, run, told
from sync.site.store import Store
from sync.site.tables import mark, person
from tests.site.stand import Site

COUNTS = ("customer_id", "kind", "code", "count")
END_OTHERS = {
    "sqlite": "SELECT 1",  # its connections end with the process alone
    "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()",
}
BY_PAIR = "SELECT kind, code, count FROM mark WHERE (kind, code) {paired} ORDER BY code"


def counts(*rows: tuple[str, int], new: bool = False) -> Rows:
    return Rows(mark, COUNTS, [("c1", "stamp", code, count) for code, count in rows], new=new)


def test_steps_are_taken_in_their_order_and_statements_bring_their_rows(store: Store) -> None:
    with store.writing() as connection:
        before, after = run(
            connection,
            counts(("a", 1), ("b", 2), new=True),
            Statement(BY_PAIR, (told([("stamp", "a"), ("stamp", "b"), ("use", "b")]),)),
            counts(),
            counts(("b", 20), ("c", 30)),
            Statement("SELECT count FROM mark WHERE code {listed} ORDER BY count {locked}", (told(["b", "c"]),)),
        )
    assert [tuple(row) for row in before] == [("stamp", "a", 1), ("stamp", "b", 2)]
    assert [tuple(row) for row in after] == [(20,), (30,)]


@pytest.mark.parametrize("fast", [False, True])
def test_odd_texts_and_bytes_are_kept_as_they_are(store: Store, *, fast: bool) -> None:
    columns = ("customer_id", "name", "phone", "note", "salt")
    row = ("c1", 'Зоя "Z"\t\\N', None, "a\nb'?%s{x}", bytes(range(256)))
    with store.writing() as connection:
        (copy if fast else run)(connection, Rows(person, columns, [row], new=True))
        [[found]] = run(connection, Statement(f"SELECT {', '.join(columns)} FROM person"))
    assert tuple(found) == row


@pytest.mark.parametrize("fast", [False, True])
def test_a_row_that_is_there_already_is_a_fault_of_the_database_and_undoes_all(store: Store, *, fast: bool) -> None:
    def twice() -> None:
        with store.writing() as connection:
            run(connection, counts(("a", 1), new=True))
            (copy if fast else run)(connection, counts(("a", 1), new=True))

    with pytest.raises(IntegrityError):
        twice()
    with store.reading() as connection:
        assert run(connection, Statement("SELECT count FROM mark")) == [[]]


def test_a_statement_that_is_none_is_a_fault_of_the_database(store: Store) -> None:
    with pytest.raises(DBAPIError), store.reading() as connection:
        run(connection, Statement("SELECT nothing FROM nowhere"))


def test_a_connection_that_was_ended_meanwhile_is_replaced(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.site.store._FRESH_S", 0.0)
    with store.reading() as first:
        with store.reading() as second:
            assert run(second, Statement("SELECT 1")) == [[(1,)]]
        run(first, Statement(END_OTHERS[store.engine.dialect.name]))
    for _ in range(3):
        with store.reading() as connection:
            assert run(connection, Statement("SELECT 1")) == [[(1,)]]


def test_who_writes_waits_for_the_turn(site: Site) -> None:
    """Four tills at once: each push is whole, and nobody is told that the database is busy."""
    tills = [site.till(f"till-{place}") for place in range(4)]
    for till in tills:
        customer = till.register()
        for _ in range(30):
            till.earn(customer, 1)
    answers: list[object] = []

    def push_in_parts(place: int) -> None:
        answers.extend(site.send(tills[place], tills[place].push_after(after, 4)) for after in range(0, 31, 4))

    threads = [threading.Thread(target=push_in_parts, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 32
    assert all(isinstance(answer, Pushed) and answer.held is None for answer in answers)
    assert [site.push(till).applied_seq for till in tills] == [31] * 4
