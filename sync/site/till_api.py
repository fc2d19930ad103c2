"""The protocol's requests over HTTP: what holders send."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

import msgspec
from fastapi import APIRouter, Request, Response

from sync.protocol import (
    ASK_CODES,
    ASK_GRANT,
    BUCKET,
    DIGEST,
    ENROL,
    LOOK_UP,
    PULL,
    PUSH,
    RECLAIM,
    AskBucket,
    AskCodes,
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
from sync.site.code_leases import Answered, grant_codes, recall_from_others
from sync.site.exchange import Failed, answer, done, fail, read_body, read_message, unpack
from sync.site.holders import Holder
from sync.site.news import News, wait
from sync.site.openapi import described
from sync.site.pulling import is_news, pull
from sync.site.pushing import push
from sync.site.recovering import recover_if_proven
from sync.site.setting_up import enrol, open_journal
from sync.site.speaking import speaking_holder
from sync.site.store import Store

router = APIRouter()

Post = Callable[[Request], object]

_Message = TypeVar("_Message", Push, Pull, AskGrant, AskCodes, Reclaim, LookUp, AskDigest, AskBucket)


def _post(path: str, kind: type[msgspec.Struct], answered: type[msgspec.Struct]) -> Callable[[Post], Post]:
    return router.post(path, **described(kind, answered, "holder" if path != ENROL else None))


async def _heard(request: Request, kind: type[_Message]) -> tuple[Holder, _Message]:
    """Return the speaker and the message, which is not so much as read from a stranger."""
    speaker = await speaking_holder(request)
    message = await read_message(request, kind)
    _check_speaks_for(speaker, message.terminal_id)
    return speaker, message


def _check_speaks_for(speaker: Holder, terminal_id: str) -> None:
    if speaker.role == "till" and terminal_id != speaker.id:
        raise fail(Code.FORBIDDEN, "the token speaks for another journal")


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
    speaker = await speaking_holder(request)
    body = await read_body(request)
    async with request.app.state.push_turns:
        sent = await unpack(request, body, Push)
        _check_speaks_for(speaker, sent.terminal_id)
        if speaker.role == "relay" and not sent.after_seq:
            await done(open_journal, store, speaker.id, sent.terminal_id)
        pushed: Pushed = await done(push, store, speaker, sent)
    if sent.entries or sent.recalled > speaker.recalled_done:
        request.app.state.news.tell()
    return await answer(request, pushed)


@_post(PULL, Pull, Page)
async def post_pull(request: Request) -> Response:
    """What has changed since the cursor; waits for it."""
    store: Store = request.app.state.store
    news: News = request.app.state.news
    speaker, asked = await _heard(request, Pull)
    until = asyncio.get_running_loop().time() + asked.wait_s
    while True:
        ticket = news.ticket()
        try:
            page: Page = await done(pull, store, speaker, asked)
        except Failed as failed:
            if failed.fault.code is Code.CURSOR_AHEAD:
                await done(recover_if_proven, store, speaker.id, asked.cursor)
            raise
        left = until - asyncio.get_running_loop().time()
        if is_news(page, asked) or left <= 0 or await request.is_disconnected():
            return await answer(request, page)
        await wait(ticket, left)


@_post(ASK_GRANT, AskGrant, Told)
async def post_ask_grant(request: Request) -> Response:
    """More points of a customer, brought from wherever they are."""
    store: Store = request.app.state.store
    speaker, asked = await _heard(request, AskGrant)

    async def ask(on: date) -> _Had:
        grants, short = await done(leases.grant_up_to, store, speaker.id, asked.customer_id, asked.points, on)
        recall = partial(done, leases.recall_for, store, asked.customer_id, speaker.id, short, on)
        return _Had(grants, short, recall if short else None)

    return await _gather(request, speaker, asked, ask)


@_post(ASK_CODES, AskCodes, Told)
async def post_ask_codes(request: Request) -> Response:
    """Limited offers and codes of a customer, brought from wherever they are."""
    store: Store = request.app.state.store
    speaker, asked = await _heard(request, AskCodes)

    async def ask(on: date) -> _Had:
        found: Answered = await done(grant_codes, store, speaker.id, asked.customer_id, asked.codes, on)
        recall = partial(done, recall_from_others, store, found.others)
        return _Had([found.grant] if found.grant else [], found.short, recall if found.others else None)

    return await _gather(request, speaker, asked, ask)


@dataclass(frozen=True, slots=True)
class _Had:
    """What could be granted at once, what is short of it, and how the rest is recalled, where somebody has it."""

    grants: list[Grant]
    short: int
    recall: Callable[[], Awaitable[bool]] | None


async def _gather(
    request: Request, speaker: Holder, asked: AskGrant | AskCodes, ask: Callable[[date], Awaitable[_Had]]
) -> Response:
    """Grant what there is, recall the rest once, and grant that as it comes, for as long as the holder waits."""
    store: Store = request.app.state.store
    news: News = request.app.state.news
    await done(asking.may_hold, store, speaker)
    if not await done(asking.is_there, store, asked.customer_id):
        raise fail(Code.UNKNOWN, "there is no such customer")
    on = date.fromisoformat(await done(asking.shop_day, store))
    until = asyncio.get_running_loop().time() + asked.wait_s
    grants: list[Grant] = []
    recalled = False
    while True:
        ticket = news.ticket()
        had = await ask(on)
        grants += had.grants
        if had.recall is None or (not recalled and not await had.recall()):
            break
        if not recalled:
            recalled = True
            news.tell()
        left = until - asyncio.get_running_loop().time()
        if left <= 0:
            break
        await wait(ticket, left)
    if grants:
        news.tell()
    told = await done(asking.tell, store, speaker, [asked.customer_id], tuple(grants), had.short)
    return await answer(request, told)


@_post(RECLAIM, Reclaim, Reclaimed)
async def post_reclaim(request: Request) -> Response:
    """Grants that a restored site has forgotten."""
    store: Store = request.app.state.store
    speaker, sent = await _heard(request, Reclaim)
    number = await done(leases.reclaim, store, speaker.id, sent.grants)
    request.app.state.news.tell()
    return await answer(request, Reclaimed(granted=number, site_ms=store.clock()))


@_post(LOOK_UP, LookUp, Told)
async def post_look_up(request: Request) -> Response:
    """Accounts by phone, card or id."""
    speaker, asked = await _heard(request, LookUp)
    seconds = request.app.state.look_up_limit.wait_s(speaker.id)
    if seconds is not None:
        raise fail(Code.RATE_LIMITED, "too many look-ups", seconds)
    return await answer(request, await done(asking.look_up, request.app.state.store, speaker, asked))


@_post(DIGEST, AskDigest, Digest)
async def post_digest(request: Request) -> Response:
    """Sums of 256 buckets."""
    await _heard(request, AskDigest)
    return await answer(request, await done(asking.digest, request.app.state.store))


@_post(BUCKET, AskBucket, Bucket)
async def post_bucket(request: Request) -> Response:
    """The digests of one bucket."""
    _, asked = await _heard(request, AskBucket)
    return await answer(request, await done(asking.bucket, request.app.state.store, asked))
