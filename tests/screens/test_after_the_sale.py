"""After a sale: void from the same screen; bills put aside and taken back; the list of sales."""

from terminal import desk
from terminal.ledger.queues import prints_of_sale
from terminal.ledger.verify import verify_ledger
from terminal.screens.held_bills import HeldBills
from terminal.screens.question import Question
from terminal.screens.rows import Rows
from terminal.screens.sales_list import SalesList
from terminal.screens.slip_view import SlipView
from terminal.screens.touch import Touch
from tests.screens.stand import ShopFloor, Stand, at_the_counter


async def sell(stand: Stand, number: int = 5, total: str = "250", take: str = "f6") -> None:
    """Sell to a customer."""
    await stand.wedge_scan(stand.shop.customers[number].card)
    await stand.type_text(total)
    await stand.press(take, "enter")
    assert stand.stage == "done"


async def test_a_sale_is_voided_from_the_done_stage_by_mouse_and_by_key(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    known, lots = shop.profile(customer).known, shop.lots(customer)
    async with at_the_counter(shop) as stand:
        for by_key in (False, True):
            seq = shop.till.ledger.last_seq()
            await sell(stand)
            await (stand.press("f10") if by_key else stand.click("#void"))
            assert shop.kinds(seq) == ["sale", "redeem", "earn", "void", "restore", "clawback"]
            assert shop.sales()[0].voided
            assert (shop.profile(customer).known, shop.lots(customer)) == (known, lots)
            assert "is voided" in stand.text()
            assert not stand.one("#void", Touch).display
            await stand.press("f10")
            assert shop.kinds(seq)[6:] == []
            assert len(prints_of_sale(shop.till.ledger, shop.sales()[0].id)) == 2
    assert verify_ledger(shop.till.ledger).ok


async def test_a_sale_whose_bonuses_are_spent_is_not_voided(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await sell(stand, number=0, total="1000", take="f5")
        await sell(stand, number=0, total="100")
        await stand.press("f4", "down", "f8", "f10")
        assert "Only the last sale can be voided." in stand.told()
        assert not any(sale.voided for sale in shop.sales()[:2])


async def test_a_bill_is_put_aside_and_taken_back(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.press("f8")
        assert "There is no bill to put aside." in stand.told()
        await stand.type_text("250")
        await stand.press("f8")
        assert (stand.stage, len(desk.held(shop.till))) == ("idle", 1)
        assert "Bills put aside: 1" in stand.text()
        await stand.wedge_scan(shop.customers[6].card)
        await stand.type_text("77")
        await stand.click("#hold")
        await stand.press("f3")
        assert isinstance(stand.screen, HeldBills)
        assert shop.customers[5].name in stand.text()
        assert "UAH77.00" in stand.text()
        await stand.press("enter")
        assert (stand.stage, stand.box("#amount"), len(desk.held(shop.till))) == ("customer", "250,00", 1)
        assert shop.customers[5].name in stand.text()
        await stand.press("f6", "enter")
        assert (shop.sales()[0].total_minor, shop.sales()[0].redeemed) == (25000, 125)
        await stand.press("f3")
        await stand.click_row(0)
        assert (stand.stage, stand.box("#amount"), desk.held(shop.till)) == ("customer", "77,00", [])


async def test_no_bill_is_put_aside(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.press("f3")
        assert "No bill is put aside." in stand.text()
        await stand.click("#take")
        await stand.press("escape")
        assert stand.screen is stand.app.counter


async def test_the_list_of_sales_shows_prints_and_voids(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await sell(stand)
        number = shop.sales()[0].number
        await stand.click(stand.targets()[-2])
        assert isinstance(stand.screen, SalesList)
        assert f"No. {number}  UAH250.00" in "\n".join(stand.lines())
        await stand.press("f5")
        assert isinstance(stand.screen, SlipView)
        assert shop.customers[5].name in stand.text()
        await stand.press("escape", "f6")
        assert f"A copy of slip {number}" in stand.told()
        assert [job.is_copy for job in prints_of_sale(shop.till.ledger, shop.sales()[0].id)] == [False, True]
        assert "КОПІЯ" in stand.app.session.preview(shop.jobs()[-1].document)
        await stand.press("f8")
        assert isinstance(stand.screen, Question)
        await stand.press("enter")
        assert (isinstance(stand.screen, SalesList), shop.sales()[0].voided) == (True, False)
        await stand.click("#void")
        await stand.click("#yes")
        assert shop.sales()[0].voided
        assert "✗ voided" in stand.text()
        assert stand.one("Rows", Rows).highlighted == 0
        await stand.press("escape")
        assert stand.stage == "done"
    assert verify_ledger(shop.till.ledger).ok
