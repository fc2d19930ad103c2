"""What a shop's own site sends over HTTP, with its key: customers, events, quotes and orders."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from sync.protocol import Code
from sync.site import events, order_quoting, order_returns, orders
from sync.site.exchange import answer, done, fail, read_message
from sync.site.news import News, wait
from sync.site.openapi import described
from sync.site.orders import Wanting
from sync.site.shop_messages import (
    AskQuote,
    Event,
    FindCustomer,
    Found,
    Ordered,
    OrderNumber,
    PlaceOrder,
    Quoted,
    RegisterCustomer,
    ReturnOrder,
    Rewarded,
)
from sync.site.speaking import speaking_key
from sync.site.store import Store

router = APIRouter()

_ROLES = ("shop", "manager")


def _post(
    path: str, kind: type[msgspec.Struct], answered: type[msgspec.Struct]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return router.post(path, **described(kind, answered, "shop"))


async def _said(request: Request, kind: type[msgspec.Struct]) -> tuple[Any, str]:
    """Return the message, and the name of the key that sent it."""
    key = await speaking_key(request, *_ROLES)
    return await read_message(request, kind), key.name


async def _do(request: Request, call: Callable[..., Any], kind: type[msgspec.Struct]) -> Response:
    """Do something that changes the books, and let the tills know."""
    asked, who = await _said(request, kind)
    told = await done(call, request.app.state.store, asked, who)
    request.app.state.news.tell()
    return await answer(request, told)


@_post("/v1/shop/customers/find", FindCustomer, Found)
async def post_find(request: Request) -> Response:
    """Find a customer by phone, card or id."""
    asked, who = await _said(request, FindCustomer)
    seconds = request.app.state.find_limit.wait_s(who)
    if seconds is not None:
        raise fail(Code.RATE_LIMITED, "too many look-ups", seconds)
    return await answer(request, await done(events.find, request.app.state.store, asked))


@_post("/v1/shop/customers", RegisterCustomer, Found)
async def post_register(request: Request) -> Response:
    """A customer registered."""
    return await _do(request, events.register, RegisterCustomer)


@_post("/v1/shop/events", Event, Rewarded)
async def post_event(request: Request) -> Response:
    """A customer verified the e-mail, a review was accepted, or the like."""
    return await _do(request, events.happened, Event)


@_post("/v1/shop/quotes", AskQuote, Quoted)
async def post_quote(request: Request) -> Response:
    """What an order would come to."""
    asked, _ = await _said(request, AskQuote)
    return await answer(request, await done(order_quoting.quote, request.app.state.store, asked))


@_post("/v1/shop/orders", PlaceOrder, Ordered)
async def post_order(request: Request) -> Response:
    """An order placed; points, limited offers and codes that tills hold are recalled for it."""
    store: Store = request.app.state.store
    news: News = request.app.state.news
    asked, who = await _said(request, PlaceOrder)
    until = asyncio.get_running_loop().time() + asked.wait_s
    recalled = False
    while True:
        ticket = news.ticket()
        left = until - asyncio.get_running_loop().time()
        told: Ordered | Wanting = await done(orders.place_patiently, store, asked, who, patient=left > 0)
        if isinstance(told, Ordered):
            break
        if not recalled:
            recalled = True
            await done(orders.recall, store, asked, told)
            news.tell()
        await wait(ticket, left)
    news.tell()
    return await answer(request, told)


@_post("/v1/shop/orders/paid", OrderNumber, Ordered)
async def post_paid(request: Request) -> Response:
    """An order was paid: it becomes a sale, and earns."""
    return await _do(request, orders.pay, OrderNumber)


@_post("/v1/shop/orders/cancelled", OrderNumber, Ordered)
async def post_cancelled(request: Request) -> Response:
    """An order was cancelled before it was paid."""
    return await _do(request, order_returns.cancel, OrderNumber)


@_post("/v1/shop/orders/returned", ReturnOrder, Ordered)
async def post_returned(request: Request) -> Response:
    """Goods of a paid order came back."""
    return await _do(request, order_returns.give_back, ReturnOrder)
