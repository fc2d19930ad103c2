"""One HTTP exchange: a body read within limits into a message, and a message or a fault sent back."""

import gzip
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from fastapi import FastAPI, Request, Response
from sqlalchemy.exc import DataError, DBAPIError
from starlette.concurrency import run_in_threadpool

from sync.protocol import (
    MAX_BODY_BYTES,
    STATUS,
    VERSION,
    VERSION_HEADER,
    Code,
    Fault,
    Malformed,
    TooLarge,
    decode,
    encode,
    gunzip,
)

_Message = TypeVar("_Message", bound=msgspec.Struct)
_WORTH_PACKING = 1400
_WORTH_A_THREAD = 4096
_PACKING = 1
_RETRY_S = 2
_NULS = (b"\0", b"\\u0000")


class Failed(Exception):
    """A request that was not done, with the fault that its sender is told."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


def fail(code: Code, text: str, retry_after_s: int | None = None) -> Failed:
    """Return a fault to raise."""
    return Failed(Fault(code=code, text=text, retry_after_s=retry_after_s))


async def read_message(request: Request, kind: type[_Message]) -> _Message:
    """Read a message. Raises Failed for what is too large, of another version, or no such message."""
    return await unpack(request, await read_body(request), kind)


async def read_body(request: Request) -> bytes:
    """Read the body as it came. Raises Failed for what is too large, or of another version."""
    version = request.headers.get(VERSION_HEADER, str(VERSION))
    if version != str(VERSION):
        raise Failed(
            Fault(code=Code.UNKNOWN_VERSION, text=f"this site speaks version {VERSION}", supported=(VERSION,))
        )
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise fail(Code.TOO_LARGE, f"more than {MAX_BODY_BYTES} bytes")
    return bytes(body)


async def unpack(request: Request, body: bytes, kind: type[_Message]) -> _Message:
    """Read a message from the body of its request. Raises Failed for what is no such message."""
    encoding = request.headers.get("content-encoding", "")
    if len(body) < _WORTH_A_THREAD:
        return _read(body, encoding, kind)
    return await run_in_threadpool(_read, body, encoding, kind)


def _read(body: bytes, encoding: str, kind: type[_Message]) -> _Message:
    try:
        match encoding.strip().lower():
            case "" | "identity":
                plain = body
            case "gzip":
                plain = gunzip(body)
            case other:
                raise fail(Code.MALFORMED, f"bodies are plain or gzip, not {other[:40]}")
        if any(nul in plain for nul in _NULS):  # no text here has one, and PostgreSQL can't keep it
            raise fail(Code.MALFORMED, "a NUL character")
        return decode(plain, kind)
    except TooLarge as fault:
        raise fail(Code.TOO_LARGE, str(fault)) from fault
    except Malformed as fault:
        raise fail(Code.MALFORMED, str(fault)) from fault


async def answer(request: Request, message: msgspec.Struct) -> Response:
    """Send a message, packed when the other side takes that and it is worth it."""
    if isinstance(message, Fault):
        return faulty(message)
    body = await run_in_threadpool(encode, message)
    headers = {VERSION_HEADER: str(VERSION)}
    if len(body) >= _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body = await run_in_threadpool(gzip.compress, body, _PACKING)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)


def faulty(fault: Fault) -> Response:
    """Send a fault with its status."""
    headers = {VERSION_HEADER: str(VERSION)}
    if fault.retry_after_s is not None:
        headers["Retry-After"] = str(fault.retry_after_s)
    return Response(encode(fault), STATUS[fault.code], headers, media_type="application/json")


async def done(call: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Run blocking work in a thread; a fault that it returns is raised."""
    result = await run_in_threadpool(call, *arguments, **named)
    if isinstance(result, Fault):
        raise Failed(result)
    return result


def tell_faults(app: FastAPI) -> None:
    """Let every fault leave the site as a message of the protocol."""

    async def failed(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, Failed)
        return faulty(fault.fault)

    async def database(request: Request, fault: Exception) -> Response:
        if isinstance(fault, DataError):
            return faulty(Fault(code=Code.MALFORMED, text="a value that the database can't keep"))
        text = "the database is busy or away"
        return faulty(Fault(code=Code.BUSY, text=text, retry_after_s=_RETRY_S))

    async def no_page(request: Request, fault: Exception) -> Response:
        return faulty(Fault(code=Code.UNKNOWN, text="there is no such page"))

    handlers: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
        Failed: failed,
        DBAPIError: database,
        404: no_page,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
