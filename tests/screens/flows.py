"""The main job at the counter as a cashier does it, and what must stand on the screen and in the ledger then."""

from dataclasses import dataclass

from textual.widgets import Digits, Static

from terminal.desk.demo_shop import DemoCustomer
from terminal.ledger.verify import verify_ledger
from terminal.screens.touch import Touch
from tests.screens.stand import Stand

SUM = "250,40"
TOTAL_MINOR, OFF_MINOR, TAKEN, EARNED = 25040, 12500, 125, 9
"""Half of the bill at most, in whole bonuses; 5 % of the 125.40 that are paid, half as much again for Gold."""


@dataclass
class Hands:
    """Counts what a cashier presses or touches beside the scan and the sum's own digits."""

    stand: Stand
    presses: int = 0

    async def press(self, key: str) -> None:
        """Press a key."""
        self.presses += 1
        await self.stand.press(key)

    async def touch(self, target: str) -> None:
        """Touch a button, which must be three rows high."""
        self.presses += 1
        assert self.stand.one(target, Touch).region.height >= 3
        await self.stand.click(target)


async def redeem_all_by_keys(stand: Stand, customer: DemoCustomer) -> int:
    """Scan, type the sum, take all, confirm, by keys alone; return the presses beside the sum's own."""
    hands = Hands(stand)
    before = _before(stand, customer)
    await stand.wedge_scan(customer.card)
    _check_customer(stand, customer)
    await stand.type_text(SUM)
    await hands.press("f6")
    _check_take_off(stand)
    await hands.press("enter")
    _check_booked(stand, customer, *before)
    return hands.presses


async def redeem_all_by_mouse(stand: Stand, customer: DemoCustomer) -> int:
    """The same by mouse or finger alone, the digits on the number pad that is there."""
    hands = Hands(stand)
    before = _before(stand, customer)
    await stand.serial_scan(customer.card)
    _check_customer(stand, customer)
    for sign in SUM:
        key = "#pad-comma" if sign == "," else f"#pad-{sign}"
        assert stand.place(key)[1].height >= 3
        await stand.click(key)
    assert stand.box("#amount") == SUM
    await hands.touch("#all")
    _check_take_off(stand)
    await hands.touch("#confirm")
    _check_booked(stand, customer, *before)
    return hands.presses


def _before(stand: Stand, customer: DemoCustomer) -> tuple[int, int, list[int]]:
    shop = stand.shop
    return shop.till.ledger.last_seq(), shop.profile(customer).known, [lot.left for lot in shop.lots(customer)]


def _check_customer(stand: Stand, customer: DemoCustomer) -> None:
    assert stand.stage == "customer"
    words, profile = stand.app.session.words, stand.shop.profile(customer)
    assert profile.standing.tier is not None
    for told in (customer.name, profile.standing.tier.name, words.points(profile.spendable)):
        assert told in stand.text()


def _check_take_off(stand: Stand) -> None:
    words = stand.app.session.words
    assert stand.stage == "take-off"
    assert words.money(OFF_MINOR) in str(stand.one("#take-title", Static).content)
    assert "".join(sign for sign in stand.one("#take-sum", Digits).value if sign.isdigit()) == str(OFF_MINOR)
    assert words.money(TOTAL_MINOR - OFF_MINOR) in stand.text()


def _check_booked(stand: Stand, customer: DemoCustomer, seq: int, known: int, lots: list[int]) -> None:
    """One sale, its three entries, the lots that expire first drawn on, the slip queued, all sums agreeing."""
    shop, ledger = stand.shop, stand.shop.till.ledger
    assert stand.stage == "done"
    assert shop.kinds(seq) == ["sale", "redeem", "earn"]
    assert {entry.operator for entry in ledger.entries(seq)} == {stand.app.session.by.id}
    sale = shop.sales()[0]
    assert (sale.customer_id, sale.total_minor, sale.taken_off_minor) == (customer.id, TOTAL_MINOR, OFF_MINOR)
    assert (sale.redeemed, sale.earned, sale.voided) == (TAKEN, EARNED, False)
    assert shop.profile(customer).known == known - TAKEN + EARNED
    assert [lot.left for lot in shop.lots(customer)] == [*drawn(lots, TAKEN), EARNED]
    jobs = [job for job in shop.jobs() if job.sale_id == sale.id]
    assert [(job.state, job.is_copy) for job in jobs] == [("queued", False)]
    assert stand.app.session.words.points(known - TAKEN + EARNED) in stand.text()
    assert verify_ledger(ledger).ok
    slip = stand.app.session.preview(jobs[0].document)
    assert customer.name in slip
    assert str(known - TAKEN + EARNED) in slip


def drawn(lots: list[int], points: int) -> list[int]:
    """What is left of lots, in the order in which they expire, after spending `points` of them."""
    left = []
    for lot in lots:
        taken = min(lot, points)
        points -= taken
        if lot > taken:
            left.append(lot - taken)
    return left
