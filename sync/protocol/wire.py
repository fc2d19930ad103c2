"""Messages to bytes and back, with the limits that hold for whatever comes from the other side."""

import zlib
from typing import TypeVar

import msgspec

from sync.protocol.limits import MAX_BODY_BYTES

_Message = TypeVar("_Message", bound=msgspec.Struct)
_GZIP = 16 + zlib.MAX_WBITS

_encoder = msgspec.json.Encoder()


class Malformed(Exception):
    """Bytes that are no such message; the text names the place."""


class TooLarge(Exception):
    """A body of more bytes than `MAX_BODY_BYTES`, packed or unpacked."""


def encode(message: msgspec.Struct) -> bytes:
    """Return a message as JSON."""
    return _encoder.encode(message)


def decode(body: bytes, kind: type[_Message]) -> _Message:
    """Read a message. Raises Malformed, however deep, wrong or cut off the JSON is; a float is no whole number."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as fault:
        raise Malformed(str(fault)[:300]) from fault


def gunzip(packed: bytes, most: int = MAX_BODY_BYTES) -> bytes:
    """Unpack a gzip body, never to more than `most` bytes. Raises TooLarge and Malformed."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        body = unpacker.decompress(packed, most + 1)
    except zlib.error as fault:
        raise Malformed(f"not gzip: {fault}") from fault
    if len(body) > most:
        raise TooLarge(f"more than {most} bytes unpacked")
    if not unpacker.eof or unpacker.unused_data:
        raise Malformed("gzip that is cut off or followed by something")
    return body
