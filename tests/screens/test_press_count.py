"""The main job: a returning customer's full redeem is one scan, the bill's sum, and at most two presses."""

from tests.screens.flows import redeem_all_by_keys, redeem_all_by_mouse
from tests.screens.stand import SHOP_GAP_S, SMALL, ShopFloor, at_the_counter

MOST_PRESSES = 2


async def test_by_keys_alone(shop: ShopFloor) -> None:
    async with at_the_counter(shop, language="uk", size=SMALL, gap_s=SHOP_GAP_S) as stand:
        assert await redeem_all_by_keys(stand, shop.customers[5]) <= MOST_PRESSES


async def test_by_mouse_alone(shop: ShopFloor) -> None:
    async with at_the_counter(shop, language="uk", size=SMALL, gap_s=SHOP_GAP_S) as stand:
        assert await redeem_all_by_mouse(stand, shop.customers[5]) <= MOST_PRESSES


async def test_the_next_customer_needs_no_press_in_between(shop: ShopFloor) -> None:
    async with at_the_counter(shop, language="uk", size=SMALL, gap_s=SHOP_GAP_S) as stand:
        await redeem_all_by_keys(stand, shop.customers[5])
        assert await redeem_all_by_keys(stand, shop.customers[14]) <= MOST_PRESSES
