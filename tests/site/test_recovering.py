"""A site restored from a backup: tills tell it what it forgot, and until then it grants nothing."""

from datetime import date
from typing import Any

from sqlalchemy import delete, select

from sync.protocol import Code, Fault, Pull
from sync.site.asking import may_hold
from sync.site.leases import grant_up_to, grants_after, reclaim
from sync.site.pulling import pull
from sync.site.recovering import begin_recovery, end_recovery, missing_holders
from sync.site.store import Store
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
        assert grants_after(connection, "till-1", 0, 9) == tuple(grants)
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
