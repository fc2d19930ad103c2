"""Who speaks: a token becomes a holder or a key, with what its role may do."""

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from sync.protocol import Code
from sync.site.exchange import Failed, fail
from sync.site.holders import Holder, Key, holder_of_token, key_of_token
from sync.site.store import Store

_LONGEST = 200


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= _LONGEST:
        raise fail(Code.UNAUTHORISED, "send Authorization: Bearer TOKEN")
    return token


async def speaking_holder(request: Request) -> Holder:
    """Return the holder whose token this is. Raises Failed for a stranger and for a revoked one."""
    store: Store = request.app.state.store
    speaker = await run_in_threadpool(_find_holder, store, _token(request))
    if speaker is None:
        raise _stranger(await run_in_threadpool(_find_key, store, _token(request)))
    if speaker.state in ("revoked", "lost"):
        raise fail(Code.REVOKED, f"{speaker.id} was {speaker.state}: it keeps its journal and may be enrolled anew")
    return speaker


async def speaking_key(request: Request, *roles: str) -> Key:
    """Return the key whose token this is, if its role is one of these. Raises Failed."""
    store: Store = request.app.state.store
    key = await run_in_threadpool(_find_key, store, _token(request))
    if key is None:
        raise _stranger(await run_in_threadpool(_find_holder, store, _token(request)))
    if key.role not in roles:
        raise fail(Code.FORBIDDEN, f"a {key.role}'s key may not do this")
    return key


def _stranger(other: object) -> Failed:
    if other is not None:
        return fail(Code.FORBIDDEN, "this token is for other requests")
    return fail(Code.UNAUTHORISED, "the token is not known")


def _find_holder(store: Store, token: str) -> Holder | None:
    with store.reading() as connection:
        return holder_of_token(connection, token)


def _find_key(store: Store, token: str) -> Key | None:
    with store.reading() as connection:
        return key_of_token(connection, token)
