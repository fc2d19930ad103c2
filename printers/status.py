"""Asking a printer how it is, and giving it a job so that its end is known as well as the printer allows."""

import errno
from dataclasses import dataclass
from typing import Literal

from printers.errors import PrinterInterrupted, PrinterUnreachable
from printers.ports import OPEN_S, Link, Port, opened
from printers.refusal import why_not_opened

State = Literal["ready", "paper_out", "cover_open", "offline", "unknown"]

_ANSWER_S = 0.9
_MOST_BYTES = 8
_FINISH_ASKS = 5
_FINISH_S = 2.0
_CHUNK = 512
_NOTHING_TAKEN = frozenset((errno.ECONNRESET, errno.EPIPE, errno.ENOSPC, errno.ENXIO, errno.ENODEV))
"""Faults of a first write that took not a byte; any other may have taken some."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a printer is. `unknown`: it gave no answer that makes sense, which is not the same as fine."""

    state: State
    paper_low: bool = False


def printer_status(port: Port, within_s: float = OPEN_S) -> Status:
    """Open the port, ask, close. `PrinterUnreachable` or `PrinterRefused` when it cannot be opened."""
    with opened(port, within_s) as link:
        return ask(port, link)


def ask(port: Port, link: Link) -> Status:
    """The status over an open link: DLE EOT 1, 2 and 4, each answer checked by its fixed bits. Or a `PortFault`."""
    if not port.two_way:
        return Status("ready" if port.assumed_ready else "unknown")
    try:
        status = _status(link)
    except OSError as fault:
        raise why_not_opened(port.name, fault) from fault
    if status.state != "unknown":
        port.answers = True
    return status


def deliver(port: Port, link: Link, data: bytes, *, confirm: bool) -> None:
    """Send a whole job. With `confirm`, return only when the printer says it is through with it.

    `PrinterUnreachable` when not a byte left; `PrinterInterrupted` when some did and the end is not known.
    """
    sent = 0
    try:
        for start in range(0, len(data), _CHUNK):
            piece = data[start : start + _CHUNK]
            link.write(piece)
            sent += len(piece)
        link.drain()
        finished = _finished(link) if confirm else "ready"
    except OSError as fault:
        if sent == 0 and fault.errno in _NOTHING_TAKEN:
            raise PrinterUnreachable(f"{port.name} broke off before the first byte: {fault}") from fault
        raise PrinterInterrupted(f"{port.name} broke off after {sent} of {len(data)} bytes: {fault}") from fault
    if finished != "ready":
        raise PrinterInterrupted(f"{port.name} has the job but did not say that it printed it: {finished}")


def _status(link: Link) -> Status:
    first = _answer(link, 1)
    if first is None:
        return Status("unknown")
    answers = [first, _answer(link, 2), _answer(link, 4)]
    online, cause, paper = (answer if answer is not None else 0 for answer in answers)
    low = bool(paper & 0x0C)
    if cause & 0x04:
        return Status("cover_open", low)
    if cause & 0x20 or paper & 0x60:
        return Status("paper_out", True)
    if online & 0x08 or cause & 0x40:
        return Status("offline", low)
    return Status("unknown" if None in answers else "ready", low)


def _answer(link: Link, question: int) -> int | None:
    """The answer to DLE EOT n; anything else that comes (XON, an echo, noise) is passed over.

    Among the many bytes of something that is no printer, such as a web server's page, some look like an answer.
    """
    link.write(bytes([0x10, 0x04, question]))
    for _ in range(4):
        heard = link.read(_ANSWER_S)
        if not heard or len(heard) > _MOST_BYTES:
            return None
        if good := [byte for byte in heard if byte & 0x93 == 0x12]:
            return good[-1]
    return None


def _finished(link: Link) -> State:
    """`ready` when the printer has answered GS r, which it does after everything before it is printed.

    A printer without GS r that stays ready is taken to have printed; one that is stopped or silent is not.
    """
    link.write(b"\x1dr\x01")
    state: State = "unknown"
    for _ in range(_FINISH_ASKS):
        if any(byte & 0x90 == 0 for byte in link.read(_FINISH_S)):
            return "ready"
        state = _status(link).state
        if state != "ready":
            return state
    return state
