"""Help, the till's state, the printer's queue and training."""

from pathlib import Path

import pytest

from printers.spool import Outcome
from printers.status import Status
from terminal import desk
from terminal.config import Config, PrinterConfig, ShopConfig, TillConfig
from terminal.ledger import LedgerFull
from terminal.ledger.queues import prints_of_sale, set_print_state
from terminal.rules.phrase import phrase
from terminal.running import Devices
from terminal.screens.help import Help
from terminal.screens.print_jobs import PrintJobs
from terminal.screens.rows import Rows
from terminal.screens.slip_view import SlipView
from terminal.screens.till_status import TillStatus
from tests.screens.stand import PINS, ShopFloor, Stand, at_the_counter


async def sell(stand: Stand, number: int = 5) -> None:
    """Sell to a customer."""
    await stand.wedge_scan(stand.shop.customers[number].card)
    await stand.type_text("250")
    await stand.press("f6", "enter")
    assert stand.stage == "done"


def states(shop: ShopFloor) -> list[str]:
    """The states of the last sale's slips."""
    return [job.state for job in prints_of_sale(shop.till.ledger, shop.sales()[0].id)]


async def test_help_and_back(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.press("f1")
        assert isinstance(stand.screen, Help)
        for key in ("F2", "F3", "F12"):
            assert key in stand.text()
        await stand.press("escape")
        assert stand.stage == "idle"


async def test_the_tills_state_in_figures(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await sell(stand)
        await stand.press("f9")
        assert isinstance(stand.screen, TillStatus)
        assert f"entry {shop.till.ledger.last_seq()}," in stand.text()
        assert "Клуб «Смаколик»" in stand.text()
        lines = {line.strip("│ ").split("  ")[0]: line for line in stand.lines()}
        assert "1" in lines["! Slips waiting"]
        assert "✓ Clock" in lines
        shop.clock.advance(days=-1)
        stand.app.tell_printer(Outcome("waiting", Status("paper_out"), 1))
        await stand.rest()
        wrong = [" ".join(line.strip("│ ").split()) for line in stand.lines() if "! " in line]
        assert [line for line in wrong if line.startswith("! Printer") and line.endswith("out of paper")], wrong
        assert [line for line in wrong if line.startswith("! Clock")], wrong


async def test_a_clock_set_back_is_warned_of_and_sells_on(shop: ShopFloor) -> None:
    last = shop.till.ledger.last_at_ms()
    shop.clock.advance(days=-400)
    async with at_the_counter(shop) as stand:
        assert "This machine's clock is behind the last sale." in stand.told()
        await sell(stand)
        assert shop.sales()[0].at_ms >= last


async def test_a_slip_that_nobody_is_sure_of(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        for number in (5, 6):
            await sell(stand, number)
            set_print_state(shop.till.ledger, shop.jobs()[-1].id, "unknown", "cut off")
        stand.app.tell_printer(Outcome("unknown", None, shop.jobs()[0].id))
        await stand.rest()
        assert "did the slip come out? F9, F5" in stand.told()
        await stand.press("f9", "f5")
        assert isinstance(stand.screen, PrintJobs)
        assert "did it come out?" in stand.text()
        await stand.press("f5")
        assert isinstance(stand.screen, SlipView)
        assert shop.customers[5].name in stand.text()
        await stand.press("escape")
        first, second = (job.sale_id for job in shop.jobs())
        assert first is not None
        assert second is not None
        await stand.click("#again")
        assert "The slip is on its way to the printer." in stand.told()
        again = prints_of_sale(shop.till.ledger, first)
        assert [(job.state, job.is_copy) for job in again] == [("dropped", False), ("queued", True)]
        assert "КОПІЯ" in stand.app.session.preview(again[-1].document)
        await stand.click("#drop")
        assert [job.state for job in prints_of_sale(shop.till.ledger, second)] == ["dropped"]
        await stand.press("f8")
        assert "No slip waits." in stand.text()
        assert shop.jobs() == []
        await stand.press("f6", "f8", "f5")
        await stand.press("escape")
        assert isinstance(stand.screen, TillStatus)


def config(folder: Path, printer: str) -> Config:
    """A till with a printer at an address."""
    return Config(
        shop=ShopConfig(name="Крамниця"),
        till=TillConfig(name="demo-1", ledger=folder / "till.ledger"),
        printer=PrinterConfig(url=printer),
    )


async def test_a_printer_prints_after_the_sale_is_booked(shop: ShopFloor, tmp_path: Path) -> None:
    async with at_the_counter(shop) as stand:
        devices = Devices(stand.app, stand.app.session, config(tmp_path, f"file:{tmp_path}/paper"))
        devices.start()
        try:
            await sell(stand)
            await stand.until(lambda: states(shop) == ["done"])
        finally:
            devices.stop()
    assert (tmp_path / "paper").stat().st_size > 0


async def test_a_printer_that_is_off_keeps_the_slip_and_the_sale(shop: ShopFloor, tmp_path: Path) -> None:
    async with at_the_counter(shop) as stand:
        devices = Devices(stand.app, stand.app.session, config(tmp_path, f"file:{tmp_path}/no/such/folder/lp0"))
        devices.start()
        try:
            await sell(stand)
            await stand.until(lambda: stand.app.session.printer.trouble)
            await stand.until(lambda: "! Printer: " in stand.told())
        finally:
            devices.stop()
        assert states(shop) == ["queued"]
        assert shop.sales()[0].redeemed == 125


async def test_training_that_finds_no_room_leaves_the_shop_open(
    shop: ShopFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(till: desk.Till, folder: Path) -> desk.Till:
        raise LedgerFull(phrase("The disk is full. Free some room; nothing was lost and nothing was booked."))

    monkeypatch.setattr("terminal.desk.training_till", full)
    async with at_the_counter(shop, by="manager") as stand:
        await stand.press("f9", "f7")
        assert "The disk is full." in stand.told()
        await stand.press("escape")
        assert stand.app.session.till is shop.till
    assert shop.till.ledger.last_seq() > 0


async def test_a_cashier_does_not_begin_training(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.press("f9", "f7")
        assert isinstance(stand.screen, TillStatus)
        assert "Only a manager can begin training." in stand.told()
        assert stand.app.session.till is shop.till


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_training_counts_nothing_and_says_so(shop: ShopFloor, language: str) -> None:
    seq, sales, jobs = shop.till.ledger.last_seq(), shop.sales(), shop.jobs()
    async with at_the_counter(shop, language=language, by="manager") as stand:
        banner = stand.app.session.words.gettext("TRAINING - NOTHING COUNTS")
        assert banner not in stand.text()
        await stand.press("f9")
        await stand.click("#training")
        training = stand.app.session.till
        assert training.training
        assert banner in stand.lines()[0]
        await stand.type_text("0675550003")
        await stand.press("enter")
        assert stand.stage == "customer"
        await stand.type_text("250")
        await stand.press("f6", "enter")
        assert (stand.stage, banner in stand.lines()[0]) == ("done", True)
        done = desk.last_sale(training)
        assert done is not None
        assert done.total_minor == 25000
        slip = stand.app.session.preview(desk.slip_of(training, done.id))
        assert shop.till.words().gettext("TRAINING - NOTHING COUNTS") in slip
        await stand.press("f12")
        assert banner in stand.lines()[0]
        await stand.type_text(PINS["manager"])
        await stand.press("enter", "f9", "f7")
        assert stand.app.session.till is shop.till
        assert (stand.stage, banner in stand.text()) == ("idle", False)
    assert (shop.till.ledger.last_seq(), shop.sales(), shop.jobs()) == (seq, sales, jobs)


async def test_a_long_list_is_there_as_a_whole_and_its_rows_are_what_they_say(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.press("f4")
        view = stand.one("Rows", Rows)
        assert view.option_count == 50
        view.highlighted = 49
        await stand.press("f5")
        assert isinstance(stand.screen, SlipView)
        assert str(shop.sales()[49].number) in stand.text()
