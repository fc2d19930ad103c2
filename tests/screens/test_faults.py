"""A disk that is full: every press that writes says so, loses nothing, and works once there is room again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from terminal import desk
from terminal.ledger import Ledger, LedgerFull
from terminal.ledger.queues import set_print_state
from terminal.ledger.shop import pin_failures
from terminal.ledger.verify import verify_ledger
from terminal.rules.phrase import phrase
from terminal.screens.lock import Lock
from terminal.screens.new_customer import RegisterCustomer
from tests.screens.stand import PINS, ShopFloor, at_the_counter

FULL = "The disk is full."


@contextmanager
def full_disk(shop: ShopFloor) -> Iterator[None]:
    """Let the ledger's file grow no more, and leave no room inside it."""
    connection = shop.till.ledger.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (most,) = connection.execute("PRAGMA max_page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA max_page_count = {most}")


async def test_a_sale_is_booked_by_the_same_press_after_the_disk_was_full(shop: ShopFloor) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.type_text("250")
        await stand.press("f6")
        with full_disk(shop):
            for _ in range(2):
                await stand.press("enter")
                assert FULL in stand.told()
                assert (stand.stage, shop.till.ledger.last_seq(), shop.jobs()) == ("take-off", seq, [])
        await stand.press("enter")
        assert stand.stage == "done"
        assert shop.kinds(seq) == ["sale", "redeem", "earn"]
    assert verify_ledger(shop.till.ledger).ok


async def test_a_void_and_a_copy_say_that_the_disk_is_full(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.type_text("250")
        await stand.press("f6", "enter")
        seq, jobs = shop.till.ledger.last_seq(), shop.jobs()
        with full_disk(shop):
            await stand.press("f10")
            assert (stand.stage, FULL in stand.told()) == ("done", True)
            await stand.press("f4", "f6")
            assert FULL in stand.told()
            await stand.press("f8", "f10")
            assert FULL in stand.told()
            assert (shop.till.ledger.last_seq(), shop.jobs()) == (seq, jobs)
        await stand.press("f6", "f8", "f10")
        assert shop.kinds(seq) == ["void", "restore", "clawback"]
        assert len(shop.jobs()) == 3


# Small rows may still find room in pages that the file has: for these the fault is put in the way.


@pytest.fixture
def broken(shop: ShopFloor, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every transaction that has changed something fail while the list is not empty, as a full disk does."""
    named = ["full"]
    real = Ledger._commit

    def commit(ledger: Ledger) -> None:
        if named:
            ledger._forget_all()
            ledger.connection.execute("ROLLBACK")
            raise LedgerFull(phrase("The disk is full. Free some room; nothing was lost and nothing was booked."))
        real(ledger)

    monkeypatch.setattr(Ledger, "_commit", commit)
    return named


async def test_a_registration_keeps_what_was_typed(shop: ShopFloor, broken: list[str]) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await stand.press("f2")
        await stand.type_text("Степан")
        await stand.press("tab")
        await stand.type_text("0501112233")
        await stand.press("tab", "tab", "space", "f10")
        assert isinstance(stand.screen, RegisterCustomer)
        assert FULL in stand.told()
        assert (stand.box("#name"), stand.box("#phone")) == ("Степан", "0501112233")
        assert shop.till.ledger.last_seq() == seq
        broken.clear()
        await stand.press("f10")
        assert stand.stage == "customer"
        assert shop.kinds(seq) == ["register"]


async def test_a_bill_stays_at_the_counter_or_aside(shop: ShopFloor, broken: list[str]) -> None:
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.type_text("250")
        await stand.press("f8")
        assert (stand.stage, stand.box("#amount"), FULL in stand.told()) == ("customer", "250", True)
        broken.clear()
        await stand.press("f8")
        assert len(desk.held(shop.till)) == 1
        broken.append("full")
        await stand.press("f3", "enter")
        assert FULL in stand.told()
        assert len(desk.held(shop.till)) == 1
        broken.clear()
        await stand.press("enter")
        assert (stand.stage, stand.box("#amount")) == ("customer", "250,00")


async def test_the_customers_menu_tells_and_does_nothing(shop: ShopFloor, broken: list[str]) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.press("f9", "3")
        assert FULL in stand.told()
        await stand.press("7", "f10")
        assert FULL in stand.told()
        await stand.press("4")
        await stand.type_text("0501112233")
        await stand.press("enter")
        assert (stand.box("#line"), FULL in stand.told()) == ("0501112233", True)
        assert (shop.till.ledger.last_seq(), shop.jobs()) == (seq, [])
        broken.clear()
        await stand.press("enter")
        assert shop.profile(shop.customers[5]).person.phone == "380501112233"


async def test_a_slip_that_waits_stays_in_the_queue(shop: ShopFloor, broken: list[str]) -> None:
    broken.clear()
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.type_text("250")
        await stand.press("f5", "enter")
        set_print_state(shop.till.ledger, shop.jobs()[0].id, "unknown")
        broken.append("full")
        await stand.press("f9", "f5")
        for key in ("f6", "f8"):
            await stand.press(key)
            assert FULL in stand.told()
            assert [job.state for job in shop.jobs()] == ["unknown"]


async def test_a_pin_that_can_not_be_counted_opens_nothing(shop: ShopFloor, broken: list[str]) -> None:
    async with at_the_counter(shop, by="") as stand:
        await stand.type_text(PINS["cashier"])
        await stand.press("enter")
        assert isinstance(stand.screen, Lock)
        assert FULL in stand.told()
        assert pin_failures(shop.till.ledger, shop.cashier.id)[0] == 0
        broken.clear()
        await stand.press("enter")
        assert stand.app.session.operator == shop.cashier
