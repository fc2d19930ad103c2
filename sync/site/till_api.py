"""The protocol's requests over HTTP: what holders send."""

import asyncio
from collections.abc import Callable
from datetime import date

import msgspec
from fastapi import APIRouter, Request, Response

from sync.protocol import (
    ASK_GRANT,
    BUCKET,
    DIGEST,
    ENROL,
    LOOK_UP,
    PULL,
    PUSH,
    RECLAIM,
    AskBucket,
    AskDigest,
    AskGrant,
    Bucket,
    Code,
    Digest,
    Enrol,
    Enrolled,
    Grant,
    LookUp,
    Page,
    Pull,
    Push,
    Pushed,
    Reclaim,
    Reclaimed,
    Told,
)
from sync.site import asking, leases
from sync.site.exchange import Failed, answer, done, fail, read_message
from sync.site.holders import Holder
from sync.site.news import News, wait
from sync.site.openapi import described
from sync.site.pulling import is_news, pull
from sync.site.pushing import push
from sync.site.recovering import begin_recovery
from sync.site.setting_up import enrol
from sync.site.speaking import speaking_holder
from sync.site.store import Store

router = APIRouter()

Post = Callable[[Request], object]


def _post(path: str, kind: type[msgspec.Struct], answered: type[msgspec.Struct]) -> Callable[[Post], Post]:
    return router.post(path, **described(kind, answered, "holder" if path != ENROL else None))


async def _heard(request: Request, terminal_id: str) -> Holder:
    """Return the speaker, who speaks for this journal."""
    speaker = await speaking_holder(request)
    if speaker.role == "till" and terminal_id != speaker.id:
        raise fail(Code.FORBIDDEN, "the token speaks for another journal")
    return speaker


@_post(ENROL, Enrol, Enrolled)
async def post_enrol(request: Request) -> Response:
    """A one-time code becomes a token."""
    address = request.client.host if request.client else ""
    seconds = request.app.state.enrol_limit.wait_s(address)
    if seconds is not None:
        raise fail(Code.RATE_LIMITED, "too many tries to enrol", seconds)
    asked = await read_message(request, Enrol)
    return await answer(request, await done(enrol, request.app.state.store, asked))


@_post(PUSH, Push, Pushed)
async def post_push(request: Request) -> Response:
    """Entries of a journal, each once."""
    store: Store = request.app.state.store
    sent = await read_message(request, Push)
    speaker = await _heard(request, sent.terminal_id)
    try:
        pushed: Pushed = await done(push, store, speaker, sent)
    except Failed as failed:
        if failed.fault.code is Code.GAP:
            # A till goes on only after what the site said that it had.
            await done(_recover, store, speaker.id, f"it knows entry {sent.after_seq}, {failed.fault.text}")
        raise
    if sent.granted > pushed.granted:
        await done(_recover, store, speaker.id, f"it knows grant {sent.granted}, the site {pushed.granted}")
    if sent.entries or sent.recalled > speaker.recalled_done:
        request.app.state.news.tell()
    return await answer(request, pushed)


@_post(PULL, Pull, Page)
async def post_pull(request: Request) -> Response:
    """What has changed since the cursor; waits for it."""
    store: Store = request.app.state.store
    news: News = request.app.state.news
    asked = await read_message(request, Pull)
    speaker = await _heard(request, asked.terminal_id)
    until = asyncio.get_running_loop().time() + asked.wait_s
    while True:
        ticket = news.ticket()
        try:
            page: Page = await done(pull, store, speaker, asked)
        except Failed as failed:
            if failed.fault.code is Code.CURSOR_AHEAD:
                await done(_recover, store, speaker.id, failed.fault.text)
            raise
        left = until - asyncio.get_running_loop().time()
        if is_news(page, asked) or left <= 0 or await request.is_disconnected():
            return await answer(request, page)
        await wait(ticket, left)


def _recover(store: Store, who: str, text: str) -> None:
    with store.writing() as connection:
        begin_recovery(connection, store, who, text)


@_post(ASK_GRANT, AskGrant, Told)
async def post_ask_grant(request: Request) -> Response:
    """More points of a customer, brought from wherever they are."""
    store: Store = request.app.state.store
    news: News = request.app.state.news
    asked = await read_message(request, AskGrant)
    speaker = await _heard(request, asked.terminal_id)
    await done(asking.may_hold, store, speaker)
    if not await done(asking.is_there, store, asked.customer_id):
        raise fail(Code.UNKNOWN, "there is no such customer")
    on = date.fromisoformat(await done(asking.shop_day, store))
    until = asyncio.get_running_loop().time() + asked.wait_s
    grants: list[Grant] = []
    recalled = False
    while True:
        ticket = news.ticket()
        more, short = await done(leases.grant_up_to, store, speaker.id, asked.customer_id, asked.points, on)
        grants += more
        if short and not recalled:
            recalled = True
            if not await done(leases.recall_for, store, asked.customer_id, speaker.id, short, on):
                break
            news.tell()
        left = until - asyncio.get_running_loop().time()
        if not short or left <= 0:
            break
        await wait(ticket, left)
    if grants:
        news.tell()
    return await answer(request, await done(asking.tell, store, speaker, [asked.customer_id], tuple(grants), short))


@_post(RECLAIM, Reclaim, Reclaimed)
async def post_reclaim(request: Request) -> Response:
    """Grants that a restored site has forgotten."""
    store: Store = request.app.state.store
    sent = await read_message(request, Reclaim)
    speaker = await _heard(request, sent.terminal_id)
    number = await done(leases.reclaim, store, speaker.id, sent.grants)
    request.app.state.news.tell()
    return await answer(request, Reclaimed(granted=number, site_ms=store.clock()))


@_post(LOOK_UP, LookUp, Told)
async def post_look_up(request: Request) -> Response:
    """Accounts by phone, card or id."""
    asked = await read_message(request, LookUp)
    speaker = await _heard(request, asked.terminal_id)
    seconds = request.app.state.look_up_limit.wait_s(speaker.id)
    if seconds is not None:
        raise fail(Code.RATE_LIMITED, "too many look-ups", seconds)
    return await answer(request, await done(asking.look_up, request.app.state.store, speaker, asked))


@_post(DIGEST, AskDigest, Digest)
async def post_digest(request: Request) -> Response:
    """Sums of 256 buckets."""
    asked = await read_message(request, AskDigest)
    await _heard(request, asked.terminal_id)
    return await answer(request, await done(asking.digest, request.app.state.store))


@_post(BUCKET, AskBucket, Bucket)
async def post_bucket(request: Request) -> Response:
    """The digests of one bucket."""
    asked = await read_message(request, AskBucket)
    await _heard(request, asked.terminal_id)
    return await answer(request, await done(asking.bucket, request.app.state.store, asked))
