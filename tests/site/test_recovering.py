"""A site restored from a backup: tills tell it what it forgot, and until then it grants nothing."""

from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from sync.protocol import Code, Fault, Pull
from sync.site.asking import may_hold
from sync.site.leases import asking_grants, grant_up_to, grants_of, plan, reclaim
from sync.site.pulling import pull
from sync.site.recovering import begin_recovery, end_recovery, missing_holders, recover_if_proven
from sync.site.rounds import run
from sync.site.store import Store
from sync.site.tables import customer as table
from sync.site.tables import metadata
from sync.site.verify import verify
from tests.site.stand import Site

TODAY = date(2026, 5, 4)


def backup(store: Store) -> dict[str, list[Any]]:
    with store.reading() as connection:
        return {name: list(connection.execute(select(table)).all()) for name, table in metadata.tables.items()}


def restore(store: Store, rows: dict[str, list[Any]]) -> None:
    with store.writing() as connection:
        for name, table in metadata.tables.items():
            connection.execute(delete(table))
            if rows[name]:
                connection.execute(table.insert(), [dict(row._mapping) for row in rows[name]])


def test_what_a_restored_site_forgot_comes_back_from_the_tills(site: Site) -> None:
    home, other = site.till("till-1"), site.till("till-2")
    customer = home.register()
    lot = home.earn(customer, 100)
    home.give_back(customer, {lot: 100})
    site.push(home)
    kept = backup(site.store)
    grants, _ = grant_up_to(site.store, "till-1", customer, 80, TODAY)
    home.granted = grants[0].number
    _, cursor = site.pull_all(home)
    home.redeem(customer, {lot: 10})
    site.push(home)
    site.clock.now_ms += 60_000
    restore(site.store, kept)

    answer = pull(site.store, site.holder("till-1"), Pull(terminal_id="till-1", cursor=cursor))
    assert isinstance(answer, Fault)
    assert answer.code is Code.CURSOR_AHEAD
    with site.store.writing() as connection:
        begin_recovery(connection, site.store, "till-1", "cursor ahead")
        assert missing_holders(connection) == ["till-1", "till-2"]
    refused = may_hold(site.store, site.holder("till-2"))
    assert isinstance(refused, Fault)
    assert refused.code is Code.RECOVERING

    assert reclaim(site.store, "till-1", grants) == 1
    assert reclaim(site.store, "till-1", grants) == 1
    assert site.push(home).held is None
    site.push(other)
    assert may_hold(site.store, site.holder("till-2")) is None
    with site.store.reading() as connection:
        assert grants_of(run(connection, asking_grants("till-1", 0, 9))[0]) == tuple(grants)
    account = site.account(home, customer)
    assert [(one.left, one.held) for one in account.lots] == [(90, 70)]
    assert verify(site.store).ok


def test_a_manager_may_end_the_waiting(site: Site) -> None:
    site.till("till-1")
    site.clock.now_ms += 1000
    with site.store.writing() as connection:
        begin_recovery(connection, site.store, "till-1", "")
        assert missing_holders(connection) == ["till-1"]
        end_recovery(connection, site.store, "manager")
        assert missing_holders(connection) == []


def test_tills_long_silent_are_not_waited_for(site: Site) -> None:
    site.till("till-1")
    site.clock.now_ms += 20 * 24 * 60 * 60 * 1000
    with site.store.writing() as connection:
        begin_recovery(connection, site.store, "till-2", "")
        assert missing_holders(connection) == []


def test_only_a_cursor_that_the_site_sealed_proves_that_it_forgot(site: Site) -> None:
    till = site.till("till-1")
    kept = backup(site.store)
    till.register()
    site.push(till)
    _, cursor = site.pull_all(till)
    restore(site.store, kept)
    parts = cursor.split(":")
    for made_up in ("changes:0:999:0::", ":".join([*parts[:2], "999", *parts[3:]]), cursor[:-2], "; DROP TABLE"):
        recover_if_proven(site.store, "till-1", made_up)
        with site.store.reading() as connection:
            assert missing_holders(connection) == []
    site.clock.now_ms += 1000
    recover_if_proven(site.store, "till-1", cursor)
    with site.store.reading() as connection:
        assert missing_holders(connection) == ["till-1"]


def test_after_a_restore_every_till_reads_the_feed_anew_and_no_old_cursor_proves_again(site: Site) -> None:
    one, other = site.till("till-1"), site.till("till-2")
    _, early = site.pull_all(other)
    kept = backup(site.store)
    one.register()
    site.push(one)
    _, late = site.pull_all(one)
    restore(site.store, kept)
    recover_if_proven(site.store, "till-1", late)
    for journal, cursor in ((one, late), (other, early)):
        asked = Pull(terminal_id=journal.terminal_id, cursor=cursor)
        answer = pull(site.store, site.holder(journal.terminal_id), asked)
        assert isinstance(answer, Fault)
        assert answer.code is Code.CURSOR_AHEAD
    with site.store.writing() as connection:
        end_recovery(connection, site.store, "manager")
    site.clock.now_ms += 1000
    recover_if_proven(site.store, "till-1", late)
    with site.store.reading() as connection:
        assert missing_holders(connection) == []


def test_a_till_that_claims_grants_stops_nobody_but_itself(site: Site) -> None:
    liar, honest = site.till("till-1"), site.till("till-2")
    customer = honest.register()
    lot = honest.earn(customer, 100)
    honest.give_back(customer, {lot: 100})
    site.push(honest)
    liar.register()
    liar.granted = 2**53
    site.push(liar)
    assert may_hold(site.store, site.holder("till-2")) is None
    grants, short = grant_up_to(site.store, "till-2", customer, 60, TODAY)
    assert (len(grants), short) == (1, 0)
    refused = may_hold(site.store, site.holder("till-1"))
    assert isinstance(refused, Fault)
    assert refused.code is Code.RECOVERING
    with site.store.writing() as connection:
        connection.execute(update(table).where(table.c.id == customer).values(home="till-1"))
    assert plan(site.store, TODAY, 14) == 0
