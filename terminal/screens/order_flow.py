"""The making of an order, from the customer to the slip: each step follows from the one that is kept."""

from typing import Any

from terminal.desk.order_drafts import OrderDraft, UnfinishedOrder
from terminal.desk.order_making import OrderMaking
from terminal.rules.phrase import phrase
from terminal.screens.base import TillScreen
from terminal.screens.order_bonuses import OrderBonuses
from terminal.screens.order_customer import OrderCustomer
from terminal.screens.order_goods import OrderGoods
from terminal.screens.order_list import NewOrder, OrderList
from terminal.screens.order_offers import OrderOffers
from terminal.screens.order_payment import OrderPayment
from terminal.screens.order_step import Way
from terminal.screens.order_view import OrderView

_STEPS = {"goods": OrderGoods, "offers": OrderOffers, "bonuses": OrderBonuses, "payment": OrderPayment}


async def show_orders(screen: TillScreen[Any]) -> None:
    """List the orders over a screen until the list is left: make, go on with, or look at one."""
    while True:
        row = await screen.app.push_screen_wait(OrderList(screen.session))
        match row:
            case None:
                return
            case NewOrder():
                await make_order(screen, None)
            case UnfinishedOrder(draft=draft):
                await make_order(screen, draft)
            case order:
                await screen.app.push_screen_wait(OrderView(screen.session, order.number))


async def make_order(screen: TillScreen[Any], draft: OrderDraft | None) -> None:
    """Lead through the steps over a screen, from where the draft stands; ends with the order's own screen."""
    session = screen.session
    with screen.asking_ledger():
        making = OrderMaking(session.till, lambda: session.by, session.hold_hours, draft)
        while True:
            number = making.draft.number
            way = await _one_step(screen, making)
            if way == "placed":
                told = phrase("Order {number} is made. Its slip is on its way to the printer.", number=number)
                await screen.app.push_screen_wait(OrderView(session, number, told))
            if way != "go on":
                return


async def _one_step(screen: TillScreen[Any], making: OrderMaking) -> Way | None:
    if making.step != "customer":
        return await screen.app.push_screen_wait(_STEPS[making.step](screen.session, making))
    found = await screen.app.push_screen_wait(OrderCustomer(screen.session))
    if found is None:
        return "leave"
    refused = making.serve(found.customer_id)
    if refused is not None:
        screen.refuse(refused)
    return "go on"
